"""Building ten Go services: the world as a whole, each service alone with a new cache, and with what it keeps."""

import shutil
import statistics

from build import OUT, PARIGOT_OPT, go_service, manifest, nodes
from measure import child, ratio

CACHE = OUT / "cache"


def ten_services(name):
    """A manifest of ten Go services, of which nine are equal but for the build id, and their files by name."""
    services = {"s0": go_service("cache-s0.wasm", "go-main", main=True)}
    for i in range(1, 10):
        services[f"s{i}"] = go_service(f"cache-s{i}.wasm", "go-store", build_id=f"s{i}")
    calls = [("s0", f"{name}.touch_", name, "scalar") for name in services if name != "s0"]
    return manifest(name, "s0", services, calls), services


def measure(section, quick):
    section.title("Building ten Go services with -O2")
    world, _ = ten_services("cache")
    outputs = {}

    def build(name, *options):
        outputs[name] = OUT / f"cache-{name}.wasm".replace(" ", "-")
        return child([PARIGOT_OPT, "build", world, "-q", "-O2", "--cache", CACHE, "-o", outputs[name], *options])

    runs = {}
    for i in range(1 if quick else 3):
        shutil.rmtree(CACHE, ignore_errors=True)
        go_service("cache-s5.wasm", "go-store", build_id="s5")
        of = {"whole program": build("whole program", "--whole-program", "--no-cache"), "empty cache": build("empty cache"),
              "nothing is new": build("nothing is new"),
              "whole program, contained": build("whole program, contained", "--whole-program", "--no-cache", "--isolate=contain")}
        if outputs["empty cache"].read_bytes() != outputs["nothing is new"].read_bytes():
            raise RuntimeError("the cache changes the module")
        go_service("cache-s5.wasm", "go-store", build_id=f"changed{i}")
        of["one is new"] = build("one is new")
        go_service("cache-s5.wasm", "go-store", build_id=f"again{i}")
        of["one is new, contained"] = build("one is new, contained", "--isolate=contain")
        for name, run in of.items():
            runs.setdefault(name, []).append(run)

    def cpu(name):
        return [run.cpu for run in runs[name]]

    def against(name, figure):
        return figure(outputs[name]) / figure(outputs["whole program"])

    section.goal("One of ten services is new: CPU, against optimising the whole", ratio(cpu("one is new"), cpu("whole program")), at_most=0.2)
    section.goal("Nothing is new: seconds", statistics.median(run.wall for run in runs["nothing is new"]), at_most=1.5)
    section.goal("An empty cache: CPU, against optimising the whole", ratio(cpu("empty cache"), cpu("whole program")), at_most=1)
    section.goal("Size, against optimising the whole", against("empty cache", lambda path: path.stat().st_size), at_most=1.02)
    section.goal("Nodes, against optimising the whole", against("empty cache", nodes), at_most=1.02)
    section.table(f"Median of {len(runs['empty cache'])} rounds", ["", "CPU seconds", "seconds", "peak memory", "bytes"],
                  [[name, (statistics.median(run.cpu for run in of), "{:.1f}"), (statistics.median(run.wall for run in of), "{:.1f}"),
                    (statistics.median(run.peak_bytes for run in of) / (1 << 20), "{:.0f} MiB"), (outputs[name].stat().st_size, "{:,}")]
                   for name, of in runs.items()])
