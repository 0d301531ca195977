#include "world/government.h"

#include <algorithm>

#include "abi/wasi.h"
#include "support/nearest.h"
#include "support/printable.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

namespace {

// An entry of `host`, taken apart.
struct HostEntry {
  const HostWordRow* word = nullptr; // nullptr: the pattern of a function
  std::string value;                 // what follows the word and a colon
  bool hasValue = false;
};

HostEntry takeApart(const std::string& entry) {
  auto colon = entry.find(':');
  HostEntry parts{findHostWord(entry.substr(0, colon))};
  if (colon != entry.npos) {
    parts.value = entry.substr(colon + 1);
    parts.hasValue = true;
  }
  return parts;
}

FileGrant fileGrant(const HostEntry& entry) {
  FileGrant grant{entry.hasValue ? entry.value : "*"};
  for (auto* ending : {":ro", ":rw"}) {
    if (grant.path.ends_with(ending)) {
      grant.path.resize(grant.path.size() - 3);
      grant.readOnly = ending[2] == 'o';
      break;
    }
  }
  return grant;
}

void grant(Rights& rights, const std::string& text) {
  auto entry = takeApart(text);
  if (!entry.word) {
    rights.functions.push_back(text);
    return;
  }
  rights.words |= entry.word->bit;
  if (entry.word->bit == envWord) {
    rights.wholeEnvironment |= !entry.hasValue;
    if (entry.hasValue) {
      rights.env.push_back(entry.value);
    }
  } else if (entry.word->bit == filesWord) {
    rights.files.push_back(fileGrant(entry));
    if (!rights.files.back().readOnly) {
      rights.words |= changesFiles;
    }
  }
}

bool hasLateStar(std::string_view pattern) {
  auto star = pattern.find('*');
  return star != pattern.npos && star + 1 != pattern.size();
}

std::string qualified(std::string_view one, std::string_view other) {
  return std::string(one) + "." + std::string(other);
}

bool anyFits(const std::vector<std::string>& patterns, std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(), [&](auto& pattern) { return fitsPattern(pattern, name); });
}

} // namespace

bool Law::names(std::string_view service) const {
  return namesAll() || std::find(services.begin(), services.end(), service) != services.end();
}

bool fitsPattern(std::string_view pattern, std::string_view name) {
  if (pattern.ends_with('*')) {
    return name.starts_with(pattern.substr(0, pattern.size() - 1));
  }
  return pattern == name;
}

Rights rightsOf(const Government& government, std::string_view service) {
  Rights rights;
  rights.callsBound = rights.hostBound = government.deny;
  bool own = false; // whether `otherwise` is from a law that names the service itself
  for (auto& law : government.laws) {
    if (!law.names(service)) {
      continue;
    }
    if (law.calls) {
      rights.callsBound = true;
      rights.calls.insert(rights.calls.end(), law.calls->begin(), law.calls->end());
    }
    if (law.host) {
      rights.hostBound = true;
      for (auto& entry : *law.host) {
        grant(rights, entry);
      }
    }
    if (law.memoryBytes) {
      rights.memoryBytes = std::min(*law.memoryBytes, rights.memoryBytes.value_or(*law.memoryBytes));
    }
    if (law.otherwise && (!own || !law.namesAll())) {
      rights.otherwise = *law.otherwise;
      own = !law.namesAll();
    }
  }
  return rights;
}

bool Rights::mayCall(std::string_view service,
                     std::string_view export_,
                     std::string_view module,
                     std::string_view base) const {
  return !callsBound || anyFits(calls, qualified(module, base)) ||
         (!service.empty() && anyFits(calls, qualified(service, export_)));
}

bool Rights::mayUse(std::string_view module, std::string_view base) const {
  if (!hostBound || anyFits(functions, qualified(module, base))) {
    return true;
  }
  return isWasiModule(module) && (wordsThatAllow(base) & words);
}

bool Rights::maySee(std::string_view variable) const {
  auto key = variable.substr(0, variable.find('='));
  return !hostBound || ((words & envWord) && (wholeEnvironment || anyFits(env, key)));
}

std::string checkCallEntry(const std::string& entry) {
  if (entry.empty() || hasLateStar(entry)) {
    return "must be such as \"store.fetch_\", \"store.*\" or \"*\", with a * at the end only, not \"" +
           printable(entry) + "\"";
  }
  if (entry != "*" && entry.find('.') == entry.npos) {
    return "must name a service and what it exports, as \"" + printable(entry) + ".*\", not \"" + printable(entry) +
           "\"";
  }
  return "";
}

std::string checkHostEntry(const std::string& entry) {
  auto parts = takeApart(entry);
  auto shown = "\"" + printable(entry) + "\"";
  if (!parts.word) {
    if (entry.find('.') != entry.npos && entry.find(':') == entry.npos && !hasLateStar(entry)) {
      return "";
    }
    std::vector<std::string> known;
    std::string all;
    for (auto& row : hostWords()) {
      known.push_back(std::string(row.word));
      all += std::string(row.word) + ", ";
    }
    if (wordsThatAllow(entry)) {
      return "has " + shown +
             ", which is no word of laws; a function has its module in front: \"wasi_snapshot_preview1." + entry + "\"";
    }
    return "has " + shown + ", which is neither a word (" + all +
           "each explained in docs/government.md) nor a function (\"env.log\", \"env.*\")" +
           didYouMean(entry.substr(0, entry.find(':')), known);
  }
  bool takesValue = parts.word->bit == envWord || parts.word->bit == filesWord;
  if (parts.hasValue && !takesValue) {
    return "has " + shown + ", and '" + std::string(parts.word->word) + "' has nothing after it";
  }
  if (parts.word->bit == envWord && parts.hasValue &&
      (parts.value.empty() || parts.value.find('=') != parts.value.npos || hasLateStar(parts.value))) {
    return "has " + shown + ", and 'env:' needs the name of a variable, with a * at the end only, as \"env:LOG_*\"";
  }
  if (parts.word->bit == filesWord && parts.hasValue) {
    auto path = fileGrant(parts).path;
    if (path.empty() || path.find(':') != path.npos || path == "ro" || path == "rw") {
      return "has " + shown +
             ", and 'files:' needs a folder, then nothing, :ro or :rw, as \"files:/data:ro\" (\"files:*:ro\": all)";
    }
  }
  return "";
}

Result<> checkLaws(const Government& government, const std::vector<std::string>& services) {
  std::string errors;
  for (auto& law : government.laws) {
    for (auto& name : law.services) {
      if (name != "*" && std::find(services.begin(), services.end(), name) == services.end()) {
        errors += (errors.empty() ? "" : "\n") + government.path + ":" + std::to_string(law.line) +
                  ": [[law]] names service '" + printable(name) + "', which this world does not have" +
                  didYouMean(name, services);
      }
    }
  }
  return errors.empty() ? Result<>(Ok{}) : Err{errors};
}

std::string hostEntryFor(std::string_view module, std::string_view base) {
  if (auto words = isWasiModule(module) ? wordsThatAllow(base) : 0) {
    for (auto& row : hostWords()) {
      if (words & row.bit) {
        return std::string(row.word);
      }
    }
    return "files"; // only what changes files
  }
  return qualified(module, base);
}

std::string_view toString(Otherwise otherwise) {
  return otherwise == Otherwise::Refuse ? "refuse" : otherwise == Otherwise::Errno ? "errno" : "trap";
}

std::optional<Otherwise> parseOtherwise(std::string_view text) {
  for (auto each : {Otherwise::Refuse, Otherwise::Errno, Otherwise::Trap}) {
    if (text == toString(each)) {
      return each;
    }
  }
  return std::nullopt;
}

} // namespace parigot
