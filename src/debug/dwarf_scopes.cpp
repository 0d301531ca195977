#include "debug/dwarf_scopes.h"

#include <algorithm>
#include <queue>

#include "debug/dwarf_constants.h"

namespace parigot::debug {

namespace {

// A name is at most an origin, and the specification of that. The limit ends circles.
constexpr unsigned mostReferences = 8;

} // namespace

uint32_t BodyOwners::bodyAt(uint64_t address) const {
  auto body = address <= UINT32_MAX ? debug::bodyAt(layout.bodies, uint32_t(address)) : layout.bodies.size();
  return body < layout.bodies.size() ? uint32_t(body) : none;
}

bool BodyOwners::claim(uint32_t body, uint32_t table) {
  if (owners[body] == none) {
    owners[body] = table;
  }
  return owners[body] == table;
}

ScopeReader::ScopeReader(
  const DwarfSections& sections, const BinaryLayout& layout, TextBudget& texts, SourceFiles& files, SourceLines& lines)
  : owners(layout), layout(layout), texts(texts), files(files), lines(lines), ranges(sections) {}

void ScopeReader::begin(const DwarfUnits& all, const std::vector<UnitTables>& of) {
  functions.clear();
  entryOfBody.assign(layout.bodies.size(), UINT64_MAX);
  units = &all;
  tables = &of;
}

// Iterative: a hostile unit may nest DIEs as deep as it is long.
bool ScopeReader::read(size_t index) {
  auto& unit = units->all[index];
  auto& own = (*tables)[index];
  DieCursor cursor(unit, unit.firstDie);
  DieAttributes die;
  std::vector<uint32_t> open; // the scope that each open list of siblings is in; none: in no code
  while (cursor.next()) {
    auto* abbreviation = cursor.abbreviation();
    if (!abbreviation) {
      if (open.size() <= 1) {
        return true;
      }
      open.pop_back();
      continue;
    }
    auto scope = open.empty() ? none : open.back();
    if (abbreviation->tag == dw::tagSubprogram) {
      cursor.read(die);
      scope = cursor.damaged() ? none : addSubprogram(unit, own, cursor.at(), die);
    } else if (abbreviation->tag == dw::tagInlinedSubroutine && scope != none) {
      cursor.read(die);
      scope = cursor.damaged() ? none : addInlined(unit, own, die, scope);
    }
    if (abbreviation->children) {
      open.push_back(scope);
    } else if (open.empty()) {
      return !cursor.damaged();
    }
  }
  return !cursor.damaged() && open.empty();
}

// A subprogram without code within a body is a declaration, abstract, or dropped by a linker.
uint32_t
ScopeReader::addSubprogram(const DwarfUnit& unit, const UnitTables& own, uint64_t at, const DieAttributes& die) {
  bool lives = false;
  for (auto& range : ranges.of(unit, die)) {
    auto body = owners.bodyAt(range.begin);
    bool isOwn = body != none && owners.claim(body, own.table);
    if (isOwn && entryOfBody[body] == UINT64_MAX) {
      entryOfBody[body] = at;
    }
    lives = isOwn || lives;
  }
  if (!lives) {
    return none;
  }
  // What has a name of its own is another function than its origin: a second constructor, for one.
  auto origin = unit.reference(die[Attribute::AbstractOrigin]);
  bool named = die[Attribute::Name].given() || die[Attribute::LinkageName].given();
  auto* target = origin && !named ? units->at(*origin) : nullptr;
  auto function = target ? functionAt(*target, *origin) : functionAt(unit, at);
  lines.scopes.push_back({function, none, {}});
  auto scope = uint32_t(lines.scopes.size() - 1);
  addSpans(unit, own, die, scope);
  return scope;
}

uint32_t
ScopeReader::addInlined(const DwarfUnit& unit, const UnitTables& own, const DieAttributes& die, uint32_t parent) {
  auto origin = unit.reference(die[Attribute::AbstractOrigin]);
  auto* target = origin ? units->at(*origin) : nullptr;
  if (!target) {
    return none;
  }
  Place call;
  call.file = own.lines ? own.lines->file(DwarfUnit::number(die[Attribute::CallFile]), files) : none;
  if (call.file != none) {
    call.line = uint32_t(DwarfUnit::number(die[Attribute::CallLine]));
    call.column = uint32_t(DwarfUnit::number(die[Attribute::CallColumn]));
  }
  lines.scopes.push_back({functionAt(*target, *origin), parent, call});
  auto scope = uint32_t(lines.scopes.size() - 1);
  addSpans(unit, own, die, scope);
  return scope;
}

void ScopeReader::addSpans(const DwarfUnit& unit, const UnitTables& own, const DieAttributes& die, uint32_t scope) {
  for (auto& range : ranges.of(unit, die)) {
    auto body = owners.bodyAt(range.begin);
    if (body != none && owners.ownerOf(body) == own.table) {
      all.push_back({uint32_t(range.begin), uint32_t(std::min<uint64_t>(range.end, layout.bodies[body].end)), scope});
    }
  }
}

uint32_t ScopeReader::functionAt(const DwarfUnit& unit, uint64_t at) {
  auto [known, isNew] = functions.try_emplace(at, uint32_t(lines.functions.size()));
  if (!isNew) {
    return known->second;
  }
  SourceFunction function;
  auto* current = &unit;
  auto target = at;
  for (unsigned i = 0; i < mostReferences && describe(current, target, function); i++) {
  }
  if (function.linkageName == function.name) {
    function.linkageName.clear();
  }
  function.unit = (*tables)[size_t(&unit - units->all.data())].unit;
  lines.functions.push_back(std::move(function));
  return uint32_t(lines.functions.size() - 1);
}

// Adds what a DIE says of a function, and moves to the DIE that it refers to; false without one. Source: DWARF 5,
// sections 2.13.2 and 3.3.8.
bool ScopeReader::describe(const DwarfUnit*& unit, uint64_t& at, SourceFunction& function) {
  DieCursor cursor(*unit, at);
  if (!cursor.next() || !cursor.abbreviation()) {
    return false;
  }
  DieAttributes die;
  cursor.read(die);
  if (cursor.damaged()) {
    return false;
  }
  if (function.name.empty()) {
    function.name = texts.copied(unit->text(die[Attribute::Name]));
  }
  if (function.linkageName.empty()) {
    function.linkageName = texts.copied(unit->text(die[Attribute::LinkageName]));
  }
  auto& own = (*tables)[size_t(unit - units->all.data())];
  if (function.declared.file == none && own.lines && die[Attribute::DeclFile].given()) {
    function.declared.file = own.lines->file(DwarfUnit::number(die[Attribute::DeclFile]), files);
  }
  if (!function.declared.line) {
    function.declared.line = uint32_t(DwarfUnit::number(die[Attribute::DeclLine]));
  }
  auto next = unit->reference(die[Attribute::Specification]);
  if (!next) {
    next = unit->reference(die[Attribute::AbstractOrigin]);
  }
  auto* target = next ? units->at(*next) : nullptr;
  if (!target) {
    return false;
  }
  unit = target;
  at = *next;
  return true;
}

// Of scopes at an address, the one that begins last holds, and of those the one that was read last: it is within the
// others. Where an optimiser left a range that ends too late, this gives its code to the next call all the same.
std::vector<ScopeSpan> ScopeReader::spans() {
  std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.begin < b.begin; });
  auto isOuter = [](const ScopeSpan& a, const ScopeSpan& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.scope < b.scope;
  };
  std::priority_queue<ScopeSpan, std::vector<ScopeSpan>, decltype(isOuter)> open(isOuter);
  std::vector<ScopeSpan> spans;
  uint32_t at = 0;
  for (size_t next = 0; next < all.size() || !open.empty();) {
    while (!open.empty() && open.top().end <= at) {
      open.pop();
    }
    if (open.empty()) {
      if (next == all.size()) {
        break;
      }
      at = std::max(at, all[next].begin);
    }
    while (next < all.size() && all[next].begin <= at) {
      open.push(all[next++]);
    }
    auto& top = open.top();
    if (top.end <= at) {
      continue;
    }
    auto end = next < all.size() ? std::min(top.end, all[next].begin) : top.end;
    if (!spans.empty() && spans.back().end == at && spans.back().scope == top.scope) {
      spans.back().end = end;
    } else {
      spans.push_back({at, end, top.scope});
    }
    at = end;
  }
  return spans;
}

} // namespace parigot::debug
