"""What each way to wind costs in speed and size, against the service alone and against what Binaryen makes of it."""

import statistics

from build import OUT, base_of, c_service, go_service, manifest, optimize, run, upstream, wasm_merge_command, wind
from measure import code_bytes, engines, ratio, rounds, run_on

# The way to wind -> flags of parigot-opt build.
WINDINGS = {"single": [], "single, constants": ["--no-compact-bases"], "single, offsets": ["--fold-bases"], "contain": ["--isolate=contain"],
            "isolate": ["--isolate"], "multi": ["--memory=multi"], "multi, contain": ["--memory=multi", "--isolate=contain"],
            "multi, isolate": ["--memory=multi", "--isolate"]}
MERGED, LOWERED = "wasm-merge", "wasm-merge, lowered"
NOT_ON_WAZERO = {"multi", "multi, contain", "multi, isolate", MERGED}  # it has no multi-memory
PARTS = ["hash", "matrix", "sort", "chase", "machine"]
FILLER_LOADS = 150_000  # more than a Go program has


def measure(section, quick):
    section.title("Layouts and isolation")
    count = 2 if quick else 5
    of_goal = {"single": [], "isolate": [], "multi": [], "multi, contain": []}
    contained = {}  # engine -> the ratios of both programs
    contained_code = []
    for name, modules in {"C": c_modules(), "Go": go_modules()}.items():
        rows = []
        for engine in engines(section):
            sides = {side: module for side, module in modules.items() if engine != "wazero" or side not in NOT_ON_WAZERO}
            runs = rounds(count, {side: (lambda module=module: run_on(engine, module)) for side, module in sides.items()})
            if len({r.output for of in runs.values() for r in of}) != 1:
                raise RuntimeError(f"{engine}: the checksums of {name} differ")
            times = {side: [r.figures["run"] for r in of] for side, of in runs.items()}
            ratios = {side: ratio(of, times["alone"]) for side, of in times.items()}
            for side, reference in {"single": "alone", "isolate": "alone", "multi": MERGED, "multi, contain": "multi"}.items():
                if side in times:
                    of_goal[side].append(ratio(times[side], times[reference]))
            contained.setdefault(engine, []).append(ratio(times["contain"], times["single"]))
            rows.append([engine, (statistics.median(times["alone"]), "{:.2f} s"),
                         *((ratios[side], "{:.3f}") if side in ratios else "-" for side in modules if side != "alone")])
        section.table(f"{name}, all with -O2: CPU time alone, and the ratio of each to that", ["engine", *modules], rows)
        code = {side: code_bytes(module) for side, module in modules.items()}
        beside = code_bytes(optimize(OUT / f"{name}-filler.wasm", f"{name}-filler-O2.wasm", "-O2"))
        alone = code["alone"]
        section.table(f"{name}, all with -O2: bytes of code, without that of the filler beside it, and the ratio to that alone",
                      ["", *modules],
                      [["bytes", (alone, "{:,}"), *((of - beside, "{:,}") for side, of in code.items() if side != "alone")],
                       ["ratio", (1.0, "{:.3f}"), *(((of - beside) / alone, "{:.3f}") for side, of in code.items() if side != "alone")]])
        contained_code.append((code["contain"] - beside) / (code["single"] - beside))
        if name == "Go":
            section.goal("Code, a Go service in a world", (code["single"] - beside) / alone, at_most=1.05)

    for what, text, most in (("single", "Time, single", 1.02), ("isolate", "Time, isolate", 1.30), ("multi", "Time, multi against wasm-merge", 1.02)):
        section.goal(f"{text}: geometric mean over programs and engines", statistics.geometric_mean(of_goal[what]), at_most=most)
    for engine, of in contained.items():
        section.goal(f"Time, contain against single, {engine}: geometric mean over programs", statistics.geometric_mean(of),
                     at_most=1.03 if engine == "node" else 1.08)
    section.goal("Time, multi, contain against multi: geometric mean over programs and engines", statistics.geometric_mean(of_goal["multi, contain"]),
                 at_most=1.01)
    section.goal("Code, contain against single: geometric mean over programs", statistics.geometric_mean(contained_code), at_most=1.06)
    section.goal("Time, single: the worst of programs and engines", max(of_goal["single"]), at_most=1.05)

    if not quick:
        measure_parts(section)


def measure_parts(section):
    """The parts of compute.c; machine is the loop of an interpreter."""
    modules = c_program_modules()
    rows = []
    for engine in engines(section):
        sides = {side: module for side, module in modules.items() if engine != "wazero" or side not in NOT_ON_WAZERO}
        ratios = {side: [] for side in sides}
        for part in PARTS:
            times = rounds(3, {side: (lambda module=module: run_on(engine, module, part).figures["run"]) for side, module in sides.items()})
            for side, of in times.items():
                ratios[side].append((ratio(of, times["alone"]), "{:.3f}"))
        rows += [[engine, side, *of] for side, of in ratios.items() if side != "alone"]
    section.table("Each part of the C program: ratio to that alone", ["engine", "", *PARTS], rows)


def filler(name):
    """A service of nothing but loads, more than the program beside it has, so that it, and not that program, gets base 0."""
    functions = FILLER_LOADS // 1000
    lines = ["(module", '(memory (export "memory") 1)']
    for function in range(functions):
        loads = "".join(f"(i32.store8 offset={i} (local.get 0) (i32.load offset={i * 4} (local.get 0)))" for i in range(500))
        lines.append(f'(func (export "load{function}") (param i32) {loads})')
    text = OUT / f"{name}-filler.wat"
    text.write_text("\n".join([*lines, ")"]))
    run([upstream("wasm-as"), text, "-o", OUT / f"{name}-filler.wasm"])
    return OUT / f"{name}-filler.wasm"


def windings(name, main, services, calls=()):
    """Each way to wind it -> the module, where the last of the services is at a base other than 0. All are optimised as a
    whole: alone, the filler would have one function after it, and would not fill."""
    world = manifest(name, main, services, calls)
    modules = {how: wind(world, f"{name}-{how.replace(', ', '-')}.wasm", "-O2", "--whole-program", *flags) for how, flags in WINDINGS.items()}
    measured = list(services)[-1]
    if base_of(modules["single"], measured) < 1 << 28:
        raise RuntimeError(f"{measured} was to be at a base other than 0")
    return modules


def merged(name, services):
    """What wasm-merge makes of them, main first, and its memories lowered to one."""
    run(wasm_merge_command(services, f"{name}-merged.wasm"))
    run(wasm_merge_command(services, f"{name}-to-lower.wasm", conflicts="skip"))
    return {MERGED: optimize(OUT / f"{name}-merged.wasm", f"{name}-merged-O2.wasm", "-O2"),
            LOWERED: optimize(OUT / f"{name}-to-lower.wasm", f"{name}-lowered-O2.wasm", "--multi-memory-lowering", "-O2")}


def c_modules():
    """The program, and the same as a service without host calls: wasm-merge has WASI in the first memory only."""
    alone = c_service("layouts-alone.wasm", "compute.c", main=True)
    main = c_service("layouts-main.wasm", "compute-main.c", main=True)
    service = c_service("layouts-service.wasm", "compute.c", flags=["-DSERVICE"])
    services = {"main": main, "filler": filler("C"), "compute": service}
    wound = windings("layouts-c", "main", services, [("main", "compute.part_", "compute", "scalar")])
    return {"alone": optimize(alone, "layouts-alone-O2.wasm", "-O2"), **wound, **merged("layouts-c", services)}


def c_program_modules():
    alone = c_service("layouts-alone.wasm", "compute.c", main=True)
    return {"alone": optimize(alone, "layouts-alone-O2.wasm", "-O2"),
            **windings("layouts-parts", "compute", {"filler": (filler("C"), "first = true"), "compute": alone})}


def go_modules():
    """The program in the first memory of wasm-merge: elsewhere its WASI would be broken. So lowering does not cost it anything."""
    alone = go_service("layouts-go.wasm", "go-gc", main=True)
    beside = filler("Go")
    return {"alone": optimize(alone, "layouts-go-O2.wasm", "-O2"), **windings("layouts-go", "go", {"filler": beside, "go": alone}),
            **merged("layouts-go", {"go": alone, "filler": beside})}
