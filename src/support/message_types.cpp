#include "support/message_types.h"

#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver_util.h>

#include "support/nearest.h"

namespace parigot {

namespace protobuf = google::protobuf;
using wasm::Err;
using wasm::Ok;
using wasm::Result;

namespace {

constexpr const char* urlPrefix = "type.googleapis.com";

class Errors : public protobuf::DescriptorPool::ErrorCollector {
public:
  void AddError(const std::string& file,
                const std::string& element,
                const protobuf::Message*,
                ErrorLocation,
                const std::string& message) override {
    text += (text.empty() ? "" : "; ") + file + ": " + element + ": " + message;
  }
  std::string text;
};

} // namespace

struct MessageTypes::Pool {
  protobuf::DescriptorPool types;
  std::vector<std::string> names; // of messages, for "did you mean"
};

MessageTypes::MessageTypes() : pool(std::make_unique<Pool>()) {}
MessageTypes::~MessageTypes() = default;
MessageTypes::MessageTypes(MessageTypes&&) noexcept = default;
MessageTypes& MessageTypes::operator=(MessageTypes&&) noexcept = default;

Result<> MessageTypes::add(const std::string& descriptorSet) {
  protobuf::FileDescriptorSet set;
  if (!set.ParseFromString(descriptorSet) || !set.file_size()) {
    return Err{"is no FileDescriptorSet, or it is empty (protoc --descriptor_set_out=FILE --include_imports)"};
  }
  for (auto& file : set.file()) {
    if (pool->types.FindFileByName(file.name())) {
      continue;
    }
    Errors errors;
    auto* built = pool->types.BuildFileCollectingErrors(file, &errors);
    if (!built) {
      return Err{"its types cannot be used: " + errors.text};
    }
    for (int i = 0; i < built->message_type_count(); i++) {
      pool->names.push_back(std::string(built->message_type(i)->full_name()));
    }
  }
  return Ok{};
}

Result<std::string> MessageTypes::encode(const std::string& type, const std::string& json) const {
  if (!pool->types.FindMessageTypeByName(type)) {
    return Err{"there is no message '" + type + "' in the descriptors" + didYouMean(type, pool->names)};
  }
  std::unique_ptr<protobuf::util::TypeResolver> resolver(
    protobuf::util::NewTypeResolverForDescriptorPool(urlPrefix, &pool->types));
  std::string bytes;
  auto url = std::string(urlPrefix);
  url += "/" + type;
  auto status = protobuf::util::JsonToBinaryString(resolver.get(), url, json, &bytes);
  if (!status.ok()) {
    return Err{"it is no " + type + ": " + std::string(status.message())};
  }
  return bytes;
}

} // namespace parigot
