"""A host call from a service that is not at base 0, against the same call from the same service unwound."""

import os
import statistics
import subprocess

from build import HERE, OUT, base_of, c_service, manifest, run, upstream, wind
from measure import engines, rounds, run_on

CALLS = ["clock_time_get", "fd_write of 1", "fd_write of 2"]
WINDINGS = {"in a world": [], "in a world, -O2": ["-O2"]}
AGAIN = "direct, again"  # the same once more: by how much a difference can be off
MOST = 20  # nanoseconds that an adapter may cost


def measure(section, quick):
    section.title("A host call through an adapter")
    alone = c_service("host-call.wasm", "host-call.c", main=True)
    world = manifest("host-call", "caller", {"caller": alone, "filler": c_service("filler.wasm", "filler.c")})
    modules = {"direct": alone, AGAIN: alone}
    for number, (name, flags) in enumerate(WINDINGS.items()):
        modules[name] = wind(world, f"host-call-{number}.wasm", *flags)
        if base_of(modules[name], "caller") == 0:
            raise RuntimeError("the caller was to be at a base other than 0")
    no_op = OUT / "no-op.wasm"
    run([upstream("wasm-as"), HERE / "services/no-op.wat", "-o", no_op])

    # host -> calls in a run: some ten milliseconds to some hundred.
    hosts = {"a host that does nothing": 5_000_000 if quick else 50_000_000, "the engine's WASI": 100_000 if quick else 500_000}
    for host, count in hosts.items():
        nothing, rows = host == "a host that does nothing", []
        for engine in engines(section):
            calls = count // 10 if nothing and engine == "wazero" else count  # a Go function takes ten times as long
            for call in CALLS:
                cells = measure_call(engine, call, calls, modules, no_op if nothing else None, 3 if quick else 9)
                rows.append([engine, call, *cells])
                if nothing and engine != "wazero":
                    added = max(cells[-2][0], cells[-1][0])
                    section.goal(f"{engine}, {call}: what the adapter adds, in ns", added, at_most=MOST)
        differences = [f"{name}: difference" for name in (AGAIN, *WINDINGS)]
        section.table(f"Nanoseconds per call of {host}", ["engine", "call", *modules, *differences], rows)
    section.note("Differences are the median of those of the rounds. The host that does nothing is another wasm module on Node and "
                 "wasmtime, a Go function on wazero; it shows what the adapter costs. The engine's WASI takes much longer and varies by "
                 "more than that, as the difference of the direct call from itself shows. fd_write has one buffer or two of 8 bytes "
                 "each, and writes to /dev/null.")


def one_call(engine, call, calls, module, no_op):
    """Nanoseconds per call, of so many in one run; `no_op` is the host that does nothing, or None for the engine's."""
    environment = {**os.environ, **({"PARIGOT_BENCH_NO_OP": str(no_op)} if no_op else {})}
    ran = run_on(engine, module, call, calls, stdout=subprocess.DEVNULL, env=environment)
    return ran.figures["run"] / calls * 1e9


def measure_call(engine, call, calls, modules, no_op, count):
    times = rounds(count, {name: (lambda module=module: one_call(engine, call, calls, module, no_op))
                           for name, module in modules.items()})
    cells = [(statistics.median(of), "{:.1f}") for of in times.values()]
    differences = [statistics.median(a - b for a, b in zip(times[name], times["direct"])) for name in (AGAIN, *WINDINGS)]
    return cells + [(difference, "{:+.1f}") for difference in differences]
