// What is known of a function's variables at one point of its code.
//
// A state has the values through which programs pass the names of JavaScript properties, and the objects that have
// them: constants, places on the stack, inputs from the caller, and variables of the program at constant addresses. All
// other values are unknown.
//
// A state has a fixed limit of values (FewValues::most), and forgets values beyond it. So copying and merging take
// constant time, and following a function takes time linear in its size.

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
  Input,  // a value from the caller: in Go's code the 8 bytes at entry SP + `bits`, else the parameter `bits`
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

// A map with few entries, searched in order.
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
  // Adds or replaces an entry. False: there was no room for a new one.
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

// A Go function's inputs begin here, above its return address.
constexpr int64_t firstInput = 8; // bytes above the entry SP

struct FlowState {
  // False after an instruction that leaves, such as a branch: the code after it is not reached this way.
  bool live = true;
  // The value of the global that is the stack pointer.
  Value sp;
  // Known values of locals, by index.
  FewValues locals;
  // Values on the stack, each of eight bytes. The key is the offset in bytes from the entry SP. From firstInput on,
  // this has the inputs that have been overwritten, and their value may be unknown. Below, it has the known values of
  // the function's frame.
  FewValues slots;
  // True: inputs that are not in `slots` still have the value from the caller. False: they are unknown.
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

  // The value of the eight bytes at an offset from the entry SP. `goInputs` says that inputs lie above the entry SP, as
  // in Go's code.
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
  // Forgets the values that a write touches. For writes that do not set the eight bytes of one slot.
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

  // Forgets the values of the frame below an offset, since a function that was called may have written there.
  void forgetFrame(int64_t below = firstInput) {
    slots.eraseIf([&](const FewValues::Entry& entry) { return entry.key < std::min(below, firstInput); });
  }

  void forgetAll() {
    sp = {};
    locals.clear();
    slots.clear();
    inputsIntact = false;
  }

  // Keeps only what is known, and the same, on both ways to a point.
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
