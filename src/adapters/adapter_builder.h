// What adapters are made of: accesses to the memory of one service or another, and bytes in flight, which lie in an
// arena.
//
//   AdapterBuilder code(module, name, signature);
//   code.push(callee, mark, 0, code.get(requestBytes));              // a place in the callee's arena
//   code.add(code.copy(callee, code.get(mark), client, code.get(request), code.get(requestBytes)));
//   ..                                                               // the call
//   code.release(callee, mark);

#ifndef parigot_adapters_adapter_builder_h
#define parigot_adapters_adapter_builder_h

#include <functional>
#include <string>

#include "ir/function_builder.h"
#include "world/world.h"

namespace parigot {

// The address space of a service as adapter code sees it, in the n-memory form.
struct AddressSpace {
  std::string service;
  wasm::Name memory;
  wasm::Name arena; // the global with the arena's first free byte
  Region region;
  wasm::Name hidden; // the global of hiddenExport(), if there is one

  // Finds them by their exports. The service must have a memory.
  static AddressSpace of(const wasm::Module& module, const WorldService& service);
};

// Generates one adapter.
class AdapterBuilder : public FunctionBuilder {
public:
  using FunctionBuilder::FunctionBuilder;

  wasm::Expression* load(const AddressSpace& space, wasm::Expression* address, uint32_t offset = 0);
  wasm::Expression*
  store(const AddressSpace& space, wasm::Expression* address, wasm::Expression* value, uint32_t offset = 0);
  wasm::Expression* copy(const AddressSpace& to,
                         wasm::Expression* toAddress,
                         const AddressSpace& from,
                         wasm::Expression* fromAddress,
                         wasm::Expression* bytes);
  // Takes `fixed + variable` bytes from the arena: sets `mark`, a local, to
  // where they begin (a multiple of 16), and moves the arena's top above them.
  // When there is no room, it does what `otherwise` makes, which must not go on; by default it traps in
  // parigot.trap.arena_exhausted.
  void push(const AddressSpace& space,
            wasm::Index mark,
            uint32_t fixed,
            wasm::Expression* variable = nullptr,
            const std::function<wasm::Expression*()>& otherwise = {});
  // How many bytes of the arena are left.
  wasm::Expression* room(const AddressSpace& space);
  // Fills everything from `mark` up with zeros: the place is the service's to read as soon as it is lent it by a call,
  // and what was put there was another one's. `mark` may be the top: that is no address to fill from in an isolated
  // world.
  void clear(const AddressSpace& space, wasm::Index mark);
  // Gives back everything from `mark` up.
  void release(const AddressSpace& space, wasm::Index mark);
};

} // namespace parigot

#endif // parigot_adapters_adapter_builder_h
