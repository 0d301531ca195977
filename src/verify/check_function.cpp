// Check functions, (address i32, bytes i64) -> (), return only if their service has the bytes: in its memory, or in the
// part of its arena that a call in flight uses. This proves that of one, from its body after all optimisations.
//
//   (if (i32.or (i64.le_u (i64.add (i64.extend_i32_u (local.get $address)) (local.get $bytes)) SIZE)
//               (i32.and (i32.ge_u (local.get $address) ARENA)
//                        (i64.le_u .. (i64.extend_i32_u (global.get $arena)))))
//    (return))
//   (unreachable)
//
// Wherever the function returns, some conditions are known to hold, or not to. Each is taken apart: of a disjunction,
// each side has to prove it; of a conjunction, both sides are known.

#include "verify/walk.h"

namespace parigot::verify {

using namespace wasm;

namespace {

struct Known {
  Value condition;
  bool holds;
};

class Exit {
public:
  Exit(const Values& values,
       const State& state,
       const ServiceClaim& service,
       CheckFunction& check,
       const std::unordered_map<uint32_t, Name>& globalOf,
       const std::unordered_map<uint32_t, Choice>& choicesOf,
       std::optional<Value> address,
       std::optional<Value> count)
    : values(values), state(state), service(service), check(check), globalOf(globalOf), choicesOf(choicesOf),
      address(address.value_or(Value())), count(count) {}

  bool prove(std::vector<Known> known, int depth = 0) {
    for (size_t i = 0; i < known.size(); i++) {
      auto [condition, holds] = known[i];
      auto& node = values.at(condition);
      if (condition.shift != 0) {
        continue;
      }
      if (node.kind == Node::Kind::Unary && node.op == EqZInt32) {
        known.push_back({node.a, !holds});
      } else if (node.kind == Node::Kind::Binary && isBoth(node, holds)) {
        known.push_back({node.a, holds});
        known.push_back({node.b, holds});
      }
    }
    if (isInMemory(known) || isInArena(known) || isLow(known)) {
      return true;
    }
    for (size_t i = 0; i < known.size() && depth < 4; i++) {
      auto cases = casesOf(known[i]);
      if (cases.empty()) {
        continue;
      }
      auto rest = known;
      rest.erase(rest.begin() + i);
      return std::all_of(cases.begin(), cases.end(), [&](auto& more) {
        auto all = rest;
        all.insert(all.end(), more.begin(), more.end());
        return prove(all, depth + 1);
      });
    }
    return false;
  }

  // Whether some condition says that the number of bytes, plus a constant, is at most so large. The number is that of
  // an i32, so that the sum does not pass 2^64.
  bool proveCount(const std::vector<Known>& known) {
    for (auto& [condition, holds] : known) {
      auto& node = values.at(condition);
      if (condition.shift != 0 || node.kind != Node::Kind::Binary) {
        continue;
      }
      bool forward = holds ? node.op == LeUInt64 || node.op == LtUInt64 : node.op == GtUInt64 || node.op == GeUInt64;
      bool backward = holds ? node.op == GeUInt64 || node.op == GtUInt64 : node.op == LtUInt64 || node.op == LeUInt64;
      auto low = forward ? node.a : node.b, high = forward ? node.b : node.a;
      if (auto added = forward || backward ? addedToCount(low) : std::nullopt) {
        auto most = state.mostOf(values, high);
        check.mostCount = std::max(check.mostCount, most - std::min(most, *added));
        return true;
      }
    }
    return false;
  }

private:
  const Values& values;
  const State& state;
  const ServiceClaim& service;
  CheckFunction& check;
  const std::unordered_map<uint32_t, Name>& globalOf;
  const std::unordered_map<uint32_t, Choice>& choicesOf;
  Value address;
  std::optional<Value> count;

  // Whether what is known of a node holds for both of its operands: not 0 of an and, 0 of an or.
  static bool isBoth(const Node& node, bool holds) { return node.op == (holds ? int(AndInt32) : int(OrInt32)); }

  // What can be the reason that a disjunction or a choice holds, or does not. Empty if it is neither.
  std::vector<std::vector<Known>> casesOf(const Known& known) const {
    auto [condition, holds] = known;
    auto& node = values.at(condition);
    if (condition.shift != 0) {
      return {};
    }
    if (node.kind == Node::Kind::Binary && node.op == OrInt32 && holds) {
      return {{{node.a, true}}, {{node.b, true}}};
    }
    auto found = choicesOf.find(condition.node);
    if (found == choicesOf.end()) {
      return {};
    }
    std::vector<std::vector<Known>> cases;
    auto& choice = found->second;
    for (auto [value, first] : {std::pair(choice.a, true), std::pair(choice.b, false)}) {
      if (!value.isConstant()) {
        cases.push_back({{choice.condition, first}, {value, holds}});
      } else if ((value.shift != 0) == holds) {
        cases.push_back({{choice.condition, first}});
      }
    }
    return cases;
  }

  // For a condition that says that the end of the bytes is at most some i64: that i64.
  std::optional<Value> limitOf(const Known& known) {
    auto& node = values.at(known.condition);
    if (known.condition.shift != 0 || node.kind != Node::Kind::Binary) {
      return {};
    }
    bool le = node.op == LeUInt64, gt = node.op == GtUInt64, ge = node.op == GeUInt64, lt = node.op == LtUInt64;
    if (known.holds ? (le && isEnd(node.a)) : (gt && isEnd(node.a))) {
      return node.b;
    }
    if (known.holds ? (ge && isEnd(node.b)) : (lt && isEnd(node.b))) {
      return node.a;
    }
    return {};
  }

  // Whether a value is extend(address) + bytes.
  bool isEnd(Value value) {
    auto& node = values.at(value);
    if (node.kind != Node::Kind::Binary || node.op != AddInt64) {
      return false;
    }
    auto isAddress = [&](Value part) {
      auto& inner = values.at(part);
      return inner.kind == Node::Kind::Unary && inner.op == ExtendUInt32 && inner.a == address;
    };
    for (auto [one, other] : {std::pair(node.a, node.b), std::pair(node.b, node.a)}) {
      if (!isAddress(one)) {
        continue;
      }
      if (count) {
        return other == *count;
      }
      auto& number = values.at(other);
      if (number.kind == Node::Kind::Constant64 && number.number <= UINT32_MAX) {
        check.bytes = std::min(check.bytes, number.number);
        return true;
      }
    }
    return false;
  }

  // For the number of bytes plus a constant: the constant.
  std::optional<uint64_t> addedToCount(Value value) const {
    auto& node = values.at(value);
    if (value == *count) {
      return 0;
    }
    bool isSum = node.kind == Node::Kind::Binary && node.op == AddInt64 && node.a == *count;
    auto& added = values.at(node.b);
    bool isSmall = isSum && added.kind == Node::Kind::Constant64 && added.number <= UINT32_MAX;
    return isSmall ? std::optional(added.number) : std::nullopt;
  }

  // For a condition that says that the address itself is at most some number: that number.
  std::optional<uint64_t> mostOfAddress(const Known& known) const {
    auto& node = values.at(known.condition);
    if (known.condition.shift != 0 || node.kind != Node::Kind::Binary) {
      return {};
    }
    auto isAddress = [&](Value value, bool wide) {
      auto& extended = values.at(value);
      return wide ? extended.kind == Node::Kind::Unary && extended.op == ExtendUInt32 && extended.a == address
                  : value == address;
    };
    auto mostOf = [&](Value value, bool wide) {
      return wide ? state.mostOf(values, value) : state.rangeOf(values, value).most();
    };
    for (bool wide : {false, true}) {
      auto holdsAs = [&](BinaryOp if32, BinaryOp if64) { return node.op == (wide ? if64 : if32); };
      bool le = holdsAs(LeUInt32, LeUInt64), gt = holdsAs(GtUInt32, GtUInt64);
      bool ge = holdsAs(GeUInt32, GeUInt64), lt = holdsAs(LtUInt32, LtUInt64);
      if ((known.holds ? le || lt : gt || ge) && isAddress(node.a, wide)) {
        return mostOf(node.b, wide);
      }
      if ((known.holds ? ge || gt : lt || le) && isAddress(node.b, wide)) {
        return mostOf(node.a, wide);
      }
    }
    return {};
  }

  // Whether the address is so low that the service has some bytes from it on. All callers want the same number of
  // bytes, and it has become part of the limit.
  bool isLow(const std::vector<Known>& known) {
    for (auto& each : known) {
      if (auto most = mostOfAddress(each); !count && most && *most <= service.ownBytes) {
        check.bytes = std::min(check.bytes, service.ownBytes - *most);
        return true;
      }
    }
    return false;
  }

  bool isInMemory(const std::vector<Known>& known) {
    for (auto& each : known) {
      if (auto limit = limitOf(each); limit && state.mostOf(values, *limit) <= service.ownBytes) {
        return true;
      }
    }
    return false;
  }

  bool isInArena(const std::vector<Known>& known) {
    bool begins = false, ends = false;
    for (auto& each : known) {
      auto& node = values.at(each.condition);
      if (each.condition.shift == 0 && node.kind == Node::Kind::Binary) {
        begins |= isBegin(node, each.holds);
      }
      if (auto limit = limitOf(each)) {
        auto& wide = values.at(*limit);
        ends |= wide.kind == Node::Kind::Unary && wide.op == ExtendUInt32 && isTop(wide.a);
        // No byte is from the arena's begin on and ends there: no call uses the arena.
        ends |= wide.kind == Node::Kind::Constant64 && wide.number <= service.arenaBegin;
      }
    }
    return begins && ends;
  }

  // Whether the condition says that the address is at least the arena's begin.
  bool isBegin(const Node& node, bool holds) const {
    auto isStart = [&](Value value, uint64_t less) {
      return value.isConstant() && value.shift + less >= service.arenaBegin && service.arenaBegin < service.arenaEnd;
    };
    if (node.op == GeUInt32 && holds) {
      return node.a == address && isStart(node.b, 0);
    }
    if (node.op == GtUInt32 && holds) {
      return node.a == address && isStart(node.b, 1);
    }
    if (node.op == LtUInt32 && !holds) {
      return node.a == address && isStart(node.b, 0);
    }
    return node.op == LeUInt32 && !holds && node.a == address && isStart(node.b, 1);
  }

  // Whether a choice is the lesser of its values, and so at most each of them.
  bool isLesser(const Choice& choice) const {
    auto& node = values.at(choice.condition);
    if (choice.condition.shift != 0 || node.kind != Node::Kind::Binary) {
      return false;
    }
    bool forward = node.op == LtUInt32 || node.op == LeUInt32, backward = node.op == GtUInt32 || node.op == GeUInt32;
    return (forward && node.a == choice.a && node.b == choice.b) ||
           (backward && node.a == choice.b && node.b == choice.a);
  }

  // Whether a value is the top of the arena: a global, or the lesser of two.
  bool isTop(Value value) {
    if (auto found = globalOf.find(value.node); found != globalOf.end() && value.shift == 0) {
      check.arena.insert(found->second);
      return true;
    }
    auto found = choicesOf.find(value.node);
    if (found == choicesOf.end() || value.shift != 0) {
      return false;
    }
    auto& choice = found->second;
    bool first = isTop(choice.a), second = isTop(choice.b);
    return isLesser(choice) ? first || second : first && second;
  }
};

} // namespace

void Walk::leaveFunction() {
  if (rights.kind != Rights::Kind::Check || !state.live) {
    return;
  }
  if (!proof.check) {
    proof.check.emplace();
    proof.check->service = rights.services[0];
    std::optional<Index> address;
    for (Index i = function.getNumParams(); i-- > 0;) {
      if (function.getLocalType(i) == Type::i32) {
        address = i;
      } else if (function.getLocalType(i) == Type::i64) {
        proof.check->count = i;
      }
    }
    proof.check->address = address;
  }
  if (!proof.check->address && !proof.check->count) {
    return; // all callers have the same address and number, so nothing is to be known of them
  }
  std::vector<Known> known;
  for (auto& fact : state.facts) {
    if (fact.kind == Fact::Kind::InRange && !fact.range.wraps() && fact.value.shift == 0 &&
        (fact.range.first > 0 || fact.range.more == 0)) {
      known.push_back({fact.value, fact.range.first > 0});
    }
  }
  auto parameter = [&](uint32_t index) { return parameters[index]; };
  auto& check = *proof.check;
  std::optional<Value> count = check.count ? std::optional(parameter(*check.count)) : std::nullopt;
  auto address = check.address ? std::optional(parameter(*check.address)) : std::nullopt;
  Exit exit(values, state, claims.services[check.service], check, globalOf, choicesOf, address, count);
  if (address ? !exit.prove(known) : !exit.proveCount(known)) {
    proof.issues.push_back(
      {function.name, 0, "return", "a check function returns where its service need not have the bytes"});
  }
}

} // namespace parigot::verify
