// The body of one adapter for a host call, from the description of its
// parameters: prepares the operands in the order of the parameters, calls,
// carries back what the host wrote, and releases what it took of the arena.
// host_adapter.h says what the host gets to see.
//
// host_call.cpp has single addresses, host_call_buffers.cpp arrays of buffers,
// host_call_payload.cpp the record of a call of parigot's first generation.

#ifndef parigot_adapters_host_call_h
#define parigot_adapters_host_call_h

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "adapters/adapter_builder.h"
#include "adapters/host_adapter.h"

namespace parigot {

// Addresses from here up are in no memory: those of single and multi layouts
// end a page below 4 GiB at the latest, and services' memories too.
constexpr uint32_t nowhere = uint32_t(-8);
// Bytes of the arena that are left for the parameters behind one that takes what there is.
constexpr uint32_t keptBytes = 1024;

constexpr uint32_t nothingHidden = UINT32_MAX; // of the global of hiddenExport()
constexpr uint32_t alignmentMask = 7;          // the largest alignment of anything in WASI, less 1

// The function (ptr i32, bytes i64, top i32) -> i32 that tells whether the
// service has these bytes: in its memory, or in its arena below `top`; made when
// it is first asked for. Whoever has put bytes of an adapter's own into the arena
// gives the top as it was before: those are not the service's to point at.
wasm::Name insideFunction(wasm::Module& module, const AddressSpace& service);

// What a host call does about the bytes that it puts into the arena of an
// address space with a global of hiddenExport(): nothing is hidden from the
// adapter's own code, and what it has put there is from the service, when the
// host calls that one back. Emits nothing where there is no such global.
struct HiddenBytes {
  std::optional<wasm::Index> before; // the global's value before the call

  void reveal(AdapterBuilder& code, const AddressSpace& space);
  void hide(AdapterBuilder& code, const AddressSpace& space, wasm::Index mark);
  void revealAgain(AdapterBuilder& code, const AddressSpace& space);
  void restore(AdapterBuilder& code, const AddressSpace& space);
};

class HostCall {
public:
  // `mayDoLess`: the host may be asked to read or write less than the service
  // asked for, which is every WASI function's right.
  HostCall(AdapterBuilder& code, const HostView& view, std::span<const Param> params, bool mayDoLess);

  // Returns the local with the host's result, if it has one.
  std::optional<wasm::Index> build(wasm::Name host);

  // What the host got for an address, behind the call.
  wasm::Expression* hostAddress(wasm::Index param);

private:
  AdapterBuilder& code;
  wasm::Builder& builder;
  const HostView& view;
  std::span<const Param> params;
  bool mayDoLess;

  // Of a record of a call (host_call_payload.cpp), as locals.
  struct Payload {
    wasm::Index record;              // the service's address of it
    wasm::Index place;               // of the host's form of it
    wasm::Index out, outBytes;       // the buffer for the reply, as the service has it
    wasm::Index outPlace, outInside; // where it is staged, if the service has it
  };

  // What is known of a parameter that is an address, as locals.
  struct Carried {
    std::optional<wasm::Index> start;   // the service's address of the first byte, if that is not the parameter
    std::optional<wasm::Index> address; // the host's, of the first byte
    std::optional<wasm::Index> inside;  // whether the service has the range; else nothing was carried
    std::optional<wasm::Index> bytes;   // unless the number is fixed
    std::optional<wasm::Index> cut;     // whether there was no room for all bytes that the host may fill
    // Of arrays of buffers:
    std::optional<wasm::Index> count;  // how many pairs the host is given
    std::optional<wasm::Index> guests; // their addresses as the service has them
    std::optional<Payload> payload;
  };
  std::vector<Carried> carried;

  wasm::Expression* wide(wasm::Expression* value);

  // The local with the service's address of the first byte of parameter `i`.
  wasm::Index startOf(wasm::Index i) const { return carried[i].start.value_or(i); }

  // The bytes of parameter `i`, as an i64.
  wasm::Expression* sizeOf(wasm::Index i);

  wasm::Expression* inside(wasm::Expression* address, wasm::Expression* bytes);

  // Where the service's part of its arena ends: an i32.
  wasm::Expression* serviceTop();

  std::optional<wasm::Index> mark; // the top of the host's arena before the call, if anything is pushed
  HiddenBytes hidden;

  wasm::Expression* misalignment(wasm::Expression* address);

  wasm::Expression* outOfBoundsAddress(wasm::Expression* address);

  // The place at `mark`, as well or badly aligned as the service's address.
  wasm::Expression* alignedAs(wasm::Index address, wasm::Index mark);

  wasm::Expression* moved(wasm::Expression* address);

  // The host's form of an address whose bytes stay where they are.
  wasm::Expression* translated(const std::function<wasm::Expression*()>& address, wasm::Expression* bytes);

  wasm::Expression* operand(wasm::Index i);

  // Whatever has to happen before the call so that operand() is right.
  void prepare(wasm::Index i);

  // Sets the start of parameter `i` where it is not the parameter itself, and the bytes where memory tells their
  // number.
  void measure(wasm::Index i);

  // Sets a local to a number that lies in the service's memory, times `element`, plus `head`. More than an address
  // space has, which no service has, where the number or all bytes do not fit.
  void measureAt(wasm::Expression* address, uint32_t element, uint32_t head, wasm::Index bytes);

  // Sets the bytes of a string: up to and with its zero byte, or to the end of
  // what the service has and one more, so that it is found not to be inside.
  void measureString(wasm::Index i);

  bool tellsWhatItWrote(const Param& param);

  // Sets the carried address to one that no memory has, until it is known
  // better, and `inside`.
  void startCarrying(wasm::Index i, wasm::Expression* bytes);

  // Gives the bytes of parameter `i` a place in the host's memory.
  void stage(wasm::Index i);

  // Lowers a number of bytes that the host is to fill, and the parameter that says so, to what the arena has room for.
  void takeRoom(wasm::Index i);

  // What is done when the arena has no room for parameter `i`: the caller gets an error, if the function has one for
  // that, and the host is not called.
  std::function<wasm::Expression*()> refusal(wasm::Index i);

  // An error in place of 0 if the host filled less than it was asked for, because its place was cut.
  void reportCut(wasm::Index i, wasm::Index result);

  // Gives back what is in the arena.
  void giveBack();

  // Copies `fixed` bytes, or as many as a local says.
  void copy(const AddressSpace& to,
            wasm::Index toAddress,
            const AddressSpace& from,
            wasm::Index fromAddress,
            uint32_t fixed,
            std::optional<wasm::Index> bytes);

  // Makes the host's form of an array of (address, length) pairs in the arena.
  void preparePairs(wasm::Index i);

  // Makes the host's form of a stack pointer that leads to the record of a call.
  void preparePayload(wasm::Index i);
  void makePayload(wasm::Index i);
  void payloadBack(wasm::Index i);

  wasm::Expression* times(wasm::Index local, uint32_t factor);

  // Lowers the count of pairs so that they take half of the arena's free bytes at most. The default arena has room for
  // half a million.
  void limitCount(wasm::Index count);

  void translatePairs(wasm::Index i, wasm::Index place);

  // The same, with a place in the host's arena for the bytes of each.
  void stagePairs(wasm::Index i, wasm::Index place);

  // Where a buffer does not fit what is left of the arena, it is cut, and is the
  // last one. A kibibyte is left for what the other parameters need.
  void takeWhatFits(wasm::Index taken, wasm::Index count, wasm::Index at);

  // Brings what the host wrote elsewhere into the service's memory.
  void carryBack(wasm::Index i, std::optional<wasm::Index> result);

  // Sets a local to another one if that is less.
  void lower(wasm::Index value, wasm::Index limit);

  void scatterBack(wasm::Index i);
};

} // namespace parigot

#endif // parigot_adapters_host_call_h
