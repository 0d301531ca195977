#include "abi/param.h"

#include <algorithm>
#include <map>

#include "abi/param_reader.h"
#include "ir/describe.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

constexpr size_t mostParams = 127;
constexpr int64_t mostOffset = 1 << 16;

struct Parser {
  const std::vector<std::string>& texts;
  ParamUse use;
  std::map<std::string, int, std::less<>> names;
  std::vector<Param> params;
  std::vector<std::string> exports;
  Param result;
  bool inResult = false;

  Err wrong(const std::string& text, const std::string& why) {
    return Err{(inResult ? "the result \"" : "the parameter \"") + text + "\" " + why};
  }

  Result<> readNames() {
    for (auto& text : texts) {
      std::string name(ParamReader(text).name());
      if (name.empty()) {
        return wrong(text, "needs a name");
      }
      if (!names.insert({name, int(names.size())}).second) {
        return wrong(text, "has the name of another one");
      }
    }
    return Ok{};
  }

  // The parameter of that name, which is not the one that is being read.
  std::optional<int8_t> other(std::string_view name) {
    auto found = names.find(name);
    if (found == names.end() || (!inResult && found->second == int(params.size()))) {
      return {};
    }
    return int8_t(found->second);
  }

  // Reads the text between '[' and ']'; '[' has been read.
  Result<> readCount(const std::string& text, ParamReader& reader, Param& param) {
    if (reader.accept('@')) {
      auto offset = reader.integer();
      if (!offset || *offset > mostOffset || *offset < -mostOffset || (*offset < 0 && *offset > -4)) {
        return wrong(text,
                     "needs the distance from the address to where the number is, in bytes: [@-4], or [@0] where the "
                     "data follow it");
      }
      param.from = CountFrom::Field;
      param.offset = int32_t(*offset);
    } else {
      bool pointee = reader.accept('*');
      auto name = reader.name();
      if (!pointee && reader.accept('(')) {
        if (!reader.accept(')') || name.empty()) {
          return wrong(text, "needs an export without parameters that tells the number: [size()]");
        }
        param.from = CountFrom::Export;
        param.exported = int8_t(exports.size());
        exports.emplace_back(name);
      } else if (auto index = other(name)) {
        param.from = pointee ? CountFrom::Pointee : CountFrom::Param;
        param.count = *index;
      } else if (reader.accept(']')) {
        return wrong(text, "is counted by '" + std::string(name) + "', which is no other parameter");
      }
    }
    return reader.accept(']') ? Result<>(Ok{}) : wrong(text, "needs a ']' after the parameter that counts");
  }

  // Reads [len], 8[n] or 64. Returns whether the text is one of these.
  Result<bool> readSize(const std::string& text, ParamReader& reader, Param& param) {
    auto bytes = reader.bytes();
    if (reader.accept('[')) {
      param.element = bytes.value_or(1);
      CHECK_ERR(readCount(text, reader, param));
      return true;
    }
    param.fixed = bytes.value_or(0);
    return bytes.has_value();
  }

  Result<> readBuffers(const std::string& text, ParamReader& reader, Param& param, bool in) {
    param.kind = in ? ParamKind::GatherFrom : ParamKind::ScatterTo;
    param.element = 8;
    if (!reader.accept('[')) {
      return wrong(text, "needs the parameter that counts the buffers: buffers[n]");
    }
    return readCount(text, reader, param);
  }

  // ptr<<32|len or len<<32|ptr
  Result<> readPacked(const std::string& text, ParamReader& reader, Param& param, ParamKind kind) {
    param.kind = kind;
    auto high = reader.name();
    bool shifted = reader.accept('<') && reader.accept('<') && reader.bytes() == 32u && reader.accept('|');
    auto low = reader.name();
    if (inResult && kind == ParamKind::Packed && high == "ptr" && low == "flag") {
      param.flagged = reader.accept('<') && reader.accept('<') && reader.bytes() == 31u && reader.accept('|');
      low = param.flagged ? reader.name() : "";
    }
    if (!shifted || !((high == "ptr" && low == "len") || (high == "len" && low == "ptr"))) {
      return wrong(text, "must say which half of the i64 is the address: packed ptr<<32|len or packed len<<32|ptr");
    }
    param.lengthFirst = high == "len";
    return Ok{};
  }

  Result<> readPair(const std::string& text, ParamReader& reader, Param& param) {
    param.kind = ParamKind::OutPair;
    auto first = reader.name();
    bool comma = reader.accept(',');
    auto second = reader.name();
    if (!comma || !((first == "ptr" && second == "len") || (first == "len" && second == "ptr"))) {
      return wrong(text, "must say which of the two is the address: pair ptr,len or pair len,ptr");
    }
    param.lengthFirst = first == "len";
    return Ok{};
  }

  // Reads the description of bytes of the callee, for a result or a pointer. They may end with a zero byte.
  Result<> readOwn(const std::string& text, ParamReader& reader, Param& param) {
    if (reader.acceptName("string")) {
      param.from = CountFrom::ZeroByte;
      return Ok{};
    }
    auto sized = readSize(text, reader, param);
    CHECK_ERR(sized);
    return *sized
             ? Result<>(Ok{})
             : wrong(text, "must say how many bytes there are: a number, [len], [*len], [@-4], [size()] or string");
  }

  Result<> readWhat(const std::string& text, ParamReader& reader, Param& param, bool in, bool out) {
    param.kind = !in ? ParamKind::Out : out ? ParamKind::InOut : ParamKind::In;
    auto sized = readSize(text, reader, param);
    CHECK_ERR(sized);
    if (*sized) {
      return Ok{};
    }
    auto word = reader.name();
    if (word == "allocated" && in && !out && !param.allocated) {
      param.allocated = true;
      return readWhat(text, reader, param, in, out);
    }
    if (word == "string" && in && !out) {
      param.kind = ParamKind::String;
      param.from = CountFrom::ZeroByte;
      return Ok{};
    }
    if (word == "packed" && in && !out) {
      return readPacked(text, reader, param, ParamKind::Packed);
    }
    if (word == "payload" && in && out) {
      param.kind = ParamKind::Payload;
      return Ok{};
    }
    if (word == "buffers" && in != out && !param.allocated) {
      return readBuffers(text, reader, param, in);
    }
    if (word == "pointer" && !in) {
      param.kind = ParamKind::OutPointer;
      return readOwn(text, reader, param);
    }
    if (word == "pair" && !in) {
      return readPair(text, reader, param);
    }
    if (word == "error" && !in) {
      param.fixed = 4;
      param.isError = true;
      param.noRoom = reader.bytes().value_or(0);
      return Ok{};
    }
    return wrong(
      text,
      std::string("must say how many bytes there are: a number, [len], 8[n], buffers[n] (in or out), string "
                  "(in), ") +
        (use == ParamUse::Host ? "packed (in), or payload (inout)" : "packed (in), pointer, pair or error (out)"));
  }

  Result<> readOne(const std::string& text) {
    ParamReader reader(text);
    reader.name();
    Param param;
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
    CHECK_ERR(checkUse(text, param));
    params.push_back(param);
    return Ok{};
  }

  Result<> checkUse(const std::string& text, const Param& param) {
    if (use == ParamUse::Call && param.kind == ParamKind::Payload) {
      return wrong(text, "is for [[host]] only");
    }
    auto isError = [](auto& other) { return other.isError; };
    if (param.isError && std::any_of(params.begin(), params.end(), isError)) {
      return wrong(text, "is a second error, and a call has one");
    }
    bool known =
      param.kind <= ParamKind::Packed && !param.allocated && !param.isError && param.from != CountFrom::Export;
    if (use == ParamUse::Host && !known) {
      return wrong(text, "is for calls between services only; a function of the host has none of these");
    }
    bool isArrayOfMeasured = param.isArrayOfBuffers() && param.from != CountFrom::Param;
    if (use == ParamUse::Host && isArrayOfMeasured) {
      return wrong(text, "is counted by what lies in memory, which is for calls between services only");
    }
    return Ok{};
  }

  Result<> readResult(const std::string& text) {
    inResult = true;
    ParamReader reader(text);
    auto direction = reader.name();
    if (direction == "out") {
      result.kind = ParamKind::Out;
      if (reader.acceptName("packed")) {
        CHECK_ERR(readPacked(text, reader, result, ParamKind::Packed));
      } else {
        CHECK_ERR(readOwn(text, reader, result));
      }
    } else if (direction == "in") {
      auto name = reader.name();
      auto index = other(name);
      if (!index || !isBlock(params[*index])) {
        return wrong(text, "lies in '" + std::string(name) + "', which is no parameter with bytes");
      }
      result.kind = ParamKind::Inside;
      if (reader.acceptName("packed")) {
        CHECK_ERR(readPacked(text, reader, result, ParamKind::PackedInside));
      }
      result.count = *index;
    } else {
      return wrong(
        text,
        "must begin with out, for bytes of the service's own, or with in and the parameter in whose bytes it "
        "lies; leave it out where it is a number");
    }
    return reader.atEnd() ? Result<>(Ok{}) : wrong(text, "has something behind its end");
  }

  static bool isBlock(const Param& param) {
    return param.kind == ParamKind::In || param.kind == ParamKind::Out || param.kind == ParamKind::InOut ||
           param.kind == ParamKind::String;
  }

  // Checks that a count is a number, or the address of a number that is available before the bytes are copied.
  Result<> checkCount(const std::string& text, const Param& param, bool behindCall) {
    if (param.count < 0 || param.kind == ParamKind::Inside || param.kind == ParamKind::PackedInside) {
      return Ok{};
    }
    auto& count = params[param.count];
    if (param.from == CountFrom::Param) {
      return count.isAddress() || count.isPacked() ? wrong(text, "is counted by an address") : Result<>(Ok{});
    }
    bool there = count.kind == ParamKind::InOut || count.kind == (behindCall ? ParamKind::Out : ParamKind::In);
    if (there && count.fixed == 4) {
      return Ok{};
    }
    return wrong(text,
                 std::string("is counted by what a parameter points to, which must be ") +
                   (behindCall ? "\"out 4\"" : "\"in 4\"") + " or \"inout 4\"");
  }

  Result<> read(const std::string& resultText) {
    if (texts.size() > mostParams) {
      return Err{"there are more than " + std::to_string(mostParams) + " parameters"};
    }
    CHECK_ERR(readNames());
    for (auto& text : texts) {
      CHECK_ERR(readOne(text));
    }
    for (size_t i = 0; i < params.size(); i++) {
      CHECK_ERR(checkCount(texts[i], params[i], params[i].kind == ParamKind::OutPointer));
    }
    if (!resultText.empty()) {
      CHECK_ERR(readResult(resultText));
      CHECK_ERR(checkCount(resultText, result, true));
    }
    return Ok{};
  }
};

} // namespace

Result<Params> Params::parse(std::vector<std::string> texts, ParamUse use, const std::string& result) {
  Parser parser{texts, use, {}, {}, {}, {}};
  CHECK_ERR(parser.read(result));
  Params params;
  params.parsed = std::move(parser.params);
  params.returned = parser.result;
  params.exported = std::move(parser.exports);
  params.written = std::move(texts);
  return params;
}

std::optional<wasm::Index> Params::error() const {
  for (wasm::Index i = 0; i < parsed.size(); i++) {
    if (parsed[i].isError) {
      return i;
    }
  }
  return {};
}

bool Params::anyAddress() const {
  return std::any_of(parsed.begin(), parsed.end(), [](auto& param) { return param.isAddress() || param.isPacked(); });
}

Result<> checkParams(std::span<const Param> params, const wasm::Signature& signature) {
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
    if (params[i].isPacked() && types[i] != wasm::Type::i64) {
      return Err{"an address and a length in one must be i64, and it is of type " + describe(signature)};
    }
  }
  return Ok{};
}

} // namespace parigot
