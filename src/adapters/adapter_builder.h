// Generates the code of adapters: accesses to the memories of services, and the management of bytes in flight, which
// lie in an arena.
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
  // Whether the service can read all of its arena, also where no call is in flight, so that bytes of others are cleared
  // when they are released: in worlds that contain their services.
  bool readable = false;
  // Whether parigot-opt added the service: its kernel, for one. It keeps what it was told in its own memory anyway, so
  // nothing is cleared for it, and its replies lie where the adapter wants them.
  bool added = false;

  // Finds them by their exports. The service must have a memory.
  static AddressSpace of(const wasm::Module& module, const WorldService& service);
  // The same for code that releases bytes.
  static AddressSpace of(const wasm::Module& module, const World& world, const WorldService& service);
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
  // Takes `fixed + variable` bytes from the arena: sets the local `mark` to the
  // address of the first (a multiple of 16), and moves the arena's top above them.
  // If the arena has no room, the code that `otherwise` makes runs, which must not
  // continue; by default it traps in parigot.trap.arena_exhausted.
  void push(const AddressSpace& space,
            wasm::Index mark,
            uint32_t fixed,
            wasm::Expression* variable = nullptr,
            const std::function<wasm::Expression*()>& otherwise = {});
  // An i32: 1 if the address is not in the arena of the service, so that its allocator can have returned it.
  wasm::Expression* isOutsideArena(const AddressSpace& space, wasm::Expression* address);
  // The number of free bytes in the arena.
  wasm::Expression* room(const AddressSpace& space);
  // Fills the arena from `mark` to its top with zeros. A later call lends these bytes to the service that owns the
  // arena, which must not read the bytes of another service in them. `mark` may be the top: then no fill runs, since
  // in an isolated world the top may be no valid address.
  void clear(const AddressSpace& space, wasm::Index mark);
  // Fills so many bytes with zeros.
  void clear(const AddressSpace& space, wasm::Expression* address, wasm::Expression* bytes);
  // Releases the bytes from `mark` up. Clears them if asked to, and if the service can read them afterwards.
  void release(const AddressSpace& space, wasm::Index mark, bool clears = false);
  // Releases the bytes from `mark` up, of which none is to be cleared any more.
  void releaseCleared(const AddressSpace& space, wasm::Index mark);
};

} // namespace parigot

#endif // parigot_adapters_adapter_builder_h
