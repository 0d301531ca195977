// Prints what the readers of DWARF and of source maps say of a wasm file: a line of JSON for each row.
//
//   dwarf-lines FILE.wasm [--debug FILE] [--dwo] [--split FILE.dwo]...
//   dwarf-lines FILE.wasm --map FILE.map
//
//   {"offset": 12, "statement": true, "frames": [{"function": "visit", "linkage": "", "file": "/src/a.c", ...}]}

#include <deque>
#include <fstream>
#include <iostream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "debug/dwarf_lines.h"
#include "debug/source_map.h"

using namespace parigot::debug;
using Json = nlohmann::ordered_json;

namespace {

struct File {
  std::string bytes;
  BinaryLayout layout;
};

std::string textOf(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

bool readFile(const std::string& name, File& file) {
  file.bytes = textOf(name);
  auto layout = BinaryLayout::read(file.bytes);
  if (auto* error = layout.getErr()) {
    std::cerr << name << ": " << error->msg << "\n";
    return false;
  }
  file.layout = std::move(*layout);
  return true;
}

Json frame(const SourceLines& lines, uint32_t function, const Place& place) {
  auto* known = function == none ? nullptr : &lines.functions[function];
  return {{"function", known ? known->name : ""},
          {"linkage", known ? known->linkageName : ""},
          {"file", place.file == none ? "" : lines.files[place.file].path},
          {"line", place.line},
          {"column", place.column}};
}

void print(const SourceLines& lines) {
  for (auto& row : lines.rows) {
    Json frames = Json::array();
    auto place = row.place;
    for (auto scope = row.scope; scope != none; scope = lines.scopes[scope].parent) {
      frames.push_back(frame(lines, lines.scopes[scope].function, place));
      place = lines.scopes[scope].call;
    }
    if (row.scope == none && place.file != none) {
      frames.push_back(frame(lines, none, place));
    }
    std::cout << Json{{"offset", row.offset}, {"statement", row.isStatement}, {"frames", frames}}.dump(
                   -1, ' ', false, Json::error_handler_t::replace)
              << "\n";
  }
}

int finish(wasm::Result<SourceLines> lines) {
  if (auto* error = lines.getErr()) {
    std::cerr << error->msg << "\n";
    return 1;
  }
  print(*lines);
  return 0;
}

} // namespace

int main(int count, char** words) {
  std::deque<File> files; // the sections are views of them
  DwarfSections sections;
  std::vector<std::string> dwoNames;
  for (int i = 1; i < count; i++) {
    std::string word = words[i];
    if (word == "--dwo") { // the .dwo files that the module names
      auto names = dwoFiles(sections);
      dwoNames.insert(dwoNames.end(), names.begin(), names.end());
      continue;
    }
    bool isOption = word.starts_with("--");
    if (isOption && ++i == count) {
      return 2;
    }
    if (word == "--map") {
      return finish(readSourceMap(textOf(words[i]), files.front().layout));
    }
    if (word == "--split") {
      dwoNames.push_back(words[i]);
      continue;
    }
    auto& file = files.emplace_back();
    if (!readFile(words[i], file)) {
      return 2;
    }
    sections = DwarfSections::of(file.bytes, file.layout);
  }
  if (files.empty()) {
    std::cerr << "dwarf-lines FILE.wasm [--debug FILE] [--dwo] [--split FILE.dwo]... [--map FILE.map]\n";
    return 2;
  }
  for (auto& name : dwoNames) {
    auto& file = files.emplace_back();
    if (!readFile(name, file)) {
      return 2;
    }
    sections.split.push_back(DwarfSections::ofSplit(file.bytes, file.layout));
  }
  std::vector<std::string> complaints;
  auto lines = dwarfLines(sections, files.front().layout, complaints);
  for (auto& complaint : complaints) {
    std::cerr << complaint << "\n";
  }
  return finish(lines);
}
