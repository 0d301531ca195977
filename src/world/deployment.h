// parigot's deployment file: what deploys the microservices builds the one world.
//
//   [config.dev]                        # a profile, chosen by --profile
//   ParigotLibPath = "syscall.so"
//   ParigotLibSymbol = "ParigotInitialize"
//   Timezone = "US/Eastern"
//   [config.dev.Timeout]
//   Startup = 100                       # milliseconds
//   Complete = 20
//
//   [config.dev.microservice.greet]     # none of Server, Main, Test: a server
//   WasmPath = "greet.p.wasm"           # relative to the file, or searched for
//   Env = ["LOG=debug"]
//
//   [config.dev.microservice.queue]     # methods that the host has
//   WasmPath = "queue.p.wasm"
//   PluginPath = "queue.so"
//   PluginSymbol = "ParigotInitialize"
//   PluginAlias = "queue_v1"
//
//   [config.dev.microservice.hello]
//   WasmPath = "hello.p.wasm"
//   Arg = ["-v"]
//   Main = true                         # runs to completion
//
// =>
//
//   [world]
//   main = "hello"
//   [service.greet]
//   wasm = "greet.p.wasm"
//   args = ["greet"]
//   env = ["LOG=debug", "TZ=US/Eastern"]
//   [service.queue]
//   wasm = "queue.p.wasm"
//   args = ["queue"]
//   env = ["TZ=US/Eastern"]
//   [service.hello]
//   wasm = "hello.p.wasm"
//   args = ["hello", "-v"]
//   env = ["TZ=US/Eastern"]
//
// The older form has no profiles: its keys and [microservice.NAME] are at the
// top, and `Path` is what WasmPath is today. It is read as a file with the one
// profile "dev".
//
// Which profile: --profile, or else PARIGOT_DEPLOYMENT of the environment, or
// else "dev" (command/runner/runner/config.go:26,151).
//
// Where files are: world/search_files.h.
//
// Rules of parigot's own runner (its package command/runner) that hold here, too:
// strings are trimmed; a microservice is one of Server, Main and Test; Test ones
// are left out, or with --test the Main ones are; arguments and environment are
// printable ASCII, and none is empty; of two values of a variable the later one
// counts; a plugin is for a server. Its mains run one after the other, where a
// world has one: of several, --main chooses, and those not chosen are left out
// unless --service names them. A server can be chosen, too. Where all are
// servers, none is the program: the world runs until all of them have ended.
// Keys match without regard to case, names of profiles and microservices do
// not. A key that the runner does not know has no effect, and gets a warning
// (command/runner/runner/config.go:147).
//
// Read and without effect: ParigotLibPath and ParigotLibSymbol, since the kernel
// is the world's own; Timeout (the guests' own clocks decide); Arrangement,
// ArrangementName, Size, SizeName and TimezoneDir, which say where and how the
// runner starts processes. Plugins are the host's: nothing of them is wound, a
// microservice without WasmPath is nothing but its plugin, and imports from a
// module of its name or alias are host imports where no service exports them.
//
// Limits: profiles that are not chosen are not looked into. What only a manifest can say (regions,
// [[call]], [[host]], the order of initialisation) needs a manifest.

#ifndef parigot_world_deployment_h
#define parigot_world_deployment_h

#include <string>

#include <toml++/toml.h>

#include "support/result.h"
#include "world/manifest.h"

namespace parigot {

// Whether a file is a deployment file: it has a table `config` or `microservice`,
// in any case.
bool isDeployment(const toml::table& root);

// The services of a deployment file that are to be wound, in the file's order.
// `path` is for messages and for resolving the paths in it. An error names the
// file, and the line where there is one.
wasm::Result<Manifest> readDeployment(const toml::table& root, const std::string& path, const ManifestChoice& choice);

} // namespace parigot

#endif // parigot_world_deployment_h
