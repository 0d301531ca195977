// The body of the adapter of a service call that is described by its parameters (src/abi/call_description.h).
//
//   (call $client/f (data))   =>   place = bytes in the callee's arena, or from its allocator
//                                  copy client[data] to callee[place]
//                                  result = (call $callee/f (place))
//                                  copy back the bytes that the callee may write
//                                  copy bytes of the callee that it returns to memory of the client's allocator
//                                  release the arena, and call the callee's release or free function
//
// Bytes that the callee may write are copied in both directions, so that those that it does not write keep their values
// in the client.

#ifndef parigot_adapters_described_call_h
#define parigot_adapters_described_call_h

#include <optional>
#include <vector>

#include "adapters/adapter_builder.h"
#include "ir/exceptions.h"
#include "world/world.h"

namespace parigot {

class DescribedCall {
public:
  // The description of the call has passed checkCall() for this function.
  DescribedCall(AdapterBuilder& code,
                const AddressSpace& client,
                const AddressSpace& provider,
                const WorldCall& call,
                wasm::Name target);

  // Adds the body; the caller finishes the function.
  void build();
  // Gives the finished function code that calls the callee's release function, too, if an exception ends the call.
  void releaseOnExceptions(const ExceptionEncodings& exceptions);

private:
  AdapterBuilder& code;
  wasm::Builder& builder;
  const AddressSpace& client;
  const AddressSpace& provider;
  const WorldCall& call;
  const CallDescription& description;
  wasm::Name target;

  // The locals of one parameter.
  struct Carried {
    std::optional<wasm::Index> address; // the client's address, for an i64 with a length
    std::optional<wasm::Index> place;   // the callee's address, unless the parameter is a number
    std::optional<wasm::Index> bytes;
  };
  std::vector<Carried> carried;
  wasm::Index mark = 0; // the top of the callee's arena before the call

  const Param& param(wasm::Index i) { return description.params().values()[i]; }
  wasm::Name exported(const AddressSpace& space, const std::string& name);
  // Takes bytes of the callee's arena. Without room for them the call traps, or fails as its parameter `error` says.
  void push(wasm::Index place, uint32_t fixed, wasm::Expression* variable = nullptr);
  void returnError();
  void leave();
  // Calls the callee's release function for what it was given to keep, and forgets the addresses.
  void releaseAllocated(AdapterBuilder& code);
  wasm::Expression* orNull(wasm::Index address, const std::function<void()>& make);

  // Sets a local to the number of bytes at an address of `space`, without those in front of it.
  void measure(const Param& param, const AddressSpace& space, wasm::Index address, wasm::Index bytes);
  wasm::Expression* units(const Param& param, const AddressSpace& space, wasm::Index address);
  void measureString(const AddressSpace& space, wasm::Index address, wasm::Index bytes);

  // From the client to the callee:
  void prepare(wasm::Index i);
  void stage(wasm::Index i, wasm::Index address);
  void stageAllocated(wasm::Index i, wasm::Index address);
  void stageBuffers(wasm::Index i);
  wasm::Expression* operand(wasm::Index i);

  // Sets the local `to` to an address that the allocator returns.
  void allocate(const AddressSpace& space, const Allocator& allocator, wasm::Index bytes, wasm::Index to);
  wasm::Expression* allocation(const AddressSpace& space, const Allocator& allocator, wasm::Index bytes);
  void checkHead(
    const Param& param, const AddressSpace& space, wasm::Index address, const AddressSpace& from, wasm::Index original);

  // From the callee to the client:
  void carryBack(wasm::Index i);
  void buffersBack(wasm::Index i);
  // Copies bytes of the callee to memory of the client's allocator, and sets the local `to` to their address.
  void bring(const Param& param, wasm::Index from, wasm::Index bytes, wasm::Index to);
  wasm::Expression* resultOf(wasm::Index result);
  wasm::Expression* insideOf(const Param& param, wasm::Index result);
};

} // namespace parigot

#endif // parigot_adapters_described_call_h
