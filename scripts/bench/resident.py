"""What an engine holds for ten services with default regions, against what they use."""

import statistics

from build import Missing, c_service, go_service, inspect, manifest, wind
from measure import engines, run_on

MEBIBYTES = 4
OTHERS = [f"s{n}" for n in range(1, 10)]


def wind_both(language, alone, main, other):
    """A world of one, and one of ten services of which nine are the same module, each with its own address space."""
    one = manifest(f"one-{language}", "main", {"main": alone})
    ten = manifest(f"ten-{language}", "main", {"main": main, **dict.fromkeys(OTHERS, other)},
                   [("main", f"{name}.touch_", name, "scalar") for name in OTHERS])
    return wind(one, f"one-{language}.wasm"), wind(ten, f"ten-{language}.wasm")


def in_c():
    return wind_both("c", c_service("store-alone.wasm", "store.c", main=True, flags=["-DMAIN", "-DALONE"]),
                     c_service("store-main.wasm", "store.c", main=True, flags=["-DMAIN"]), c_service("store.wasm", "store.c"))


def in_go():
    return wind_both("go", go_service("go-alone.wasm", "go-main", main=True, tags="alone"),
                     go_service("go-main.wasm", "go-main", main=True), go_service("go-store.wasm", "go-store"))


def medians(engine, module, count):
    runs = [run_on(engine, module, MEBIBYTES).figures for _ in range(count)]
    return {key: statistics.median(r[key] for r in runs) for key in runs[0] if key != "error"}


def measure(section, quick):
    section.title("Ten services in memory")
    rows = []
    for language, build in {"C": in_c, "Go": in_go}.items():
        try:
            one, ten = build()
        except (Missing, RuntimeError) as reason:
            section.note(f"Not measured: ten services in {language}: {str(reason).strip()}.")
            continue
        declared = inspect(ten)["memories"][0]["initialPages"] >> 4
        for engine in engines(section):
            if quick and language == "Go" and engine != "node":
                continue  # which compile all of their code, and take their time
            try:
                alone, together = (medians(engine, module, 1 if quick or language == "Go" else 5) for module in (one, ten))
            except RuntimeError as error:
                section.note(f"FAILED: ten in {language} on {engine}: {str(error).splitlines()[0]}.")
                continue
            grown = (together["done"] - together["compiled"]) / 1024
            one_grown = (alone["done"] - alone["compiled"]) / 1024
            # One alone has what the engine itself needs to run anything; of the other nine in C it is known what they use.
            used = one_grown + 9 * MEBIBYTES if language == "C" else 10 * one_grown
            if language == "C":
                section.goal(f"Resident memory of ten C services, against what they use, {engine}", grown / used, at_most=1.1)
            rows.append([language, engine, (declared, "{} MiB"), (together["compiled"] / 1024, "{:.0f} MiB"), (one_grown, "{:.1f} MiB"),
                         (grown, "{:.1f} MiB"), (used, "{:.1f} MiB"), (grown / used, "{:.2f}"), (together["compile"], "{:.2f} s"),
                         (together["instantiate"] * 1e3, "{:.1f} ms"), (together["run"] * 1e3, "{:.0f} ms")])
    section.table(f"Ten services, each touching {MEBIBYTES} MiB",
                  ["in", "engine", "declared", "engine and code", "one, running", "ten, running", "sum of use",
                   "ratio", "compile", "instantiate", "run"], rows)
    section.note("\"Engine and code\" is resident before there is an instance, \"running\" what comes on top of that until the program has "
                 f"ended. The sum of use is one service running alone and, in C, {MEBIBYTES} MiB for each of the nine others; in Go, whose "
                 "heaps hold more than what is touched, ten times one alone.")
    if quick:
        section.note("Ten in Go on wasmtime and wazero only without --quick.")
