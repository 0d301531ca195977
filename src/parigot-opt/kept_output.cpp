#include "parigot-opt/kept_output.h"

#include <algorithm>
#include <mutex>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

namespace parigot {

namespace {

// A number of 8 bytes, the least significant first.
std::string written(uint64_t number) {
  std::string text;
  for (int shift = 0; shift < 64; shift += 8) {
    text += char(number >> shift);
  }
  return text;
}

// Takes parts of an entry from its begin. An entry that ends too early gives empty ones.
class Parts {
public:
  explicit Parts(std::string_view bytes) : rest(bytes) {}

  uint64_t number() {
    uint64_t value = 0;
    auto bytes = take(8);
    for (size_t i = 0; i < bytes.size(); i++) {
      value |= uint64_t(uint8_t(bytes[i])) << (8 * i);
    }
    return value;
  }

  std::string_view take(uint64_t size) {
    auto part = rest.substr(0, size);
    rest.remove_prefix(part.size());
    return part;
  }

  std::string_view rest;
};

} // namespace

std::string keyOfOutput(BuildCache& cache, const BuildOptions& options, const std::vector<std::string>& inputs) {
  if (!cache.works() || options.debug.any() || options.manifest == "-") {
    return "";
  }
  auto key = cache.key("output");
  key.addPart(options.given).addPart(options.choice.environmentProfile.value_or(""));
  for (auto& level : options.optimize) {
    key.addPart(level);
  }
  for (auto& path : inputs) {
    auto digest = cache.files.of(path);
    if (!digest) {
      return "";
    }
    key.addPart(path).addPart(*digest);
  }
  return key.digest();
}

std::optional<KeptOutput> getOutput(const BuildCache& cache, const std::string& key) {
  auto entry = key.empty() ? std::nullopt : cache.get(key);
  if (!entry) {
    return {};
  }
  KeptOutput output;
  Parts parts(*entry);
  auto count = parts.number();
  for (uint64_t i = 0; i < count && !parts.rest.empty(); i++) {
    auto level = spdlog::level::level_enum(std::min<uint64_t>(parts.number(), spdlog::level::critical));
    output.lines.emplace_back(level, parts.take(parts.number()));
  }
  output.bytes = parts.rest;
  return output;
}

void putOutput(BuildCache& cache, const std::string& key, const KeptOutput& output) {
  auto entry = written(output.lines.size());
  for (auto& [level, text] : output.lines) {
    entry += written(level) + written(text.size()) + text;
  }
  cache.put(key, entry + output.bytes);
}

class LogRecorder::Sink : public spdlog::sinks::base_sink<std::mutex> {
public:
  LoggedLines lines;

protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    lines.emplace_back(message.level, std::string(message.payload.data(), message.payload.size()));
  }
  void flush_() override {}
};

LogRecorder::LogRecorder() : sink(std::make_shared<Sink>()) { spdlog::default_logger()->sinks().push_back(sink); }

LogRecorder::~LogRecorder() { std::erase(spdlog::default_logger()->sinks(), sink); }

const LoggedLines& LogRecorder::lines() const { return sink->lines; }

} // namespace parigot
