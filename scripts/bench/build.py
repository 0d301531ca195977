"""Makes what is measured: services, worlds, and what others make of the same services."""

import functools
import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OUT = ROOT / "build/bench"
sys.path.append(str(ROOT / "tests"))  # for harness
PARIGOT_OPT = ROOT / "build/bin/parigot-opt"
# What C, Go and Rust compilers use, and two memories; "all" would write imports in ways that engines reject.
FEATURES = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "multimemory", "reference-types"]
# What is measured is made; cache.py says otherwise.
os.environ["PARIGOT_OPT_CACHE"] = "off"


class Missing(Exception):
    """A tool that is not there."""


def tool(variable, what):
    if not os.environ.get(variable):
        raise Missing(f"no {what} ({os.environ.get(variable + '_MISSING', 'not set')})")
    return os.environ[variable]


def run(words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))}: {done.stderr}{done.stdout}"[-4000:])
    return done.stdout


def upstream(name):
    return pathlib.Path(os.environ["PARIGOT_BINARYEN_BIN"]) / name


def c_service(output, *sources, main=False, flags=()):
    """Compiles a C service as its author would: services that are not main are reactors."""
    OUT.mkdir(parents=True, exist_ok=True)
    clang = tool("PARIGOT_CLANG", "clang for wasm")
    run([clang, "--target=wasm32-wasi", "--sysroot=/usr", "-O2", "-Wall", "-Wl,--strip-debug", "-Wl,--export=malloc",
         *([] if main else ["-mexec-model=reactor"]), *flags,
         "-o", OUT / output, *(HERE / "services" / source for source in sources)])
    return OUT / output


def go_service(output, folder, main=False, tags="", build_id=""):
    """Compiles a Go service; another build id makes another file of the same code."""
    OUT.mkdir(parents=True, exist_ok=True)
    run([tool("PARIGOT_GO", "Go"), "build", "-trimpath", "-buildvcs=false", *([] if main else ["-buildmode=c-shared"]),
         *([f"-ldflags=-buildid={build_id}"] if build_id else []), "-tags", tags, "-o", OUT / output, "."], cwd=HERE / "services" / folder,
        env={**os.environ, "GOOS": "wasip1", "GOARCH": "wasm", "GO111MODULE": "off", "GOWORK": "off", "GOFLAGS": ""})
    return OUT / output


def go_process(output, package, *flags):
    """Compiles a process of services/kernel, with the guest library of tests/parigot."""
    OUT.mkdir(parents=True, exist_ok=True)
    run([tool("PARIGOT_GO", "Go"), "build", "-trimpath", "-buildvcs=false", *flags, "-o", OUT / output, f"./{package}"],
        cwd=HERE / "services/kernel", env={**os.environ, "GOOS": "wasip1", "GOARCH": "wasm", "GOWORK": "off", "GOFLAGS": "-mod=readonly"})
    return OUT / output


def c_process(output, *sources):
    """Likewise, in C."""
    library = ROOT / "tests/parigot/guest-c"
    return c_service(output, *(f"kernel/{source}" for source in sources), main=True,
                     flags=["-std=gnu17", f"-I{library}", *([] if any("canned" in s for s in sources) else [library / "parigot.c"])])


def deployment(name, main, services):
    """Writes a deployment file, of which each service is a process; services: name -> (wasm file, its arguments)."""
    lines = ["[config.dev]", 'Timezone = "UTC"']
    for service, (wasm, arguments) in services.items():
        lines += [f"\n[config.dev.microservice.{service}]", f'WasmPath = "{wasm}"', f"Arg = {json.dumps(list(map(str, arguments)))}"]
        lines += ["Main = true"] if service == main else []
    path = OUT / f"{name}.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


def plan(name, main, services):
    """The same for the reference host of tests/parigot."""
    path = OUT / f"{name}.json"
    path.write_text(json.dumps({"services": [
        {"name": service, "wasm": str(wasm), "args": list(map(str, arguments)), "main": service == main}
        for service, (wasm, arguments) in services.items()]}))
    return path


@functools.cache
def wazero_host():
    go = tool("PARIGOT_GO", "Go to build a wazero host with")
    OUT.mkdir(parents=True, exist_ok=True)
    run([go, "build", "-trimpath", "-buildvcs=false", "-o", OUT / "wazero-host", "."], cwd=HERE / "hosts/wazero",
        env={**os.environ, "GOFLAGS": "-mod=readonly"})
    return OUT / "wazero-host"


def manifest(name, main, services, calls=(), isolate="none"):
    """Writes a manifest; services: name -> wasm file or (wasm file, more lines); calls: (client, import, service, abi, more lines ..).
    Not isolated, unless a section measures what isolation takes: the other sides of a comparison are not, either."""
    text = f'[world]\nmain = "{main}"\nisolate = "{isolate}"\n'
    for service, what in services.items():
        wasm, *lines = what if isinstance(what, tuple) else (what,)
        text += "\n".join([f'\n[service.{service}]\nwasm = "{wasm}"', *lines]) + "\n"
    for client, imported, service, abi, *lines in calls:
        text += f'\n[[call]]\nclient = "{client}"\nimport = "{imported}"\nservice = "{service}"\nabi = "{abi}"\n'
        text += "".join(f"{line}\n" for line in lines)
    path = OUT / f"{name}.toml"
    path.write_text(text)
    return path


def wind(world, output, *flags):
    run([PARIGOT_OPT, "build", world, "-q", "-o", OUT / output, *flags])
    return OUT / output


def wasm_merge_command(services, output, conflicts="rename"):
    """wasm-merge on services (name -> wasm file), main first, with the flags that it needs for them."""
    inputs = [word for name, wasm in services.items() for word in (wasm, name)]
    return [upstream("wasm-merge"), *inputs, "-o", OUT / output, f"--{conflicts}-export-conflicts", "-g",
            *(f"--enable-{feature}" for feature in FEATURES)]


def optimize_command(wasm, output, *flags):
    return [upstream("wasm-opt"), wasm, "-o", output, "-g", *(f"--enable-{feature}" for feature in FEATURES), *flags]


def optimize(wasm, output, *flags):
    run(optimize_command(wasm, OUT / output, *flags))
    return OUT / output


def inspect(wasm):
    return json.loads(run([PARIGOT_OPT, "inspect", "--json", wasm]))


def nodes(wasm):
    """The number of instructions, as Binaryen counts them."""
    text = run([upstream("wasm-opt"), wasm, "--all-features", "--metrics", "-o", "/dev/null"])
    return int(re.search(r"\[total\]\s*:\s*(\d+)", text).group(1))


def base_of(wasm, service):
    world = inspect(wasm)["world"]
    return next(s["memory"]["region"]["base"] for s in world["services"] if s["name"] == service)
