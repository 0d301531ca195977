"""A service call with 64 bytes each way, in one world and carried by a host."""

import statistics

from build import c_service, manifest, wazero_host, wind
from measure import engines, ratio, rounds, run_host, run_on


def measure(section, quick):
    section.title("A service call with 64 bytes each way")
    client = c_service("client.wasm", "client.c", main=True)
    provider = c_service("provider.wasm", "provider.c")
    linked = c_service("linked.wasm", "client.c", "provider.c", main=True, flags=["-DLINKED"])
    copying = c_service("copying.wasm", "client.c", "provider.c", main=True, flags=["-DLINKED", "-DCOPYING", "-mbulk-memory"])
    world = manifest("call", "client", {"client": client, "provider": provider})
    modules = {"one C program": linked, "that copies twice": copying, "in one world": wind(world, "call.wasm"),
               "in one world, -O2": wind(world, "call-O2.wasm", "-O2")}
    calls, calls_apart = (2_000_000, 1_000_000) if quick else (10_000_000, 4_000_000)

    def nanoseconds(run, count):
        return run.figures["run"] / count * 1e9

    expected, rows = {}, []
    for engine in engines(section):
        def one(module):
            run = run_on(engine, module, calls)
            if expected.setdefault(calls, run.output) != run.output:
                raise RuntimeError(f"{engine}, {module.name}: the checksum differs")
            return nanoseconds(run, calls)

        def apart():
            run = run_host([wazero_host(), "apart"], client, provider, calls_apart)
            if expected.setdefault(calls_apart, run.output) != run.output:
                raise RuntimeError("apart: the checksum differs")
            return nanoseconds(run, calls_apart)

        expected[calls_apart] = run_on(engine, linked, calls_apart).output
        sides = {name: (lambda module=module: one(module)) for name, module in modules.items()}
        if engine == "wazero":
            sides["apart, carried by a host"] = apart
        times = rounds(3 if quick else 9, sides)
        cells = [(statistics.median(of), "{:.1f} ns") for of in times.values()]
        rows.append([engine, *cells, *([] if engine == "wazero" else [""])])
        if engine == "wazero":
            carried = times["apart, carried by a host"]
            for name in ("in one world", "in one world, -O2"):
                section.goal(f"wazero: a call carried by a host, against one {name}", ratio(carried, times[name]), at_least=5)
                net = [statistics.median(of) - statistics.median(times["one C program"]) for of in (carried, times[name])]
                section.note(f"What the call itself costs, that is less the time of the plain call in one C program: carried by a host "
                             f"{net[0]:.1f} ns, {name} {net[1]:.1f} ns, ratio {net[0] / net[1]:.1f}.")
    section.table("Per call, the client's loop and the provider's little work included", ["engine", *modules, "apart, carried by a host"], rows)
    section.note("\"One C program\" has client and provider linked together, a call is a plain call; \"that copies twice\" copies request "
                 "and reply with a memory.copy each besides, as an adapter must.")
    section.note("The host that carries the call is a Go program that does no more than it must: it allocates nothing and looks nothing "
                 "up per call, and copies each byte once each way (scripts/bench/hosts/wazero/carry.go).")
    measure_lent(section, quick)


def measure_lent(section, quick):
    """Requests of several sizes, copied and read where they are (`copy = false`)."""
    sizes = {64: 10_000_000, 4096: 5_000_000, 1 << 20: 100_000}
    rows = []
    for size, count in sizes.items():
        count //= 5 if quick else 1
        flags = [f"-DREQUEST={size}"]
        services = {"client": c_service(f"client-{size}.wasm", "client.c", main=True, flags=flags),
                    "provider": (c_service("provider.wasm", "provider.c"), 'arena = "4MiB"')}
        linked = c_service(f"linked-{size}.wasm", "client.c", "provider.c", main=True, flags=["-DLINKED", *flags])
        modules = {"linked": linked}
        for name, lines in {"copied": (), "lent": ("copy = false",)}.items():
            world = manifest(f"call-{name}-{size}", "client", services, [("client", "provider.echo_", "provider", "parigot", *lines)])
            modules[name] = wind(world, f"call-{name}-{size}.wasm", "-O2")
        for engine in engines(section):
            sides = {name: (lambda module=module: run_on(engine, module, count).figures["run"] / count * 1e9)  # noqa: B023
                     for name, module in modules.items()}
            times = rounds(3 if quick else 7, sides)
            over = {name: statistics.median(a - b for a, b in zip(times[name], times["linked"])) for name in ("copied", "lent")}
            rows.append([engine, (size, "{:,}"), *((statistics.median(of), "{:,.1f} ns") for of in times.values()),
                         *((of, "{:,.1f} ns") for of in over.values())])
            if size == 64 and engine != "wazero":
                section.goal(f"{engine}, 64 bytes each way, copy = false: nanoseconds over a plain call", over["lent"], at_most=15)
    section.table("Requests of several sizes, replies of 64 bytes; -O2",
                  ["engine", "bytes", "plain call", "copied", "copy = false", "copied, over a plain call", "copy = false, over that"], rows)
