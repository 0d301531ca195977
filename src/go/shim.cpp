#include "go/shim.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "go/producers.h"
#include "go/shim_table.h"
#include "ir/describe.h"

namespace parigot::gojs {

namespace {

using wasm::Signature;

Signature parseSignature(std::string_view text, unsigned trailing = 0) {
  std::vector<wasm::Type> params, results;
  auto* types = &params;
  auto endParams = [&]() { params.insert(params.end(), trailing, wasm::Type::i32); };
  for (char c : text) {
    switch (c) {
      case '>':
        endParams();
        types = &results;
        break;
      case 'i':
        types->push_back(wasm::Type::i32);
        break;
      case 'l':
        types->push_back(wasm::Type::i64);
        break;
      case 'd':
        types->push_back(wasm::Type::f64);
        break;
      default: // the table has no others
        break;
    }
  }
  if (types == &params) {
    endParams();
  }
  return Signature(wasm::Type(params), wasm::Type(results));
}

std::optional<Signature> signatureOf(const Row& row, ShimAbi abi) {
  auto withTrailing = [&](std::string_view text, unsigned count) -> std::optional<Signature> {
    if (text.empty()) {
      return {};
    }
    // JavaScript provides the functions of TinyGo's runtime by name; they have no i32 at the end.
    return parseSignature(text, isSyscallJS(row.id) ? count : 0);
  };
  switch (abi) {
    case ShimAbi::None:
      return {};
    case ShimAbi::GoStack:
      return row.inGo() ? std::optional(parseSignature(goSignature)) : std::nullopt;
    case ShimAbi::TinyGoValues:
      return row.values.empty() ? std::nullopt : std::optional(parseSignature(row.values));
    case ShimAbi::TinyGoAddresses:
      return withTrailing(row.addresses, 1);
    case ShimAbi::TinyGoGeneric:
      return withTrailing(row.values, 1);
    case ShimAbi::TinyGoTwoTrailing:
      return withTrailing(row.addresses, 2);
  }
  return {};
}

bool isNanoseconds(ShimFunction id, const Signature& signature) {
  return (id == ShimFunction::Ticks && signature == parseSignature(ticks38)) ||
         (id == ShimFunction::SleepTicks && signature == parseSignature(sleepTicks38));
}

// The ABIs that an import fits, one bit for each of abiVersions.
unsigned fitting(const Row& row, const Signature& signature) {
  unsigned bits = 0;
  for (size_t i = 0; i < abiCount; i++) {
    auto abi = abiVersions[i].abi;
    if (signatureOf(row, abi) == signature || (abi == ShimAbi::TinyGoValues && isNanoseconds(row.id, signature))) {
      bits |= 1u << i;
    }
  }
  return bits;
}

// An import from a module of the shim.
struct Candidate {
  wasm::Function* function;
  const ImportModule* module;
  const Row* row; // nullptr: no such name
  Signature signature;
  unsigned fits = 0;
  bool tooOld = false;

  std::string shown() const {
    return function->module.toString() + "." + function->base.toString() + " " + describe(signature);
  }
};

class Detector {
public:
  Detector(const wasm::Module& module, const std::unordered_set<wasm::Name>& others) : module(module), others(others) {}

  Shim detect() {
    collect();
    chooseAbi();
    for (auto& candidate : candidates) {
      classify(candidate);
    }
    findVersions();
    return std::move(shim);
  }

private:
  const wasm::Module& module;
  const std::unordered_set<wasm::Name>& others;
  Shim shim;
  std::vector<Candidate> candidates;
  unsigned possible = 0; // the ABIs that fit as many imports as any other

  void collect() {
    std::unordered_map<std::string_view, const Row*> rows;
    for (auto& row : table) {
      rows.emplace(row.name, &row);
    }
    for (auto& function : module.functions) {
      if (!function->imported() || others.count(function->name)) {
        continue;
      }
      auto* from = std::find_if(
        std::begin(modules), std::end(modules), [&](auto& entry) { return function->module.view() == entry.name; });
      if (from == std::end(modules)) {
        continue;
      }
      auto name = function->base.view();
      auto found = rows.find(name);
      Candidate candidate{function.get(), from, found == rows.end() ? nullptr : found->second, function->getSig()};
      candidate.tooOld =
        !from->shared && std::find(std::begin(tooOldNames), std::end(tooOldNames), name) != std::end(tooOldNames);
      if (!candidate.row && from->shared) {
        continue; // an `env` that belongs to something else
      }
      if (candidate.row) {
        candidate.fits = fitting(*candidate.row, candidate.signature);
      }
      candidates.push_back(candidate);
    }
    // A module `go` without any function of the shim belongs to something else, too.
    bool any = std::any_of(
      candidates.begin(), candidates.end(), [](auto& candidate) { return candidate.row || candidate.tooOld; });
    if (!any) {
      candidates.clear();
    }
  }

  // The ABI that most imports fit.
  void chooseAbi() {
    std::array<size_t, abiCount> votes{};
    for (auto& candidate : candidates) {
      for (size_t i = 0; i < abiCount; i++) {
        votes[i] += candidate.fits >> i & 1;
      }
    }
    auto most = std::max_element(votes.begin(), votes.end());
    if (!*most) {
      return;
    }
    shim.abi = abiVersions[most - votes.begin()].abi;
    for (size_t i = 0; i < abiCount; i++) {
      possible |= unsigned(votes[i] == *most) << i;
    }
  }

  unsigned bitOfAbi() const {
    for (size_t i = 0; i < abiCount; i++) {
      if (abiVersions[i].abi == shim.abi) {
        return 1u << i;
      }
    }
    return 0;
  }

  void problem(ShimProblemKind kind, const Candidate& candidate, std::string message) {
    shim.problems.push_back({kind, candidate.function, std::move(message)});
  }

  void classify(const Candidate& candidate) {
    if (candidate.tooOld) {
      problem(ShimProblemKind::TooOld,
              candidate,
              "it imports " + candidate.shown() +
                ", as programs of Go 1.11 to 1.13 do; their references to JavaScript values have another form; compile "
                "it with Go 1.14 or later");
    } else if (!candidate.row) {
      problem(ShimProblemKind::UnknownName,
              candidate,
              "it imports " + candidate.shown() +
                ", which no wasm_exec.js of Go since 1.14 or TinyGo since 0.18 has: the program's own "
                "JavaScript provides it; take it out of the program, or import it from a module of another name");
    } else if (candidate.fits & bitOfAbi()) {
      shim.imports.push_back({candidate.function, candidate.row->id});
    } else if (candidate.fits) {
      problem(
        ShimProblemKind::MixedAbis,
        candidate,
        "it imports " + candidate.shown() +
          " with a signature that does not fit its other functions of wasm_exec.js, most of which are called as by " +
          nameOfAbi() + "; it was put together from programs of several compilers");
    } else {
      problem(ShimProblemKind::WrongSignature,
              candidate,
              "it imports " + candidate.shown() + ", and no Go since 1.14 or TinyGo since 0.18 calls that function so" +
                expectedSignature(*candidate.row) + "; compile it with one of these");
    }
  }

  std::string expectedSignature(const Row& row) const {
    if (auto signature = signatureOf(row, shim.abi)) {
      return " (" + nameOfAbi() + ": " + describe(*signature) + ")";
    }
    return "";
  }

  std::string nameOfAbi() const {
    switch (shim.abi) {
      case ShimAbi::None:
        break;
      case ShimAbi::GoStack:
        return "Go";
      case ShimAbi::TinyGoValues:
        return "TinyGo 0.29 and later";
      case ShimAbi::TinyGoAddresses:
        return "TinyGo 0.22 to 0.28";
      case ShimAbi::TinyGoGeneric:
        return "TinyGo 0.22 to 0.28 with -wasm-abi=generic";
      case ShimAbi::TinyGoTwoTrailing:
        return "TinyGo 0.18 to 0.21";
    }
    return "none";
  }

  void atLeast(unsigned version) { shim.oldest = std::max(shim.oldest, version); }
  void atMost(unsigned version) {
    if (version) {
      shim.newest = shim.newest ? std::min(shim.newest, version) : version;
    }
  }

  void findVersions() {
    bool tooOld = std::any_of(candidates.begin(), candidates.end(), [](auto& candidate) { return candidate.tooOld; });
    if (tooOld) {
      shim.oldest = 11;
      shim.newest = 13;
    } else if (shim.isGo()) {
      findGoVersions();
    } else if (shim.isTinyGo()) {
      findTinyGoVersions();
    }
    for (auto& producer : readProducers(module)) {
      if (shim.isGo() && producer.field == "language" && producer.name == "Go") {
        shim.exactVersion = producer.version.starts_with("go") ? producer.version.substr(2) : producer.version;
      } else if (shim.isTinyGo() && producer.name == "TinyGo") {
        shim.exactVersion = producer.version;
      }
    }
  }

  void findGoVersions() {
    std::map<ShimFunction, size_t> times;
    for (auto& candidate : candidates) {
      if (candidate.row && candidate.row->inGo()) {
        atLeast(candidate.row->goOldest);
        atMost(candidate.row->goNewest);
        atLeast(candidate.module->goOldest);
        atMost(candidate.module->goNewest);
        if (++times[candidate.row->id] > 1) {
          atLeast(24); // an import is written once for each package that uses it
        }
      }
    }
  }

  void findTinyGoVersions() {
    unsigned oldest = UINT8_MAX, newest = 0;
    bool bounded = true;
    for (size_t i = 0; i < abiCount; i++) {
      if (possible >> i & 1) {
        oldest = std::min<unsigned>(oldest, abiVersions[i].oldest);
        newest = std::max<unsigned>(newest, abiVersions[i].newest);
        bounded &= abiVersions[i].newest != 0;
      }
    }
    atLeast(oldest);
    atMost(bounded ? newest : 0);
    for (auto& candidate : candidates) {
      atLeast(candidate.module->tinyGoOldest);
      if (!candidate.row ||
          (candidate.row->id != ShimFunction::Ticks && candidate.row->id != ShimFunction::SleepTicks)) {
        continue;
      }
      if (isNanoseconds(candidate.row->id, candidate.signature)) {
        shim.ticksAreNanoseconds = true;
        atLeast(38);
      } else {
        atMost(37);
      }
    }
  }
};

} // namespace

std::string_view nameOf(ShimFunction function) {
  for (auto& row : table) {
    if (row.id == function) {
      return row.name;
    }
  }
  return "unknown";
}

bool isShimFunction(std::string_view name) {
  return std::any_of(std::begin(table), std::end(table), [&](auto& row) { return row.name == name; });
}

bool isSyscallJS(ShimFunction function) { return function >= ShimFunction::FinalizeRef; }

std::optional<Signature> signatureOf(ShimFunction function, ShimAbi abi) {
  for (auto& row : table) {
    if (row.id == function) {
      return signatureOf(row, abi);
    }
  }
  return {};
}

bool Shim::usesSyscallJS() const {
  return std::any_of(imports.begin(), imports.end(), [](auto& entry) { return isSyscallJS(entry.id); });
}

std::string Shim::compiler() const {
  if (!present()) {
    return "";
  }
  std::string name = isGo() ? "Go" : "TinyGo";
  if (!exactVersion.empty()) {
    return name + " " + exactVersion;
  }
  auto version = [&](unsigned minor) { return (isGo() ? "1." : "0.") + std::to_string(minor); };
  if (oldest > newest && newest) {
    return name + " of an unknown version"; // the imports exclude each other
  }
  if (oldest == newest) {
    return name + " " + version(oldest);
  }
  return name + " " + version(oldest) + (newest ? " to " + version(newest) : " or later");
}

Shim detectShim(const wasm::Module& module, const std::unordered_set<wasm::Name>& others) {
  return Detector(module, others).detect();
}

} // namespace parigot::gojs
