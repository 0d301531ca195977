#include "debug/entry_selection.h"

#include "debug/dwarf_expressions.h"
#include "debug/dwarf_input_constants.h"

namespace parigot::debug {

namespace {

bool isType(uint32_t tag) {
  switch (tag) {
    case dw::tagArrayType:
    case dw::tagClassType:
    case dw::tagEnumerationType:
    case dw::tagPointerType:
    case dw::tagReferenceType:
    case dw::tagStringType:
    case dw::tagStructureType:
    case dw::tagSubroutineType:
    case dw::tagTypedef:
    case dw::tagUnionType:
    case dw::tagPtrToMemberType:
    case dw::tagSetType:
    case dw::tagBaseType:
    case dw::tagConstType:
    case dw::tagPackedType:
    case dw::tagVolatileType:
    case dw::tagRestrictType:
    case dw::tagInterfaceType:
    case dw::tagUnspecifiedType:
    case dw::tagRvalueReferenceType:
    case dw::tagTemplateAlias:
    case dw::tagAtomicType:
    case dw::tagImmutableType:
      return true;
    default:
      return false;
  }
}

// Whether an entry comes with the one that it is in. Others come when something refers to them, and call sites never:
// they say where an earlier frame has its values.
bool isPart(uint32_t tag) {
  return !isType(tag) && tag != dw::tagSubprogram && tag != dw::tagNamespace && tag != dw::tagModule &&
         tag != dw::tagImportedDeclaration && tag != dw::tagImportedModule && tag != dw::tagCallSite &&
         tag != dw::tagCallSiteParameter && tag != dw::tagGnuCallSite;
}

// Whether what is in an entry of this tag is in no function.
bool isOutsideOfFunctions(uint32_t tag) {
  return isType(tag) || tag == dw::tagNamespace || tag == dw::tagModule || tag == dw::tagCompileUnit ||
         tag == dw::tagPartialUnit;
}

} // namespace

EntrySelection::EntrySelection(const DwarfEntries& entries,
                               uint32_t number,
                               const ServicePlaces& service,
                               const CodeMap& code)
  : entries(entries), service(service), states(entries.all.size(), State::Out), parents(entries.all.size()) {
  wantFunctions(number, code);
  wantVariables();
  while (!queue.empty()) {
    auto entry = queue.back();
    queue.pop_back();
    follow(entry);
  }
  for (uint32_t i = 0; i < states.size(); i++) {
    if (has(i) && entries.all[i].parent != none) {
      parents[entries.all[i].parent] = true;
    }
  }
}

uint32_t EntrySelection::bodyOf(uint32_t entry) const {
  auto found = bodies.find(entry);
  return found == bodies.end() ? none : found->second;
}

void EntrySelection::wantFunctions(uint32_t number, const CodeMap& code) {
  for (uint32_t body = 0; body < entries.entryOfBody.size(); body++) {
    auto entry = entries.find(entries.entryOfBody[body]);
    if (entry != none && code.bodyOf(number, body) != none && bodies.try_emplace(entry, body).second) {
      want(entry);
    }
  }
}

void EntrySelection::wantVariables() {
  for (uint32_t i = 0; i < entries.all.size(); i++) {
    auto& entry = entries.all[i];
    if (entry.tag == dw::tagVariable && entry.parent != none && isOutsideOfFunctions(entries.all[entry.parent].tag) &&
        isPlacedVariable(entry)) {
      want(i);
    }
  }
}

bool EntrySelection::isPlacedVariable(const Entry& entry) const {
  auto& unit = entries.unitOf(entry);
  DieCursor cursor(unit, entry.at);
  cursor.next();
  bool placed = false;
  cursor.visit([&](auto& spec, auto value) {
    if (spec.name == dw::atLocation && value.kind == AttributeValue::Kind::Block) {
      placed = bool(rewrittenExpression(value.text, unit, ExpressionUse::Location, service, nullptr));
    }
  });
  return placed;
}

// A type that is around another is wanted whole: half of it would be taken for all of it.
void EntrySelection::want(uint32_t entry) {
  if (states[entry] == State::In) {
    return;
  }
  states[entry] = State::In;
  queue.push_back(entry);
  for (auto parent = entries.all[entry].parent; parent != none && !has(parent); parent = entries.all[parent].parent) {
    states[parent] = State::Around;
    if (isType(entries.all[parent].tag)) {
      states[parent] = State::In;
      queue.push_back(parent);
    }
  }
}

void EntrySelection::follow(uint32_t number) {
  auto& entry = entries.all[number];
  auto& unit = entries.unitOf(entry);
  DieCursor cursor(unit, entry.at);
  cursor.next();
  cursor.visit([&](auto& spec, auto value) {
    auto reference = spec.name == dw::atSibling ? std::nullopt : unit.reference(value);
    auto target = reference ? entries.find(*reference) : none;
    if (target != none && entries.all[target].parent != none) {
      want(target);
    }
  });
  for (auto child = number + 1; child < entry.end; child = entries.all[child].end) {
    if (isPart(entries.all[child].tag)) {
      want(child);
    }
  }
}

} // namespace parigot::debug
