"""A request and its reply of 64 bytes between two processes of parigot: in one world, apart, and what a network takes."""

import json
import os
import re
import statistics
import subprocess
import sys

from build import HERE, OUT, ROOT, c_process, deployment, go_process, plan, run, tool, wind
from measure import engines, ratio, rounds, run_on

CASES = ["hello", "chain", "fan-out", "callback", "twenty"]  # of tests/parigot
HOST, GRPC, BOTH = "by a host", "gRPC", "Go, guests only"
LIBRARY = ROOT / "tests/parigot/guest"


def measure(section, quick):
    section.title("A call between two processes, 64 bytes each way")
    pairs = {"Go": (go_process("kernel-client.wasm", "client"), go_process("kernel-echo.wasm", "echo")),
             "C": (c_process("kernel-client-c.wasm", "client.c"), c_process("kernel-echo-c.wasm", "echo.c")),
             "C, canned": (c_process("kernel-client-canned.wasm", "canned-client.c"),
                           c_process("kernel-echo-canned.wasm", "canned-echo.c"))}
    counts = {name: (10_000 if quick else 40_000) * (1 if name == "Go" else 5) for name in pairs}
    worlds = {name: services_of(pair, counts[name]) for name, pair in pairs.items()}
    modules = {name: wind(deployment(f"kernel-{i}", "main", services), f"kernel-{i}.wasm", "-O2")
               for i, (name, services) in enumerate(worlds.items())}
    both = wind(deployment("kernel-both", "main", {"main": (guests_only(), [counts["Go"]])}), "kernel-both.wasm", "-O2")
    plans = {name: plan(f"kernel-{i}", "main", services_of(pair, counts[name] // 10)) for i, (name, pair) in enumerate(pairs.items())}
    host, grpc = tool("PARIGOT_REFERENCE_HOST", "the reference host"), grpc_program()

    totals, splits = [], []
    for engine in engines(section):
        sides = {name: (lambda module=module: [float(run_on(engine, module).output)]) for name, module in modules.items()}
        sides[BOTH] = lambda: [float(line) for line in run_on(engine, both).output.split()]
        if engine == "wazero":
            sides |= {f"{name} {HOST}": (lambda p=p: [float(run([host, p]))]) for name, p in plans.items()}
        sides[GRPC] = lambda: [call_over_grpc(grpc, 2_000 if quick else 5_000)]
        taken = rounds(3 if quick else 7, sides)
        times = {name: [of[0] for of in runs] for name, runs in taken.items()}
        # The kernel within that process is not guests' work: what it takes by itself was measured after it.
        guests = [total - kernel for total, kernel in taken[BOTH]]
        rest = [total - own for total, own in zip(times["Go"], guests)]
        apart = times.get(f"Go {HOST}")
        apart_rest = [total - own for total, own in zip(apart, guests)] if apart else None

        totals.append([engine, *(nanoseconds(times[name]) for name in pairs),
                       *(nanoseconds(times.get(f"{name} {HOST}")) for name in pairs), nanoseconds(times[GRPC])])
        splits.append([engine, *map(nanoseconds, (times["Go"], guests, rest, apart, apart_rest))])
        if apart:
            section.goal(f"{engine}, Go: by a host against one world, less the guests' own work in both", ratio(apart_rest, rest), at_least=10)
            section.note(f"{engine}: by a host against one world, all of the call: " + ", ".join(
                f"{name} {ratio(times[f'{name} {HOST}'], times[name]):.1f}" for name in pairs) + ".")
        section.goal(f"{engine}, Go: gRPC against one world less the guests' own work", ratio(times[GRPC], rest), at_least=1000)
        section.note(f"{engine}: gRPC against one world, all of the call: " + ", ".join(
            f"{name} {ratio(times[GRPC], times[name]):.0f}" for name in pairs) + ".")
    section.table("Nanoseconds per call, one after the other, by the client's clock; worlds with -O2",
                  ["engine", *pairs, *(f"{name}, {HOST}" for name in pairs), GRPC], totals)
    section.table("Nanoseconds per call of the Go pair",
                  ["engine", "one world", "guests' own work", "the rest", HOST, "the rest of that"], splits)
    section.note("\"By a host\" is the same two binaries under tests/parigot/host, on wazero, whose kernel is written to be read. gRPC is "
                 "two native Go processes on loopback, with the messages of google.golang.org/protobuf (scripts/bench/services/grpc). The "
                 "guests' own work is both of them in one process with a kernel of copies (services/kernel/canned), whose own time is "
                 "taken off. The pair in C waits by Asyncify; \"canned\" is the same two without encoding or decoding.")
    measure_directness(section, worlds["Go"])


def services_of(pair, count):
    client, echo = pair
    return {"echo": (echo, ["echo"]), "main": (client, [count])}


def guests_only():
    """Client and service as one process, which has no imports of the kernel."""
    overlay = OUT / "kernel-overlay.json"
    overlay.write_text(json.dumps({"Replace": {str(LIBRARY / "imports.go"): str(HERE / "services/kernel/canned/imports.go")}}))
    return go_process("kernel-both-go.wasm", "both", "-overlay", overlay)


def nanoseconds(times):
    return (statistics.median(times), "{:,.0f}") if times else "-"


def grpc_program():
    go, output = tool("PARIGOT_GO", "Go"), OUT / "grpc"
    run([go, "build", "-trimpath", "-buildvcs=false", "-o", output, "."], cwd=HERE / "services/grpc",
        env={**os.environ, "GOFLAGS": "-mod=readonly", "GOWORK": "off"})
    return output


def call_over_grpc(program, count):
    with subprocess.Popen([program, "server"], stdout=subprocess.PIPE, text=True) as server:
        try:
            return float(run([program, "client", server.stdout.readline().strip(), count]))
        finally:
            server.terminate()


def measure_directness(section, pair):
    """Which part of the calls the kernel hands to a process that waits for them, without a turn of the scheduler."""
    sys.path.insert(0, str(ROOT / "tests/parigot"))
    from suite.cases import Case  # pylint: disable=import-outside-toplevel,import-error

    engine = next(iter(engines(section)))
    worlds = {"the pair above": deployment("kernel-direct", "main", pair)}
    for name in CASES:
        case = Case(ROOT / "tests/parigot/cases" / name)
        case.work = OUT / f"case-{name}"
        case.prepare()
        worlds[f"tests/parigot: {name}"] = case.work / "deploy.toml"
    rows = []
    for name, file in worlds.items():
        module = wind(file, "kernel-direct.wasm", "--kernel-stats")
        said = re.search(r"parigot: (\d+) calls, (\d+) direct", run_on(engine, module).figures["error"])
        if not said:
            raise RuntimeError(f"{name}: no statistics of the kernel")
        calls, direct = map(int, said.groups())
        rows.append([name, (calls, "{:,}"), (direct, "{:,}"), (direct / calls, "{:.3f}")])
    section.table("Calls, and how many of them went to the callee at once", ["world", "calls", "direct", "part"], rows)
