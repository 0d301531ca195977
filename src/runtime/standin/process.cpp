// A stand-in as one of parigot's processes: it registers, exports its names, binds its methods, launches, and answers
// what it reads.
//
// Source of the order and the messages of the calls: parigot's guest library, as in src/runtime/kernel/messages.h.

#include "../common/fail.h"
#include "../common/wasi.h"
#include "../kernel/messages.h"
#include "table.h"

namespace standin {

using namespace runtime;
using kernel::Id;
using kernel::Writer;

#define KERNEL(name)                                                                                                   \
  __attribute__((import_module("parigot"), import_name(#name))) uint64_t name(uint32_t, const char*, char*, int32_t*)
KERNEL(register_);
KERNEL(export_);
KERNEL(bind_method_);
KERNEL(launch_);
KERNEL(read_one_);
KERNEL(return_value_);

namespace {

constexpr uint32_t page = 4096; // api/shared/const.go: GuestReceiveBufferSize
char request[page], reply[page], any[page];

using Call = uint64_t(uint32_t, const char*, char*, int32_t*);

// The kernel's launch method, and an id for the call of it: kernel.h has the source.
constexpr Id launchMethod = {0x6dffffffffffffff, 0xfffffffffffffff0};

// Calls the kernel with what `writer` wrote into `request`. The answer is in `reply`.
Text ask(Call* call, const Writer& writer, Text what) {
  int32_t error = 0;
  uint64_t result = call(writer.size(), request, reply, &error);
  if (error || writer.overflowed()) {
    fail("the kernel refuses ", what);
  }
  return {reply, uint32_t(result >> 32)};
}

Id idIn(Text message) {
  kernel::IdResponse response;
  if (!read(message, response)) {
    fail("the kernel's reply cannot be read");
  }
  return response.id;
}

// A host id that is set; the kernel asks for no more.
Id makeId(char letter) {
  Id id;
  fillRandom(&id, sizeof id);
  id.high = uint64_t(letter) << 56 | (id.high >> 16) | 1;
  return id;
}

struct Process {
  Id host = makeId('h');
  Id service;

  void start() {
    Writer registers(request, page);
    registers.id(1, host);
    registers.text(2, table()->service);
    service = idIn(ask(register_, registers, "to register it"));
    for (uint32_t i = 0; i < table()->nameCount; i++) {
      exportName(table()->names[i]);
    }
    for (uint32_t i = 0; i < table()->methodCount; i++) {
      Writer binds(request, page);
      binds.id(1, host);
      binds.id(2, service);
      binds.text(3, table()->methods[i].name);
      Id id = idIn(ask(bind_method_, binds, "a method"));
      table()->methods[i].idHigh = id.high;
      table()->methods[i].idLow = id.low;
    }
    Writer launches(request, page);
    launches.id(1, service);
    launches.id(2, makeId('c'));
    launches.id(3, host);
    launches.id(4, launchMethod);
    ask(launch_, launches, "to launch it");
  }

  void serve() {
    Writer reads(request, page);
    reads.number(1, -1); // for ever
    reads.id(2, host);
    int32_t error = 0;
    uint64_t result = read_one_(reads.size(), request, reply, &error);
    kernel::ReadOneResponse message;
    if (error || !read({reply, uint32_t(result >> 32)}, message) || !message.bundle.size) {
      return; // no call: a result of launch_, or nothing
    }
    answerCall(message);
  }

private:
  void exportName(const Name& name) {
    Writer exports(request, page);
    exports.id(1, service);
    auto mark = exports.open(2);
    exports.text(1, name.package);
    exports.text(2, name.service);
    exports.close(mark);
    exports.id(3, host);
    ask(export_, exports, "a name");
  }

  void answerCall(const kernel::ReadOneResponse& message) {
    kernel::MethodBundle bundle;
    kernel::Any param;
    if (!read(message.bundle, bundle) || !read(message.param, param)) {
      return;
    }
    for (uint32_t i = 0; i < table()->methodCount; i++) {
      auto& method = table()->methods[i];
      if (Id{method.idHigh, method.idLow} == bundle.method) {
        static char kept[page]; // `reply` may be used while the answer is waited for
        memcpy(kept, message.bundle.data, message.bundle.size);
        Text whole{kept, message.bundle.size};
        auto* found = answer(i, param.value);
        returnValue(whole, found, found ? found->error : table()->error);
        return;
      }
    }
  }

  void returnValue(Text bundle, const Reply* found, uint32_t error) {
    Writer answers(request, page);
    answers.bytes(1, bundle);
    if (found && (found->type.size || found->bytes.size)) {
      Writer writer(any, page);
      writer.text(1, found->type);
      writer.text(2, found->bytes);
      answers.bytes(2, {any, writer.size()});
    }
    answers.number(3, error);
    int32_t failed = 0;
    return_value_(answers.size(), request, reply, &failed); // a caller that has ended needs no answer
  }
};

} // namespace

// The coroutine of the process keeps its stack in this memory.
extern "C" __attribute__((export_name("malloc"))) void* standin_malloc(uint32_t size) {
  constexpr uint32_t wasmPage = 65536;
  size_t at = __builtin_wasm_memory_grow(0, (size + wasmPage - 1) / wasmPage);
  return at == SIZE_MAX ? nullptr : reinterpret_cast<void*>(at * wasmPage);
}

extern "C" __attribute__((export_name("_start"))) void standin_start() {
  Process process;
  process.start();
  while (true) {
    process.serve();
  }
}

} // namespace standin
