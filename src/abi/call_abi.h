// Call ABIs: what the parameters of a service call mean.
//
// A wasm signature says `i32`; only an ABI says whether that i32 is a number,
// or an address in the caller's memory that means nothing in the callee's. The
// ABIs are a closed list. Which one a call uses is said in the manifest; only
// `parigot`, whose signature and names are its own, and calls that have no i32
// parameter at all are recognised without being told. Anything else is refused:
// a guess would corrupt memory silently.

#ifndef parigot_abi_call_abi_h
#define parigot_abi_call_abi_h

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "wasm-type.h"

namespace parigot {

enum class CallAbi {
  // Numbers in, numbers out; the call needs no adapter.
  Scalar,
  // (i32 req_len, i32 req_ptr, i32 out_ptr, i32 err_ptr) -> i64: a request in,
  // a reply `len<<32 | ptr` in the caller's buffer, an i32 error, 0 for none.
  Parigot,
  // (i32 ptr, i32 len) -> i64: a request in, a reply `ptr<<32 | len` in the
  // callee's memory, copied to memory from the client's exported `malloc`.
  Bytes,
  // (i32 to, i32 from, i32 bytes) -> (): no call at all. Copies bytes from the
  // provider's memory to the client's, or from the client's to the provider's.
  // What runtime modules reach their program's memory by; not for manifests.
  ReadMemory,
  WriteMemory,
  // Each parameter is described by itself: call_description.h. Written as `params`, not as an `abi`.
  Described,
};

// What the `parigot` ABI promises as the size of the reply buffer, in bytes.
// Source: parigot's guest library, which allocates one page of 4096.
constexpr uint32_t defaultReplyCapacity = 4096;
// Sizes that adapters add up from it stay below 4 GiB.
constexpr uint32_t maxReplyCapacity = 1 << 30;

// By which services a function of the host can be called, where an import with this ABI is the host's.
enum class HostUse {
  Any,      // the host sees the parameters as they are
  Adapted,  // an adapter translates the addresses (src/adapters/host_adapter.h)
  OwnMemory // only a service whose addresses are the host's: nothing can allocate in the others
};

// All that there is to say of an ABI but its adapter, which src/adapters/call_adapter.cpp has. What reads manifests,
// checks bindings, adapts host calls and prints help goes by these rows.
struct CallAbiRow {
  CallAbi abi;
  std::string_view name; // as the manifest and the world section spell it
  std::string_view help; // in a few words
  int8_t params;         // so many, each i32; -1: any, of any type
  bool returnsI64;       // else nothing
  bool inManifests;      // a manifest may give it
  bool carriesBytes;     // client and service need a memory
  bool needsMalloc;      // the client needs to export malloc, (i32) -> i32
  bool hasCapacity;      // the client's buffer for the reply has a size
  HostUse host;
};

std::span<const CallAbiRow> callAbis();
const CallAbiRow& rowOf(CallAbi abi);

std::string_view toString(CallAbi abi);
std::optional<CallAbi> parseCallAbi(std::string_view text);

// The one signature of a call by this ABI; none for Scalar and Described, which take any.
std::optional<wasm::Signature> signatureOf(CallAbi abi);

// The ABI of an import that the manifest says nothing of, where its name and
// type leave no doubt.
std::optional<CallAbi> inferCallAbi(std::string_view importBase, const wasm::Signature& signature);

} // namespace parigot

#endif // parigot_abi_call_abi_h
