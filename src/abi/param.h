// What the parameters of a function mean, as data.
//
// An address is valid in one address space only. If a function belongs to the host
// or to another service, every address among its parameters must be translated, and
// those inside of structures too. This data tells where they are; adapters are
// generated from it: src/adapters/host_call.h for functions of the host,
// src/adapters/described_call.h for those of services. WASI's functions are
// described in src/abi/wasi.cpp, others by the manifest, one text for each
// parameter; "callee" is the host or the service that is called:
//
//   fd                    a number, or any value that is no address
//   data: in [len]        the address of `len` bytes that the callee reads
//   points: in 8[n]       of `n` elements with 8 bytes each
//   stat: out 64          of 64 bytes that the callee writes
//   state: inout 16       of 16 bytes that it reads and writes
//   path: in string       of bytes that end with a zero byte
//   parts: in buffers[n]  of `n` pairs (address, length) of bytes that it reads
//   parts: out buffers[n] of bytes that it writes
//   sp: inout payload     a Go stack pointer; 8 bytes behind is the address of the
//                         record of a call of parigot's first generation, in which
//                         there are those of a request and a reply
//                         (host_call_payload.cpp); of host functions only
//
//   data: in packed ptr<<32|len   an i64 with both; or len<<32|ptr
//
// where `len` and `n` are names of other parameters. In place of `[len]`, the
// number can be
//
//   [*len]                the i32 at the address in the parameter `len`
//   [@-4]                 the i32 that lies 4 bytes in front of the data; [@0]: at
//                         its begin, and the data are what follows
//
// The rest is for calls between services only. A number can be
//
//   [size()]              what the callee's export `size` returns; asked before the
//                         call, for results and `pointer` behind it
//
// and a parameter can be
//
//   text: in allocated .. bytes in memory of the callee's own allocator
//   reply: out pointer .. the address of 4 bytes, where the callee writes the
//                         address of bytes of its own: pointer [*len], string, ..
//   reply: out pair ptr,len       of 8 bytes, where it writes both; or len,ptr
//   error: out error 6    of 4 bytes for a number; if that is not 0, the call has no result and nothing else comes
//                         out; 6: the number where the call needs more room than there is, which traps without it
//
// A result is a number, or
//
//   out ..                the address of bytes of the callee's: out [@-4], string, ..
//   out packed ptr<<32|len        an i64 with address and length; or len<<32|ptr
//   out packed ptr<<32|flag<<31|len       the same, where bit 31 is passed on and not of the length
//   in reply              an address within the bytes of the parameter `reply`
//   in reply packed len<<32|ptr   the same with the length
//
// Address 0 means that there are no bytes, unless a parameter tells their number.

#ifndef parigot_abi_param_h
#define parigot_abi_param_h

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "support/result.h"
#include "wasm-type.h"

namespace parigot {

enum class ParamKind : uint8_t {
  Number,   // i32: a descriptor, flags, a length; declared by a manifest: of any type
  Number64, // i64: an offset, a time, rights
  In,       // the address of bytes that the callee reads
  Out,      // the address of bytes that the callee writes; as a result: of bytes of its own
  InOut,    // of bytes that it reads and writes
  String,   // of bytes that it reads, up to a zero byte
  // The address of an array of (address, length) pairs, 8 bytes each; the callee
  // reads from those buffers, or writes to them.
  GatherFrom,
  ScatterTo,
  // A Go stack pointer that leads to the record of a call.
  Payload,
  // The address of an array that the host fills with addresses into the buffer
  // that the next parameter points to: argv, environ.
  StringPointers,
  Packed, // i64: address and length
  // The kinds below are for calls between services only.
  OutPointer,   // the address of 4 bytes for the address of bytes
  OutPair,      // the address of 8 bytes for address and length
  Inside,       // a result: an address within the bytes of parameter `count`
  PackedInside, // a result: the same and the length, in an i64
};

// The source of the number of bytes or elements.
enum class CountFrom : uint8_t {
  Param,    // the parameter `count`; if that is -1, there are `fixed` bytes
  Pointee,  // the i32 at the address in the parameter `count`
  Field,    // the i32 at `offset` from the address of the data
  Export,   // the callee's export number `exported`
  ZeroByte, // the zero byte that ends them
};

// What a parameter of a function of WASI has to do with descriptors. Adapters translate them where each service has a
// table of its own (src/adapters/descriptor_adapter.h).
enum class DescriptorUse : uint8_t {
  None,
  Uses,    // a descriptor that the function reads or asks about
  Changes, // one by which it changes files or folders
  Manages, // one that it closes, moves or restricts
  Opens,   // the address to which the host writes a new descriptor, opened by the function's first one
  Polls,   // the address of subscriptions, with descriptors in them
};

// A parameter, with the number of bytes at its address: `fixed`, or `element` times
// the number that `from` gives. Strings of args and environ have no such bound; the
// `*_sizes_get` function tells their size.
struct Param {
  ParamKind kind = ParamKind::Number;
  uint32_t fixed = 0;   // bytes
  uint32_t element = 0; // bytes
  int8_t count = -1;    // index of a parameter of the same function
  // For ScatterTo: the index of a parameter that points to the place where the host
  // stores the number of bytes that it wrote. If the host's result is not 0, it wrote
  // no bytes.
  int8_t written = -1;
  // For Out with a number of bytes: the index of a parameter that points to the place where the host stores how many
  // bytes it filled, if its result is 0. If that equals the size of the buffer, there can be more bytes.
  int8_t filled = -1;
  CountFrom from = CountFrom::Param;
  int32_t offset = 0;       // bytes; of CountFrom::Field
  int8_t exported = -1;     // index into Params::exports(); of CountFrom::Export
  bool lengthFirst = false; // in a pair; in an i64: in the upper half
  bool allocated = false;   // the bytes are put into memory of the callee's allocator
  bool flagged = false;     // in an i64 with address and length: bit 31 is a flag; an empty reply has address 0
  bool isError = false;     // the i32 at the address tells whether the call failed, if it is not 0
  uint32_t noRoom = 0;      // of `isError`: its value where the arena has no room for the call; 0: that is a trap
  DescriptorUse descriptor = DescriptorUse::None;

  bool isAddress() const { return kind != ParamKind::Number && kind != ParamKind::Number64 && !isPacked(); }
  bool isPacked() const { return kind == ParamKind::Packed || kind == ParamKind::PackedInside; }
  bool isArrayOfBuffers() const { return kind == ParamKind::GatherFrom || kind == ParamKind::ScatterTo; }
  // How many bytes in front of the data belong to them: those from the number on.
  uint32_t headBytes() const { return from == CountFrom::Field && offset < 0 ? uint32_t(-offset) : 0; }
};

// Whose function is described: not everything can be said of both.
enum class ParamUse { Host, Call };

// All parameters of a function, as a manifest writes them and as values.
class Params {
public:
  // `result` is the text of the result; empty: a number or no result, the only possibilities for a function of the
  // host. An error names the text, and what is wrong with it.
  static wasm::Result<Params>
  parse(std::vector<std::string> texts, ParamUse use = ParamUse::Host, const std::string& result = "");

  const std::vector<std::string>& texts() const { return written; }
  std::span<const Param> values() const { return parsed; }
  const Param& result() const { return returned; }
  // The index of the parameter that tells whether the call failed.
  std::optional<wasm::Index> error() const;
  // The exports of the callee that tell how many bytes there are: () -> i32.
  const std::vector<std::string>& exports() const { return exported; }
  // Whether any parameter is an address, or has one in it.
  bool anyAddress() const;

private:
  std::vector<std::string> written;
  std::vector<Param> parsed;
  Param returned;
  std::vector<std::string> exported;
};

// Checks that the parameters fit the function's type: the number is the same,
// addresses and counts are i32, and packed addresses and lengths are i64.
wasm::Result<> checkParams(std::span<const Param> params, const wasm::Signature& signature);

} // namespace parigot

#endif // parigot_abi_param_h
