// Small vocabulary for generating adapters: Binaryen's Builder with the few
// shapes that every adapter is made of.

#ifndef parigot_adapters_adapter_builder_h
#define parigot_adapters_adapter_builder_h

#include <functional>
#include <string>

#include "wasm-builder.h"
#include "wasm.h"
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

// Generates the body of one function.
class Code {
public:
  // Adds a function without a body to the module, or takes over the imported
  // one of that name, which from then on is a defined one.
  Code(wasm::Module& module, wasm::Name name, wasm::Signature signature);

  wasm::Module& module;
  wasm::Builder builder;
  wasm::Function* function;
  wasm::Block* body;

  wasm::Index local(wasm::Type type);
  wasm::Expression* get(wasm::Index local);
  void set(wasm::Index local, wasm::Expression* value);
  void add(wasm::Expression* statement);

  wasm::Expression* number(uint32_t value);
  wasm::Expression* number64(uint64_t value);
  wasm::Expression* plus(wasm::Expression* a, wasm::Expression* b);
  wasm::Expression* minus(wasm::Expression* a, wasm::Expression* b);
  wasm::Expression* binary(wasm::BinaryOp op, wasm::Expression* a, wasm::Expression* b);
  wasm::Expression* load(const AddressSpace& space, wasm::Expression* address, uint32_t offset = 0);
  wasm::Expression*
  store(const AddressSpace& space, wasm::Expression* address, wasm::Expression* value, uint32_t offset = 0);
  wasm::Expression* copy(const AddressSpace& to,
                         wasm::Expression* toAddress,
                         const AddressSpace& from,
                         wasm::Expression* fromAddress,
                         wasm::Expression* bytes);
  wasm::Expression* call(wasm::Name target, std::vector<wasm::Expression*> operands);
  wasm::Expression* ifThen(wasm::Expression* condition, wasm::Expression* then);
  // The statements that `make` adds, as a block of their own.
  wasm::Block* block(const std::function<void()>& make);
  // A loop around the statements that `make` adds, which ends when `condition`,
  // which is evaluated in front of them, is 0.
  void loopWhile(const std::function<wasm::Expression*()>& condition, const std::function<void()>& make);

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
  // Fills everything from `mark` up with zeros: the place is the service's to read as soon as it is lent it by a call, and
  // what was put there was another one's.
  void clear(const AddressSpace& space, wasm::Index mark);
  // Gives back everything from `mark` up.
  void release(const AddressSpace& space, wasm::Index mark);

  // A call that traps in a function whose name says why, so that an engine's
  // back trace explains itself: parigot.trap.REASON.
  wasm::Expression* trap(const std::string& reason);

  // Ends the body.
  void finish();

private:
  unsigned loops = 0;
};

} // namespace parigot

#endif // parigot_adapters_adapter_builder_h
