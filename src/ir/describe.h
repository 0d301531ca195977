// How messages and the world section write types and kinds.

#ifndef parigot_ir_describe_h
#define parigot_ir_describe_h

#include <optional>
#include <string>
#include <string_view>

#include "wasm.h"

namespace parigot {

// A signature: "(i32, i32) -> i64".
std::string describe(const wasm::Signature& signature);

// A kind of import or export, as the text format spells it: "func", "table", "memory", "global", "tag".
std::string_view toString(wasm::ExternalKind kind);
std::optional<wasm::ExternalKind> parseExternalKind(std::string_view text);

} // namespace parigot

#endif // parigot_ir_describe_h
