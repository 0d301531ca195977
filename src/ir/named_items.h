// The items of a module that an instruction names: functions, memories, tables, globals, segments, tags.

#ifndef parigot_ir_named_items_h
#define parigot_ir_named_items_h

#include "wasm.h"

namespace parigot {

// Calls visit(ModuleItemKind, Name&) for each name in the instruction itself, not in its children. Names that an
// instruction leaves out are empty.
template<typename Visit> void forEachNamedItem(wasm::Expression* curr, Visit visit) {
  using namespace wasm;
#define DELEGATE_ID curr->_id
#define DELEGATE_START(id) [[maybe_unused]] auto* cast = curr->cast<id>();
#define DELEGATE_GET_FIELD(id, field) cast->field
#define DELEGATE_FIELD_TYPE(id, field)
#define DELEGATE_FIELD_HEAPTYPE(id, field)
#define DELEGATE_FIELD_CHILD(id, field)
#define DELEGATE_FIELD_OPTIONAL_CHILD(id, field)
#define DELEGATE_FIELD_INT(id, field)
#define DELEGATE_FIELD_LITERAL(id, field)
#define DELEGATE_FIELD_NAME(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_DEF(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_USE(id, field)
#define DELEGATE_FIELD_ADDRESS(id, field)
#define DELEGATE_FIELD_NAME_KIND(id, field, kind) visit(kind, cast->field);

#include "wasm-delegations-fields.def"
}

} // namespace parigot

#endif // parigot_ir_named_items_h
