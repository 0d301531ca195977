// What the parameters of a host function mean, as data.
//
// A host sees one memory. When that is not where a service's address space
// begins, every address in a host call has to be translated, and so have those
// inside of structures. This says where they are; code is generated from it
// (src/adapters/host_adapter.h). WASI's functions are described in src/abi/wasi.cpp,
// others by the manifest, one text for each parameter:
//
//   fd                    a number, or any value that is no address
//   data: in [len]        the address of `len` bytes that the host reads
//   points: in 8[n]       of `n` elements with 8 bytes each
//   stat: out 64          of 64 bytes that the host writes
//   state: inout 16       of 16 bytes that it reads and writes
//   path: in string       of bytes that end with a zero byte
//   parts: in buffers[n]  of `n` pairs (address, length) of bytes that it reads
//   parts: out buffers[n] of bytes that it writes
//   sp: inout payload     a Go stack pointer; 8 bytes behind is the address of the
//                         record of a call of parigot's first generation, in which
//                         there are those of a request and a reply
//                         (host_call_payload.cpp)
//
// where `len` and `n` are names of other parameters.

#ifndef parigot_abi_host_param_h
#define parigot_abi_host_param_h

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "support/result.h"
#include "wasm-type.h"

namespace parigot {

enum class HostParamKind : uint8_t {
  Number,   // i32: a descriptor, flags, a length; declared by a manifest: of any type
  Number64, // i64: an offset, a time, rights
  In,       // the address of bytes that the host reads
  Out,      // the address of bytes that the host writes
  InOut,    // of bytes that it reads and writes
  String,   // of bytes that it reads, up to a zero byte
  // The address of an array of (address, length) pairs, 8 bytes each; the host
  // reads from those buffers, or writes to them.
  GatherFrom,
  ScatterTo,
  // A Go stack pointer that leads to the record of a call.
  Payload,
  // The address of an array that the host fills with addresses into the buffer
  // that the next parameter points to: argv, environ.
  StringPointers,
};

// How many bytes lie at an address: `fixed`, or `element` for each unit of the
// parameter number `count`. Strings of args and environ have no such bound;
// their `*_sizes_get` function tells.
struct HostParam {
  HostParamKind kind = HostParamKind::Number;
  uint32_t fixed = 0;   // bytes
  uint32_t element = 0; // bytes
  int8_t count = -1;    // index of a parameter of the same function
  // Of ScatterTo: index of a parameter that points to where the host tells how
  // many bytes it wrote when its result is 0; it then wrote these, and else
  // nothing.
  int8_t written = -1;

  bool isAddress() const { return kind != HostParamKind::Number && kind != HostParamKind::Number64; }
  bool isArrayOfBuffers() const { return kind == HostParamKind::GatherFrom || kind == HostParamKind::ScatterTo; }
};

// All parameters of a function, as a manifest writes them and as values.
class HostParams {
public:
  // An error says what is wrong with which parameter.
  static wasm::Result<HostParams> parse(std::vector<std::string> texts);

  const std::vector<std::string>& texts() const { return written; }
  std::span<const HostParam> values() const { return parsed; }
  bool anyAddress() const;

private:
  std::vector<std::string> written;
  std::vector<HostParam> parsed;
};

// Whether a function of that type can have these parameters: as many, addresses
// and counts i32.
wasm::Result<> checkHostParams(std::span<const HostParam> params, const wasm::Signature& signature);

} // namespace parigot

#endif // parigot_abi_host_param_h
