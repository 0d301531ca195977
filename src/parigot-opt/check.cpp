// `parigot-opt check`: whether a world keeps its laws, or those of a file.

#include <iostream>

#include <nlohmann/json.hpp>

#include "parigot-opt/command.h"
#include "parigot-opt/governed_input.h"
#include "support/printable.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;
using Json = nlohmann::ordered_json;

Result<> check(const CheckOptions& options) {
  auto read = readGovernedInput(options.file, options.choice, options.laws);
  CHECK_ERR(read);
  auto& input = **read;
  auto& laws = input.world.government;
  if (laws.empty()) {
    return Err{shownFile(options.file) +
               ": has no laws; give a file of laws with --government FILE, which "
               "`parigot-opt inspect --government=suggest " +
               shownFile(options.file) + "` can write"};
  }
  auto broken = violations(*input.module, input.world, input.usage, input.own, input.finished);
  if (options.json) {
    Json json{{"file", shownFile(options.file)}, {"laws", laws.path}, {"violations", broken}};
    std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  }
  std::string text;
  for (auto& line : broken) {
    text += "\n" + line;
  }
  if (!broken.empty()) {
    return Err{shownFile(options.file) + ": breaks the laws of " + laws.path + text};
  }
  if (!options.json) {
    std::cout << printable(shownFile(options.file)) << ": keeps the laws of " << printable(laws.path) << ", "
              << input.usage.size() << (input.usage.size() == 1 ? " service\n" : " services\n");
  }
  return Ok{};
}

} // namespace parigot
