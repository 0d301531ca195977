"""What it costs a program that it could stop in the middle of a host call, where it never does."""

import os
import statistics

from build import FEATURES, OUT, ROOT, c_service, go_service, optimize, run
from measure import engines, ratio, rounds, run_on

WAITS = "wasi_snapshot_preview1.sched_yield"
ASYNCIFY = [f"--pass-arg=asyncify-imports@{WAITS}", "--asyncify"]
WHOLE = "Asyncify, restricted by nothing"
WORK = {"all": [], "computing": ["compute"], "host calls": ["call"]}


def measure(section, quick):
    section.title("Programs that can wait in a host call, and do not")
    go = go_service("wait-go.wasm", "go-wait", main=True)
    c = c_service("wait-c.wasm", "wait.c", main=True)
    measure_program(section, "Go", go, quick, {"go-coroutines": [f"--go-coroutines={WAITS}"], "--asyncify": ASYNCIFY})
    measure_program(section, "C", c, quick, {"asyncify-coroutines": [f"--asyncify-coroutines={WAITS}"], "--asyncify": ASYNCIFY,
                                             WHOLE: ["--asyncify"]})
    section.note("Binaryen's --asyncify is told which import waits, and follows calls from there, of which an indirect one can go "
                 f"anywhere; \"{WHOLE}\" is told nothing: any import may wait. Times are CPU time after -O2 on all sides.")


def measure_program(section, language, program, quick, ways):
    modules = {"as it is": program}
    for number, (way, flags) in enumerate(ways.items()):
        modules[way] = with_pass(program, OUT / f"{program.stem}-{number}.wasm", flags)
    round_trip = with_pass(program, OUT / f"{program.stem}-again.wasm", [])  # Binaryen writes numbers shorter than Go does
    optimized = {way: optimize(module, f"{module.stem}-O2.wasm", "-O2") for way, module in modules.items()}
    ours = list(ways)[0]

    sizes = {way: module.stat().st_size for way, module in {**modules, "as it is": round_trip}.items()}
    sizes_optimized = {way: module.stat().st_size for way, module in optimized.items()}
    section.table(f"{language}: bytes of the module, and the ratio to it as it is", ["", *modules],
                  [row for name, of in (("read and written", sizes), ("with -O2", sizes_optimized))
                   for row in ([name, *((size, "{:,}") for size in of.values())],
                               ["", *((size / of["as it is"], "{:.4f}") for size in of.values())])])
    if language == "Go":
        section.goal(f"{language}, {ours}: size", sizes[ours] / sizes["as it is"], at_most=1.01)

    # The same modules again and again: what is measured does not include their compilation.
    environment = {**os.environ, "PARIGOT_BENCH_CACHE": str(OUT / "coroutines-cache")}
    rows, of_goal = [], []
    for engine in engines(section):
        for work, arguments in WORK.items():
            if quick and work != "all":
                continue
            sides = {way: (lambda module=module: run_on(engine, module, *arguments, env=environment)) for way, module in optimized.items()}
            sides["as it is, again"] = sides["as it is"]
            runs = rounds(2 if quick else 5, sides)
            if len({r.output for of in runs.values() for r in of}) != 1:
                raise RuntimeError(f"{engine}, {language}: the checksums differ")
            times = {way: [r.figures["run"] for r in of] for way, of in runs.items()}
            ratios = {way: ratio(of, times["as it is"]) for way, of in times.items()}
            rows.append([engine, work, (statistics.median(times["as it is"]), "{:.2f} s"),
                         *((ratios[way], "{:.3f}") for way in ("as it is, again", *ways))])
            if work == "all":
                of_goal.append(ratios[ours])
    section.table(f"{language}: time as it is, and the ratio to that", ["engine", "", "as it is", "as it is, again", *ways], rows)
    if language == "Go":
        section.goal(f"{language}, {ours}: time, geometric mean over engines", statistics.geometric_mean(of_goal), at_most=1.01)


def with_pass(program, output, flags):
    run([ROOT / "build/bin/wasm-opt", "--load-pass", ROOT / "build/lib/libparigot-passes.so", program, "-o", output, "-g",
         *(f"--enable-{feature}" for feature in FEATURES), *flags])
    return output
