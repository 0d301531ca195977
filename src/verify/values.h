// The values of one function, by number: two expressions with the same number have the same value whenever both are
// evaluated in the same turn of a loop.
//
// An i32 is a node plus a constant, modulo 2^32, so that `x`, `x + 8` and `x - BASE` share the node of x. All other
// values are nodes. Equal operations on equal values have the same node:
//
//   (i32.wrap_i64 (i64.add (local.get $p) (i64.const 8)))   =>   node of (i32.wrap_i64 (local.get $p)), plus 8

#ifndef parigot_verify_values_h
#define parigot_verify_values_h

#include <cstdint>
#include <vector>

#include "verify/range.h"
#include "wasm.h"

namespace parigot::verify {

struct Value {
  uint32_t node = 0; // 0: the constant 0
  uint32_t shift = 0;

  bool isConstant() const { return node == 0; }
  Value plus(uint32_t distance) const { return {node, shift + distance}; }
  bool operator==(const Value& other) const { return node == other.node && shift == other.shift; }
};

struct Node {
  enum class Kind : uint8_t { Zero, Unknown, Constant64, Unary, Binary };
  Kind kind = Kind::Unknown;
  int op = 0; // of Unary and Binary
  Value a, b;
  uint64_t number = 0;        // of Constant64
  Range range;                // of an i32, without what is known at a place of the code
  uint64_t most = UINT64_MAX; // of an i64, unsigned
};

class Values {
public:
  Values() : nodes(1) { nodes[0] = {Node::Kind::Zero, 0, {}, {}, 0, Range::only(0)}; }

  const Node& at(Value value) const { return nodes[value.node]; }
  const Node& node(uint32_t index) const { return nodes[index]; }

  static Value constant(uint32_t number) { return {0, number}; }
  Value constant64(uint64_t number);
  // A value of which no more is known.
  Value unknown(Range range = {}, uint64_t most = UINT64_MAX);
  Value unary(wasm::UnaryOp op, Value value);
  Value binary(wasm::BinaryOp op, Value a, Value b);

  // The range of a result, from those of the operands.
  static Range rangeOf(wasm::BinaryOp op, const Range& left, const Range& right);

private:
  std::vector<Node> nodes;
  // The nodes with an operation, by a hash of it: the first free place (a 0) ends the search. At least half is free.
  std::vector<uint32_t> table;
  size_t found = 0;

  Value find(const Node& node);
  uint32_t& placeOf(const Node& node);
  void grow();
  Value add(Value a, Value b);
  Value subtract(Value a, Value b);
  Value wrap(Value value, int depth);
  Range rangeOf(Value value) const { return nodes[value.node].range.movedBy(value.shift); }
  uint64_t mostOf(wasm::BinaryOp op, Value a, Value b) const;
};

} // namespace parigot::verify

#endif // parigot_verify_values_h
