// Compares the WASI table of src/abi with a second one, which is written in the form of the specification.
//
// Source: WebAssembly/WASI, legacy/preview1/witx, wasi_snapshot_preview1.witx and typenames.witx. Each line below is
// one function: its parameters, an arrow, its results. The test derives the contents of the table from it, by the rules
// of witx: "string" is an address and a length, results are written to addresses that follow the parameters, and so on.

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "abi/wasi.h"
#include "support.h"

using namespace parigot;

namespace {

constexpr const char *preview1 = "wasi_snapshot_preview1", *preview0 = "wasi_unstable";

// "(buf)" is (@witx pointer u8), a plain address; another parameter has its length, here always the next one.
const char* const witx[] = {
  "args_get (argv) (argv_buf)",
  "args_sizes_get -> size size",
  "environ_get (environ) (environ_buf)",
  "environ_sizes_get -> size size",
  "clock_res_get clockid -> timestamp",
  "clock_time_get clockid timestamp -> timestamp",
  "fd_advise fd filesize filesize advice",
  "fd_allocate fd filesize filesize",
  "fd_close fd",
  "fd_datasync fd",
  "fd_fdstat_get fd -> fdstat",
  "fd_fdstat_set_flags fd fdflags",
  "fd_fdstat_set_rights fd rights rights",
  "fd_filestat_get fd -> filestat",
  "fd_filestat_set_size fd filesize",
  "fd_filestat_set_times fd timestamp timestamp fstflags",
  "fd_pread fd iovec_array filesize -> size",
  "fd_prestat_get fd -> prestat",
  "fd_prestat_dir_name fd (out_path) size",
  "fd_pwrite fd ciovec_array filesize -> size",
  "fd_read fd iovec_array -> size",
  "fd_readdir fd (out_buf) size dircookie -> size",
  "fd_renumber fd fd",
  "fd_seek fd filedelta whence -> filesize",
  "fd_sync fd",
  "fd_tell fd -> filesize",
  "fd_write fd ciovec_array -> size",
  "path_create_directory fd string",
  "path_filestat_get fd lookupflags string -> filestat",
  "path_filestat_set_times fd lookupflags string timestamp timestamp fstflags",
  "path_link fd lookupflags string fd string",
  "path_open fd lookupflags string oflags rights rights fdflags -> fd",
  "path_readlink fd string (out_buf) size -> size",
  "path_remove_directory fd string",
  "path_rename fd string fd string",
  "path_symlink string fd string",
  "path_unlink_file fd string",
  "poll_oneoff (in_subscriptions) (out_events) size -> size",
  "proc_exit exitcode noreturn",
  "proc_raise signal",
  "sched_yield",
  "random_get (out_buf) size",
  "sock_accept fd fdflags -> fd",
  "sock_recv fd iovec_array riflags -> size roflags",
  "sock_send fd ciovec_array siflags -> size",
  "sock_shutdown fd sdflags",
};

// The types of these functions, from typenames.witx: numbers by their representation, records by the types of their
// fields, unions by the type of their tag and those of their cases. An enumeration or a set of flags is its
// representation, and a handle is 32 bits.
using Types = std::map<std::string, std::string>;
const Types types1 = {
  {"size", "u32"},
  {"filesize", "u64"},
  {"timestamp", "u64"},
  {"clockid", "u32"},
  {"errno", "u16"},
  {"rights", "u64"},
  {"fd", "u32"},
  {"pointer", "u32"},
  {"iovec", "record pointer size"},
  {"ciovec", "record pointer size"},
  {"filedelta", "s64"},
  {"whence", "u8"},
  {"dircookie", "u64"},
  {"inode", "u64"},
  {"filetype", "u8"},
  {"advice", "u8"},
  {"fdflags", "u16"},
  {"fdstat", "record filetype fdflags rights rights"},
  {"device", "u64"},
  {"fstflags", "u16"},
  {"lookupflags", "u32"},
  {"oflags", "u16"},
  {"linkcount", "u64"},
  {"filestat", "record device inode filetype linkcount filesize timestamp timestamp timestamp"},
  {"userdata", "u64"},
  {"eventtype", "u8"},
  {"eventrwflags", "u16"},
  {"event_fd_readwrite", "record filesize eventrwflags"},
  {"event", "record userdata errno eventtype event_fd_readwrite"},
  {"subclockflags", "u16"},
  {"subscription_clock", "record clockid timestamp timestamp subclockflags"},
  {"subscription_fd_readwrite", "record fd"},
  {"subscription_u", "union eventtype subscription_clock subscription_fd_readwrite subscription_fd_readwrite"},
  {"subscription", "record userdata subscription_u"},
  {"exitcode", "u32"},
  {"signal", "u8"},
  {"riflags", "u16"},
  {"roflags", "u16"},
  {"siflags", "u16"},
  {"sdflags", "u8"},
  {"preopentype", "u8"},
  {"prestat_dir", "record size"},
  {"prestat", "union preopentype prestat_dir"},
};

// The types of legacy/preview0/witx; its functions have the same parameters.
Types typesOfPreview0() {
  auto types = types1;
  types["linkcount"] = "u32";
  types["subscription_clock"] = "record userdata clockid timestamp timestamp subclockflags";
  return types;
}
const Types types0 = typesOfPreview0();

struct Layout {
  int bytes;
  int alignment;
};

int aligned(int offset, int alignment) { return (offset + alignment - 1) / alignment * alignment; }

// The size of a type in memory, by the rules of witx, which are those of C.
Layout layoutOf(const Types& types, const std::string& type) {
  static const std::map<std::string, int> numbers = {{"u8", 1}, {"u16", 2}, {"u32", 4}, {"u64", 8}, {"s64", 8}};
  if (auto number = numbers.find(type); number != numbers.end()) {
    return {number->second, number->second};
  }
  INFO(type);
  auto found = types.find(type);
  REQUIRE(found != types.end());
  std::istringstream words(found->second);
  std::string word;
  words >> word;
  if (word != "record" && word != "union") {
    return layoutOf(types, word);
  }
  bool isUnion = word == "union";
  Layout whole{0, 1}, tag{0, 1}, cases{0, 1};
  if (isUnion) {
    words >> word;
    tag = layoutOf(types, word);
  }
  while (words >> word) {
    auto part = layoutOf(types, word);
    cases.alignment = std::max(cases.alignment, part.alignment);
    cases.bytes = isUnion ? std::max(cases.bytes, part.bytes) : aligned(cases.bytes, part.alignment) + part.bytes;
  }
  whole.alignment = std::max(tag.alignment, cases.alignment);
  whole.bytes = aligned(aligned(tag.bytes, cases.alignment) + cases.bytes, whole.alignment);
  return whole;
}

// The table's entry for one parameter, as text. "[8]*2": 8 bytes for each unit of parameter 2. "<3": the host writes
// the number of written bytes at parameter 3.
std::string shown(const Param& param) {
  using Kind = decltype(param.kind);
  static const std::map<Kind, std::string> kinds = {{Kind::Number, "i32"},
                                                    {Kind::Number64, "i64"},
                                                    {Kind::In, "in"},
                                                    {Kind::Out, "out"},
                                                    {Kind::InOut, "inout"},
                                                    {Kind::String, "string"},
                                                    {Kind::GatherFrom, "gather"},
                                                    {Kind::ScatterTo, "scatter"},
                                                    {Kind::StringPointers, "pointers"}};
  auto text = kinds.at(param.kind);
  if (param.fixed) {
    text += "[" + std::to_string(param.fixed) + "]";
  }
  if (param.element) {
    text += "[" + std::to_string(param.element) + "]*" + std::to_string(param.count);
  }
  if (param.written >= 0) {
    text += "<" + std::to_string(param.written);
  }
  return text;
}

std::string shown(const WasiFunction& function) {
  std::string text(function.name);
  for (auto& param : function.parameters()) {
    text += " " + shown(param);
  }
  return text + (function.returnsErrno ? " -> errno" : "");
}

// The same text, from a line of the second table.
std::string expected(const char* module, const std::string& line) {
  // Some hosts provide preview1's functions under preview0's name, so the larger layout counts for that name.
  auto bytesOf = [&](const std::string& type) {
    auto bytes = layoutOf(types1, type).bytes;
    return module == preview0 ? std::max(bytes, layoutOf(types0, type).bytes) : bytes;
  };
  std::istringstream words(line);
  std::string name, word;
  words >> name;
  std::vector<std::string> params;
  bool results = false, returnsErrno = true;
  // The length of an array is the next parameter. The two arrays of poll_oneoff share one length.
  auto array = [&](const std::string& kind, int element, int ahead = 1) {
    params.push_back(kind + "[" + std::to_string(element) + "]*" + std::to_string(params.size() + ahead));
  };
  while (words >> word) {
    if (word == "->") {
      results = true;
    } else if (word == "noreturn") {
      returnsErrno = false;
    } else if (results) {
      // The first result of a function that reads into buffers is the number of bytes read. Other counts do not cover
      // all that a host writes, or cover padding that it does not write.
      for (auto& param : params) {
        if (param.starts_with("scatter") && param.find('<') == std::string::npos) {
          param += "<" + std::to_string(params.size());
        }
      }
      params.push_back("out[" + std::to_string(bytesOf(word)) + "]");
    } else if (word == "string") {
      array("in", 1);
      params.push_back("i32");
    } else if (word == "iovec_array" || word == "ciovec_array") {
      array(word == "iovec_array" ? "scatter" : "gather", bytesOf(word == "iovec_array" ? "iovec" : "ciovec"));
      params.push_back("i32");
    } else if (word == "(out_buf)" || word == "(out_path)") {
      array("out", 1);
    } else if (word == "(in_subscriptions)") {
      array("in", bytesOf("subscription"), 2);
    } else if (word == "(out_events)") {
      array("out", bytesOf("event"));
    } else if (word == "(argv)" || word == "(environ)") {
      params.push_back("pointers");
    } else if (word == "(argv_buf)" || word == "(environ_buf)") {
      params.push_back("out"); // *_sizes_get gives its length
    } else {
      params.push_back(bytesOf(word) == 8 ? "i64" : "i32");
    }
  }
  for (auto& param : params) {
    name += " " + param;
  }
  return name + (returnsErrno ? " -> errno" : "");
}

std::string nameOf(const std::string& line) { return line.substr(0, line.find(' ')); }

} // anonymous namespace

TEST_CASE("the WASI table says what the specification says, function by function", "[wasi]") {
  for (auto* line : witx) {
    auto name = nameOf(line);
    for (auto* module : {preview1, preview0}) {
      auto* function = findWasiFunction(module, name);
      INFO(module << "." << name);
      REQUIRE(function);
      CHECK(shown(*function) == expected(module, line));
    }
  }
}

TEST_CASE("the WASI table has the functions of the specification and no others", "[wasi]") {
  std::set<std::string> specified, ours;
  for (auto* line : witx) {
    specified.insert(nameOf(line));
  }
  for (auto& function : wasiFunctions()) {
    ours.insert(std::string(function.name));
  }
  CHECK(ours == specified);
  CHECK(wasiFunctions().size() == 46);
}

TEST_CASE("the layouts that wasi-libc's wasi/api.h asserts come out of the listing of types", "[wasi]") {
  struct Asserted {
    const char* type;
    int bytes, alignment;
  };
  CHECK(layoutOf(types0, "filestat").bytes == 56);
  CHECK(layoutOf(types0, "subscription").bytes == 56);
  for (auto& [type, bytes, alignment] : {Asserted{"iovec", 8, 4},
                                         {"fdstat", 24, 8},
                                         {"filestat", 64, 8},
                                         {"event_fd_readwrite", 16, 8},
                                         {"event", 32, 8},
                                         {"subscription_clock", 32, 8},
                                         {"subscription_u", 40, 8},
                                         {"subscription", 48, 8},
                                         {"prestat", 8, 4}}) {
    INFO(type);
    CHECK(layoutOf(types1, type).bytes == bytes);
    CHECK(layoutOf(types1, type).alignment == alignment);
  }
}

TEST_CASE("each entry is consistent with itself", "[wasi]") {
  for (auto& function : wasiFunctions()) {
    INFO(function.name);
    CHECK(findWasiFunction(preview1, function.name) == &function);
    auto params = function.parameters();
    bool addresses = false;
    auto signature = function.signature();
    REQUIRE(signature.params.size() == params.size());
    for (size_t i = 0; i < params.size(); i++) {
      bool number = params[i].kind == ParamKind::Number || params[i].kind == ParamKind::Number64;
      addresses |= !number;
      CHECK(signature.params[i] ==
            (params[i].kind == ParamKind::Number64 ? wasm::Type(wasm::Type::i64) : wasm::Type(wasm::Type::i32)));
      CHECK((params[i].element > 0) == (params[i].count >= 0));
      if (params[i].count >= 0) {
        REQUIRE(size_t(params[i].count) < params.size());
        CHECK(params[params[i].count].kind == ParamKind::Number);
      }
    }
    CHECK(function.hasAddresses() == addresses);
  }
}

TEST_CASE("signatures that every engine knows", "[wasi]") {
  using wasm::Type;
  auto is = [](const char* name, const std::vector<Type>& params, Type result) {
    return findWasiFunction(preview1, name)->signature() == wasm::Signature(Type(params), result);
  };
  CHECK(is("fd_write", {Type::i32, Type::i32, Type::i32, Type::i32}, Type::i32));
  CHECK(is("path_open",
           {Type::i32, Type::i32, Type::i32, Type::i32, Type::i32, Type::i64, Type::i64, Type::i32, Type::i32},
           Type::i32));
  CHECK(is("proc_exit", {Type::i32}, Type::none));
  CHECK(is("sched_yield", {}, Type::i32));
}

TEST_CASE("a name that is not WASI's is not found", "[wasi]") {
  for (auto* name : {"", "fd_writ", "fd_write_", "FD_WRITE", "thread-spawn", "zzz"}) {
    CHECK(findWasiFunction(preview1, name) == nullptr);
    CHECK(findWasiFunction(preview0, name) == nullptr);
  }
}

TEST_CASE("versions of WASI are told apart", "[wasi]") {
  CHECK(isWasiModule("wasi_snapshot_preview1"));
  CHECK(isWasiModule("wasi_unstable"));
  CHECK_FALSE(isWasiModule("wasi_snapshot_preview2"));
  CHECK_FALSE(isWasiModule("wasi:cli/environment@0.2.0"));
  CHECK(isOtherWasi("wasi:cli/environment@0.2.0"));
  CHECK(isOtherWasi("wasi_ephemeral_nn"));
  CHECK_FALSE(isOtherWasi("wasi_snapshot_preview1"));
  CHECK_FALSE(isOtherWasi("env"));
}
