// Reads parigot's deployment file as a manifest, so that the file that deploys the microservices also builds the world.
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
//   [config.dev.microservice.queue]     # its methods are the host's
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
// The profile is that of --profile, or of the environment variable
// PARIGOT_DEPLOYMENT, or "dev" (command/runner/runner/config.go:26,151).
// world/search_files.h says where files are searched for.
//
// These rules are the same as in parigot's own runner (its package command/runner):
// strings are trimmed; a microservice is one of Server, Main and Test; Test ones
// are left out, or the Main ones with --test; arguments and environment are
// printable ASCII and not empty; if a variable has two values, the later one
// counts; only a server can have a plugin. Keys match without regard to case, names
// of profiles and microservices do not. A key that the runner does not know has no
// effect, and gets a warning (command/runner/runner/config.go:147).
//
// The runner runs several mains one after the other, but a world has one: --main
// chooses it, and the other mains are left out unless --service names them. --main
// can also choose a server. If all microservices are servers, the world has no
// program, and runs until all of them have ended.
//
// These keys are accepted and have no effect: ParigotLibPath and ParigotLibSymbol,
// since the world has a kernel of its own; Timeout (the guests have their own
// timeouts); Arrangement, ArrangementName, Size, SizeName and TimezoneDir, which
// tell where and how the runner starts processes. Plugins belong to the host and are
// not wound: a microservice without WasmPath is its plugin only, and imports from a
// module of its name or alias are host imports unless a service exports them.
//
// Limits: profiles that are not chosen are not checked. Regions, [[call]], [[host]]
// and the order of initialisation need a manifest.

#ifndef parigot_world_deployment_h
#define parigot_world_deployment_h

#include <string>

#include <toml++/toml.h>

#include "support/result.h"
#include "world/manifest.h"

namespace parigot {

// Whether a file is a deployment file: it has a table `config` or `microservice`, in
// upper or lower case.
bool isDeployment(const toml::table& root);

// The services of a deployment file that are to be wound, in the file's order.
// `path` is for messages and for resolving the paths in it. An error names the
// file, and the line where there is one.
wasm::Result<Manifest> readDeployment(const toml::table& root, const std::string& path, const ManifestChoice& choice);

} // namespace parigot

#endif // parigot_world_deployment_h
