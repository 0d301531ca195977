// Changes one thing in a verified world, many times over, and asks the verifier about each mutant.
//
//   isolation-mutants WORLD.wasm FIRST COUNT FOLDER
//
// Mutant number i is the same for every run: i seeds its choices. A mutant that the verifier accepts, and the first 60
// that it refuses, are written to FOLDER as NUMBER.wasm, for a host that runs them. Prints one line of JSON:
//
//   {"accepted": [1, 7], "refused": 88, "kept": [2, 3], "invalid": 3, "kinds": {"constant": [3, 40], ..}}
//
// with the numbers of accepted and of refused ones for each kind of change. Only code of the service `target` is
// changed, with its check function.

#include <fstream>
#include <iostream>
#include <random>

#include <nlohmann/json.hpp>

#include "ir/find_all.h"
#include "ir/manipulation.h"
#include "ir/memory_instructions.h"
#include "ir/read_module.h"
#include "ir/utils.h"
#include "verify/claims.h"
#include "verify/proof.h"
#include "wasm-binary.h"
#include "wasm-builder.h"
#include "wasm-traversal.h"

using namespace wasm;
using parigot::verify::Claims;
using parigot::verify::Gate;

namespace {

struct Places : public PostWalker<Places, UnifiedExpressionVisitor<Places>> {
  std::vector<Expression**> all;
  void visitExpression(Expression*) { all.push_back(getCurrentPointer()); }
};

class Mutator {
public:
  Mutator(Module& module, uint64_t seed) : module(module), builder(module), random(seed) {}

  // Changes one thing in the function; the name of the kind of change, or nothing if none fits.
  std::string mutate(Function& changed) {
    function = &changed;
    Places places;
    places.walk(function->body);
    for (int tries = 0; tries < 40; tries++) {
      auto** place = places.all[below(places.all.size())];
      auto kind = change(place);
      if (!kind.empty()) {
        ReFinalize().walkFunctionInModule(function, &module);
        return kind;
      }
    }
    return "";
  }

private:
  Module& module;
  Builder builder;
  std::mt19937_64 random;
  Function* function = nullptr;

  size_t below(size_t count) { return random() % count; }

  std::string change(Expression** place) {
    auto* curr = *place;
    std::string kind;
    parigot::visitMemoryInstruction(curr, [&](auto* access) { kind = changeAccess(access, place); });
    if (!kind.empty()) {
      return kind;
    }
    switch (curr->_id) {
      case Expression::ConstId:
        return changeConstant(curr->cast<Const>());
      case Expression::BinaryId:
        return changeBinary(place);
      case Expression::IfId:
        return changeIf(place);
      case Expression::LocalGetId:
        return changeLocal(curr->cast<LocalGet>());
      case Expression::LocalSetId:
        return dropSet(place);
      case Expression::GlobalGetId:
        return changeGlobal(curr->cast<GlobalGet>()->name);
      case Expression::GlobalSetId:
        return changeGlobal(curr->cast<GlobalSet>()->name);
      case Expression::CallId:
        return changeCall(place);
      case Expression::BlockId:
        return swapStatements(curr->cast<Block>());
      case Expression::BreakId:
        return changeBreak(curr->cast<Break>());
      case Expression::ReturnId:
      case Expression::UnreachableId:
        return dropEnd(place);
      default:
        return "";
    }
  }

  template<typename T> std::string changeAccess(T* access, Expression**) {
    if constexpr (parigot::HasOffsetAddress<T>) {
      auto& other = module.memories[below(module.memories.size())]->name;
      if (other != access->memory && below(2)) {
        access->memory = other;
        return "memory";
      }
      static constexpr uint64_t by[] = {1, 8, 1024, 4096, 65536, 1 << 18, 1 << 20, 0x10000000};
      access->offset = uint32_t(access->offset + by[below(std::size(by))]);
      return "offset";
    }
    return "";
  }

  std::string changeConstant(Const* curr) {
    auto pick = below(9);
    if (curr->type == Type::i32) {
      auto value = uint32_t(curr->value.geti32());
      const uint32_t values[] = {
        value + 1, value - 1, value * 2, value >> 1, 0, -value, value + 65536, value ^ 0x80000000, uint32_t(random())};
      curr->value = Literal(int32_t(values[pick]));
      return "constant";
    }
    if (curr->type == Type::i64) {
      auto value = uint64_t(curr->value.geti64());
      const uint64_t values[] = {
        value + 1, value - 1, value * 2, value >> 1, 0, -value, value + 65536, value ^ (1ull << 63), random()};
      curr->value = Literal(int64_t(values[pick]));
      return "constant";
    }
    return "";
  }

  std::string changeBinary(Expression** place) {
    auto* curr = (*place)->cast<Binary>();
    if (curr->left->type == curr->type && curr->right->type == curr->type && below(2) == 0) {
      *place = below(2) ? curr->left : curr->right;
      return "operand";
    }
    static constexpr BinaryOp groups[][10] = {
      {EqInt32, NeInt32, LtSInt32, LtUInt32, LeSInt32, LeUInt32, GtSInt32, GtUInt32, GeSInt32, GeUInt32},
      {EqInt64, NeInt64, LtSInt64, LtUInt64, LeSInt64, LeUInt64, GtSInt64, GtUInt64, GeSInt64, GeUInt64},
      {AddInt32, SubInt32, AndInt32, OrInt32, XorInt32, ShlInt32, ShrUInt32, ShrSInt32, MulInt32, RotLInt32},
      {AddInt64, SubInt64, AndInt64, OrInt64, XorInt64, ShlInt64, ShrUInt64, ShrSInt64, MulInt64, RotLInt64}};
    for (auto& group : groups) {
      if (std::find(std::begin(group), std::end(group), curr->op) != std::end(group)) {
        if (below(4) == 0) {
          std::swap(curr->left, curr->right);
          return "swapped operands";
        }
        curr->op = group[below(10)];
        return "operator";
      }
    }
    return "";
  }

  std::string changeIf(Expression** place) {
    auto* curr = (*place)->cast<If>();
    switch (below(3)) {
      case 0:
        if (curr->type != Type::none || curr->ifFalse) {
          return "";
        }
        *place = builder.makeDrop(curr->condition);
        return "removed check";
      case 1:
        curr->condition = builder.makeUnary(EqZInt32, curr->condition);
        return "inverted condition";
      default:
        if (curr->type != Type::none || curr->ifFalse) {
          return "";
        }
        *place = builder.makeSequence(builder.makeDrop(curr->condition), curr->ifTrue);
        return "condition removed";
    }
  }

  std::string changeLocal(LocalGet* curr) {
    auto other = below(function->getNumLocals());
    if (other == curr->index || function->getLocalType(other) != curr->type) {
      return "";
    }
    curr->index = other;
    return "local";
  }

  std::string dropSet(Expression** place) {
    auto* curr = (*place)->cast<LocalSet>();
    *place = curr->isTee() ? curr->value : builder.makeDrop(curr->value);
    return "removed set";
  }

  std::string changeGlobal(Name& name) {
    auto* global = module.getGlobal(name);
    auto& other = module.globals[below(module.globals.size())];
    if (other->name == name || other->type != global->type || !other->mutable_) {
      return "";
    }
    name = other->name;
    return "global";
  }

  std::string changeCall(Expression** place) {
    auto* curr = (*place)->cast<Call>();
    if (curr->type == Type::none && below(2)) {
      std::vector<Expression*> list;
      for (auto* operand : curr->operands) {
        list.push_back(builder.makeDrop(operand));
      }
      *place = builder.makeBlock(list, Type::none);
      return "removed call";
    }
    auto& other = module.functions[below(module.functions.size())];
    if (other->name == curr->target || other->getSig() != module.getFunction(curr->target)->getSig()) {
      return "";
    }
    curr->target = other->name;
    return "call";
  }

  std::string swapStatements(Block* block) {
    if (block->list.size() < 2) {
      return "";
    }
    auto at = below(block->list.size() - 1);
    if (block->list[at]->type != Type::none || block->list[at + 1]->type != Type::none) {
      return "";
    }
    std::swap(block->list[at], block->list[at + 1]);
    return "moved";
  }

  std::string changeBreak(Break* curr) {
    if (!curr->condition || curr->value) {
      return "";
    }
    curr->condition = builder.makeUnary(EqZInt32, curr->condition);
    return "inverted branch";
  }

  std::string dropEnd(Expression** place) {
    if (function->getResults() != Type::none || (*place == function->body)) {
      return "";
    }
    *place = builder.makeNop();
    return "removed end";
  }
};

bool write(Module& module, const std::string& path) {
  BufferWithRandomAccess buffer;
  WasmBinaryWriter writer(&module, buffer, PassOptions());
  writer.write();
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(buffer.data()), std::streamsize(buffer.size()));
  return bool(file);
}

// The functions of the service `target` that the verifier proves: all that no gate is, and check functions. One that
// was made of several has no name of a service.
std::vector<Function*> proved(Module& module, const Claims& claims) {
  std::vector<Function*> functions;
  for (auto& function : module.functions) {
    auto found = claims.gates.find(function->name);
    bool isTrusted = function->imported();
    if (found != claims.gates.end()) {
      for (auto& gate : found->second) {
        isTrusted |= gate.kind != Gate::Kind::Entry && gate.kind != Gate::Kind::Check;
      }
    }
    bool isOfOthers = false;
    for (auto* other : {"low/", "high/", "front/", "parigot"}) {
      isOfOthers |= function->name.view().starts_with(other);
    }
    if (!isTrusted && !isOfOthers) {
      functions.push_back(function.get());
    }
  }
  return functions;
}

// For each function, the exports of the world that can call it.
class Callers {
public:
  explicit Callers(Module& module) {
    std::unordered_set<Name> inTables;
    for (auto& segment : module.elementSegments) {
      for (auto* item : segment->data) {
        for (auto* reference : FindAll<RefFunc>(item).list) {
          inTables.insert(reference->func);
        }
      }
    }
    for (auto& function : module.functions) {
      if (!function->imported()) {
        for (auto* call : FindAll<Call>(function->body).list) {
          callersOf[call->target].insert(function->name);
        }
        if (!FindAll<CallIndirect>(function->body).list.empty()) {
          for (auto callee : inTables) {
            callersOf[callee].insert(function->name);
          }
        }
      }
    }
    for (auto& item : module.exports) {
      if (item->kind == ExternalKind::Function) {
        exportsOf[*item->getInternalName()].push_back(item->name.toString());
      }
    }
  }

  std::vector<std::string> exportsThatCall(Name function) const {
    std::unordered_set<Name> seen{function};
    std::vector<Name> open{function};
    std::vector<std::string> names;
    while (!open.empty()) {
      auto name = open.back();
      open.pop_back();
      if (auto found = exportsOf.find(name); found != exportsOf.end()) {
        names.insert(names.end(), found->second.begin(), found->second.end());
      }
      if (auto found = callersOf.find(name); found != callersOf.end()) {
        for (auto caller : found->second) {
          if (seen.insert(caller).second) {
            open.push_back(caller);
          }
        }
      }
    }
    return names;
  }

private:
  std::unordered_map<Name, std::unordered_set<Name>> callersOf;
  std::unordered_map<Name, std::vector<std::string>> exportsOf;
};

} // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "isolation-mutants WORLD.wasm FIRST COUNT FOLDER\n";
    return 2;
  }
  auto read = parigot::readModule(argv[1]);
  if (auto* error = read.getErr()) {
    std::cerr << error->msg << '\n';
    return 1;
  }
  auto& module = **read;
  auto claims = parigot::verify::readClaims(module);
  auto proof = parigot::verify::proveIsolation(module);
  if (claims.getErr() || proof.getErr() || !proof->unproved.empty()) {
    std::cerr << argv[1] << ": is not proved itself\n";
    return 1;
  }
  auto functions = proved(module, *claims);
  Callers callers(module);
  auto first = std::stoull(argv[2]), count = std::stoull(argv[3]);
  std::string folder = argv[4];
  constexpr size_t mostKept = 60;
  nlohmann::ordered_json result = {{"accepted", nlohmann::json::array()},
                                   {"refused", 0},
                                   {"kept", nlohmann::json::array()},
                                   {"invalid", 0},
                                   {"exports", nlohmann::ordered_json::object()},
                                   {"kinds", nlohmann::ordered_json::object()}};
  size_t refused = 0, invalid = 0;
  std::map<std::string, std::pair<size_t, size_t>> kinds;
  for (auto number = first; number < first + count; number++) {
    auto& function = *functions[(number * 7919) % functions.size()];
    auto* body = function.body;
    function.body = ExpressionManipulator::copy(body, module);
    auto kind = Mutator(module, number).mutate(function);
    if (kind.empty() || parigot::validate(module).getErr()) {
      invalid++;
      function.body = body;
      continue;
    }
    auto mutant = parigot::verify::proveIsolation(module);
    bool isAccepted = !mutant.getErr() && mutant->unproved.empty();
    auto path = folder + "/" + std::to_string(number) + ".wasm";
    if (isAccepted || refused < mostKept) {
      // A call that the mutant has, and the world has not, can only go from this function.
      result["exports"][std::to_string(number)] = callers.exportsThatCall(function.name);
    }
    if (isAccepted) {
      kinds[kind].first++;
      result["accepted"].push_back(number);
      write(module, path);
    } else {
      kinds[kind].second++;
      if (refused++ < mostKept) {
        result["kept"].push_back(number);
        write(module, path);
      }
    }
    function.body = body;
  }
  result["refused"] = refused;
  result["invalid"] = invalid;
  for (auto& [kind, counts] : kinds) {
    result["kinds"][kind] = {counts.first, counts.second};
  }
  std::cout << result.dump() << '\n';
  return 0;
}
