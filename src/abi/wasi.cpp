#include "abi/wasi.h"

#include <algorithm>
#include <vector>

namespace parigot {

namespace {

constexpr Param i32{ParamKind::Number};
constexpr Param i64{ParamKind::Number64};
constexpr Param descriptor(DescriptorUse use, Param param = {}) {
  param.descriptor = use;
  return param;
}
constexpr Param uses = descriptor(DescriptorUse::Uses), changes = descriptor(DescriptorUse::Changes),
                manages = descriptor(DescriptorUse::Manages);
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
constexpr Param opens = descriptor(DescriptorUse::Opens, out(4));
constexpr Param polls(uint32_t element, int8_t count) {
  return descriptor(DescriptorUse::Polls, inArray(element, count));
}
constexpr Param pointers{ParamKind::StringPointers};
constexpr Param strings{ParamKind::Out};

// Sizes of the structures, in bytes, from typenames.witx.
constexpr uint32_t size = 4, timestamp = 8, filesize = 8, fdstat = 24, prestat = 8, event = 32, flags = 2;

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
    function("fd_advise", {uses, i64, i64, i32}),
    function("fd_allocate", {changes, i64, i64}),
    function("fd_close", {manages}),
    function("fd_datasync", {uses}),
    function("fd_fdstat_get", {uses, out(fdstat)}),
    function("fd_fdstat_set_flags", {uses, i32}),
    function("fd_fdstat_set_rights", {manages, i64, i64}),
    function("fd_filestat_get", {uses, out(version.filestat)}),
    function("fd_filestat_set_size", {changes, i64}),
    function("fd_filestat_set_times", {changes, i64, i64, i32}),
    function("fd_pread", {uses, scatter(2, 4), i32, i64, out(size)}),
    function("fd_prestat_dir_name", {uses, outArray(1, 2), i32}),
    function("fd_prestat_get", {uses, out(prestat)}),
    function("fd_pwrite", {changes, gather(2), i32, i64, out(size)}),
    function("fd_read", {uses, scatter(2, 3), i32, out(size)}),
    function("fd_readdir", {uses, outBytes(2, 4), i32, i64, out(size)}),
    function("fd_renumber", {manages, manages}),
    function("fd_seek", {uses, i64, i32, out(filesize)}),
    function("fd_sync", {uses}),
    function("fd_tell", {uses, out(filesize)}),
    function("fd_write", {changes, gather(2), i32, out(size)}),
    function("path_create_directory", {changes, text(2), i32}),
    function("path_filestat_get", {uses, i32, text(3), i32, out(version.filestat)}),
    function("path_filestat_set_times", {changes, i32, text(3), i32, i64, i64, i32}),
    function("path_link", {changes, i32, text(3), i32, changes, text(6), i32}),
    function("path_open", {uses, i32, text(3), i32, i32, i64, i64, i32, opens}),
    function("path_readlink", {uses, text(2), i32, outBytes(4, 5), i32, out(size)}),
    function("path_remove_directory", {changes, text(2), i32}),
    function("path_rename", {changes, text(2), i32, changes, text(5), i32}),
    function("path_symlink", {text(1), i32, changes, text(4), i32}),
    function("path_unlink_file", {changes, text(2), i32}),
    function("poll_oneoff", {polls(version.subscription, 2), outArray(event, 2), i32, out(size)}),
    function("proc_exit", {i32}, false),
    function("proc_raise", {i32}),
    function("random_get", {outArray(1, 1), i32}),
    functionOfNothing("sched_yield"),
    function("sock_accept", {uses, i32, opens}),
    function("sock_recv", {uses, scatter(2, 4), i32, i32, out(size), out(flags)}),
    function("sock_send", {uses, gather(2), i32, i32, out(size)}),
    function("sock_shutdown", {uses, i32}),
  });
}

constexpr auto table0 = makeTable(preview0), table1 = makeTable(preview1);

static_assert(std::is_sorted(table1.begin(), table1.end(), [](auto& a, auto& b) { return a.name < b.name; }));

constexpr std::string_view preview0Module = "wasi_unstable", preview1Module = "wasi_snapshot_preview1";

} // namespace

bool WasiFunction::hasAddresses() const {
  return std::any_of(params.begin(), params.begin() + paramCount, [](auto& param) { return param.isAddress(); });
}

bool WasiFunction::hasDescriptors() const {
  return std::any_of(
    params.begin(), params.begin() + paramCount, [](auto& param) { return param.descriptor != DescriptorUse::None; });
}

bool WasiFunction::hasDescriptors(DescriptorUse use) const {
  return std::any_of(params.begin(), params.begin() + paramCount, [&](auto& param) { return param.descriptor == use; });
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
