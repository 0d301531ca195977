// Descriptions of service calls by their parameters, instead of by one of the ABIs of call_abi.h.
//
// Each parameter and the result are described in the language of param.h. The adapter copies the client's bytes to the
// callee's arena, or, for `allocated` parameters, to memory of the callee's allocator. It copies bytes that the callee
// returns, by the result or by a `pointer` or `pair`, to memory of the client's allocator. An allocator is written as
// an expression of exports whose parameters and results are i32, in which `size` is the number of bytes:
//
//   malloc                  the same as malloc(size)
//   __pin(__new(size, 2))   AssemblyScript's, for a string that must outlive the next allocation
//   realloc(0, 0, 1, size)
//
// If the number of bytes is stored in front of the data, the allocator must store it there.

#ifndef parigot_abi_call_description_h
#define parigot_abi_call_description_h

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abi/param.h"
#include "support/result.h"
#include "wasm.h"

namespace parigot {

struct Allocator {
  enum class Kind : uint8_t { Constant, Size, Call };
  Kind kind = Kind::Constant;
  uint32_t constant = 0;
  std::string function; // an export
  std::vector<Allocator> operands;

  static wasm::Result<Allocator> parse(const std::string& text);
};

// The texts of a manifest, as the world section keeps them. An empty text is not set.
struct CallTexts {
  std::vector<std::string> params;
  std::string result;
  std::string allocator;        // the client's, for bytes that the callee returns; malloc if it is needed and not set
  std::string serviceAllocator; // the callee's, for `allocated` parameters
  std::string serviceRelease;   // the callee's export that frees these after the call
  std::string serviceFree;      // the callee's export that frees bytes that it returned, after they were copied
};

// One of the texts by its key in a manifest and in the section.
struct CallTextKey {
  const char* key;
  std::string CallTexts::*text;
};
std::span<const CallTextKey> callTextKeys();

class CallDescription {
public:
  // An error names the text, and what is wrong with it.
  static wasm::Result<CallDescription> parse(CallTexts texts);

  const CallTexts& texts() const { return written; }
  const Params& params() const { return parsed; }
  const Param& result() const { return parsed.result(); }
  const Allocator& allocator() const { return clientAllocator; }
  const Allocator& serviceAllocator() const { return calleeAllocator; }
  bool allocatesInClient() const;
  bool allocatesInService() const;
  // Whether only numbers cross.
  bool isScalar() const { return !parsed.anyAddress() && result().kind == ParamKind::Number; }
  // "(fd, data: in [len], len) -> out string; free = ..": for people.
  std::string toString() const;

private:
  CallTexts written;
  Params parsed;
  Allocator clientAllocator, calleeAllocator;
};

// Checks that the description fits a function of that type, and that both services have the exports that it names.
// `exported` finds an exported function by its name, or returns nullptr; `name` is the service's name in messages.
struct CallEnd {
  std::string name;
  std::function<wasm::Function*(std::string_view)> exported;
};
wasm::Result<> checkCall(const CallDescription& description,
                         const wasm::Signature& signature,
                         const CallEnd& client,
                         const CallEnd& service);

} // namespace parigot

#endif // parigot_abi_call_description_h
