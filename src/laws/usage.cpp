#include "laws/usage.h"

#include <algorithm>
#include <map>
#include <set>

#include "abi/wasi.h"
#include "support/printable.h"

namespace parigot {

using namespace wasm;

namespace {

constexpr std::string_view kernelModule = "parigot"; // kernel/kernel_calls.h

bool contains(const std::vector<std::string>& list, const std::string& entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

// The words without which functions fail that a service uses. Functions for any descriptor need none of their own where
// another one is there; those that may print or read count as printing and reading.
uint32_t neededWordsOf(const std::vector<Use>& host) {
  std::set<std::string> used;
  uint32_t words = 0, alternatives = 0;
  for (auto& use : host) {
    if (!use.isReached || !isWasiModule(use.module)) {
      continue;
    }
    used.insert(use.base);
    auto all = wordsThatAllow(use.base);
    bool single = (all & (all - 1)) == 0;
    words |= single && !asksForPreopens(use.base) ? all : 0;
    alternatives |= single ? 0 : all;
  }
  bool opens = words & filesWord;
  if (used.count("fd_write")) {
    words |= stdoutWord | stderrWord | (opens ? uint32_t(changesFiles) : 0);
  }
  if (used.count("fd_read")) {
    words |= stdinWord;
  }
  for (auto& name : used) {
    if (!asksForPreopens(name) && !(wordsThatAllow(name) & words)) {
      words |= wordsThatAllow(name) & pollWord ? pollWord : stdoutWord;
    }
  }
  return words | (words & changesFiles ? uint32_t(filesWord) : 0);
}

class UsageFinder {
public:
  UsageFinder(Module& module, const World& world) : module(module), world(world) {
    for (auto& function : module.functions) {
      if (function->imported()) {
        imports[{function->module.toString(), function->base.toString()}].push_back(function->name);
      }
    }
    if (world.stage == Stage::Merged) {
      paths.emplace(module, world);
    }
  }

  std::vector<ServiceUsage> find() {
    for (auto& service : world.services) {
      if (!service.added && &world.subject(service) == &service) {
        entries[&service] = all.size();
        all.push_back({&service, rightsOf(world.government, service.name)});
      }
    }
    for (auto& call : world.calls) {
      add(*world.find(call.client), call.module, call.base, &call);
    }
    for (auto& host : world.hostImports) {
      add(*world.find(host.client), host.module, host.base, nullptr);
    }
    for (auto& item : world.itemImports) {
      add(item);
    }
    for (auto& entry : all) {
      entry.neededWords = neededWordsOf(entry.host);
    }
    return std::move(all);
  }

private:
  Module& module;
  const World& world;
  std::optional<CallPaths> paths;
  std::map<std::pair<std::string, std::string>, std::vector<Name>> imports;
  std::map<const WorldService*, size_t> entries;
  std::vector<ServiceUsage> all;

  void add(const WorldService& client, const std::string& from, const std::string& base, const WorldCall* call) {
    auto found = entries.find(&world.subject(client));
    if (client.added || found == entries.end()) {
      return;
    }
    auto& entry = all[found->second];
    bool isCall = call && isServiceCall(world, *call);
    if (call && !isCall && !isWasiModule(from)) {
      entry.isProcess |= from == kernelModule && world.find(call->service)->added;
      return;
    }
    // What the program itself is given needs no law.
    bool isString = isWasiModule(from) && (base.starts_with("args_") || base.starts_with("environ_"));
    if (isString && !(base[0] == 'a' ? world.getsArguments(client) : world.getsEnvironment(client))) {
      return;
    }
    Use use{
      from, base, ExternalKind::Function, isCall ? std::string(calledService(world, *call)) + "." + call->export_ : ""};
    use.verdict = judge(world, entry.rights, client, from, base, call);
    ask(client, call && !isCall ? nullptr : call, use);
    (isCall ? entry.calls : entry.host).push_back(std::move(use));
  }

  // What code does with a table or a global of others is not asked: a service that imports one has it.
  void add(const WorldItemImport& item) {
    auto& client = *world.find(item.client);
    auto found = entries.find(&world.subject(client));
    bool isCall = isOfService(world, item);
    if (client.added || found == entries.end() || (!isCall && !item.service.empty())) {
      return;
    }
    auto& entry = all[found->second];
    Use use{item.module, item.base, item.kind};
    use.verdict = judge(world, entry.rights, item);
    if (isCall) {
      use.reaches = world.subject(*world.find(item.service)).name + "." + item.base;
    }
    (isCall ? entry.calls : entry.host).push_back(std::move(use));
  }

  // Whether the import is reached.
  void ask(const WorldService& client, const WorldCall* call, Use& use) const {
    bool scoped = world.stage < Stage::Adapted;
    auto found = imports.find({scoped ? scopedName(client.name, use.module) : use.module, use.base});
    if (!paths) {
      use.isReached = call || isBoundInside(client, use) || found != imports.end();
      return;
    }
    use.isReached = false;
    for (auto& name : found == imports.end() ? std::vector<Name>{} : found->second) {
      if (!use.isReached && paths->isReached(name)) {
        use.isReached = true;
        use.path = use.verdict == Verdict::Allowed ? "" : paths->pathTo(name);
      }
    }
  }

  // WASI that parigot-opt itself serves or carries: no import of the module tells whether it is used.
  bool isBoundInside(const WorldService& client, const Use& use) const {
    auto& subject = world.subject(client);
    bool served = (use.base.starts_with("args_") && subject.args) || (use.base.starts_with("environ_") && subject.env);
    return served || std::any_of(world.calls.begin(), world.calls.end(), [&](auto& call) {
             return call.client == client.name && call.module == use.module && call.base == use.base;
           });
  }
};

std::string quotedList(const std::vector<std::string>& entries) {
  std::string text;
  for (auto& entry : entries) {
    text += text.empty() ? "\"" : ", \"";
    for (char c : printable(entry)) {
      text += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    text += '"';
  }
  return "[" + text + "]";
}

} // namespace

std::vector<std::string> ServiceUsage::ownFunctions() const {
  std::vector<std::string> names;
  for (auto& use : host) {
    if (use.isReached && !isWasiModule(use.module) && !contains(names, use.name())) {
      names.push_back(use.name());
    }
  }
  return names;
}

std::vector<std::string> ServiceUsage::unneeded() const {
  std::vector<std::string> list;
  auto anyUse = [](const std::vector<Use>& uses, auto fits) {
    return std::any_of(uses.begin(), uses.end(), [&](auto& use) { return use.isReached && fits(use); });
  };
  for (auto& pattern : isProcess ? std::vector<std::string>{} : rights.calls) {
    auto fits = [&](auto& use) { return fitsPattern(pattern, use.name()) || fitsPattern(pattern, use.reaches); };
    if (!anyUse(calls, fits) && !anyUse(host, fits)) {
      list.push_back(pattern);
    }
  }
  for (auto& pattern : rights.functions) {
    if (!anyUse(host, [&](auto& use) { return fitsPattern(pattern, use.name()); })) {
      list.push_back(pattern);
    }
  }
  for (auto& row : hostWords()) {
    if ((rights.words & row.bit) && !(neededWords & row.bit)) {
      list.push_back(std::string(row.word));
    }
  }
  return list;
}

std::vector<ServiceUsage> usageOf(Module& module, const World& world) { return UsageFinder(module, world).find(); }

std::string suggestLaws(const std::vector<ServiceUsage>& usage) {
  std::string text = "[government]\ndefault = \"deny\"\n";
  for (auto& entry : usage) {
    std::vector<std::string> calls, host;
    for (auto& use : entry.calls) {
      if (use.isReached && !contains(calls, use.reaches)) {
        calls.push_back(use.reaches);
      }
    }
    for (auto& row : hostWords()) {
      if (entry.neededWords & row.bit) {
        bool readOnly = row.bit == filesWord && !(entry.neededWords & changesFiles);
        host.push_back(readOnly ? "files:*:ro" : std::string(row.word));
      }
    }
    for (auto& name : entry.ownFunctions()) {
      host.push_back(name);
    }
    std::sort(calls.begin(), calls.end());
    if (calls.empty() && host.empty() && !entry.isProcess) {
      text += "\n# " + printable(entry.service->name) + " needs nothing.\n";
      continue;
    }
    text += "\n[[law]]\nservice = \"" + printable(entry.service->name) + "\"\n";
    if (entry.isProcess) {
      calls.push_back("*");
      text += "# Which services a process of parigot calls, its binary does not say: name them here.\n";
    }
    text += calls.empty() ? "" : "calls = " + quotedList(calls) + "\n";
    text += host.empty() ? "" : "host = " + quotedList(host) + "\n";
  }
  return text;
}

} // namespace parigot
