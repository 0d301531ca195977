#include "world/stand_in_keys.h"

#include <algorithm>
#include <sstream>

#include "support/nearest.h"
#include "world/replies.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

// Splits NAME=VALUE; the value is empty if there is no =.
std::pair<std::string, std::string> split(const std::string& option) {
  auto equals = option.find('=');
  return {option.substr(0, equals), equals == std::string::npos ? "" : option.substr(equals + 1)};
}

bool names(const std::vector<std::string>& options, std::string_view name) {
  return std::any_of(options.begin(), options.end(), [&](auto& option) { return split(option).first == name; });
}

// An error that a call can have: an i32 that is not 0.
std::optional<uint32_t> parseError(const std::string& text) {
  if (text.empty() || text.size() > 10 || text.find_first_not_of("0123456789") != std::string::npos) {
    return {};
  }
  auto number = std::stoull(text);
  return number >= 1 && number <= INT32_MAX ? std::optional(uint32_t(number)) : std::nullopt;
}

StandIn& standInOf(ServiceDeclaration& service) {
  if (!service.standIn) {
    service.standIn.emplace();
  }
  return *service.standIn;
}

Result<> applyCut(ServiceDeclaration& service, const std::string& answers) {
  auto& standIn = standInOf(service);
  std::istringstream words(answers);
  for (std::string word; std::getline(words, word, ',');) {
    if (word == "trap") {
      standIn.answer = CutAnswer::Trap;
    } else if (word == "host") {
      standIn.answer = CutAnswer::Host;
    } else if (word == "refused" || word == "satisfied") {
      standIn.refusesLaunches = word == "refused";
    } else if (auto error = parseError(word)) {
      standIn.answer = CutAnswer::Error;
      standIn.error = error;
    } else {
      return Err{"--cut " + service.name + "=" + answers + ": '" + word +
                 "' is no answer; give an error from 1 to 2147483647, trap or host, and refused if launches of "
                 "processes that require it are to fail"};
    }
  }
  return Ok{};
}

class Applier {
public:
  Applier(Manifest& manifest, const StandInChoice& choice) : manifest(manifest), choice(choice) {}

  Result<> apply(const toml::table* root) {
    CHECK_ERR(options());
    CHECK_ERR(replies(root));
    CHECK_ERR(check());
    return leaveOut();
  }

private:
  Manifest& manifest;
  const StandInChoice& choice;

  Err fail(const std::string& message) const { return Err{manifest.path + ": " + message}; }

  Result<ServiceDeclaration*> find(const std::string& option, const std::string& name) {
    for (auto& service : manifest.services) {
      if (service.name == name) {
        return &service;
      }
    }
    return fail(option + " names '" + name + "', which is no service of this world" +
                didYouMean(name, manifest.names()));
  }

  // Calls `set` with the service and the value of each NAME=VALUE.
  template<typename Set>
  Result<> each(const std::string& option, const std::vector<std::string>& all, const std::string& what, Set set) {
    for (auto& text : all) {
      auto [name, value] = split(text);
      auto service = find(option, name);
      CHECK_ERR(service);
      if (value.empty() && !what.empty()) {
        return Err{option + " " + text + ": needs " + what};
      }
      CHECK_ERR(set(**service, value));
    }
    return Ok{};
  }

  Result<> options() {
    CHECK_ERR(each("--cut", choice.cut, "", [](auto& service, auto& value) { return applyCut(service, value); }));
    CHECK_ERR(each("--replace", choice.replace, "NAME=FILE", [](auto& service, auto& value) -> Result<> {
      service.replaces = service.replaces.empty() ? service.file : service.replaces;
      service.file = service.path = value;
      service.searchDirs.clear();
      return Ok{};
    }));
    CHECK_ERR(each("--provides", choice.provides, "NAME=FULLNAME", [](auto& service, auto& value) -> Result<> {
      service.provides.push_back(value);
      return Ok{};
    }));
    return each("--record", choice.record, "NAME=FILE", [](auto& service, auto& value) -> Result<> {
      service.record = value;
      return Ok{};
    });
  }

  Result<> replies(const toml::table* root) {
    ReplyReader reader(choice.descriptors);
    if (root) {
      CHECK_ERR(reader.read(*root, manifest.path));
    }
    for (auto& file : choice.replies) {
      CHECK_ERR(reader.readFile(file));
    }
    for (auto& reply : reader.all()) {
      auto service = std::find_if(manifest.services.begin(), manifest.services.end(), [&](auto& service) {
        return service.name == reply.service;
      });
      if (service == manifest.services.end()) {
        if (manifest.subset) {
          continue; // it is left out
        }
        return Err{reply.reply.where + ": [[reply]] names service '" + reply.service +
                   "', which is no service of this world" + didYouMean(reply.service, manifest.names())};
      }
      auto& standIn = standInOf(*service);
      standIn.replies.push_back(reply.reply);
      standIn.recording = reply.recording.empty() ? standIn.recording : reply.recording;
    }
    manifest.inputs = reader.inputs();
    return Ok{};
  }

  Result<> check() const {
    for (auto& service : manifest.services) {
      auto isMain = service.name == manifest.main;
      if (service.standIn && isMain) {
        return fail("main is '" + service.name + "', which is cut; a world needs its program");
      }
      if (service.standIn && !service.replaces.empty()) {
        return fail("service '" + service.name + "' is cut and replaced; leave one of them out");
      }
      if (service.standIn && service.standIn->answer == CutAnswer::Host && !service.standIn->replies.empty()) {
        return fail("service '" + service.name + "' is cut as \"host\", and has replies; leave one of them out");
      }
      if (service.standIn && !service.record.empty()) {
        return fail("service '" + service.name +
                    "' is cut, and its calls are to be recorded; only those to a service "
                    "that is there can be");
      }
    }
    return Ok{};
  }

  // What is cut as "host" is left out as by --service.
  Result<> leaveOut() {
    std::vector<std::string> rest;
    for (auto& service : manifest.services) {
      if (!service.standIn || service.standIn->answer != CutAnswer::Host) {
        rest.push_back(service.name);
      }
    }
    return rest.size() < manifest.services.size() ? chooseServices(manifest, rest) : Ok{};
  }
};

} // namespace

bool mayLackFile(std::string_view name,
                 const toml::table& service,
                 const toml::table& manifest,
                 const ManifestChoice& choice) {
  auto& options = choice.standIns;
  if (service.contains("cut") || service.contains("replace") || names(options.cut, name) ||
      names(options.replace, name) || !options.replies.empty()) {
    return true;
  }
  auto* replies = manifest["reply"].as_array();
  return replies && std::any_of(replies->begin(), replies->end(), [&](auto& reply) {
           auto* table = reply.as_table();
           return table && (*table)["service"].value_or(std::string_view()) == name;
         });
}

void addStandInKeys(TableReader& reader, ServiceDeclaration& service) {
  reader
    .field("cut",
           false,
           [&](auto& node) -> Result<> {
             auto flag = node.template value_exact<bool>();
             auto text = node.template value_exact<std::string>().value_or("");
             if (flag && !*flag) {
               return Ok{};
             }
             if (!flag && text != "trap" && text != "host") {
               return reader.error(node, "'cut' must be true, \"trap\" or \"host\"");
             }
             standInOf(service).answer = flag ? CutAnswer::Error : text == "trap" ? CutAnswer::Trap : CutAnswer::Host;
             return Ok{};
           })
    .field("error",
           false,
           [&](auto& node) -> Result<> {
             auto number = node.template value_exact<int64_t>();
             if (!number || *number < 1 || *number > INT32_MAX) {
               return reader.error(node, "'error' must be a number from 1 to 2147483647");
             }
             if (!service.standIn || service.standIn->answer != CutAnswer::Error) {
               return reader.error(node, "'error' is for a service with cut = true");
             }
             service.standIn->error = uint32_t(*number);
             return Ok{};
           })
    .field("launches",
           false,
           [&](auto& node) -> Result<> {
             auto text = node.template value_exact<std::string>();
             if (text != "satisfied" && text != "refused") {
               return reader.error(node, "'launches' must be \"satisfied\" or \"refused\"");
             }
             if (!service.standIn) {
               return reader.error(node, "'launches' is for a service that is cut");
             }
             service.standIn->refusesLaunches = text == "refused";
             return Ok{};
           })
    .field("replace",
           false,
           [&](auto& node) -> Result<> {
             auto text = node.template value_exact<std::string>().value_or("");
             if (text.empty()) {
               return reader.error(node, "'replace' must be the file of a module");
             }
             service.replaces = service.file.empty() ? "nothing" : service.file;
             service.file = text;
             return Ok{};
           })
    .text("record", false, service.record);
}

Result<Manifest> withStandIns(Result<Manifest> manifest, const toml::table* root, const StandInChoice& choice) {
  if (!manifest.getErr()) {
    CHECK_ERR(Applier(*manifest, choice).apply(root));
    for (auto& service : manifest->services) {
      if (service.file.empty() && !service.standIn) {
        return Err{manifest->path + ": [service." + service.name + "] needs 'wasm'"};
      }
      if (service.standIn) {
        service.file = "cut";
        service.path.clear();
      }
    }
  }
  return manifest;
}

} // namespace parigot
