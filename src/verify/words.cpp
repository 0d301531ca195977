#include "verify/words.h"

namespace parigot::verify {

namespace {

constexpr size_t mostLines = 20;

std::string counted(size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

} // namespace

std::string describeUnproved(const WorldProof& proof, std::optional<size_t> wanted, const OffsetOf& offsetOf) {
  auto most = wanted.value_or(mostLines);
  std::string text;
  for (size_t i = 0; i < proof.unproved.size() && i < most; i++) {
    auto& [service, issue] = proof.unproved[i];
    text += "\n  service '" + service + "', function " + issue.function.toString();
    if (issue.access > 0) {
      text += ", access " + std::to_string(issue.access);
    }
    if (auto offset = offsetOf ? offsetOf(issue) : std::nullopt) {
      text += ", offset " + std::to_string(*offset) + " of the file";
    }
    text += (issue.instruction.empty() ? "" : " (" + issue.instruction + ")") + ": " + issue.reason;
  }
  if (proof.unproved.size() > most) {
    text += "\n  and " + std::to_string(proof.unproved.size() - most) + " more";
  }
  return text;
}

std::string describeProof(const WorldProof& proof) {
  size_t functions = 0, instructions = 0, imports = 0;
  for (auto& trusted : proof.trusted) {
    (trusted.kind == "import" ? imports : functions)++;
    instructions += trusted.instructions;
  }
  return counted(proof.functions, "function") + " of services with " + std::to_string(proof.accesses) +
         " accesses to memory" + " proved; trusted: " + counted(functions, "generated function") + " with " +
         counted(instructions, "instruction") + ", " + counted(imports, "function") + " of the host";
}

} // namespace parigot::verify
