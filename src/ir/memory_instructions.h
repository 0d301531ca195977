// Visits every instruction that names a memory, by Binaryen's own delegation tables. An instruction that this project
// does not know is a compile error, never a wrong address.

#ifndef parigot_ir_memory_instructions_h
#define parigot_ir_memory_instructions_h

#include <cstdint>

#include "wasm.h"

namespace parigot {

// Instructions with an address and a constant offset, such as loads and stores.
template<typename T>
concept HasOffsetAddress = requires(T* curr) {
  { curr->ptr } -> std::convertible_to<wasm::Expression*>;
  { curr->offset } -> std::convertible_to<wasm::Address>;
  { curr->memory } -> std::convertible_to<wasm::Name>;
};

// The number of bytes that such an instruction touches.
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

// Calls `use` once, and returns true, if `name` is the name of a memory.
template<wasm::ModuleItemKind kind, typename T, typename Use> bool useMemory(T* curr, Use& use) {
  if constexpr (kind == wasm::ModuleItemKind::Memory) {
    use(curr);
    return true;
  }
  return false;
}

} // namespace detail

// Calls `use` with the instruction, cast to its class, if it names a memory. An instruction that names two memories
// leads to one call.
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
  if (detail::useMemory<(kind)>(cast, use)) {                                                                          \
    return;                                                                                                            \
  }
#define DELEGATE_FIELD_NAME_KIND_VECTOR(id, field, kind) static_assert((kind) != ModuleItemKind::Memory);

#include "wasm-delegations-fields.def"
    default:
      break;
  }
}

} // namespace parigot

#endif // parigot_ir_memory_instructions_h
