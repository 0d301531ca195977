#include "ir/unpack_function.h"

#include "ir/function_builder.h"
#include "ir/pack_data.h"

namespace parigot {

using namespace wasm;

namespace {

// A call of memory.fill or memory.copy takes engines as long as a loop over so many bytes.
constexpr uint32_t longRange = 64;

class UnpackFunction {
public:
  UnpackFunction(Module& module, Name name, Name memory, Name segment)
    : code(module, name, Signature({Type::i32, Type::i32, Type::i32, Type::i32}, Type::none)), memory(memory),
      segment(segment), source(code.local(Type::i32)), gap(code.local(Type::i32)), size(code.local(Type::i32)),
      at(code.local(Type::i32)), last(code.local(Type::i32)) {}

  void generate() {
    // The place of the first record; from now on, of what is read next.
    code.set(source, code.minus(code.get(end), code.get(streamSize)));
    code.add(code.builder.makeMemoryInit(segment, code.get(source), code.get(offset), code.get(streamSize), memory));
    code.loopWhile([&]() { return code.binary(LtUInt32, code.get(target), code.get(source)); },
                   [&]() {
                     readNumber(gap);
                     readNumber(size);
                     writeZeros();
                     copyBytes();
                   });
    code.finish();
  }

private:
  FunctionBuilder code;
  Name memory, segment;
  // Parameters. `target` is the begin of the chunk first, and then of what is written next.
  static constexpr Index target = 0, end = 1, offset = 2, streamSize = 3;
  Index source, gap, size, at, last;

  Expression* load(unsigned count, Index address, Type type) {
    return code.builder.makeLoad(count, false, 0, 1, code.get(address), type, memory);
  }
  void store(unsigned count, Expression* address, Expression* value, Type type) {
    code.add(code.builder.makeStore(count, 0, 1, address, value, type, memory));
  }
  void advance(Index local, Expression* by) { code.set(local, code.plus(code.get(local), by)); }
  void advance(Index local, uint32_t by) { advance(local, code.number(by)); }
  Expression* isAtLeast(Index local, uint32_t number) {
    return code.binary(GeUInt32, code.get(local), code.number(number));
  }
  template<typename Then, typename Else> void choose(Expression* condition, const Then& then, const Else& other) {
    auto* first = code.block(then);
    code.add(code.builder.makeIf(condition, first, code.block(other)));
  }

  void readNumber(Index local) {
    code.set(local, load(1, source, Type::i32));
    advance(source, 1);
    auto* isLong = code.binary(EqInt32, code.get(local), code.number(mostShortNumber + 1));
    code.add(code.ifThen(isLong, code.block([&]() {
      code.set(local, load(4, source, Type::i32));
      advance(source, 4);
    })));
  }

  // Zeros, which are none, or at least leastZeros. Two stores that overlap write what is no multiple of their size.
  void writeZeros() {
    static_assert(leastZeros == 4);
    auto end = [&](uint32_t less) { return code.minus(code.plus(code.get(target), code.get(gap)), code.number(less)); };
    auto fill = [&]() {
      code.add(code.builder.makeMemoryFill(code.get(target), code.number(0), code.get(gap), memory));
    };
    auto eights = [&]() {
      code.set(at, code.get(target));
      code.set(last, end(8));
      code.loopWhile([&]() { return code.binary(LtUInt32, code.get(at), code.get(last)); },
                     [&]() {
                       store(8, code.get(at), code.number64(0), Type::i64);
                       advance(at, 8);
                     });
      store(8, code.get(last), code.number64(0), Type::i64);
    };
    auto fours = [&]() {
      store(4, code.get(target), code.number(0), Type::i32);
      store(4, end(4), code.number(0), Type::i32);
    };
    auto few = [&]() { code.add(code.ifThen(code.get(gap), code.block(fours))); };
    auto some = [&]() { choose(isAtLeast(gap, 8), eights, few); };
    choose(isAtLeast(gap, longRange), fill, some);
    advance(target, code.get(gap));
  }

  // The target is never behind the source, so bytes can be copied forwards.
  void copyBytes() {
    auto all = [&]() {
      code.add(code.builder.makeMemoryCopy(code.get(target), code.get(source), code.get(size), memory, memory));
      advance(target, code.get(size));
      advance(source, code.get(size));
    };
    auto pieces = [&]() {
      code.loopWhile([&]() { return isAtLeast(size, 8); },
                     [&]() {
                       copyPiece(8, Type::i64);
                       advance(size, uint32_t(-8));
                     });
      for (auto count : {4u, 2u, 1u}) {
        auto* has = code.binary(AndInt32, code.get(size), code.number(count));
        code.add(code.ifThen(has, code.block([&]() { copyPiece(count, Type::i32); })));
      }
    };
    choose(isAtLeast(size, longRange), all, pieces);
  }

  void copyPiece(unsigned count, Type type) {
    store(count, code.get(target), load(count, source, type), type);
    advance(target, count);
    advance(source, count);
  }
};

} // namespace

void addUnpackFunction(Module& module, Name name, Name memory, Name segment) {
  UnpackFunction(module, name, memory, segment).generate();
}

} // namespace parigot
