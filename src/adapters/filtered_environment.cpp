#include "adapters/filtered_environment.h"

#include "adapters/host_call.h"

namespace parigot {

using namespace wasm;

namespace {

// preview1's errno (typenames.witx).
constexpr uint32_t errnoNoMemory = 48;

// Reads the host's environment into the arena, and visits the variables that fit a pattern.
class Filter {
public:
  Filter(
    AdapterBuilder& code, const HostView& view, const std::vector<std::string>& patterns, Name host, Name hostSizes)
    : code(code), builder(code.builder), view(view), patterns(patterns), host(host), hostSizes(hostSizes) {
    for (auto* local : {&mark, &error, &count, &bytes, &index, &text, &length}) {
      *local = code.local(Type::i32);
    }
  }

  Index text, length; // of a variable, with its zero byte; an address of view.host

  // Emits the whole body. `visit` emits what is done with each variable, and `atEnd` what is done after the last; the
  // latter may use the service's memory, and the arena is free again.
  void build(const std::function<void()>& visit, const std::function<void()>& atEnd) {
    HiddenBytes hidden;
    hidden.reveal(code, view.host);
    askSizes();
    code.add(code.ifThen(isZero(error), code.block([&]() { read(visit); })));
    hidden.restore(code, view.host);
    code.add(code.ifThen(isZero(error), code.block(atEnd)));
    code.add(code.get(error));
    code.finish();
  }

private:
  AdapterBuilder& code;
  Builder& builder;
  const HostView& view;
  const std::vector<std::string>& patterns;
  Name host, hostSizes;
  Index mark, error, count, bytes, index;

  Expression* isZero(Index local) { return builder.makeUnary(EqZInt32, code.get(local)); }
  Expression* byteAt(Index address, uint32_t offset) {
    return builder.makeLoad(1, false, offset, 1, code.get(address), Type::i32, view.host.memory);
  }
  // The host's address of one of view.host.
  Expression* hosts(Expression* address) {
    return view.base() ? code.plus(address, code.number(view.base())) : address;
  }

  void askSizes() {
    code.push(view.host, mark, 16);
    code.set(error, code.call(hostSizes, {hosts(code.get(mark)), hosts(code.plus(code.get(mark), code.number(4)))}));
    code.set(count, code.load(view.host, code.get(mark)));
    code.set(bytes, code.load(view.host, code.get(mark), 4));
    code.release(view.host, mark);
  }

  // The bytes behind the last string that a comparison may read.
  uint32_t slack() const {
    size_t longest = 0;
    for (auto& pattern : patterns) {
      longest = std::max(longest, pattern.size());
    }
    return uint32_t(longest + 16) / 16 * 16;
  }

  void read(const std::function<void()>& visit) {
    auto wide = [&](Expression* value) { return builder.makeUnary(ExtendUInt32, value); };
    auto* needed = code.binary(
      AddInt64,
      code.binary(AddInt64, code.binary(MulInt64, wide(code.get(count)), code.number64(4)), wide(code.get(bytes))),
      code.number64(slack() + 32)); // 32: what the push may add to align the top
    auto* fits = code.binary(LtUInt64, needed, wide(code.room(view.host)));
    auto* reads = code.block([&]() { readInto(visit); });
    auto* fails = code.block([&]() { code.set(error, code.number(errnoNoMemory)); });
    code.add(builder.makeIf(fits, reads, fails));
  }

  void readInto(const std::function<void()>& visit) {
    code.push(
      view.host, mark, slack(), code.plus(code.binary(MulInt32, code.get(count), code.number(4)), code.get(bytes)));
    auto strings = code.plus(code.get(mark), code.binary(MulInt32, code.get(count), code.number(4)));
    code.set(error, code.call(host, {hosts(code.get(mark)), hosts(strings)}));
    code.set(index, code.get(mark));
    code.add(code.ifThen(isZero(error), code.block([&]() {
      code.loopWhile([&]() { return code.get(count); },
                     [&]() {
                       auto* address = code.load(view.host, code.get(index));
                       code.set(text, view.base() ? code.minus(address, code.number(view.base())) : address);
                       code.add(code.ifThen(fits(), code.block([&]() {
                         measure();
                         visit();
                       })));
                       code.set(index, code.plus(code.get(index), code.number(4)));
                       code.set(count, code.minus(code.get(count), code.number(1)));
                     });
    })));
    code.release(view.host, mark, view.checked && view.staged());
  }

  // Sets `length`.
  void measure() {
    code.set(length, code.number(0));
    code.loopWhile(
      [&]() {
        return builder.makeLoad(
          1, false, 0, 1, code.plus(code.get(text), code.get(length)), Type::i32, view.host.memory);
      },
      [&]() { code.set(length, code.plus(code.get(length), code.number(1))); });
    code.set(length, code.plus(code.get(length), code.number(1)));
  }

  // Whether the variable at `text` fits any pattern. A byte behind the end of a shorter string may be read, and then
  // the string's zero has differed.
  Expression* fits() {
    Expression* any = code.number(0);
    for (auto& pattern : patterns) {
      auto beginning = pattern.ends_with('*') ? pattern.substr(0, pattern.size() - 1) : pattern + '=';
      Expression* all = code.number(1);
      for (uint32_t i = 0; i < beginning.size(); i++) {
        auto* equal = code.binary(EqInt32, byteAt(text, i), code.number(uint8_t(beginning[i])));
        all = code.binary(AndInt32, all, equal);
      }
      any = code.binary(OrInt32, any, all);
    }
    return any;
  }
};

} // namespace

void buildFilteredSizes(
  AdapterBuilder& code, const HostView& view, const std::vector<std::string>& patterns, Name host, Name hostSizes) {
  constexpr Index countAt = 0, bytesAt = 1;
  Filter filter(code, view, patterns, host, hostSizes);
  auto kept = code.local(Type::i32), keptBytes = code.local(Type::i32);
  filter.build(
    [&]() {
      code.set(kept, code.plus(code.get(kept), code.number(1)));
      code.set(keptBytes, code.plus(code.get(keptBytes), code.get(filter.length)));
    },
    [&]() {
      code.add(code.store(view.service, code.get(countAt), code.get(kept)));
      code.add(code.store(view.service, code.get(bytesAt), code.get(keptBytes)));
    });
}

void buildFilteredStrings(
  AdapterBuilder& code, const HostView& view, const std::vector<std::string>& patterns, Name host, Name hostSizes) {
  constexpr Index array = 0, buffer = 1;
  Filter filter(code, view, patterns, host, hostSizes);
  filter.build(
    [&]() {
      code.add(code.store(view.service, code.get(array), code.get(buffer)));
      code.add(code.copy(view.service, code.get(buffer), view.host, code.get(filter.text), code.get(filter.length)));
      code.set(array, code.plus(code.get(array), code.number(4)));
      code.set(buffer, code.plus(code.get(buffer), code.get(filter.length)));
    },
    [&]() {});
}

} // namespace parigot
