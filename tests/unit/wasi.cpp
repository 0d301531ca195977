// The WASI table of src/abi, held against a second one that is written the way the specification is.
//
// Source: WebAssembly/WASI, legacy/preview1/witx/wasi_snapshot_preview1.witx. Each line below is one function of it:
// its parameters, an arrow, its results. From that, by the rules of witx ("string" is an address and a length, results
// come back through addresses behind the parameters, and so on) the test computes what the table must say.

#include <map>

#include "abi/wasi.h"
#include "support.h"

using namespace parigot;

namespace {

// "(buf)" is (@witx pointer u8), a plain address whose length is another parameter, here always the next one.
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

// Bytes of the types in memory, as typenames.witx lays them out.
const std::map<std::string, int> bytesOf = {{"size", 4},
                                            {"timestamp", 8},
                                            {"filesize", 8},
                                            {"fd", 4},
                                            {"fdstat", 24},
                                            {"filestat", 64},
                                            {"prestat", 8},
                                            {"roflags", 2}};

const std::vector<std::string> types64 = {"timestamp", "filesize", "filedelta", "rights", "dircookie"};
const std::vector<std::string> types32 = {"fd",
                                          "size",
                                          "clockid",
                                          "advice",
                                          "fdflags",
                                          "fstflags",
                                          "whence",
                                          "oflags",
                                          "lookupflags",
                                          "signal",
                                          "riflags",
                                          "siflags",
                                          "sdflags",
                                          "exitcode"};

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// What the table has for one parameter, as text; "[8]*2": 8 bytes for each unit of parameter 2.
std::string shown(const HostParam& param) {
  static const char* const kinds[] = {"i32", "i64", "in", "out", "inout", "string", "gather", "scatter", "pointers"};
  std::string text = kinds[int(param.kind)];
  if (param.fixed) {
    text += "[" + std::to_string(param.fixed) + "]";
  }
  if (param.element) {
    text += "[" + std::to_string(param.element) + "]*" + std::to_string(param.count);
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

// The same from a line of the second table.
std::string expected(const std::string& line) {
  std::istringstream words(line);
  std::string name, word;
  words >> name;
  std::vector<std::string> params;
  bool results = false, returnsErrno = true;
  // An array's length is the parameter behind it, but for poll_oneoff, where both arrays have the same.
  auto array = [&](const std::string& kind, int element, int ahead = 1) {
    params.push_back(kind + "[" + std::to_string(element) + "]*" + std::to_string(params.size() + ahead));
  };
  while (words >> word) {
    if (word == "->") {
      results = true;
    } else if (word == "noreturn") {
      returnsErrno = false;
    } else if (results) {
      params.push_back("out[" + std::to_string(bytesOf.at(word)) + "]");
    } else if (word == "string") {
      array("in", 1);
      params.push_back("i32");
    } else if (word == "iovec_array" || word == "ciovec_array") {
      array(word == "iovec_array" ? "scatter" : "gather", 8);
      params.push_back("i32");
    } else if (word == "(out_buf)" || word == "(out_path)") {
      array("out", 1);
    } else if (word == "(in_subscriptions)") {
      array("in", 48, 2);
    } else if (word == "(out_events)") {
      array("out", 32);
    } else if (word == "(argv)" || word == "(environ)") {
      params.push_back("pointers");
    } else if (word == "(argv_buf)" || word == "(environ_buf)") {
      params.push_back("out"); // its length is what *_sizes_get says
    } else if (has(types64, word)) {
      params.push_back("i64");
    } else {
      INFO(word);
      REQUIRE(has(types32, word));
      params.push_back("i32");
    }
  }
  for (auto& param : params) {
    name += " " + param;
  }
  return name + (returnsErrno ? " -> errno" : "");
}

} // anonymous namespace

TEST_CASE("the WASI table says what the specification says, function by function", "[wasi]") {
  for (auto* line : witx) {
    std::string name(
      line, std::string(line).find(' ') == std::string::npos ? std::string(line).size() : std::string(line).find(' '));
    auto* function = findWasiFunction("wasi_snapshot_preview1", name);
    INFO(name);
    REQUIRE(function);
    CHECK(shown(*function) == expected(line));
  }
}

TEST_CASE("the WASI table has the functions of the specification and no others", "[wasi]") {
  CHECK(wasiFunctions().size() == std::size(witx));
}

TEST_CASE("each entry is consistent with itself", "[wasi]") {
  for (auto& function : wasiFunctions()) {
    INFO(function.name);
    CHECK(findWasiFunction("wasi_snapshot_preview1", function.name) == &function);
    auto params = function.parameters();
    bool addresses = false;
    auto signature = function.signature();
    REQUIRE(signature.params.size() == params.size());
    for (size_t i = 0; i < params.size(); i++) {
      bool number = params[i].kind == HostParamKind::Number || params[i].kind == HostParamKind::Number64;
      addresses |= !number;
      CHECK(signature.params[i] ==
            (params[i].kind == HostParamKind::Number64 ? wasm::Type(wasm::Type::i64) : wasm::Type(wasm::Type::i32)));
      CHECK((params[i].element > 0) == (params[i].count >= 0));
      if (params[i].count >= 0) {
        REQUIRE(size_t(params[i].count) < params.size());
        CHECK(params[params[i].count].kind == HostParamKind::Number);
      }
    }
    CHECK(function.hasAddresses() == addresses);
  }
}

TEST_CASE("signatures that every engine knows", "[wasi]") {
  using wasm::Type;
  auto is = [](const char* name, std::vector<Type> params, Type result) {
    return findWasiFunction("wasi_snapshot_preview1", name)->signature() == wasm::Signature(Type(params), result);
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
    CHECK(findWasiFunction("wasi_snapshot_preview1", name) == nullptr);
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
