// The body of the adapter of a service call that is described by its parameters (src/abi/call_description.h).
//
//   place := every address's bytes in the callee's arena, or in memory of its allocator;
//            what the callee is to write is copied too, so that what it leaves as it was, is so for the client
//   result := the call, with these addresses
//   what the callee wrote is copied back; bytes of its own that it gave are copied to memory of the client's
//   allocator, and the client gets their new address
//   the arena is released, and what the description says of the callee's allocators is done

#ifndef parigot_adapters_described_call_h
#define parigot_adapters_described_call_h

#include <optional>
#include <vector>

#include "adapters/adapter_builder.h"
#include "world/world.h"

namespace parigot {

class DescribedCall {
public:
  // The call has a description that fits the function (checkCall).
  DescribedCall(AdapterBuilder& code,
                const AddressSpace& client,
                const AddressSpace& provider,
                const WorldCall& call,
                wasm::Name target);

  // Adds the body; the caller finishes the function.
  void build();

private:
  AdapterBuilder& code;
  wasm::Builder& builder;
  const AddressSpace& client;
  const AddressSpace& provider;
  const WorldCall& call;
  const CallDescription& description;
  wasm::Name target;

  // What is known of a parameter, as locals.
  struct Carried {
    std::optional<wasm::Index> address; // the client's, of an i64 with a length
    std::optional<wasm::Index> place;   // the callee's; unless the parameter is a number
    std::optional<wasm::Index> bytes;
  };
  std::vector<Carried> carried;
  wasm::Index mark = 0; // the top of the callee's arena before the call

  const Param& param(wasm::Index i) { return description.params().values()[i]; }
  wasm::Name exported(const AddressSpace& space, const std::string& name);
  wasm::Expression* orNull(wasm::Index address, const std::function<void()>& make);

  // Sets a local to the number of bytes at an address of `space`, without those in front of it.
  void measure(const Param& param, const AddressSpace& space, wasm::Index address, wasm::Index bytes);
  wasm::Expression* units(const Param& param, const AddressSpace& space, wasm::Index address);
  void measureString(const AddressSpace& space, wasm::Index address, wasm::Index bytes);

  // Bytes of the client's to the callee.
  void prepare(wasm::Index i);
  void stage(wasm::Index i, wasm::Index address);
  void stageAllocated(wasm::Index i, wasm::Index address);
  void stageBuffers(wasm::Index i);
  wasm::Expression* operand(wasm::Index i);

  // Sets a local to an address of the allocator's.
  void allocate(const AddressSpace& space, const Allocator& allocator, wasm::Index bytes, wasm::Index to);
  wasm::Expression* allocation(const AddressSpace& space, const Allocator& allocator, wasm::Index bytes);
  void checkHead(
    const Param& param, const AddressSpace& space, wasm::Index address, const AddressSpace& from, wasm::Index original);

  // And back.
  void carryBack(wasm::Index i);
  void buffersBack(wasm::Index i);
  // Sets `to` to the client's copy of bytes of the callee's.
  void bring(const Param& param, wasm::Index from, wasm::Index bytes, wasm::Index to);
  wasm::Expression* resultOf(wasm::Index result);
  wasm::Expression* insideOf(const Param& param, wasm::Index result);
};

} // namespace parigot

#endif // parigot_adapters_described_call_h
