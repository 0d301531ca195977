// `parigot-opt inspect --browser`: prints what a module asks of JavaScript. The audit itself is src/audit/audit.h.

#include <algorithm>
#include <iostream>
#include <string_view>

#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "ir/read_module.h"
#include "parigot-opt/command.h"
#include "support/printable.h"

namespace parigot {

using gojs::Audit;
using gojs::AuditedName;
using gojs::Served;
using wasm::Ok;
using wasm::Result;
using Json = nlohmann::ordered_json;

namespace {

const char* toString(Served served) {
  switch (served) {
    case Served::Yes:
      return "runtime";
    case Served::Guarded:
      return "guarded";
    case Served::No:
      return "browser";
  }
  return "";
}

const char* toString(gojs::ShimAbi abi) {
  switch (abi) {
    case gojs::ShimAbi::None:
      return "none";
    case gojs::ShimAbi::GoStack:
      return "go-stack";
    case gojs::ShimAbi::TinyGoValues:
      return "tinygo-values";
    case gojs::ShimAbi::TinyGoAddresses:
      return "tinygo-addresses";
    case gojs::ShimAbi::TinyGoGeneric:
      return "tinygo-generic";
    case gojs::ShimAbi::TinyGoTwoTrailing:
      return "tinygo-two-trailing";
  }
  return "";
}

const char* toString(gojs::NameSource source) {
  switch (source) {
    case gojs::NameSource::GoTable:
      return "go-table";
    case gojs::NameSource::NameSection:
      return "name-section";
    case gojs::NameSource::None:
      return "none";
  }
  return "";
}

// "global.document", "getElementById"; "" for an operation without a name.
std::string shown(const AuditedName& name) {
  if (!gojs::hasName(name.operation)) {
    return "";
  }
  return printable((name.onGlobal ? "global." : "") + (name.name.empty() ? std::string("\"\"") : name.name));
}

Json chainOf(const gojs::AuditedFunction& function) {
  auto chain = Json::array();
  for (auto& step : function.chain) {
    chain.push_back({{"function", step.name}, {"indirectly", step.indirectly}});
  }
  return chain;
}

Json toJson(const Audit& audit) {
  Json json;
  json["verdict"] = gojs::toString(audit.need);
  json["because"] = audit.because;
  json["compiler"] = audit.compiler.empty() ? Json(nullptr) : Json(audit.compiler);
  json["abi"] = toString(audit.abi);
  json["imports"] = Json::array();
  for (auto& item : audit.imports) {
    json["imports"].push_back({{"module", item.module}, {"name", item.name}, {"times", item.times}});
  }
  json["problems"] = audit.problems;
  json["names"] = Json::array();
  auto functionsOf = [&](const std::vector<size_t>& places) {
    auto names = Json::array();
    for (auto place : places) {
      names.push_back(audit.functions[place].name);
    }
    return names;
  };
  for (auto& name : audit.names) {
    Json entry = {{"operation", gojs::toString(name.operation)},
                  {"name", gojs::hasName(name.operation) ? Json(name.name) : Json(nullptr)},
                  {"onGlobal", name.onGlobal},
                  {"needs", toString(name.served)},
                  {"functions", functionsOf(name.functions)}};
    if (!name.why.empty()) {
      entry["why"] = name.why;
    }
    json["names"].push_back(std::move(entry));
  }
  json["computed"] = Json::array();
  for (auto& entry : audit.computed) {
    json["computed"].push_back({{"operation", gojs::toString(entry.operation)},
                                {"function", audit.functions[entry.function].name},
                                {"calls", entry.calls}});
  }
  json["functions"] = Json::array();
  for (auto& function : audit.functions) {
    json["functions"].push_back({{"name", function.name},
                                 {"export", function.chain.empty() ? Json(nullptr) : Json(function.exportName)},
                                 {"chain", chainOf(function)},
                                 {"leftOut", function.leftOut}});
  }
  json["registers"] = audit.registers;
  json["waits"] = audit.waits;
  json["functionNames"] = toString(audit.nameSource);
  if (!audit.nameProblem.empty()) {
    json["functionNamesProblem"] = audit.nameProblem;
  }
  return json;
}

void printVerdict(std::ostream& out, const std::string& file, const Audit& audit) {
  out << file << " " << gojs::toString(audit.need);
  if (audit.compiler.empty() && audit.problems.empty()) {
    out << ": it imports nothing of Go's or TinyGo's wasm_exec.js\n";
    return;
  }
  if (!audit.because.empty()) {
    out << ", because it\n";
    for (auto& reason : audit.because) {
      out << "  " << printable(reason) << '\n';
    }
  } else if (!audit.computed.empty()) {
    out << ", but for names that it computes at run time (see below)\n";
  } else {
    out << '\n';
  }
  out << "\ncompiler: " << (audit.compiler.empty() ? "unknown" : printable(audit.compiler)) << '\n';
}

void printNames(std::ostream& out, const Audit& audit) {
  size_t width = 0;
  for (auto& name : audit.names) {
    width = std::max(width, std::min<size_t>(shown(name).size(), 40));
  }
  out << "\nnames for JavaScript, who serves them, and where they are used\n";
  for (auto& name : audit.names) {
    std::string operation(gojs::toString(name.operation)), text = shown(name);
    operation.resize(std::max<size_t>(operation.size(), 10), ' ');
    text.resize(std::max(text.size(), width), ' ');
    out << "  " << operation << ' ' << text << "  " << toString(name.served) << "  ";
    for (size_t i = 0; i < name.functions.size(); i++) {
      out << (i ? ", " : "") << printable(audit.functions[name.functions[i]].name);
    }
    out << '\n';
  }
  if (audit.names.empty()) {
    out << "  none\n";
  }
  std::string_view said;
  for (auto& name : audit.names) {
    if (name.served == Served::Guarded && name.why != said) {
      said = name.why;
      out << "  guarded: " << said << '\n';
    }
  }
  for (auto& entry : audit.computed) {
    out << "  " << entry.calls << (entry.calls == 1 ? " call of " : " calls of ") << gojs::toString(entry.operation)
        << " with a name computed at run time, in " << printable(audit.functions[entry.function].name) << '\n';
  }
}

void printChains(std::ostream& out, const Audit& audit) {
  out << "\nhow these functions are reached\n";
  for (auto& function : audit.functions) {
    out << "  " << printable(function.name) << '\n';
    if (function.chain.empty()) {
      out << "    by no call that can be seen: through reflection, or never\n";
      continue;
    }
    out << "    " << (function.exportName.empty() ? "start" : "export " + printable(function.exportName)) << ": ";
    for (size_t i = 0; i < function.chain.size(); i++) {
      auto& step = function.chain[i];
      if (i) {
        out << (step.indirectly ? " > (indirect) " : " > ");
        if (i == 1 && function.leftOut) {
          out << "(" << function.leftOut << " more) > ";
        }
      }
      out << printable(step.name);
    }
    out << '\n';
  }
}

void print(std::ostream& out, const std::string& file, const Audit& audit) {
  printVerdict(out, file, audit);
  if (audit.imports.empty() && audit.problems.empty()) {
    return;
  }
  out << "imports of wasm_exec.js\n";
  for (auto& item : audit.imports) {
    out << "  " << item.module << '.' << item.name;
    if (item.times > 1) {
      out << "  (" << item.times << " times)";
    }
    out << '\n';
  }
  if (audit.functions.empty()) {
    return;
  }
  printNames(out, audit);
  printChains(out, audit);
  if (!audit.nameProblem.empty()) {
    out << "\nnames of functions: " << audit.nameProblem << '\n';
  }
}

} // namespace

Result<> inspectBrowser(const InspectOptions& options) {
  auto module = readModule(options.file);
  if (auto* error = module.getErr()) {
    return wasm::Err{error->msg};
  }
  auto audit = gojs::auditModule(**module);
  if (options.json) {
    std::cout << toJson(audit).dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    print(std::cout, shownFile(options.file), audit);
  }
  return Ok{};
}

} // namespace parigot
