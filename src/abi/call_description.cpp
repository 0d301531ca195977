#include "abi/call_description.h"

#include <algorithm>
#include <array>

#include "abi/param_reader.h"
#include "ir/describe.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;
using wasm::Signature;
using wasm::Type;

constexpr std::array<CallTextKey, 5> keys = {{{"result", &CallTexts::result},
                                              {"allocator", &CallTexts::allocator},
                                              {"service_allocator", &CallTexts::serviceAllocator},
                                              {"service_release", &CallTexts::serviceRelease},
                                              {"service_free", &CallTexts::serviceFree}}};

constexpr int mostDepth = 8;
constexpr size_t mostOperands = 8;

Result<Allocator> readExpression(ParamReader& reader, int depth) {
  Allocator read;
  auto word = std::string(reader.name());
  if (word.empty() || depth > mostDepth) {
    return Err{word.empty() ? "needs the name of an export" : "is nested too deeply"};
  }
  bool isNumber = std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c); });
  if (isNumber) {
    auto number = ParamReader(word).integer();
    if (!number || *number > int64_t(UINT32_MAX)) {
      return Err{"has the number " + word + ", which is none of 32 bits"};
    }
    read.constant = uint32_t(*number);
    return read;
  }
  if (!reader.accept('(')) {
    read.kind = Allocator::Kind::Size;
    return word == "size"
             ? Result<Allocator>(read)
             : Err{"has '" + word + "', which is no call such as " + word + "(size), not 'size' and no number"};
  }
  read.kind = Allocator::Kind::Call;
  read.function = word;
  while (!reader.accept(')')) {
    if (read.operands.size() == mostOperands || (!read.operands.empty() && !reader.accept(','))) {
      return Err{"needs a ')' behind the operands of " + word + ", of which it can have 8"};
    }
    auto operand = readExpression(reader, depth + 1);
    CHECK_ERR(operand);
    read.operands.push_back(std::move(*operand));
  }
  return read;
}

bool hasSize(const Allocator& allocator) {
  return allocator.kind == Allocator::Kind::Size ||
         std::any_of(allocator.operands.begin(), allocator.operands.end(), hasSize);
}

Result<Allocator> readAllocator(const char* key, const std::string& text) {
  auto allocator = Allocator::parse(text);
  if (auto* error = allocator.getErr()) {
    return Err{std::string("'") + key + "' is \"" + text + "\", which " + error->msg};
  }
  return allocator;
}

Result<> needsExport(const CallEnd& end, const std::string& name, const Signature& signature, const std::string& why) {
  auto* function = end.exported(name);
  if (!function || function->getSig() != signature) {
    return Err{"it needs " + end.name + " to export a function '" + name + "' as " + describe(signature) + " " + why +
               (function ? ", and that has the type " + describe(function->getSig()) : "")};
  }
  return Ok{};
}

Result<> checkAllocator(const CallEnd& end, const Allocator& allocator, const std::string& why) {
  if (allocator.kind != Allocator::Kind::Call) {
    return Ok{};
  }
  std::vector<Type> params(allocator.operands.size(), Type::i32);
  CHECK_ERR(needsExport(end, allocator.function, Signature(Type(params), Type::i32), why));
  for (auto& operand : allocator.operands) {
    CHECK_ERR(checkAllocator(end, operand, why));
  }
  return Ok{};
}

Result<> checkResult(const Param& result, const Signature& signature) {
  if (result.kind == ParamKind::Number) {
    return Ok{};
  }
  Type wanted = result.isPacked() ? Type::i64 : Type::i32;
  if (signature.results != wanted) {
    return Err{std::string("'result' is ") + (result.isPacked() ? "an address and a length in one i64" : "an address") +
               ", and it is of type " + describe(signature)};
  }
  return Ok{};
}

} // namespace

std::span<const CallTextKey> callTextKeys() { return keys; }

Result<Allocator> Allocator::parse(const std::string& text) {
  bool isName = text.find('(') == std::string::npos;
  ParamReader reader(text);
  Allocator allocator;
  if (isName) {
    allocator.kind = Kind::Call;
    allocator.function = std::string(reader.name());
    allocator.operands.push_back({Kind::Size, 0, "", {}});
  } else {
    auto read = readExpression(reader, 0);
    CHECK_ERR(read);
    allocator = std::move(*read);
  }
  if (!reader.atEnd()) {
    return Err{"has something behind its end"};
  }
  if (allocator.kind != Kind::Call || allocator.function.empty() || !hasSize(allocator)) {
    return Err{"is no call of an export with 'size', such as malloc or __new(size, 2)"};
  }
  return allocator;
}

Result<CallDescription> CallDescription::parse(CallTexts texts) {
  auto params = Params::parse(texts.params, ParamUse::Call, texts.result);
  CHECK_ERR(params);
  CallDescription call;
  call.parsed = std::move(*params);
  call.written = std::move(texts);
  auto& said = call.written;
  bool in = call.allocatesInService(), out = call.allocatesInClient();
  if (!out && (!said.allocator.empty() || !said.serviceFree.empty())) {
    return Err{"'allocator' and 'service_free' are for bytes of the service's that come out, by an \"out\" result, a "
               "pointer or a pair, and there are none"};
  }
  if (!in && (!said.serviceAllocator.empty() || !said.serviceRelease.empty())) {
    return Err{"'service_allocator' and 'service_release' are for \"in allocated\" parameters, and there are none"};
  }
  if (in && said.serviceAllocator.empty()) {
    return Err{"'service_allocator' must say which export of the service allocates the \"in allocated\" parameters"};
  }
  if (out) {
    auto allocator = readAllocator("allocator", said.allocator.empty() ? "malloc" : said.allocator);
    CHECK_ERR(allocator);
    call.clientAllocator = std::move(*allocator);
  }
  if (in) {
    auto allocator = readAllocator("service_allocator", said.serviceAllocator);
    CHECK_ERR(allocator);
    call.calleeAllocator = std::move(*allocator);
  }
  return call;
}

bool CallDescription::allocatesInClient() const {
  auto values = parsed.values();
  return result().kind == ParamKind::Out || result().kind == ParamKind::Packed ||
         std::any_of(values.begin(), values.end(), [](auto& param) {
           return param.kind == ParamKind::OutPointer || param.kind == ParamKind::OutPair;
         });
}

bool CallDescription::allocatesInService() const {
  auto values = parsed.values();
  return std::any_of(values.begin(), values.end(), [](auto& param) { return param.allocated; });
}

std::string CallDescription::toString() const {
  std::string text;
  for (auto& param : written.params) {
    text += (text.empty() ? "" : ", ") + param;
  }
  text = "(" + text + ")";
  for (auto& [key, member] : callTextKeys()) {
    auto& said = written.*member;
    if (!said.empty()) {
      text += member == &CallTexts::result ? " -> " + said : "; " + std::string(key) + " " + said;
    }
  }
  return text;
}

Result<> checkCall(const CallDescription& description,
                   const Signature& signature,
                   const CallEnd& client,
                   const CallEnd& service) {
  auto& texts = description.texts();
  CHECK_ERR(checkParams(description.params().values(), signature));
  CHECK_ERR(checkResult(description.result(), signature));
  for (auto& name : description.params().exports()) {
    CHECK_ERR(needsExport(service, name, Signature(Type::none, Type::i32), "to tell a number of bytes"));
  }
  if (description.allocatesInClient()) {
    CHECK_ERR(checkAllocator(client, description.allocator(), "for the bytes that come out"));
  }
  if (description.allocatesInService()) {
    CHECK_ERR(checkAllocator(service, description.serviceAllocator(), "for the \"in allocated\" parameters"));
  }
  auto release = Signature(Type::i32, Type::none);
  if (!texts.serviceRelease.empty()) {
    CHECK_ERR(needsExport(service, texts.serviceRelease, release, "for 'service_release'"));
  }
  if (!texts.serviceFree.empty()) {
    CHECK_ERR(needsExport(service, texts.serviceFree, release, "for 'service_free'"));
  }
  return Ok{};
}

} // namespace parigot
