// What our readers of debug information make of a binary, for tests/debug/run.py.
//
//   debug-lines rows FILE    for each row of a Go binary {"offset": 291, "file": "main.go", "line": 17, "chain": [..]}
//   debug-lines pcs FILE     for each pc of its functions {"pc": 268435456, "chain": [..]}
//   debug-lines time FILE    how much time of a processor reading takes: {"seconds": 0.12, "rows": 1234}
//
// A chain has the innermost function first: ["main.abs", "main.go", 9], ["main.sum", "main.go", 24]. In `pcs` it is
// read from the function table by a way of its own, and does not pass through scopes.

#include <ctime>
#include <iostream>

#include <nlohmann/json.hpp>

#include "debug/binary_layout.h"
#include "debug/go_function_table.h"
#include "debug/go_lines.h"
#include "go/data_image.h"
#include "go/pclntab.h"
#include "ir/read_module.h"

using namespace parigot;
using namespace parigot::debug;
using nlohmann::json;

namespace {

json frame(const SourceLines& lines, uint32_t scope, const Place& place) {
  auto& function = lines.functions[lines.scopes[scope].function];
  return {function.name, place.file == none ? "" : lines.files[place.file].path, place.line};
}

void printRows(const SourceLines& lines) {
  for (auto& row : lines.rows) {
    auto chain = json::array();
    auto place = row.place;
    for (auto scope = row.scope; scope != none; scope = lines.scopes[scope].parent) {
      chain.push_back(frame(lines, scope, place));
      place = lines.scopes[scope].call;
    }
    std::cout << json{{"offset", row.offset}, {"chain", chain}}.dump() << "\n";
  }
}

void printPcs(const gojs::DataImage& image, const gojs::PclnTable& table, uint64_t steps) {
  GoFunctionTable functions(image, table, steps);
  for (auto& entry : table.functions()) {
    auto function = functions.read(entry);
    for (uint32_t of = 0; of < function.pcs; of++) {
      auto chain = json::array();
      auto pc = of;
      while (true) {
        auto path = functions.path(function, GoFunctionTable::valueAt(function.files, pc));
        auto inlined = functions.inlinedCall(function, GoFunctionTable::valueAt(function.inlined, pc));
        chain.push_back({inlined ? functions.text(inlined->name) : table.name(entry.slot),
                         path ? functions.text(*path) : "",
                         GoFunctionTable::valueAt(function.lines, pc)});
        if (!inlined || chain.size() > function.pcs) {
          break;
        }
        pc = inlined->parentPc;
      }
      std::cout << json{{"pc", uint64_t(entry.slot) << gojs::goSlotShift | of}, {"chain", chain}}.dump() << "\n";
    }
  }
}

int fail(const std::string& message) {
  std::cerr << "debug-lines: " << message << "\n";
  return 1;
}

} // namespace

int main(int count, char** words) {
  if (count != 3) {
    return fail("the arguments are `rows`, `pcs` or `time`, and a file");
  }
  std::string what = words[1];
  std::vector<char> kept;
  auto module = readModule(words[2], {&kept});
  if (auto* error = module.getErr()) {
    return fail(error->msg);
  }
  std::string_view bytes(kept.data(), kept.size());
  auto layout = BinaryLayout::read(bytes);
  if (auto* error = layout.getErr()) {
    return fail(error->msg);
  }
  if (what == "pcs") {
    gojs::DataImage image(**module);
    auto table = gojs::PclnTable::find(image);
    if (auto* error = table.getErr()) {
      return fail(error->msg);
    }
    printPcs(image, *table, bytes.size());
    return 0;
  }
  auto begin = std::clock();
  auto lines = goLines(bytes, *layout, **module);
  auto seconds = double(std::clock() - begin) / CLOCKS_PER_SEC;
  if (auto* error = lines.getErr()) {
    return fail(error->msg);
  }
  if (what == "time") {
    std::cout << json{{"seconds", seconds},
                      {"rows", lines->rows.size()},
                      {"scopes", lines->scopes.size()},
                      {"functions", lines->functions.size()},
                      {"files", lines->files.size()},
                      {"unit", lines->units[0].name},
                      {"producer", lines->units[0].producer}}
                   .dump()
              << "\n";
  } else {
    printRows(*lines);
  }
  return 0;
}
