// Every instruction that names a memory, from Binaryen's own delegation tables:
// one that this house does not know is a compile error, not a wrong address.

#ifndef parigot_ir_memory_instructions_h
#define parigot_ir_memory_instructions_h

#include <cstdint>

#include "wasm.h"

namespace parigot {

// Loads, stores and the like: an address and a constant offset.
template<typename T>
concept HasOffsetAddress = requires(T* curr) {
  { curr->ptr } -> std::convertible_to<wasm::Expression*>;
  { curr->offset } -> std::convertible_to<wasm::Address>;
  { curr->memory } -> std::convertible_to<wasm::Name>;
};

// How many bytes such an instruction touches.
template<HasOffsetAddress T> uint64_t accessedBytes(T* curr) {
  if constexpr (requires { curr->getMemBytes(); }) {
    return curr->getMemBytes();
  } else if constexpr (requires { curr->expectedType; }) {
    return curr->expectedType.getByteSize();
  } else if constexpr (requires { curr->bytes; }) {
    return curr->bytes;
  } else {
    static_assert(std::is_same_v<T, wasm::AtomicNotify>, "an instruction whose size is not known");
    return 4;
  }
}

namespace detail {

// Calls `use` once if `name` is that of a memory; true if it did.
template<wasm::ModuleItemKind kind, typename T, typename Use> bool useMemory(T* curr, Use& use) {
  if constexpr (kind == wasm::ModuleItemKind::Memory) {
    use(curr);
    return true;
  }
  return false;
}

} // namespace detail

// Calls `use` with the instruction, as what it is, if it names a memory; once
// also for one that names two.
template<typename Use> void visitMemoryInstruction(wasm::Expression* curr, Use&& use) {
  using namespace wasm;
  switch (curr->_id) {
#define DELEGATE_FIELD_MAIN_START
#define DELEGATE_FIELD_CASE_START(id)                                                                                  \
  case Expression::id##Id: {                                                                                           \
    [[maybe_unused]] auto* cast = curr->cast<id>();
#define DELEGATE_FIELD_CASE_END(id)                                                                                    \
  break;                                                                                                               \
  }
#define DELEGATE_FIELD_MAIN_END
#define DELEGATE_FIELD_TYPE(id, field)
#define DELEGATE_FIELD_TYPE_VECTOR(id, field)
#define DELEGATE_FIELD_HEAPTYPE(id, field)
#define DELEGATE_FIELD_CHILD(id, field)
#define DELEGATE_FIELD_CHILD_VECTOR(id, field)
#define DELEGATE_FIELD_OPTIONAL_CHILD(id, field)
#define DELEGATE_FIELD_INT(id, field)
#define DELEGATE_FIELD_INT_ARRAY(id, field)
#define DELEGATE_FIELD_INT_VECTOR(id, field)
#define DELEGATE_FIELD_LITERAL(id, field)
#define DELEGATE_FIELD_NAME(id, field)
#define DELEGATE_FIELD_NAME_VECTOR(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_DEF(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_USE(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_USE_VECTOR(id, field)
#define DELEGATE_FIELD_ADDRESS(id, field)
#define DELEGATE_FIELD_NAME_KIND(id, field, kind)                                                                      \
  if (detail::useMemory<kind>(cast, use)) {                                                                            \
    return;                                                                                                            \
  }
#define DELEGATE_FIELD_NAME_KIND_VECTOR(id, field, kind) static_assert(kind != ModuleItemKind::Memory);

#include "wasm-delegations-fields.def"
    default:
      break;
  }
}

} // namespace parigot

#endif // parigot_ir_memory_instructions_h
