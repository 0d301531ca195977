// Call ABIs: what the parameters of a service call mean.
//
// An i32 in a wasm signature can be a number, or an address in the caller's memory
// that is wrong in the callee's. An ABI tells which. The list of ABIs is closed. The
// manifest declares the ABI of a call. Without a declaration, only two kinds of
// calls are recognised: `parigot`, by its signature and its names, and calls without
// i32 parameters, which are taken for scalar. All other calls are refused: a guess
// would corrupt memory silently.

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
  // (i32 to, i32 from, i32 bytes) -> (): copies bytes from the provider's memory to
  // the client's, or from the client's to the provider's, and calls no function.
  // Runtime modules access their program's memory by these; manifests cannot.
  ReadMemory,
  WriteMemory,
  // A description of each parameter: call_description.h. A manifest has it as `params`, not as an `abi`.
  Described,
  // A function of WASI with addresses, which a service provides in place of the host; the table in wasi.cpp has its
  // parameters. A manifest has it as `wasi` of a service.
  Wasi,
};

// The size of the client's reply buffer in the `parigot` ABI, in bytes. Source:
// parigot's guest library, which allocates one page of 4096.
constexpr uint32_t defaultReplyCapacity = 4096;
// Small enough that sums of sizes in adapters stay below 4 GiB.
constexpr uint32_t maxReplyCapacity = 1 << 30;

// Which services can call a function of the host by an ABI.
enum class HostUse {
  Any,      // the host sees the parameters as they are
  Adapted,  // an adapter translates the addresses (src/adapters/host_adapter.h)
  OwnMemory // only a service whose addresses are the host's: nothing can allocate in the others
};

// The properties of an ABI; its adapter is in src/adapters/call_adapter.cpp. The code that reads manifests, checks
// bindings, adapts host calls and prints help uses these rows.
struct CallAbiRow {
  CallAbi abi;
  std::string_view name; // as the manifest and the world section spell it
  std::string_view help; // in a few words
  int8_t params;         // the number of parameters, all i32; -1: any number, of any type
  bool returnsI64;       // if not, it returns no value
  bool inManifests;      // a manifest may give it
  bool carriesBytes;     // client and service need a memory
  bool needsMalloc;      // the client needs to export malloc, (i32) -> i32
  bool hasCapacity;      // the client's buffer for the reply has a size
  bool canLend;          // the service can read the request where the client has it: copy = false
  HostUse host;
};

std::span<const CallAbiRow> callAbis();
const CallAbiRow& rowOf(CallAbi abi);

std::string_view toString(CallAbi abi);
std::optional<CallAbi> parseCallAbi(std::string_view text);

// The signature of calls by this ABI; no value for Scalar, Described and Wasi, which have no one
// signature.
std::optional<wasm::Signature> signatureOf(CallAbi abi);

// The ABI of an import without a declaration, if its name and type make it certain.
std::optional<CallAbi> inferCallAbi(std::string_view importBase, const wasm::Signature& signature);

} // namespace parigot

#endif // parigot_abi_call_abi_h
