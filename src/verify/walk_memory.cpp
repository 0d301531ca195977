#include "ir/memory_instructions.h"
#include "verify/walk.h"
#include "wasm-type.h"

namespace parigot::verify {

using namespace wasm;

namespace {

std::string hex(uint64_t number) {
  char text[24];
  snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(number));
  return text;
}

} // namespace

void Walk::refuse(Expression* curr, const std::string& reason) {
  proof.issues.push_back({function.name, proof.accesses, getExpressionName(curr), reason, curr});
}

// Whether the service has these bytes: [address + offset, address + offset + bytes), where only the address is modulo
// 2^32. An access beyond the memory traps.
bool Walk::isInside(
  const ServiceClaim& service, uint32_t index, Name memory, Value address, uint64_t offset, uint64_t bytes) {
  if (service.memory != memory) {
    return false;
  }
  bool isFolded = offset >= service.base && state.isChecked(index, address, offset - service.base + bytes);
  if (isFolded || state.isChecked(index, address.plus(-uint32_t(service.base)), offset + bytes)) {
    return true;
  }
  // Code of the service itself may not touch its arena, unless a check function says that it may.
  bool isExact = claims.exact || (!claims.oneMemory && service.checked);
  bool isCode = rights.kind == Rights::Kind::Service || rights.kind == Rights::Kind::Check;
  auto& may = isCode && isExact ? service.own : service.reach;
  auto& declared = *touched;
  auto most = declared.hasMax() ? uint64_t(declared.max) << 16 : 1ull << 32;
  auto range = state.rangeOf(values, address);
  auto isFine = [&](uint64_t first, uint64_t last) { // the addresses from first to last
    return may.has(first + offset, last + offset + bytes) || first + offset >= most ||
           (first + offset >= may.begin && may.end >= most);
  };
  if (!claims.oneMemory && !isExact) {
    return true; // the engine sees to it
  }
  if (!range.wraps()) {
    return isFine(range.first, range.last());
  }
  return isFine(range.first, UINT32_MAX) && isFine(0, range.last());
}

bool Walk::memoryRights(Expression* curr, Name memory) {
  if (!touched || touched->name != memory) {
    touched = module.getMemory(memory);
    proof.touches.insert({Touch::Kind::Memory, memory});
  }
  for (auto index : rights.services) {
    if (claims.services[index].memory == memory) {
      return true;
    }
  }
  refuse(curr, "it touches a memory that is not its service's");
  return false;
}

// The engine sees to it that no memory grows beyond its maximum.
bool Walk::mayGrow(Name memory) const {
  return std::any_of(rights.services.begin(), rights.services.end(), [&](uint32_t index) {
    return claims.services[index].memory == memory && claims.services[index].grows;
  });
}

void Walk::prove(Expression* curr, Name memory, Value address, uint64_t offset, uint64_t bytes) {
  proof.accesses++;
  if (!memoryRights(curr, memory) || rights.kind == Rights::Kind::Data) {
    return;
  }
  for (auto index : rights.services) {
    if (isInside(claims.services[index], index, memory, address, offset, bytes)) {
      return;
    }
  }
  auto range = state.rangeOf(values, address);
  std::string where =
    range.isAll() ? "any address" : "an address from " + hex(range.first) + " to " + hex(range.last());
  refuse(curr,
         "nothing keeps its " + std::to_string(bytes) + " bytes in the region of its service: it may have " + where +
           (offset ? ", plus " + hex(offset) : ""));
}

// Whether the range begins and ends in what the service reaches. Of adapters only: a service may touch less. A sum that
// passes 2^32 begins before the address.
bool Walk::endsInside(const ServiceClaim& service, Value address, Value bytes) const {
  auto begin = state.rangeOf(values, address), end = state.sumOf(values, address, bytes);
  return rights.kind == Rights::Kind::Gate && !begin.wraps() && !end.wraps() && begin.first <= end.first &&
         service.reach.has(begin.first, end.last());
}

// The same for as many bytes as the i32 `bytes` says.
void Walk::proveRange(Expression* curr, Name memory, Value address, Value bytes) {
  if (bytes.isConstant()) {
    prove(curr, memory, address, 0, bytes.shift);
    return;
  }
  proof.accesses++;
  if (!memoryRights(curr, memory) || rights.kind == Rights::Kind::Data) {
    return;
  }
  for (auto index : rights.services) {
    auto& service = claims.services[index];
    if (service.memory != memory) {
      continue;
    }
    auto most = state.rangeOf(values, bytes).most();
    if (state.isCounted(index, address.plus(-uint32_t(service.base)), bytes) ||
        isInside(service, index, memory, address, 0, most) || endsInside(service, address, bytes)) {
      return;
    }
  }
  refuse(curr, "nothing keeps its range of bytes in the region of its service");
}

// Proves an instruction that names a memory. Its operands are in the order in which they run.
struct MemoryVisitor {
  Walk& walk;
  const Operands& operands;

  template<HasOffsetAddress T> void operator()(T* curr) {
    walk.prove(curr, curr->memory, operands[0], curr->offset, accessedBytes(curr));
  }
  void operator()(MemoryCopy* curr) {
    walk.proveRange(curr, curr->destMemory, operands[0], operands[2]);
    walk.proveRange(curr, curr->sourceMemory, operands[1], operands[2]);
  }
  void operator()(MemoryFill* curr) { walk.proveRange(curr, curr->memory, operands[0], operands[2]); }
  void operator()(MemoryInit* curr) { walk.proveRange(curr, curr->memory, operands[0], operands[2]); }
  void operator()(MemorySize*) {}
  void operator()(MemoryGrow* curr) {
    if (walk.memoryRights(curr, curr->memory) && !walk.mayGrow(curr->memory)) {
      walk.refuse(curr, "its service may not grow the memory of the world");
    }
  }
  // Instructions with an array in place of an address on the heap of references have another order.
  template<typename T> void operator()(T* curr) { walk.refuse(curr, "the verifier does not know this instruction"); }
};

void Walk::touchName(ModuleItemKind kind, Name name) {
  switch (kind) {
    case ModuleItemKind::Function:
      proof.calls.insert(name);
      return;
    case ModuleItemKind::Table:
      proof.touches.insert({Touch::Kind::Table, name});
      return;
    case ModuleItemKind::DataSegment:
      proof.touches.insert({Touch::Kind::Data, name});
      return;
    case ModuleItemKind::ElementSegment:
      proof.touches.insert({Touch::Kind::Elements, name});
      return;
    default:
      return; // memories are proved, globals noted where they are read and written; tags carry numbers
  }
}

// An indirect call. Where several services have slots in one table, each call chooses between a slot of its service and
// one beyond the table, where it traps.
void Walk::touchSlots(Name table, Value slot) {
  auto& declared = *module.getTable(table);
  auto note = [&](const State& here, Value value) {
    auto range = here.rangeOf(values, value);
    if (range.wraps() || declared.is64()) {
      range = {};
    }
    if (here.live && !(declared.hasMax() && range.first >= declared.max)) {
      proof.touches.insert({Touch::Kind::Table, table, range});
    }
  };
  auto found = choicesOf.find(slot.node);
  if (found == choicesOf.end()) {
    return note(state, slot);
  }
  auto& [condition, a, b] = found->second;
  auto one = state, other = state;
  one.assume(values, condition, true);
  note(one, a.plus(slot.shift));
  other.assume(values, condition, false);
  note(other, b.plus(slot.shift));
}

Value Walk::result(Expression* curr) {
  auto upTo = [&](uint32_t bytes, bool isSigned) {
    if (bytes < 4 && !isSigned && curr->type == Type::i32) {
      return values.unknown(Range::between(0, (1u << 8 * bytes) - 1));
    }
    if (bytes < 8 && !isSigned && curr->type == Type::i64) {
      return values.unknown({}, (1ull << 8 * bytes) - 1);
    }
    return unknownOf(curr->type);
  };
  if (auto* load = curr->dynCast<Load>()) {
    return upTo(load->bytes, load->signed_);
  }
  if (curr->is<MemorySize>()) {
    return values.unknown(Range::between(0, 65536));
  }
  return unknownOf(curr->type);
}

// All items that an instruction names.
void Walk::touchNames(Expression* curr) {
#define DELEGATE_ID curr->_id
#define DELEGATE_START(id) [[maybe_unused]] auto* cast = curr->cast<id>();
#define DELEGATE_END(id)
#define DELEGATE_FIELD_CHILD(id, field)
#define DELEGATE_FIELD_CHILD_VECTOR(id, field)
#define DELEGATE_FIELD_INT(id, field)
#define DELEGATE_FIELD_INT_ARRAY(id, field)
#define DELEGATE_FIELD_INT_VECTOR(id, field)
#define DELEGATE_FIELD_LITERAL(id, field)
#define DELEGATE_FIELD_NAME(id, field)
#define DELEGATE_FIELD_NAME_VECTOR(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_DEF(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_USE(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_USE_VECTOR(id, field)
#define DELEGATE_FIELD_TYPE(id, field)
#define DELEGATE_FIELD_TYPE_VECTOR(id, field)
#define DELEGATE_FIELD_HEAPTYPE(id, field)
#define DELEGATE_FIELD_ADDRESS(id, field)
#define DELEGATE_FIELD_NAME_KIND(id, field, kind) touchName(kind, cast->field);
#define DELEGATE_FIELD_NAME_KIND_VECTOR(id, field, kind)                                                               \
  for (auto name : cast->field) {                                                                                      \
    touchName(kind, name);                                                                                             \
  }
#include "wasm-delegations-fields.def"
}

Value Walk::touch(Expression* curr, const Operands& operands) {
  visitMemoryInstruction(curr, [&](auto* access) { MemoryVisitor{*this, operands}(access); });
  if (auto* call = curr->dynCast<CallIndirect>()) {
    touchSlots(call->table, operands.back());
  } else {
    touchNames(curr);
  }
  switch (curr->_id) {
    case Expression::CallIndirectId:
    case Expression::CallRefId:
      forgetGlobals();
      if ((curr->is<CallRef>() && curr->cast<CallRef>()->isReturn) ||
          (curr->is<CallIndirect>() && curr->cast<CallIndirect>()->isReturn)) {
        leaveFunction();
        stop();
      }
      break;
    default:
      break;
  }
  return result(curr);
}

} // namespace parigot::verify
