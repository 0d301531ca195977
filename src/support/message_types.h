// Types of protobuf messages that are known at run time only, and messages of them from JSON.

#ifndef parigot_support_message_types_h
#define parigot_support_message_types_h

#include <memory>
#include <string>

#include "support/result.h"

namespace parigot {

class MessageTypes {
public:
  MessageTypes();
  ~MessageTypes();
  MessageTypes(MessageTypes&&) noexcept;
  MessageTypes& operator=(MessageTypes&&) noexcept;

  // Adds the types of a FileDescriptorSet (protoc --descriptor_set_out), which has every file that one of its files
  // imports (--include_imports). A file that is known already is skipped. The error names the file in the set.
  wasm::Result<> add(const std::string& descriptorSet);

  // A message of the type with this full name ("greeting.v1.Reply"), from its protobuf JSON, in the wire format. An
  // error says what does not fit.
  wasm::Result<std::string> encode(const std::string& type, const std::string& json) const;

private:
  struct Pool;
  std::unique_ptr<Pool> pool;
};

} // namespace parigot

#endif // parigot_support_message_types_h
