// The listing of parigot's facts (tests/parigot/facts/wire.json). Messages are built and read by the names in it.
//
//   auto request = Message("RegisterRequest").id("host_id", host).text("debug_name", "x");
//   Fields response("RegisterResponse", bytes);
//   response.id("service_id")
//
// The protobuf code is independent of the kernel's, and uses only `Id` of it: the tests compare the kernel's bytes with
// it. A name that the listing does not have fails the test, and counts as 0. No function throws, since tests run on
// stacks of their own.

#ifndef parigot_unit_wire_facts_h
#define parigot_unit_wire_facts_h

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "runtime/kernel/wire.h"

namespace facts {

// The whole listing.
const nlohmann::json& listing();

// The fact of that name in a list (`numbers`, `ids`, `texts`, `calls`, `messages`).
const nlohmann::json& find(const std::string& list, const std::string& name);
int32_t number(const std::string& name);
inline int32_t error(const std::string& name) { return number("KernelErr." + name); }
kernel::Id id(const std::string& name);
std::string text(const std::string& name);
// A field of a message of syscall.v1, or of one with its full name.
const nlohmann::json& field(const std::string& message, const std::string& name);
// "KernelErr.BadId (api/...:117)", for a test's INFO.
std::string describe(const nlohmann::json& fact);
std::string describe(const kernel::Id& id);

class Message {
public:
  explicit Message(std::string name) : name(std::move(name)) {}

  Message& id(const std::string& field, const kernel::Id& value);
  Message& number(const std::string& field, int64_t value);
  Message& text(const std::string& field, const std::string& value); // also bytes
  Message& message(const std::string& field, const Message& value) { return text(field, value.bytes); }

  std::string name, bytes;
};

// An Any of a message.
Message wrapped(const Message& message);

// The tag of a field with a wire type, and a number as protobuf writes it.
enum WireType : uint32_t { asNumber = 0, asBytes = 2 };
std::string tag(uint32_t field, WireType type);
std::string varint(uint64_t value);

// The fields of a message. If the listing does not have a field, or has it with another type, the test fails.
class Fields {
public:
  Fields(std::string name, const std::string& bytes);

  bool has(const std::string& field) const;
  kernel::Id id(const std::string& field) const;
  int64_t number(const std::string& field) const;
  std::string text(const std::string& field) const;
  std::vector<std::string> all(const std::string& field) const;
  Fields message(const std::string& field) const;

private:
  struct Value {
    uint32_t field;
    uint64_t number;
    std::string bytes;
  };
  const Value* last(const std::string& field) const;

  std::string name;
  std::vector<Value> values;
};

} // namespace facts

#endif // parigot_unit_wire_facts_h
