#include "abi/wasi.h"

#include <algorithm>
#include <vector>

namespace parigot {

namespace {

constexpr Param i32{ParamKind::Number};
constexpr Param i64{ParamKind::Number64};
constexpr Param out(uint32_t bytes) { return {ParamKind::Out, bytes}; }
// An array whose length, in elements, is another parameter.
constexpr Param inArray(uint32_t element, int8_t count) { return {ParamKind::In, 0, element, count}; }
constexpr Param outArray(uint32_t element, int8_t count) { return {ParamKind::Out, 0, element, count}; }
constexpr Param outBytes(int8_t count, int8_t filled) {
  Param param = outArray(1, count);
  param.filled = filled;
  return param;
}
constexpr Param text(int8_t length) { return inArray(1, length); }
constexpr Param gather(int8_t count) { return {ParamKind::GatherFrom, 0, 8, count}; }
// `written` counts all bytes that the host wrote. For other functions that is not certain: the counts of directory
// entries and events leave out the padding, and Node puts a zero byte behind the target of a link.
constexpr Param scatter(int8_t count, int8_t written) { return {ParamKind::ScatterTo, 0, 8, count, written}; }
constexpr Param pointers{ParamKind::StringPointers};
constexpr Param strings{ParamKind::Out};

// Sizes of the structures, in bytes, from typenames.witx.
constexpr uint32_t size = 4, fd = 4, timestamp = 8, filesize = 8, fdstat = 24, prestat = 8, event = 32, flags = 2;

// Sizes that differ in preview0: its filestat has 56 bytes, since its count of links
// has 32 bits, and its subscription to a clock has one more field. Node and wazero
// serve preview1's functions under preview0's name, so the table has the larger size
// for preview0.
struct Version {
  uint32_t filestat, subscription;
};
constexpr Version preview0 = {64, 56}, preview1 = {64, 48};

template<size_t N>
constexpr WasiFunction function(std::string_view name, const Param (&params)[N], bool returnsErrno = true) {
  WasiFunction result{name, {}, uint8_t(N), returnsErrno};
  for (size_t i = 0; i < N; i++) {
    result.params[i] = params[i];
  }
  return result;
}

constexpr WasiFunction functionOfNothing(std::string_view name) { return {name, {}, 0, true}; }

constexpr auto makeTable(Version version) {
  return std::to_array<WasiFunction>({
    function("args_get", {pointers, strings}),
    function("args_sizes_get", {out(size), out(size)}),
    function("clock_res_get", {i32, out(timestamp)}),
    function("clock_time_get", {i32, i64, out(timestamp)}),
    function("environ_get", {pointers, strings}),
    function("environ_sizes_get", {out(size), out(size)}),
    function("fd_advise", {i32, i64, i64, i32}),
    function("fd_allocate", {i32, i64, i64}),
    function("fd_close", {i32}),
    function("fd_datasync", {i32}),
    function("fd_fdstat_get", {i32, out(fdstat)}),
    function("fd_fdstat_set_flags", {i32, i32}),
    function("fd_fdstat_set_rights", {i32, i64, i64}),
    function("fd_filestat_get", {i32, out(version.filestat)}),
    function("fd_filestat_set_size", {i32, i64}),
    function("fd_filestat_set_times", {i32, i64, i64, i32}),
    function("fd_pread", {i32, scatter(2, 4), i32, i64, out(size)}),
    function("fd_prestat_dir_name", {i32, outArray(1, 2), i32}),
    function("fd_prestat_get", {i32, out(prestat)}),
    function("fd_pwrite", {i32, gather(2), i32, i64, out(size)}),
    function("fd_read", {i32, scatter(2, 3), i32, out(size)}),
    function("fd_readdir", {i32, outBytes(2, 4), i32, i64, out(size)}),
    function("fd_renumber", {i32, i32}),
    function("fd_seek", {i32, i64, i32, out(filesize)}),
    function("fd_sync", {i32}),
    function("fd_tell", {i32, out(filesize)}),
    function("fd_write", {i32, gather(2), i32, out(size)}),
    function("path_create_directory", {i32, text(2), i32}),
    function("path_filestat_get", {i32, i32, text(3), i32, out(version.filestat)}),
    function("path_filestat_set_times", {i32, i32, text(3), i32, i64, i64, i32}),
    function("path_link", {i32, i32, text(3), i32, i32, text(6), i32}),
    function("path_open", {i32, i32, text(3), i32, i32, i64, i64, i32, out(fd)}),
    function("path_readlink", {i32, text(2), i32, outBytes(4, 5), i32, out(size)}),
    function("path_remove_directory", {i32, text(2), i32}),
    function("path_rename", {i32, text(2), i32, i32, text(5), i32}),
    function("path_symlink", {text(1), i32, i32, text(4), i32}),
    function("path_unlink_file", {i32, text(2), i32}),
    function("poll_oneoff", {inArray(version.subscription, 2), outArray(event, 2), i32, out(size)}),
    function("proc_exit", {i32}, false),
    function("proc_raise", {i32}),
    function("random_get", {outArray(1, 1), i32}),
    functionOfNothing("sched_yield"),
    function("sock_accept", {i32, i32, out(fd)}),
    function("sock_recv", {i32, scatter(2, 4), i32, i32, out(size), out(flags)}),
    function("sock_send", {i32, gather(2), i32, i32, out(size)}),
    function("sock_shutdown", {i32, i32}),
  });
}

constexpr auto table0 = makeTable(preview0), table1 = makeTable(preview1);

static_assert(std::is_sorted(table1.begin(), table1.end(), [](auto& a, auto& b) { return a.name < b.name; }));

constexpr std::string_view preview0Module = "wasi_unstable", preview1Module = "wasi_snapshot_preview1";

} // namespace

bool WasiFunction::hasAddresses() const {
  return std::any_of(params.begin(), params.begin() + paramCount, [](auto& param) { return param.isAddress(); });
}

wasm::Signature WasiFunction::signature() const {
  std::vector<wasm::Type> types;
  for (auto& param : parameters()) {
    types.push_back(param.kind == ParamKind::Number64 ? wasm::Type::i64 : wasm::Type::i32);
  }
  return wasm::Signature(wasm::Type(types), returnsErrno ? wasm::Type::i32 : wasm::Type::none);
}

std::span<const WasiFunction> wasiFunctions() { return table1; }

const WasiFunction* findWasiFunction(std::string_view module, std::string_view name) {
  auto& table = module == preview0Module ? table0 : table1;
  auto* found = std::lower_bound(
    table.begin(), table.end(), name, [](auto& entry, std::string_view name) { return entry.name < name; });
  return found != table.end() && found->name == name ? found : nullptr;
}

bool isWasiModule(std::string_view module) { return module == preview0Module || module == preview1Module; }

bool isOtherWasi(std::string_view module) {
  return module.starts_with("wasi:") || module == "wasi" || module.starts_with("wasi_ephemeral");
}

} // namespace parigot
