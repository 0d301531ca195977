"""A program that computes, at a base other than 0, against itself unmerged."""

import statistics

from build import base_of, c_service, manifest, optimize, wind
from measure import engines, ratio, rounds, run_on

PARTS = ["hash", "matrix", "sort", "chase", "machine"]


def measure(section, quick):
    section.title("A program that computes, in a world")
    alone = c_service("compute.wasm", "compute.c", main=True)
    filler = c_service("filler.wasm", "filler.c")
    world = manifest("compute", "compute", {"compute": alone, "filler": filler})
    modules = {"alone": alone, "alone, -O2": optimize(alone, "compute-O2.wasm", "-O2"),
               "in a world": wind(world, "compute-world.wasm"), "in a world, -O2": wind(world, "compute-world-O2.wasm", "-O2"),
               "bases folded": wind(world, "compute-folded.wasm", "--fold-bases")}
    base = base_of(modules["in a world"], "compute")
    if base == 0 or base_of(modules["in a world, -O2"], "compute") != base:
        raise RuntimeError("compute was to be at a base other than 0")

    rows = []
    for engine in engines(section):
        sides = {name: (lambda module=module: run_on(engine, module)) for name, module in modules.items()}
        runs = rounds(2 if quick else 9, sides)
        if len({r.output for of in runs.values() for r in of}) != 1:
            raise RuntimeError(f"{engine}: the checksums differ")
        times = {name: [r.figures["run"] for r in of] for name, of in runs.items()}
        plain = ratio(times["in a world"], times["alone"])
        optimized = ratio(times["in a world, -O2"], times["alone, -O2"])
        if engine != "wazero":
            section.goal(f"Run time in a world, against alone, {engine}", plain, at_most=1.03)
        folded = ratio(times["bases folded"], times["alone"])
        rows.append([engine, *((statistics.median(of), "{:.2f} s") for of in times.values()),
                     (plain, "{:.3f}"), (optimized, "{:.3f}"), (folded, "{:.3f}")])
    section.table(f"Compute is at base {base >> 20} MiB", ["engine", *modules, "ratio", "ratio, -O2", "ratio, folded"], rows)

    if not quick:
        rows = []
        for engine in engines(section):
            row = [engine]
            for part in PARTS:
                sides = {name: (lambda module=modules[name]: run_on(engine, module, part).figures["run"])
                         for name in ("alone", "in a world")}
                times = rounds(5, sides)
                row.append((ratio(times["in a world"], times["alone"]), "{:.3f}"))
            rows.append(row)
        section.table("Ratio of each part", ["engine", *PARTS], rows)

    def size(name):
        return modules[name].stat().st_size

    filler_sizes = {"": filler.stat().st_size, ", -O2": optimize(filler, "filler-O2.wasm", "-O2").stat().st_size}
    section.table("Size of both services", ["", "apart", "in a world", "ratio"],
                  [["as they are" if not level else "with -O2", (size("alone" + level) + of, "{:,}"), (size("in a world" + level), "{:,}"),
                    (size("in a world" + level) / (size("alone" + level) + of), "{:.3f}")] for level, of in filler_sizes.items()])
