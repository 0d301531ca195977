#include "error_codes.h"

namespace gojs {

namespace {

// By number (WASI preview1, typenames.witx: errno). Two have no name in Linux:
// - notcapable, of hosts that refuse what a preopen does not permit: Node users see EPERM where the system refuses something;
// - those about robust mutexes, which no file operation can have.
constexpr Text codes[] = {
  "",          "E2BIG",        "EACCES",      "EADDRINUSE",   "EADDRNOTAVAIL", "EAFNOSUPPORT", "EAGAIN",
  "EALREADY",  "EBADF",        "EBADMSG",     "EBUSY",        "ECANCELED",     "ECHILD",       "ECONNABORTED",
  "ECONNREFUSED", "ECONNRESET", "EDEADLK",    "EDESTADDRREQ", "EDOM",          "EDQUOT",       "EEXIST",
  "EFAULT",    "EFBIG",        "EHOSTUNREACH", "EIDRM",       "EILSEQ",        "EINPROGRESS",  "EINTR",
  "EINVAL",    "EIO",          "EISCONN",     "EISDIR",       "ELOOP",         "EMFILE",       "EMLINK",
  "EMSGSIZE",  "EMULTIHOP",    "ENAMETOOLONG", "ENETDOWN",    "ENETRESET",     "ENETUNREACH",  "ENFILE",
  "ENOBUFS",   "ENODEV",       "ENOENT",      "ENOEXEC",      "ENOLCK",        "ENOLINK",      "ENOMEM",
  "ENOMSG",    "ENOPROTOOPT",  "ENOSPC",      "ENOSYS",       "ENOTCONN",      "ENOTDIR",      "ENOTEMPTY",
  "EIO",       "ENOTSOCK",     "ENOTSUP",     "ENOTTY",       "ENXIO",         "EOVERFLOW",    "EIO",
  "EPERM",     "EPIPE",        "EPROTO",      "EPROTONOSUPPORT", "EPROTOTYPE", "ERANGE",       "EROFS",
  "ESPIPE",    "ESRCH",        "ESTALE",      "ETIMEDOUT",    "EBUSY",         "EXDEV",        "EPERM",
};

} // namespace

Text errnoCode(Errno error) { return error < sizeof codes / sizeof *codes ? codes[error] : Text("EIO"); }

} // namespace gojs
