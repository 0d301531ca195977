#include "merge/scalar_guesses.h"

#include <algorithm>

#include "ir/describe.h"
#include "ir/module-utils.h"

namespace parigot {

namespace {

bool mayCarryAddresses(const wasm::Signature& signature) {
  auto is = [](wasm::Type type) { return type == wasm::Type::i32 || type == wasm::Type::i64; };
  return std::any_of(signature.params.begin(), signature.params.end(), is) ||
         std::any_of(signature.results.begin(), signature.results.end(), is);
}

// Whether this is a service of the user that has a memory. Without a memory, it has no addresses.
bool hasAddresses(const Service& service) { return !service.isAdded() && !service.module->memories.empty(); }

} // namespace

void ScalarGuesses::note(const Service& client, const Service& provider, wasm::Function& import) {
  if (!hasAddresses(client) || !hasAddresses(provider) || !mayCarryAddresses(import.getSig())) {
    return;
  }
  auto& names = guesses[import.module.toString()];
  auto name = import.base.toString() + " (" + describe(import.getSig()) + ")";
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    names.push_back(name);
  }
}

std::vector<std::string> ScalarGuesses::warnings(const Services& services) const {
  std::vector<std::string> warnings;
  for (auto& client : services.all) {
    wasm::ModuleUtils::iterImportedTables(*client->module, [&](wasm::Table* table) {
      for (auto& provider : services.all) {
        if (table->type.isFunction() && hasAddresses(*client) && hasAddresses(*provider) &&
            provider->answersTo(table->module.view())) {
          warnings.push_back(client->quoted() + " imports the table " + table->module.toString() + "." +
                             table->base.toString() + " of " + provider->quoted() +
                             ": the parameters and results of its functions are passed as numbers, and an address "
                             "among them would be read in the wrong memory");
        }
      }
    });
  }
  for (auto& [module, names] : guesses) {
    std::string all;
    for (auto& name : names) {
      all += (all.empty() ? "" : ", ") + name;
    }
    warnings.push_back("calls of " + module + " are taken for calls with numbers only: " + all +
                       "; an address among these numbers would be read in the wrong memory. To confirm, declare in " +
                       services.manifest.whereToSay() + ": [[call]] import = \"" + module + ".*\", abi = \"scalar\"");
  }
  return warnings;
}

} // namespace parigot
