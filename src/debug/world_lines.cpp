#include "debug/world_lines.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <tuple>

#include "debug/importer.h"

namespace parigot::debug {

namespace {

// The function that a body of the world came from: a body of an input.
struct Home {
  uint32_t input = none;
  size_t body = 0;

  bool operator==(const Home&) const = default;
};

class WorldLines {
public:
  WorldLines(const Inputs& inputs, const MapPath& mapPath) : inputs(inputs), importer(inputs, out, mapPath) {}

  void addBody(const Span& body, std::span<const Position> positions) {
    home = {};
    for (auto& position : positions) {
      if (position.input != none && firstPlace(homeOf(position))) {
        home = outermost(position);
        break;
      }
    }
    if (home.input == none) {
      return;
    }
    beginBody(positions);
    addRow({uint32_t(body.begin), levels[0].root, levels[0].place, true});
    for (auto& position : positions) {
      addPosition(position);
    }
    addRow({uint32_t(body.end), none, {}, true});
  }

  SourceLines take() { return std::move(out); }

private:
  const Inputs& inputs;
  SourceLines out;
  Importer importer;
  Home home;
  // The functions that the instruction before is in, the outermost first: the body itself, and those that an optimiser
  // inlined into each other.
  struct Level {
    Home home;
    uint32_t root;       // the scope of the function
    uint32_t scope;      // that of its last instruction
    Place place;         // of its last instruction
    uint32_t offset = 0; // of its last instruction, in its module
  };
  std::vector<Level> levels;
  Row last{0, none, {}, true};
  // Scopes of this body: by input, scope of the input, scope that it is inlined into, and place of the call.
  std::map<std::tuple<uint32_t, uint32_t, uint32_t, uint32_t, uint32_t>, uint32_t> scopes;

  // The row that holds at a position; null where nothing is known.
  const Row* knownRow(const Position& position) const {
    auto* row = position.input == none ? nullptr : inputs.all[position.input].lines.at(position.inputOffset);
    return row && row->place.file != none ? row : nullptr;
  }

  Home homeOf(const Position& position) const {
    return {position.input, bodyAt(inputs.all[position.input].bodies, position.inputOffset)};
  }

  // The outermost scope of the row that holds at a position; none without one.
  uint32_t rootScope(const Position& position) const {
    auto& lines = inputs.all[position.input].lines;
    auto* row = lines.at(position.inputOffset);
    return row && row->scope != none ? lines.rootOf(row->scope) : none;
  }

  // The function that a body is which begins with this position. A function of a service begins with the begin of its
  // body; into one that was made, a function may have been inlined through its callers.
  Home outermost(const Position& position) const {
    auto here = homeOf(position);
    auto& input = inputs.all[here.input];
    if (here.body < input.bodies.size() && position.inputOffset == input.bodies[here.body].begin) {
      return here;
    }
    auto found = here;
    constexpr unsigned longest = 16;
    for (unsigned i = 0; i < longest; i++) {
      auto caller = input.calls.soleCaller(uint32_t(here.body));
      if (!caller || *caller == here.body) {
        break;
      }
      here.body = *caller;
      found = firstPlace(here) ? here : found;
    }
    return found;
  }

  // Adds the scope of the body. A function's first instructions need not have one, so the first that has one decides.
  void beginBody(std::span<const Position> positions) {
    scopes.clear();
    last = {0, none, {}, true};
    auto& input = inputs.all[home.input];
    uint32_t function = none;
    for (auto& position : positions) {
      if (position.input == home.input && homeOf(position) == home) {
        if (auto scope = rootScope(position); scope != none) {
          function = importer.function(input, home.input, input.lines.scopes[scope].function);
          break;
        }
      }
    }
    if (function == none) {
      function = importer.functionOfBody(input, home.input, home.body);
    }
    declare(function, home);
    out.scopes.push_back({function, none, {}});
    auto root = uint32_t(out.scopes.size() - 1);
    levels = {{home, root, root, out.functions[function].declared}};
  }

  // An instruction that was made, or that nothing is known of, belongs to what stands before it: most stand within an
  // expression, as the check of an address does.
  void addPosition(const Position& position) {
    auto* row = knownRow(position);
    if (!row) {
      return;
    }
    auto& input = inputs.all[position.input];
    auto place = importer.place(input, position.input, row->place);
    enter(position);
    auto& level = levels.back();
    level.scope = scopeOf(position.input, input, row->scope, level.root);
    level.offset = position.inputOffset;
    if (place.line) {
      level.place = place;
    }
    addRow({position.offset, level.scope, place, row->isStatement});
  }

  // Makes the function of a position the innermost level.
  void enter(const Position& position) {
    auto here = homeOf(position);
    auto known = std::find_if(levels.rbegin(), levels.rend(), [&](auto& level) { return level.home == here; });
    if (known != levels.rend()) {
      levels.resize(size_t(levels.rend() - known));
      return;
    }
    // The functions through which it was inlined. Those with one caller can have lost all instructions of their own.
    std::vector<size_t> path{here.body};
    auto& input = inputs.all[here.input];
    constexpr size_t longest = 16;
    while (path.size() < longest) {
      if (auto* caller = callerOf({here.input, path.back()})) {
        levels.resize(size_t(caller - levels.data()) + 1);
        break;
      }
      auto sole = input.calls.soleCaller(uint32_t(path.back()));
      if (!sole || std::find(path.begin(), path.end(), *sole) != path.end()) {
        // Made code, such as an adapter, stands in between.
        levels.resize(1);
        path.resize(1);
        break;
      }
      path.push_back(*sole);
    }
    for (; !path.empty(); path.pop_back()) {
      push({here.input, path.back()}, position);
    }
  }

  // The innermost level that calls a function; null without one.
  const Level* callerOf(const Home& callee) const {
    for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
      if (level->home.input == callee.input && callSite(*level, callee)) {
        return &*level;
      }
    }
    return nullptr;
  }

  std::optional<uint32_t> callSite(const Level& level, const Home& callee) const {
    auto& input = inputs.all[level.home.input];
    if (level.home.input != callee.input || level.home.body >= input.bodies.size()) {
      return {};
    }
    return input.calls.find(input.bodies[level.home.body], uint32_t(callee.body), level.offset);
  }

  // Gives a function whose declaration is not known the first place in its body. Whether it has one now.
  bool declare(uint32_t function, const Home& body) {
    auto& declared = out.functions[function].declared;
    if (declared.file == none) {
      if (auto first = firstPlace(body)) {
        declared = importer.place(inputs.all[body.input], body.input, *first);
      }
    }
    return declared.file != none;
  }

  // The first place in a body of an input; no value where nothing is known of it.
  std::optional<Place> firstPlace(const Home& body) const {
    auto& input = inputs.all[body.input];
    if (body.body >= input.bodies.size()) {
      return {};
    }
    auto& span = input.bodies[body.body];
    auto& rows = input.lines.rows;
    auto row = std::lower_bound(
      rows.begin(), rows.end(), span.begin, [](auto& each, size_t offset) { return each.offset < offset; });
    for (; row != rows.end() && row->offset < span.end; ++row) {
      if (row->place.file != none) {
        return row->place;
      }
    }
    return {};
  }

  // Adds a function that was inlined into the innermost level: where that calls it, or else at its last instruction.
  // One that nothing is known of is left out.
  void push(const Home& callee, const Position& position) {
    auto function = functionOf(callee, position);
    if (!declare(function, callee)) {
      return;
    }
    auto& outer = levels.back();
    auto scope = outer.scope;
    auto call = outer.place;
    if (auto site = callSite(outer, callee)) {
      auto& caller = inputs.all[outer.home.input];
      auto* row = caller.lines.at(*site);
      if (row && row->place.file != none) {
        scope = scopeOf(outer.home.input, caller, row->scope, outer.root);
        call = importer.place(caller, outer.home.input, row->place);
      }
    }
    auto root = this->scope({callee.input, ~function, scope, call.file, call.line}, {function, scope, call});
    levels.push_back({callee, root, root, out.functions[function].declared});
  }

  // The function of a body: of a row in it, if one has a function.
  uint32_t functionOf(const Home& home, const Position& position) {
    auto& input = inputs.all[home.input];
    auto from = home == homeOf(position) ? rootScope(position) : none;
    if (from == none && home.body < input.bodies.size()) {
      from = rootScope({0, home.input, uint32_t(input.bodies[home.body].begin)});
    }
    return from == none ? importer.functionOfBody(input, home.input, home.body)
                        : importer.function(input, home.input, input.lines.scopes[from].function);
  }

  // The scope of an input, inlined calls and all, within `outer`, which stands for its outermost one.
  uint32_t scopeOf(uint32_t number, const Input& input, uint32_t from, uint32_t outer) {
    std::vector<uint32_t> chain;
    for (auto scope = from; scope != none && input.lines.scopes[scope].parent != none;
         scope = input.lines.scopes[scope].parent) {
      chain.push_back(scope);
    }
    auto result = outer;
    for (; !chain.empty(); chain.pop_back()) {
      auto& inner = input.lines.scopes[chain.back()];
      auto call = importer.place(input, number, inner.call);
      result = scope({number, chain.back(), result, call.file, call.line},
                     {importer.function(input, number, inner.function), result, call});
    }
    return result;
  }

  uint32_t scope(std::tuple<uint32_t, uint32_t, uint32_t, uint32_t, uint32_t> key, Scope made) {
    auto [known, isNew] = scopes.try_emplace(key, uint32_t(out.scopes.size()));
    if (isNew) {
      out.scopes.push_back(made);
    }
    return known->second;
  }

  void addRow(Row row) {
    if (row.scope == last.scope && row.place == last.place && row.isStatement == last.isStatement) {
      return;
    }
    if (!out.rows.empty() && out.rows.back().offset == row.offset) {
      out.rows.back() = row;
    } else {
      out.rows.push_back(row);
    }
    last = row;
  }
};

} // namespace

SourceLines worldLines(const Inputs& inputs,
                       const std::vector<Position>& positions,
                       const std::vector<Span>& bodies,
                       const MapPath& mapPath) {
  WorldLines lines(inputs, mapPath);
  forEachBody(positions, bodies, [&](const Span& body, std::span<const Position> its) { lines.addBody(body, its); });
  return lines.take();
}

} // namespace parigot::debug
