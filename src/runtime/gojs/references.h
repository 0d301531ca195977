// The ids by which Go knows values (syscall/js/js.go: ref; wasm_exec.js: storeValue, loadValue, finalizeRef).
//
// A value that Go holds has one id, however often Go gets it. Its count goes up each time that a reference is handed
// out, and down by finalizeRef. An id whose count is zero is used again.

#ifndef parigot_runtime_gojs_references_h
#define parigot_runtime_gojs_references_h

#include "value.h"

namespace gojs {

class References {
public:
  // Ids that are never freed: after those of Value::Constant.
  enum Fixed : uint32_t { global = Value::constants, go, firstFree };

  // Makes a reference for Go, and counts it.
  uint64_t give(const Value& value);
  // The value of a reference that Go passes. An id that Go does not hold ends the program.
  Value take(uint64_t ref);
  void finalize(uint32_t id);

private:
  struct Entry {
    Object* object = nullptr; // null: the id is free
    uint32_t count = 0;       // the number of Go's references; an object whose count would overflow is never freed
  };

  Object* fixed(uint32_t id);

  List<Entry> entries; // by id, from firstFree on
  List<uint32_t> freeIds;
};

} // namespace gojs

#endif // parigot_runtime_gojs_references_h
