// A service call that is described by its parameters, instead of by one of the ABIs of call_abi.h.
//
// What each parameter and the result are is said in the vocabulary of param.h. Bytes of the client's are put into the
// callee's arena, and those of `allocated` parameters into memory of the callee's allocator. Bytes of the callee's that
// come out, by a result or a `pointer` or `pair`, are put into memory of the client's allocator. An allocator is said
// as an expression of exports that take and give an i32, in which `size` is the number of bytes:
//
//   malloc                  the same as malloc(size)
//   __pin(__new(size, 2))   AssemblyScript's, for a string that must outlive the next allocation
//   realloc(0, 0, 1, size)
//
// Where the number of bytes lies in front of the data, the allocator puts it there.

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

// What a manifest says, and the world section keeps. Empty: nothing.
struct CallTexts {
  std::vector<std::string> params;
  std::string result;
  std::string allocator;        // of the client, for what comes out; malloc when there is such a thing
  std::string serviceAllocator; // of the callee, for `allocated` parameters
  std::string serviceRelease;   // the callee's export that gets these back behind the call
  std::string serviceFree;      // the callee's export that gets back what came out, when it has been copied
};

// One of the texts by its key in a manifest and in the section.
struct CallTextKey {
  const char* key;
  std::string CallTexts::*text;
};
std::span<const CallTextKey> callTextKeys();

class CallDescription {
public:
  // An error says what is wrong with which text.
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

// Whether a function of that type can be called so, and both services have the exports that the description names. The
// functions find an exported function by its name, or give nullptr; the names are how messages speak of the services.
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
