#include "laws/verdict.h"

#include "abi/wasi.h"
#include "support/printable.h"

namespace parigot {

namespace {

Verdict judgeWasi(const World& world,
                  const Rights& rights,
                  const WorldService& client,
                  std::string_view module,
                  std::string_view base) {
  bool nothing = (base.starts_with("args_") && !world.getsArguments(client)) ||
                 (base.starts_with("environ_") && !world.getsEnvironment(client));
  if (nothing || rights.mayUse(module, base)) {
    return Verdict::Allowed;
  }
  return asksForPreopens(base) ? Verdict::NoPreopens : Verdict::Forbidden;
}

} // namespace

std::string_view calledService(const World& world, const WorldCall& call) {
  return world.subject(*world.find(call.service)).name;
}

bool isServiceCall(const World& world, const WorldCall& call) {
  auto& client = *world.find(call.client);
  auto& provider = *world.find(call.service);
  return !client.added && !provider.added && &world.subject(client) != &world.subject(provider);
}

Verdict judge(const World& world,
              const Rights& rights,
              const WorldService& client,
              std::string_view module,
              std::string_view base,
              const WorldCall* call) {
  if (client.added) {
    return Verdict::Allowed;
  }
  auto verdict = [](bool allowed) { return allowed ? Verdict::Allowed : Verdict::Forbidden; };
  if (call && isServiceCall(world, *call)) {
    return verdict(rights.mayCall(calledService(world, *call), call->export_, module, base));
  }
  if (isWasiModule(module)) { // of the host, or of what parigot-opt puts in between
    return judgeWasi(world, rights, client, module, base);
  }
  bool asCall = rights.callsBound && rights.mayCall("", "", module, base); // of a service that is not wound
  return verdict(call || asCall || rights.mayUse(module, base));
}

bool isOfService(const World& world, const WorldItemImport& item) {
  auto* provider = item.service.empty() ? nullptr : world.find(item.service);
  return provider && !provider->added && &world.subject(*world.find(item.client)) != &world.subject(*provider);
}

Verdict judge(const World& world, const Rights& rights, const WorldItemImport& item) {
  bool allowed = false;
  if (isOfService(world, item)) {
    allowed = rights.mayCall(world.subject(*world.find(item.service)).name, item.base, item.module, item.base);
  } else {
    bool asCall = rights.callsBound && rights.mayCall("", "", item.module, item.base);
    allowed = !item.service.empty() || asCall || rights.mayUse(item.module, item.base);
  }
  return allowed || world.find(item.client)->added ? Verdict::Allowed : Verdict::Forbidden;
}

std::string importInWords(const World& world,
                          const WorldService& client,
                          std::string_view module,
                          std::string_view base,
                          wasm::ExternalKind kind) {
  auto& subject = world.subject(client);
  return subject.quoted() + (&subject == &client ? "" : ", by its runtime module,") + " imports " +
         (kind == wasm::ExternalKind::Function ? "" : "the " + std::string(toString(kind)) + " ") +
         printable(std::string(module) + "." + std::string(base));
}

} // namespace parigot
