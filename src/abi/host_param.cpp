#include "abi/host_param.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>

#include "abi/call_abi.h"
#include "ir/describe.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

// What a host may be told of one parameter at most, so that sums stay small.
constexpr uint32_t mostBytes = 1 << 30;
constexpr size_t mostParams = 127;

bool isNameChar(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.'; }

// Reads one text from left to right.
class Reader {
public:
  explicit Reader(const std::string& text) : rest(text) {}

  std::string_view name() {
    skipSpace();
    size_t end = 0;
    while (end < rest.size() && isNameChar(rest[end])) {
      end++;
    }
    return take(end);
  }

  bool accept(char c) {
    skipSpace();
    if (rest.empty() || rest[0] != c) {
      return false;
    }
    take(1);
    return true;
  }

  // A number of bytes from 1.
  std::optional<uint32_t> bytes() {
    skipSpace();
    uint32_t number = 0;
    auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc() || number == 0 || number > mostBytes) {
      return {};
    }
    take(end - rest.data());
    return number;
  }

  bool atEnd() {
    skipSpace();
    return rest.empty();
  }

private:
  std::string_view rest;

  void skipSpace() {
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t')) {
      take(1);
    }
  }

  std::string_view take(size_t size) {
    auto taken = rest.substr(0, size);
    rest.remove_prefix(size);
    return taken;
  }
};

struct Parser {
  const std::vector<std::string>& texts;
  std::map<std::string, int, std::less<>> names;
  std::vector<HostParam> params;

  static Err wrong(const std::string& text, const std::string& why) {
    return Err{"the parameter \"" + text + "\" " + why};
  }

  Result<> readNames() {
    for (auto& text : texts) {
      std::string name(Reader(text).name());
      if (name.empty()) {
        return wrong(text, "needs a name");
      }
      if (!names.insert({name, int(names.size())}).second) {
        return wrong(text, "has the name of another one");
      }
    }
    return Ok{};
  }

  Result<> readCount(const std::string& text, Reader& reader, HostParam& param) {
    auto name = reader.name();
    if (!reader.accept(']')) {
      return wrong(text, "needs a ']' after the parameter that counts");
    }
    auto found = names.find(name);
    if (found == names.end() || found->second == int(params.size())) {
      return wrong(text, "is counted by '" + std::string(name) + "', which is no other parameter");
    }
    param.count = int8_t(found->second);
    return Ok{};
  }

  Result<> readWhat(const std::string& text, Reader& reader, HostParam& param, bool in, bool out) {
    param.kind = !in ? HostParamKind::Out : out ? HostParamKind::InOut : HostParamKind::In;
    if (reader.accept('[')) {
      param.element = 1;
      return readCount(text, reader, param);
    }
    if (auto bytes = reader.bytes()) {
      if (!reader.accept('[')) {
        param.fixed = *bytes;
        return Ok{};
      }
      param.element = *bytes;
      return readCount(text, reader, param);
    }
    auto word = reader.name();
    if (word == "string" && in && !out) {
      param.kind = HostParamKind::String;
      return Ok{};
    }
    if (word == "payload" && in && out) {
      param.kind = HostParamKind::Payload;
      return Ok{};
    }
    if (word == "buffers" && in != out) {
      param.kind = in ? HostParamKind::GatherFrom : HostParamKind::ScatterTo;
      param.element = 8;
      if (!reader.accept('[')) {
        return wrong(text, "needs the parameter that counts the buffers: buffers[n]");
      }
      return readCount(text, reader, param);
    }
    return wrong(text,
                 "must say how many bytes there are: a number, [len], 8[n], buffers[n] "
                 "(in or out), string (in), or payload (inout)");
  }

  Result<> readOne(const std::string& text) {
    Reader reader(text);
    reader.name();
    HostParam param;
    if (reader.accept(':')) {
      auto direction = reader.name();
      if (direction != "in" && direction != "out" && direction != "inout") {
        return wrong(text, "must say in, out or inout after the ':', or be a name only if it is no address");
      }
      CHECK_ERR(readWhat(text, reader, param, direction != "out", direction != "in"));
    }
    if (!reader.atEnd()) {
      return wrong(text, "has something behind its end");
    }
    params.push_back(param);
    return Ok{};
  }

  Result<> read() {
    if (texts.size() > mostParams) {
      return Err{"there are more than " + std::to_string(mostParams) + " parameters"};
    }
    CHECK_ERR(readNames());
    for (auto& text : texts) {
      CHECK_ERR(readOne(text));
    }
    for (size_t i = 0; i < params.size(); i++) {
      if (params[i].count >= 0 && params[params[i].count].isAddress()) {
        return wrong(texts[i], "is counted by an address");
      }
    }
    return Ok{};
  }
};

} // namespace

Result<HostParams> HostParams::parse(std::vector<std::string> texts) {
  Parser parser{texts, {}, {}};
  CHECK_ERR(parser.read());
  HostParams params;
  params.parsed = std::move(parser.params);
  params.written = std::move(texts);
  return params;
}

bool HostParams::anyAddress() const {
  return std::any_of(parsed.begin(), parsed.end(), [](auto& param) { return param.isAddress(); });
}

Result<> checkHostParams(std::span<const HostParam> params, const wasm::Signature& signature) {
  auto& types = signature.params;
  if (params.size() != types.size()) {
    return Err{"it has " + std::to_string(types.size()) + " parameters, and 'params' has " +
               std::to_string(params.size())};
  }
  for (size_t i = 0; i < params.size(); i++) {
    auto isI32 = [&](size_t index) { return types[index] == wasm::Type::i32; };
    if ((params[i].isAddress() && !isI32(i)) || (params[i].count >= 0 && !isI32(params[i].count))) {
      return Err{"an address and what counts its bytes must be i32, and it is of type " + describe(signature)};
    }
  }
  return Ok{};
}

} // namespace parigot
