// The body of one adapter for a host call, generated from the description of its
// parameters. The body prepares the operands in the order of the parameters, calls
// the host, copies back the bytes that the host wrote, and releases its part of the
// arena. host_adapter.h explains the translation, and shows an adapter.
//
// host_call.cpp handles single addresses, host_call_buffers.cpp arrays of buffers,
// and host_call_payload.cpp the record of a call of parigot's first generation.

#ifndef parigot_adapters_host_call_h
#define parigot_adapters_host_call_h

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "adapters/adapter_builder.h"
#include "adapters/host_adapter.h"

namespace parigot {

// Addresses from here up are in no memory: memories of services and worlds, in both
// layouts, end at least a page below 4 GiB.
constexpr uint32_t nowhere = uint32_t(-8);
// A parameter that takes all the room of the arena leaves this number of bytes for the parameters behind it.
constexpr uint32_t keptBytes = 1024;

constexpr uint32_t nothingHidden = UINT32_MAX; // a value of the global of hiddenExport()
constexpr uint32_t alignmentMask = 7;          // the largest alignment of anything in WASI, less 1

// The function (ptr i32, bytes i64, top i32) -> i32 that tells whether the service
// has these bytes: in its memory, or in its arena below `top`. The first call of
// insideFunction() adds it to the module. An adapter that has put bytes of its own
// into the arena passes the top from before: the service must not point to these.
wasm::Name insideFunction(wasm::Module& module, const AddressSpace& service);

// Hides the bytes that a host call puts into the arena from the service that owns
// the arena, while the host may call that service back. The adapter itself can
// access them. Emits no code if the address space has no global of hiddenExport().
struct HiddenBytes {
  std::optional<wasm::Index> before; // the global's value before the call

  void reveal(AdapterBuilder& code, const AddressSpace& space);
  void hide(AdapterBuilder& code, const AddressSpace& space, wasm::Index mark);
  void revealAgain(AdapterBuilder& code, const AddressSpace& space);
  void restore(AdapterBuilder& code, const AddressSpace& space);
};

class HostCall {
public:
  // `mayDoLess`: the adapter may ask the host to read or write fewer bytes than the
  // service asked for, since the function may do less anyway, as WASI allows.
  HostCall(AdapterBuilder& code, const HostView& view, std::span<const Param> params, bool mayDoLess);

  // Returns the local with the host's result, if it has one.
  std::optional<wasm::Index> build(wasm::Name host);

  // The address that the host got for the address in a parameter. For code after the call.
  wasm::Expression* hostAddress(wasm::Index param);

private:
  AdapterBuilder& code;
  wasm::Builder& builder;
  const HostView& view;
  std::span<const Param> params;
  bool mayDoLess;

  // The locals of a record of a call (host_call_payload.cpp).
  struct Payload {
    wasm::Index record;              // the address of the service's record
    wasm::Index place;               // the address of the host's record
    wasm::Index out, outBytes;       // the service's buffer for the reply
    wasm::Index outPlace, outInside; // the address of the staged buffer; whether the service has the buffer
  };

  // The locals of one parameter that is an address.
  struct Carried {
    std::optional<wasm::Index> start;   // the service's address of the first byte, if that is not the parameter
    std::optional<wasm::Index> address; // the host's address of the first byte
    std::optional<wasm::Index> inside;  // whether the service has the range; if not, no bytes are copied
    std::optional<wasm::Index> bytes;   // the number of bytes, unless it is fixed
    std::optional<wasm::Index> cut;     // whether the arena had too little room for the bytes that the host may fill
    // For arrays of buffers:
    std::optional<wasm::Index> count;  // the number of pairs that the host gets
    std::optional<wasm::Index> guests; // the address of the array of the service's addresses
    std::optional<Payload> payload;
  };
  std::vector<Carried> carried;

  wasm::Expression* wide(wasm::Expression* value);

  // The local with the service's address of the first byte of parameter `i`.
  wasm::Index startOf(wasm::Index i) const { return carried[i].start.value_or(i); }

  // The bytes of parameter `i`, as an i64.
  wasm::Expression* sizeOf(wasm::Index i);

  wasm::Expression* inside(wasm::Expression* address, wasm::Expression* bytes);

  // The end of the service's part of its arena, an i32.
  wasm::Expression* serviceTop();

  std::optional<wasm::Index> mark; // the top of the host's arena before the call, if anything is pushed
  // The same for arrays of buffers, if these lie elsewhere.
  std::optional<wasm::Index> buffersMark;
  HiddenBytes hidden;

  wasm::Expression* misalignment(wasm::Expression* address);

  wasm::Expression* outOfBoundsAddress(wasm::Expression* address);

  // An address at or after `mark` that is aligned as the service's address is.
  wasm::Expression* alignedAs(wasm::Index address, wasm::Index mark);

  wasm::Expression* moved(wasm::Expression* address);

  // The host's address of bytes that are not staged.
  wasm::Expression* translated(const std::function<wasm::Expression*()>& address, wasm::Expression* bytes);

  wasm::Expression* operand(wasm::Index i);

  // Emits the code that must run before operand() is evaluated.
  void prepare(wasm::Index i);

  // Sets the start of parameter `i` if that is not the parameter itself, and the number of bytes if it lies in memory.
  void measure(wasm::Index i);

  // Sets `bytes` to a number in the service's memory, times `element`, plus `head`. If the service does not have the
  // number, or the sum exceeds an address space, `bytes` is more than a service can have.
  void measureAt(wasm::Expression* address, uint32_t element, uint32_t head, wasm::Index bytes);

  // Sets the number of bytes of a string, with its zero byte. If the service's memory
  // has no zero byte, the number reaches one byte beyond it, so that the check fails.
  void measureString(wasm::Index i);

  bool tellsWhatItWrote(const Param& param);

  // Sets `inside`, and sets the carried address to one that is in no memory; later
  // code replaces it.
  void startCarrying(wasm::Index i, wasm::Expression* bytes);

  // Gives the bytes of parameter `i` a place in the host's memory.
  void stage(wasm::Index i);

  // Lowers the number of bytes that the host may fill, and the parameter with that number, to the room of the arena.
  void takeRoom(wasm::Index i);

  // Makes the code for an arena without room for parameter `i`: it returns an error to the caller if the function can,
  // and does not call the host.
  std::function<wasm::Expression*()> refusal(wasm::Index i);

  // Code that releases the arena and returns an errno.
  wasm::Expression* failure(uint32_t error);
  // The same for bytes that the client of a service does not have.
  wasm::Expression* faultOfService();

  // Replaces the result 0 by an error if the buffer was cut and the host filled all of it.
  void reportCut(wasm::Index i, wasm::Index result);

  // Releases the arena.
  void giveBack();

  // Copies `fixed` bytes, or as many as the local `bytes` says.
  void copy(const AddressSpace& to,
            wasm::Index toAddress,
            const AddressSpace& from,
            wasm::Index fromAddress,
            uint32_t fixed,
            std::optional<wasm::Index> bytes);

  // Makes the host's version of an array of (address, length) pairs, in the arena.
  void preparePairs(wasm::Index i);

  // Makes the host's version of a stack pointer that leads to the record of a call.
  void preparePayload(wasm::Index i);
  void makePayload(wasm::Index i);
  void payloadBack(wasm::Index i);

  // Where arrays of buffers lie.
  const AddressSpace& buffers() const { return view.staged() || !view.buffers ? view.host : *view.buffers; }

  wasm::Expression* times(wasm::Index local, uint32_t factor);

  // Lowers the count of pairs so that they take half of the arena's free bytes at most. The default arena has room for
  // half a million.
  void limitCount(wasm::Index count);

  void translatePairs(wasm::Index i, wasm::Index place);

  // The same, and stages the bytes of each buffer in the host's arena.
  void stagePairs(wasm::Index i, wasm::Index place);

  // Cuts a buffer that does not fit the rest of the arena, and drops the buffers
  // after it. `keptBytes` stay free for the other parameters.
  void takeWhatFits(wasm::Index taken, wasm::Index count, wasm::Index at);

  // Copies bytes that the host wrote to a staged place into the service's memory.
  void carryBack(wasm::Index i, std::optional<wasm::Index> result);

  // Sets `value` to the minimum of `value` and `limit`.
  void lower(wasm::Index value, wasm::Index limit);

  void scatterBack(wasm::Index i);
};

} // namespace parigot

#endif // parigot_adapters_host_call_h
