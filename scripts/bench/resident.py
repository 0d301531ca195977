"""What an engine holds for ten services with default regions, against what they use."""

from build import Missing, c_service, go_service, inspect, manifest, wind
from measure import engines, run_on

MEBIBYTES = 4
OTHERS = [f"s{n}" for n in range(1, 10)]


def worlds():
    """name -> (world of one, world of ten)"""
    def wind_both(name, alone, main, service):
        calls = [("main", f"{other}.touch_", other, "scalar") for other in OTHERS]
        ten = manifest(f"ten-{name}", "main", {"main": main, **{other: service for other in OTHERS}}, calls)
        return wind(manifest(f"one-{name}", "main", {"main": alone}), f"one-{name}.wasm"), wind(ten, f"ten-{name}.wasm")

    yield "C", wind_both("c", c_service("store-alone.wasm", "store.c", main=True, flags=["-DMAIN", "-DALONE"]),
                         c_service("store-main.wasm", "store.c", main=True, flags=["-DMAIN"]), c_service("store.wasm", "store.c"))
    try:
        yield "Go", wind_both("go", go_service("go-alone.wasm", "go-alone", main=True), go_service("go-main.wasm", "go-main", main=True),
                              go_service("go-store.wasm", "go-store"))
    except Missing as reason:
        print(reason)


def measure(section, quick):
    section.title("Ten services in memory")
    rows = []
    worst = {}
    for language, (one, ten) in worlds():
        pages = next(m for m in inspect(ten)["memories"])
        for engine in engines(section):
            alone, together = (best(engine, module, 1 if quick else 3) for module in (one, ten))
            used = 10 * grown(alone) / 1024
            rows.append([f"ten in {language}", engine, (alone["compiled"] / 1024, "{:.0f} MiB"), (together["compiled"] / 1024, "{:.0f} MiB"),
                         (together["done"] / 1024, "{:.0f} MiB"), (grown(together) / 1024, "{:.1f} MiB"), (used, "{:.1f} MiB"),
                         (grown(together) / 1024 / used, "{:.2f}"), (together["compile"], "{:.2f} s"), (together["instantiate"] * 1e3, "{:.1f} ms"),
                         (together["run"] * 1e3, "{:.0f} ms")])
