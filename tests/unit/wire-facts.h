// The listing of parigot's facts (tests/parigot/facts/wire.json), and messages made and taken apart by the names that
// it has.
//
//   auto request = Message("RegisterRequest").id("host_id", host).text("debug_name", "x");
//   Fields response("RegisterResponse", bytes);
//   response.id("service_id")
//
// The protobuf is written here once more, and nothing but `Id` is the kernel's: what the kernel writes and reads is
// compared with this. A name that the listing lacks fails the test, and is 0. Nothing throws, since tests run on stacks
// of their own.

#ifndef parigot_unit_wire_facts_h
#define parigot_unit_wire_facts_h

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "runtime/kernel/wire.h"

namespace facts {

// All of it.
const nlohmann::json& listing();

// The fact of that name in the list (`numbers`, `ids`, `texts`, `calls`, `messages`).
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

// The tag of a field, of a wire type; and a number as protobuf has it.
enum WireType : uint32_t { asNumber = 0, asBytes = 2 };
std::string tag(uint32_t field, WireType type);
std::string varint(uint64_t value);

// What a message has. A field that the listing lacks, or has of another type, fails the test.
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
