#include "debug/dwarf_writer.h"

#include <map>
#include <span>
#include <unordered_map>
#include <unordered_set>

#include "debug/byte_writer.h"
#include "debug/dwarf_constants.h"
#include "debug/entry_copies.h"
#include "debug/line_program.h"

namespace parigot::debug {

namespace {

// The kinds of entries that are written, by number in .debug_abbrev.
enum Abbreviation : uint8_t {
  CompileUnit = 1,
  Function,
  FunctionWithCalls,
  Abstract,
  Inlined,
  InlinedWithCalls,
  InlinedRanges,
  InlinedRangesWithCalls,
  LastAbbreviation = InlinedRangesWithCalls
};

struct AttributeForm {
  uint32_t attribute, form;
};

void abbreviation(
  ByteWriter& out, Abbreviation number, uint32_t tag, bool hasChildren, const std::vector<AttributeForm>& forms) {
  out.uleb(number);
  out.uleb(tag);
  out.u8(hasChildren);
  for (auto& row : forms) {
    out.uleb(row.attribute);
    out.uleb(row.form);
  }
  out.u16(0);
}

// The abbreviations above, without an end.
std::string abbreviations() {
  using namespace dw;
  ByteWriter out;
  std::vector<AttributeForm> pcs{{atLowPc, formAddr}, {atHighPc, formData4}};
  std::vector<AttributeForm> names{
    {atName, formStrp}, {atLinkageName, formStrp}, {atDeclFile, formUdata}, {atDeclLine, formUdata}};
  std::vector<AttributeForm> call{{atCallFile, formUdata}, {atCallLine, formUdata}, {atCallColumn, formUdata}};
  auto joined = [](std::initializer_list<std::vector<AttributeForm>> lists) {
    std::vector<AttributeForm> all;
    for (auto& list : lists) {
      all.insert(all.end(), list.begin(), list.end());
    }
    return all;
  };
  abbreviation(out,
               CompileUnit,
               tagCompileUnit,
               true,
               {{atProducer, formStrp},
                {atLanguage, formData2},
                {atName, formStrp},
                {atStmtList, formSecOffset},
                {atCompDir, formStrp},
                {atLowPc, formAddr},
                {atRanges, formSecOffset}});
  auto function = joined({pcs, names, {{atExternal, formFlagPresent}}});
  abbreviation(out, Function, tagSubprogram, false, function);
  abbreviation(out, FunctionWithCalls, tagSubprogram, true, function);
  abbreviation(out, Abstract, tagSubprogram, false, joined({names, {{atInline, formData1}}}));
  auto inlined = joined({{{atAbstractOrigin, formRef4}}, pcs, call});
  abbreviation(out, Inlined, tagInlinedSubroutine, false, inlined);
  abbreviation(out, InlinedWithCalls, tagInlinedSubroutine, true, inlined);
  auto ranges = joined({{{atAbstractOrigin, formRef4}, {atRanges, formSecOffset}}, call});
  abbreviation(out, InlinedRanges, tagInlinedSubroutine, false, ranges);
  abbreviation(out, InlinedRangesWithCalls, tagInlinedSubroutine, true, ranges);
  return out.bytes;
}

// .debug_str: each text once.
class Strings {
public:
  uint32_t add(std::string_view text) {
    auto [known, isNew] = places.try_emplace(std::string(text), uint32_t(out.at()));
    if (isNew) {
      out.string(text);
    }
    return known->second;
  }
  ByteWriter out;

private:
  std::unordered_map<std::string, uint32_t> places;
};

struct Interval {
  uint32_t begin, end;
};

// A function of the module: its rows, and its scopes, which are neighbours.
struct Body {
  Span span;
  std::span<const Row> rows;
  uint32_t root;   // a scope
  uint32_t number; // among the bodies of the module
};

// An inlined call, or the function itself, of one body.
struct Node {
  std::vector<Interval> intervals;
  std::vector<uint32_t> calls; // scopes
};

// The sections while they are written.
struct Output {
  Strings strings;
  ByteWriter info, line, ranges, locations;
  AbbreviationWriter abbreviations{LastAbbreviation};
};

class UnitWriter {
public:
  UnitWriter(const SourceLines& lines, EntryCopies* copies, Output& out)
    : lines(lines), copies(copies), out(out), strings(out.strings), info(out.info), line(out.line), ranges(out.ranges),
      table(lines) {}

  void write(uint32_t unit, const std::vector<Body>& bodies) {
    start = info.at();
    info.u32(0);
    info.u16(4);
    info.u32(0); // the place of the abbreviations
    info.u8(4);  // bytes of an address
    auto* entries = copies ? copies->of(unit) : nullptr;
    header(unit, bodies, entries);
    if (entries) {
      addEntries(unit, *entries);
    }
    for (auto& body : bodies) {
      if (!entries || !entries->describes(lines.units[unit].number, body.number)) {
        build(body);
        addAbstract(body);
        addFunction(body);
      }
      table.addSequence(body.rows, uint32_t(body.span.end));
    }
    info.u8(0);
    info.patch32(start, uint32_t(info.at() - start - 4));
    info.patch32(lineAt, uint32_t(line.at()));
    table.write(line);
  }

private:
  const SourceLines& lines;
  EntryCopies* copies;
  Output& out;
  Strings& strings;
  ByteWriter& info;
  ByteWriter& line;
  ByteWriter& ranges;
  LineTable table;
  size_t start = 0, lineAt = 0;
  std::unordered_map<uint32_t, uint32_t> abstracts; // by function: its place from the unit's start
  std::map<uint32_t, Node> nodes;                   // of the body, by scope

  void header(uint32_t unit, const std::vector<Body>& bodies, const EntryWriter* entries) {
    auto unknown = Unit{};
    auto& facts = unit == none ? unknown : lines.units[unit];
    info.uleb(CompileUnit);
    info.u32(strings.add(facts.producer));
    // LLDB shows no inlined calls of a unit in Go, and everything of one in C.
    info.u16(facts.language == dw::langGo || !facts.language ? dw::langC99 : facts.language);
    info.u32(strings.add(facts.name));
    lineAt = info.at();
    info.u32(0);
    info.u32(strings.add(hasRelativeFile(bodies) ? "" : facts.folder));
    info.u32(0);
    info.u32(uint32_t(ranges.at()));
    // A function that has an entry need not have a line.
    auto functions = entries ? entries->functionsOf(facts.number) : std::vector<CodeInterval>();
    for (auto& body : bodies) {
      functions.push_back({uint32_t(body.span.begin), uint32_t(body.span.end)});
    }
    std::vector<Interval> intervals;
    for (auto& function : joined(std::move(functions))) {
      add(intervals, {function.begin, function.end}, longestSize);
    }
    addRanges(intervals);
  }

  // Whether a file of these rows would be looked for in the unit's folder, which is joined with its own files already:
  // where -O merged equal functions, one of another unit.
  bool hasRelativeFile(const std::vector<Body>& bodies) const {
    uint32_t last = none;
    for (auto& body : bodies) {
      for (auto& row : body.rows) {
        if (row.place.file != last && row.place.file != none && !lines.files[row.place.file].path.starts_with('/')) {
          return true;
        }
        last = row.place.file;
      }
    }
    return false;
  }

  // The types and variables of the unit, and the functions that have them.
  void addEntries(uint32_t unit, EntryWriter& entries) {
    auto input = lines.units[unit].input;
    EntrySections sections{
      info, ranges, out.locations, out.abbreviations, [&](std::string_view text) { return strings.add(text); }};
    entries.write(
      lines.units[unit].number, start, sections, [&](uint32_t file) { return table.file(copies->file(input, file)); });
  }

  // Between two neighbouring bodies lies the size of the second.
  static constexpr uint32_t longestSize = 5;

  // Adds an interval behind the others, joined with the last where at most `gap` bytes lie between.
  static void add(std::vector<Interval>& intervals, Interval more, uint32_t gap = 0) {
    if (!intervals.empty() && more.begin - intervals.back().end <= gap) {
      intervals.back().end = more.end;
    } else {
      intervals.push_back(more);
    }
  }

  void addRanges(const std::vector<Interval>& intervals) {
    for (auto& interval : intervals) {
      ranges.u32(interval.begin);
      ranges.u32(interval.end);
    }
    ranges.fixed(0, 8);
  }

  // Finds what code each scope of the body has, and which are within which.
  void build(const Body& body) {
    nodes.clear();
    for (size_t i = 0; i < body.rows.size(); i++) {
      auto& row = body.rows[i];
      auto end = i + 1 < body.rows.size() ? body.rows[i + 1].offset : uint32_t(body.span.end);
      for (auto scope = row.scope; scope != none; scope = lines.scopes[scope].parent) {
        auto& node = nodes[scope];
        auto parent = lines.scopes[scope].parent;
        if (node.intervals.empty() && parent != none) {
          nodes[parent].calls.push_back(scope);
        }
        add(node.intervals, {row.offset, end});
      }
    }
  }

  // The file of a place that is not known is the first one, with line 0: the number 0 is for no file of version 4.
  void addFile(const Place& place) { info.uleb(place.file == none ? 1 : table.file(place.file)); }

  void addNames(const SourceFunction& function) {
    info.u32(strings.add(function.name));
    info.u32(strings.add(function.linkageName.empty() ? function.name : function.linkageName));
    addFile(function.declared);
    info.uleb(function.declared.line);
  }

  // Each function that is inlined into this body gets an entry without code, which its calls refer to.
  void addAbstract(const Body& body) {
    for (auto& [scope, _] : nodes) {
      auto function = lines.scopes[scope].function;
      if (scope == body.root || !abstracts.try_emplace(function, uint32_t(info.at() - start)).second) {
        continue;
      }
      info.uleb(Abstract);
      addNames(lines.functions[function]);
      info.u8(dw::inlInlined);
    }
  }

  void addFunction(const Body& body) {
    auto& node = nodes[body.root];
    info.uleb(node.calls.empty() ? Function : FunctionWithCalls);
    info.u32(uint32_t(body.span.begin));
    info.u32(uint32_t(body.span.size()));
    addNames(lines.functions[lines.scopes[body.root].function]);
    addCalls(node);
  }

  // The calls within a scope, and those within them; none has an end of its own. Not recursive: the depth is the
  // input's.
  void addCalls(const Node& outer) {
    struct Level {
      const Node* node;
      size_t next;
    };
    std::vector<Level> levels;
    if (!outer.calls.empty()) {
      levels.push_back({&outer, 0});
    }
    while (!levels.empty()) {
      auto& level = levels.back();
      if (level.next == level.node->calls.size()) {
        info.u8(0);
        levels.pop_back();
        continue;
      }
      auto scope = level.node->calls[level.next++];
      auto& node = nodes[scope];
      addCall(lines.scopes[scope], node);
      if (!node.calls.empty()) {
        levels.push_back({&node, 0});
      }
    }
  }

  void addCall(const Scope& scope, const Node& node) {
    bool whole = node.intervals.size() == 1;
    bool hasCalls = !node.calls.empty();
    info.uleb(whole ? (hasCalls ? InlinedWithCalls : Inlined) : (hasCalls ? InlinedRangesWithCalls : InlinedRanges));
    info.u32(abstracts[scope.function]);
    if (whole) {
      info.u32(node.intervals[0].begin);
      info.u32(node.intervals[0].end - node.intervals[0].begin);
    } else {
      info.u32(uint32_t(ranges.at()));
      addRanges(node.intervals);
    }
    addFile(scope.call);
    info.uleb(scope.call.line);
    info.uleb(scope.call.column);
  }
};

// The bodies that have lines, by unit.
std::vector<std::pair<uint32_t, std::vector<Body>>> byUnit(const SourceLines& lines, const std::vector<Span>& bodies) {
  std::vector<std::pair<uint32_t, std::vector<Body>>> units;
  std::unordered_map<uint32_t, size_t> places;
  size_t at = 0;
  for (uint32_t number = 0; number < bodies.size(); number++) {
    auto& span = bodies[number];
    while (at < lines.rows.size() && lines.rows[at].offset < span.begin) {
      at++;
    }
    auto begin = at;
    while (at < lines.rows.size() && lines.rows[at].offset < span.end) {
      at++;
    }
    auto rows = std::span(lines.rows).subspan(begin, at - begin);
    if (rows.empty() || rows.front().scope == none) {
      continue;
    }
    auto root = lines.rootOf(rows.front().scope);
    auto unit = lines.functions[lines.scopes[root].function].unit;
    auto [known, isNew] = places.try_emplace(unit, units.size());
    if (isNew) {
      units.push_back({unit, {}});
    }
    units[known->second].second.push_back({span, rows, root, number});
  }
  return units;
}

} // namespace

Sections writeDwarf(const SourceLines& lines, const std::vector<Span>& bodies, EntryCopies* copies) {
  Output out;
  out.strings.add("");
  std::unordered_set<uint32_t> written;
  for (auto& [unit, members] : byUnit(lines, bodies)) {
    UnitWriter(lines, copies, out).write(unit, members);
    written.insert(unit);
  }
  if (copies) {
    for (auto unit : copies->units()) {
      if (written.insert(unit).second) {
        UnitWriter(lines, copies, out).write(unit, {});
      }
    }
    copies->finish(out.info);
  }
  if (out.info.bytes.empty()) {
    return {};
  }
  Sections sections{{".debug_info", std::move(out.info.bytes)},
                    {".debug_abbrev", abbreviations() + out.abbreviations.out.bytes + '\0'},
                    {".debug_line", std::move(out.line.bytes)},
                    {".debug_ranges", std::move(out.ranges.bytes)},
                    {".debug_str", std::move(out.strings.out.bytes)}};
  if (out.locations.at()) {
    sections.push_back({".debug_loc", std::move(out.locations.bytes)});
  }
  return sections;
}

std::string customSection(std::string_view name, std::string_view payload) {
  ByteWriter head, out;
  head.uleb(name.size());
  head.text(name);
  out.u8(0);
  out.uleb(head.at() + payload.size());
  out.text(head.bytes);
  out.text(payload);
  return out.bytes;
}

} // namespace parigot::debug
