"""A request and its reply of 64 bytes between two processes of parigot: in one world, apart, and what a network takes."""

import json
import os
import re
import statistics
import subprocess
import sys

import kernel_parts
from build import HERE, OUT, ROOT, c_process, deployment, go_process, plan, run, tool, wind
from measure import engines, ratio, rounds, run_on

CASES = ["hello", "chain", "fan-out", "callback", "twenty"]  # of tests/parigot
HOST, GRPC, GUESTS, CANNED = "by a host", "gRPC", "guests", "their kernel"
LIBRARY = ROOT / "tests/parigot/guest"
BARE = "C, canned"  # neither encodes nor decodes
CONTAINED = "C, canned, contained"  # the others are not isolated
NANOSECONDS = {"node": 600, "wasmtime": 600, "wazero": 1500}  # what such a call may take, on a quiet machine
WARM = 1.1  # a tenth more calls than are counted comes first


def measure(section, quick):
    section.title("A call between two processes, 64 bytes each way")
    pairs = {"Go": (go_process("kernel-client.wasm", "client"), go_process("kernel-echo.wasm", "echo")),
             "C": (c_process("kernel-client-c.wasm", "client.c"), c_process("kernel-echo-c.wasm", "echo.c")),
             BARE: (c_process("kernel-client-canned.wasm", "canned-client.c"),
                           c_process("kernel-echo-canned.wasm", "canned-echo.c"))}
    # Node compiles hot code while the first 100,000 calls run, which is a tenth of a second.
    counts = {"Go": 10_000 if quick else 20_000, "C": 50_000 if quick else 400_000, BARE: 100_000 if quick else 1_000_000}
    both = guests_only()
    programs = {"grpc": grpc_program(), "host": tool("PARIGOT_REFERENCE_HOST", "the reference host")}

    # Each is a side, which runs it with that many calls, and without: what is left is the calls, without start or compiler.
    worlds = {name: of_count(counts[name], lambda count, pair=pair: wound("kernel", services_of(pair, count)))
              for name, pair in pairs.items()}
    worlds[CONTAINED] = of_count(counts[BARE], lambda count: wound("kernel-contained", services_of(pairs[BARE], count), "--isolate=contain"))
    worlds[GUESTS] = of_count(counts["Go"], lambda count: wound("kernel", {"main": (both, [count])}))
    worlds[CANNED] = of_count(counts["Go"], lambda count: wound("kernel", {"main": (both, [1, count])}))
    apart = {f"{name} {HOST}": of_count(min(counts[name] // 10, 10_000), lambda count, pair=pair: plan(f"kernel-{count}-{pair[0].stem}", "main",
                                                                                        services_of(pair, count)))
             for name, pair in pairs.items()}

    cpu_rows, wall_rows, splits = [], [], []
    for engine in engines(section):
        sides = {name: side(of, lambda module: in_world(engine, module)) for name, of in worlds.items()}  # noqa: B023
        if engine == "wazero":
            sides |= {name: side(of, lambda file: by_host(programs["host"], file)) for name, of in apart.items()}
        sides[GRPC] = side(of_count(2_000 if quick else 5_000, lambda count: count), lambda count: over_grpc(programs["grpc"], count))
        taken = rounds(3 if quick else 5, sides)
        cpu, wall = ({name: [call[which] for call in of] for name, of in taken.items()} for which in (0, 1))
        # The kernel within the guests' process is not their work.
        guests = [total - WARM * kernel for total, kernel in zip(cpu[GUESTS], cpu[CANNED])]  # which has no warming up
        rest = less(cpu["Go"], guests)
        carried = cpu.get(f"Go {HOST}")
        for rows, of in ((cpu_rows, cpu), (wall_rows, wall)):
            rows.append([engine, *(nanoseconds(of.get(name)) for name in (*pairs, CONTAINED, *apart, GRPC))])
        splits.append([engine, *map(nanoseconds, (cpu["Go"], guests, rest, carried, carried and less(carried, guests)))])
        note_goals(section, engine, cpu, pairs)
    columns = ["engine", *pairs, CONTAINED, *(f"{name}, {HOST}" for name in pairs), GRPC]
    section.table("Nanoseconds of CPU time per call, one call after the other, both ends together; worlds with -O2", columns, cpu_rows)
    section.table("The same by the client's clock, which a busy machine disturbs", columns, wall_rows)
    section.table("Nanoseconds of CPU time per call of the Go pair",
                  ["engine", "one world", "guests' own work", "the rest", HOST, "the rest of that"], splits)
    section.note("\"By a host\" is the same two binaries under tests/parigot/host, on wazero, whose kernel is written to be read. gRPC is "
                 "two native Go processes on loopback, with the messages of google.golang.org/protobuf (scripts/bench/services/grpc); nothing "
                 "is taken off it. The guests' own work is both of them in one process with a kernel of copies (services/kernel/canned), "
                 "less what that takes. The pair in C waits by Asyncify; \"canned\" is the same without encoding or decoding. CPU time is "
                 "what a run takes more than one of a single call.")
    calls = 20_000 if quick else 200_000
    kernel_parts.measure(section, {name: (wound("kernel", services_of(pair, calls)), calls) for name, pair in pairs.items()}, quick)
    measure_directness(section, services_of(pairs["Go"], counts["Go"]))


def services_of(pair, count):
    client, echo = pair
    return {"echo": (echo, ["echo"]), "main": (client, [count])}


def wound(name, services, isolation="--isolate=none"):
    name = "-".join([name, *(str(word) for wasm, words in services.values() for word in (wasm.stem, *words))])
    return wind(deployment(name, "main", services), f"{name}.wasm", "-O2", isolation)


def guests_only():
    """Client and service as one process, which has no imports of the kernel."""
    overlay = OUT / "kernel-overlay.json"
    overlay.write_text(json.dumps({"Replace": {str(LIBRARY / "imports.go"): str(HERE / "services/kernel/canned/imports.go")}}))
    return go_process("kernel-both.wasm", "both", "-overlay", overlay)


def of_count(count, make):
    """What runs that many calls, and what runs one."""
    return count, make(count), make(1)


def side(of, once):
    """A function that measures a call: CPU nanoseconds, and nanoseconds by the client's clock. once: what runs the calls -> CPU
    seconds of the run, nanoseconds of a call by the clock."""
    count, many, one = of
    start, _ = min(once(one) for _ in range(2))

    def measured():
        seconds, wall = once(many)
        return (seconds - start) / (count * WARM) * 1e9, wall

    return measured


def in_world(engine, module):
    ran = run_on(engine, module)
    return ran.figures["run"], float(ran.output)


def by_host(host, file):
    environment = {**os.environ, "PARIGOT_WAZERO_CACHE": str(OUT / "kernel-cache")}
    with subprocess.Popen([host, file], stdout=subprocess.PIPE, text=True, env=environment) as process:
        output = process.stdout.read()
        return cpu_seconds(process), float(output)


def over_grpc(program, count):
    with subprocess.Popen([program, "server"], stdout=subprocess.PIPE, text=True) as server:
        address = server.stdout.readline().strip()
        with subprocess.Popen([program, "client", address, str(count)], stdout=subprocess.PIPE, text=True) as client:
            output = client.stdout.read()
            seconds = cpu_seconds(client)
        server.terminate()
        return seconds + cpu_seconds(server, killed=True), float(output)


def cpu_seconds(process, killed=False):
    """Waits for the end of a program: the CPU time that it took."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 and not killed:
        raise RuntimeError(f"{process.args} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def grpc_program():
    go, output = tool("PARIGOT_GO", "Go"), OUT / "grpc"
    run([go, "build", "-trimpath", "-buildvcs=false", "-o", output, "."], cwd=HERE / "services/grpc",
        env={**os.environ, "GOFLAGS": "-mod=readonly", "GOWORK": "off"})
    return output


def less(these, those):
    return [a - b for a, b in zip(these, those)]


def nanoseconds(times):
    return (statistics.median(times), "{:,.0f}") if times else "-"


def note_goals(section, engine, cpu, pairs):
    section.goal(f"{engine}, C without encoding: ns of CPU time", statistics.median(cpu[BARE]), at_most=NANOSECONDS[engine])
    if f"{BARE} {HOST}" in cpu:
        section.goal(f"{engine}, C without encoding: {HOST} against one world", ratio(cpu[f"{BARE} {HOST}"], cpu[BARE]), at_least=10)
        note_ratios(section, engine, HOST, {name: ratio(cpu[f"{name} {HOST}"], cpu[name]) for name in pairs})
    if engine == "wasmtime":
        section.goal(f"{engine}, gRPC against C without encoding", ratio(cpu[GRPC], cpu[BARE]), at_least=250)
    note_ratios(section, engine, GRPC, {name: ratio(cpu[GRPC], cpu[name]) for name in pairs})


def note_ratios(section, engine, what, ratios):
    section.note(f"{engine}: {what} against one world, all of the call: " + ", ".join(f"{name} {of:.1f}" for name, of in ratios.items()) + ".")


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
