// What is known of a function's variables at one point of its code.
//
// The values are those that names of JavaScript properties, and the objects that
// they are taken of, pass through: constants, places on the stack, what a caller
// handed over, and variables of the program at constant addresses. All else is
// unknown.
//
// A state is small whatever the function: where more would be known than there
// is room for, something is forgotten. So copying and merging take constant time,
// and following a function takes time linear in its size.

#ifndef parigot_audit_flow_state_h
#define parigot_audit_flow_state_h

#include <algorithm>
#include <cstdint>
#include <vector>

namespace parigot::gojs {

enum class ValueKind : uint8_t {
  Unknown,
  Const,  // the number `bits`
  Frame,  // the stack pointer at the function's entry, plus `bits` (signed)
  Input,  // what the caller handed over: of Go, the 8 bytes at entry SP + `bits`; else the parameter `bits`
  Static, // the 8 bytes at the constant address `bits`
};

struct Value {
  ValueKind kind = ValueKind::Unknown;
  int64_t bits = 0;

  bool operator==(const Value& other) const = default;
  bool is(ValueKind other) const { return kind == other; }
  explicit operator bool() const { return kind != ValueKind::Unknown; }

  static Value constant(int64_t bits) { return {ValueKind::Const, bits}; }
  static Value frame(int64_t offset) { return {ValueKind::Frame, offset}; }
  static Value input(int64_t place) { return {ValueKind::Input, place}; }
  static Value atAddress(int64_t address) { return {ValueKind::Static, address}; }
};

// A few values by number.
class FewValues {
public:
  struct Entry {
    int64_t key;
    Value value;

    bool operator==(const Entry& other) const = default;
  };
  static constexpr size_t most = 64;

  const Value* find(int64_t key) const {
    for (auto& entry : entries) {
      if (entry.key == key) {
        return &entry.value;
      }
    }
    return nullptr;
  }
  // False when there was no room.
  bool set(int64_t key, Value value) {
    for (auto& entry : entries) {
      if (entry.key == key) {
        entry.value = value;
        return true;
      }
    }
    if (entries.size() == most) {
      return false;
    }
    entries.push_back({key, value});
    return true;
  }
  template<typename Predicate> void eraseIf(Predicate predicate) {
    entries.erase(std::remove_if(entries.begin(), entries.end(), predicate), entries.end());
  }
  void erase(int64_t key) {
    eraseIf([&](const Entry& entry) { return entry.key == key; });
  }
  void clear() { entries.clear(); }
  auto begin() const { return entries.begin(); }
  auto end() const { return entries.end(); }
  auto begin() { return entries.begin(); }
  auto end() { return entries.end(); }

private:
  std::vector<Entry> entries;
};

// Where a Go function's inputs begin, above its return address.
constexpr int64_t firstInput = 8; // bytes above the entry SP

struct FlowState {
  // False behind a branch: the code is not reached from here.
  bool live = true;
  // The global that is the stack pointer.
  Value sp;
  FewValues locals;
  // Eight bytes each on the stack, by offset from the entry SP. Of inputs (see
  // firstInput) those that have been overwritten, with a value that may be
  // unknown; of the frame below those that are known.
  FewValues slots;
  // False when nothing can be said of inputs that are not in `slots`.
  bool inputsIntact = true;

  Value local(int64_t index) const {
    auto* value = locals.find(index);
    return value ? *value : Value();
  }
  void setLocal(int64_t index, Value value) {
    if (!value || !locals.set(index, value)) {
      locals.erase(index);
    }
  }

  // `goInputs`: what is above the entry SP are inputs.
  Value slot(int64_t offset, bool goInputs) const {
    if (auto* value = slots.find(offset)) {
      return *value;
    }
    return goInputs && inputsIntact && offset >= firstInput ? Value::input(offset) : Value();
  }
  void setSlot(int64_t offset, Value value) {
    if (offset < firstInput && !value) {
      slots.erase(offset);
    } else if (!slots.set(offset, value)) {
      inputsIntact &= offset < firstInput;
    }
  }
  // A write of other than eight bytes, or of more.
  void overwrite(int64_t offset, uint64_t bytes) {
    for (auto& entry : slots) {
      if (entry.key < offset + int64_t(bytes) && entry.key + 8 > offset) {
        entry.value = {};
      }
    }
    if (offset + int64_t(bytes) > firstInput) {
      inputsIntact = false;
    }
    dropUnknownFrame();
  }

  // Forgets the frame below an offset, which a function that was called may have
  // written to.
  void forgetFrame(int64_t below = firstInput) {
    slots.eraseIf([&](const FewValues::Entry& entry) { return entry.key < std::min(below, firstInput); });
  }

  void forgetAll() {
    sp = {};
    locals.clear();
    slots.clear();
    inputsIntact = false;
  }

  // Keeps what is known on both ways to a point.
  void merge(const FlowState& other) {
    if (!other.live) {
      return;
    }
    if (!live) {
      *this = other;
      return;
    }
    if (sp != other.sp) {
      sp = {};
    }
    locals.eraseIf([&](const FewValues::Entry& entry) { return other.local(entry.key) != entry.value; });
    for (auto& entry : slots) {
      if (other.slot(entry.key, false) != entry.value) {
        entry.value = {};
      }
    }
    for (auto& entry : other.slots) {
      if (entry.key >= firstInput && !slots.find(entry.key)) {
        setSlot(entry.key, {});
      }
    }
    inputsIntact &= other.inputsIntact;
    dropUnknownFrame();
  }

private:
  void dropUnknownFrame() {
    slots.eraseIf([](const FewValues::Entry& entry) { return entry.key < firstInput && !entry.value; });
  }
};

} // namespace parigot::gojs

#endif // parigot_audit_flow_state_h
