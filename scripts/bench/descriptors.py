"""A host call with a descriptor where each service has a table of its own, against the same call where all share the host's."""

import statistics

from build import HERE, OUT, c_service, manifest, run, upstream, wind
from host_call import one_call
from measure import engines, ratio, rounds

MOST = 15  # nanoseconds that a table may cost


def measure(section, quick):
    section.title("A host call with a descriptor of the service's own")
    world = manifest("descriptors", "caller", {"caller": c_service("host-call.wasm", "host-call.c", main=True),
                                               "writer": c_service("writer.wasm", "writer.c")})
    flags = {"plain": [], "-O2": ["-O2"], "isolated, -O2": ["--isolate", "-O2"]}
    no_op = OUT / "no-op.wasm"
    run([upstream("wasm-as"), HERE / "services/no-op.wat", "-o", no_op])
    rows = []
    for number, (how, options) in enumerate(flags.items()):
        shared = wind(world, f"descriptors-shared-{number}.wasm", "--shared-descriptors", *options)
        own = wind(world, f"descriptors-own-{number}.wasm", *options)
        if b"parigot.descriptors" not in own.read_bytes():
            raise RuntimeError(f"{how}: there is no table")
        for engine in engines(section):
            calls = (2_000_000 if quick else 20_000_000) // (10 if engine == "wazero" else 1)
            sides = {"shared": lambda of=shared: one_call(engine, "fd_write of 1", calls, of, no_op),
                     "own": lambda of=own: one_call(engine, "fd_write of 1", calls, of, no_op)}
            times = rounds(3 if quick else 9, sides)
            added = statistics.median(a - b for a, b in zip(times["own"], times["shared"]))
            rows.append([engine, how, *((statistics.median(of), "{:.1f}") for of in times.values()), (added, "{:+.1f}"),
                         (ratio(times["own"], times["shared"]), "{:.2f}")])
            section.goal(f"{engine}, {how}: what the table adds, in ns", added, at_most=MOST)
    section.table("Nanoseconds per fd_write of a host that does nothing",
                  ["engine", "wound", "shared", "own", "difference", "ratio"], rows)
