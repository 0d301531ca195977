// `parigot-opt check --isolation`, and the same proof in a build.

#include "parigot-opt/isolation.h"

#include <iostream>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "debug/binary_layout.h"
#include "ir/read_module.h"
#include "parigot-opt/command.h"
#include "parigot-opt/emit.h"
#include "passes/passes.h"
#include "support/printable.h"
#include "verify/words.h"

namespace parigot {

using wasm::Err;
using wasm::Module;
using wasm::Ok;
using wasm::Result;
using Json = nlohmann::ordered_json;

void verifyIsolation(Module& module,
                     const wasm::PassOptions& passOptions,
                     const ProofOptions& options,
                     Progress& progress) {
  progress.show("proving isolation");
  auto use = [&](const verify::WorldProof& proof) {
    if (proof.unproved.empty()) {
      if (options.says) {
        spdlog::info("isolation: {}", verify::describeProof(proof));
      }
      return;
    }
    if (!options.unverified) {
      throw PassError("it is not proved that the services of this world touch nothing but their own; nothing was "
                      "written; --isolate=none does not isolate them, and --unverified writes the module nonetheless:" +
                      verify::describeUnproved(proof));
    }
    spdlog::warn("it is not proved that the services of this world touch nothing but their own:{}",
                 verify::describeUnproved(proof));
  };
  runPass(module, passOptions, createVerifyIsolationPass(use));
}

namespace {

// The offset of an instruction in the file, if it was read with positions.
std::optional<uint64_t> offsetOf(const Module& module, const verify::Issue& issue, uint64_t code) {
  auto* function = module.getFunctionOrNull(issue.function);
  if (!function || !issue.where) {
    return {};
  }
  auto found = function->debugLocations.find(issue.where);
  if (found == function->debugLocations.end() || !found->second) {
    return {};
  }
  return code + found->second->lineNumber;
}

Json toJson(const Module& module, const verify::WorldProof& proof, uint64_t code) {
  Json json = {{"proved", proof.unproved.empty()},
               {"functions", proof.functions},
               {"accesses", proof.accesses},
               {"instructions", proof.instructions},
               {"unproved", Json::array()},
               {"trusted", Json::array()}};
  for (auto& [service, issue] : proof.unproved) {
    Json entry = {{"service", service}, {"function", issue.function.toString()}};
    if (issue.access > 0) {
      entry["access"] = issue.access;
    }
    if (auto offset = offsetOf(module, issue, code)) {
      entry["offset"] = *offset;
    }
    if (!issue.instruction.empty()) {
      entry["instruction"] = issue.instruction;
    }
    entry["reason"] = issue.reason;
    json["unproved"].push_back(std::move(entry));
  }
  for (auto& trusted : proof.trusted) {
    json["trusted"].push_back({{"kind", trusted.kind},
                               {"function", trusted.name},
                               {"client", trusted.client},
                               {"services", trusted.services},
                               {"instructions", trusted.instructions}});
  }
  return json;
}

void printTrusted(const verify::WorldProof& proof) {
  for (auto& trusted : proof.trusted) {
    std::string text = "  trusted: " + trusted.kind + " " + trusted.name;
    if (!trusted.client.empty()) {
      text += ", of " + trusted.client;
    }
    for (auto& service : trusted.services) {
      text += ", " + service;
    }
    if (trusted.instructions > 0) {
      text += ", " + std::to_string(trusted.instructions) + " instructions";
    }
    std::cout << printable(text) << '\n';
  }
}

} // namespace

Result<> checkIsolation(const CheckOptions& options) {
  auto file = shownFile(options.file);
  if (options.file.ends_with(".toml") || !options.laws.empty()) {
    return Err{file + ": --isolation is for a finished world, a wasm file, and not for laws"};
  }
  std::vector<char> bytes;
  ReadOptions reading;
  reading.kept = &bytes;
  reading.positionsOf = 0;
  auto module = readModule(options.file, reading);
  if (auto* error = module.getErr()) {
    return Err{error->msg};
  }
  uint64_t code = 0;
  auto layout = debug::BinaryLayout::read({bytes.data(), bytes.size()});
  if (!layout.getErr()) {
    code = layout->code.begin;
  }
  auto proof = verify::proveIsolation(**module);
  if (auto* error = proof.getErr()) {
    return Err{file + ": " + error->msg};
  }
  if (options.json) {
    auto json = toJson(**module, *proof, code);
    std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  }
  if (!proof->unproved.empty()) {
    return Err{file + ": it is not proved that its services touch nothing but their own" +
               verify::describeUnproved(*proof, {}, [&](auto& issue) { return offsetOf(**module, issue, code); })};
  }
  if (!options.json) {
    std::cout << printable(file) << ": isolation: " << printable(verify::describeProof(*proof)) << '\n';
    printTrusted(*proof);
  }
  return Ok{};
}

} // namespace parigot
