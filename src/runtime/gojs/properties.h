// The properties of an object, in the order in which they were set.

#ifndef parigot_runtime_gojs_properties_h
#define parigot_runtime_gojs_properties_h

#include "value.h"

namespace gojs {

class Properties {
public:
  struct Property {
    Value name; // a string
    Value value;
  };

  constexpr Properties() = default;

  // The value of a property. Null if there is none of this name. The pointer is valid until a property is set or
  // removed.
  const Value* find(Text name) const;
  void set(const Value& name, Value value);
  void remove(Text name);

  uint32_t size() const { return properties.size(); }
  const Property* begin() const { return properties.begin(); }
  const Property* end() const { return properties.end(); }

private:
  // Most objects have few properties. From this number on, a table is worth its memory.
  static constexpr uint32_t tableFrom = 16;

  int64_t indexOf(const Object* name) const;
  void buildTable() const;

  List<Property> properties;
  mutable List<uint32_t> table; // slots by name: index + 1, 0 for none; at most half full; empty when it is out of date
};

} // namespace gojs

#endif // parigot_runtime_gojs_properties_h
