// `parigot-opt build --group`: winds each group of a deployment's services into a module, and writes a deployment file
// that runs these.

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <spdlog/spdlog.h>

#include "parigot-opt/command.h"
#include "support/output_file.h"
#include "world/groups.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

namespace {

constexpr const char* writtenFile = "deploy.toml";

Result<> checkOptions(const BuildOptions& options, const Manifest& manifest) {
  if (!manifest.deployment) {
    return Err{options.manifest +
               ": --group is for deployment files of parigot: the services of a manifest call functions of each other, "
               "and only processes can be apart"};
  }
  if (options.manifest == "-") {
    return Err{"--group needs a deployment file, and cannot read it from standard input"};
  }
  if (options.output == "-") {
    return Err{"--group writes several files, and needs a folder: -o DIRECTORY"};
  }
  if (options.debug.any() || !options.depfile.empty()) {
    return Err{
      "--group writes several modules, and has no -g, --source-map or --depfile; wind a group alone for these, "
      "with --service"};
  }
  std::error_code failed;
  std::filesystem::create_directories(options.output, failed);
  if (failed || !std::filesystem::is_directory(options.output, failed)) {
    return Err{options.output + ": cannot be a folder for the groups" + (failed ? ": " + failed.message() : "")};
  }
  auto file = (std::filesystem::path(options.output) / writtenFile).string();
  return checkOutput(file, {options.manifest}, false);
}

// Takes out the options for services of other groups.
void keepOwn(StandInChoice& choice, const Group& group) {
  for (auto* options : {&choice.cut, &choice.replace, &choice.provides, &choice.record}) {
    std::erase_if(*options, [&](auto& option) {
      auto name = option.substr(0, option.find('='));
      return std::find(group.services.begin(), group.services.end(), name) == group.services.end();
    });
  }
}

Result<std::string> textOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Err{path + ": cannot be read: " + std::strerror(errno)};
  }
  return text.str();
}

} // namespace

Result<> buildGroups(const BuildOptions& options) {
  auto manifest = readManifest(options.manifest, options.choice);
  CHECK_ERR(manifest);
  CHECK_ERR(checkOptions(options, *manifest));
  auto groups = readGroups(*manifest, options.groups);
  CHECK_ERR(groups);
  auto folder = std::filesystem::path(options.output);
  for (auto& group : *groups) {
    auto one = options;
    one.output = (folder / (group.name + ".wasm")).string();
    one.open = true;
    one.choice.services = group.services;
    keepOwn(one.choice.standIns, group);
    // A group of servers has no program; its first one then has the module's _start.
    one.given += "group " + group.name + '\n';
    one.choice.main = group.hasMain ? manifest->main : group.services[0];
    if (!options.quiet) {
      spdlog::info("group {}", group.name);
    }
    CHECK_ERR(build(one));
  }
  // Written last: a deployment file that exists has its modules.
  auto text = textOf(options.manifest);
  CHECK_ERR(text);
  auto profile = options.choice.profile.value_or(options.choice.environmentProfile.value_or("dev"));
  auto written = groupedDeployment(*text, options.manifest, profile, *groups);
  CHECK_ERR(written);
  return writeWhole((folder / writtenFile).string(), *written);
}

} // namespace parigot
