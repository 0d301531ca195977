#!/usr/bin/env python3
"""A plugin as the main service of a world: its host, written for the plugin alone, finds every byte where the plugin says.

    tests/plugins/run.py

The plugin (case/main.c) serves the conventions of packed results, waPC, typst and proxy-wasm, and has globals and a table
that the host uses. The references are runs of plugin and helper as two modules, on Node and wasmtime; what these print was
worked out by hand and stands in case/expected. The helper is the service that would be at address 0 otherwise.
"""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import engines, paths, process, tools  # noqa: E402
from harness.report import Failure, Results  # noqa: E402
from harness.worlds import Case  # noqa: E402

HERE = paths.TESTS / "plugins"
HOSTS = {"node": "host.mjs", "wasmtime": "host.py"}
WINDINGS = ["one", "one-O2", "one-isolated", "one-contained", "one-folded", "multi", "multi-isolated", "multi-isolated-O2", "multi-single"]


def check_run(engine, files):
    printed = process.check([*engines.words(engine), HERE / HOSTS[engine], *files], timeout=300)
    expected = (HERE / "case/expected").read_text()
    if printed != expected:
        raise Failure(f"it prints\n{printed}and should print\n{expected}")


def check_place(world):
    """Main is at address 0, and only since it is main."""
    services = {service["name"]: service["memory"] for service in tools.inspect(world)["world"]["services"]}
    if services["main"]["region"]["base"] != 0:
        raise Failure(f"main is not at address 0: {services}")
    if services["main"]["accesses"] >= services["helper"]["accesses"]:
        raise Failure(f"main would be at address 0 in any case: {services}")


def main():
    engines.load()
    paths.lock("plugins")
    results = Results("plugins")
    case = Case(HERE / "case", paths.work("plugins"))
    paths.fresh(case.work)
    case.compile()
    apart = [case.work / "main.wasm", case.work / "helper.wasm"]
    for engine in HOSTS:
        results.test(f"apart/{engine}", lambda: check_run(engine, apart))
    for winding in WINDINGS:
        if not results.test(winding, lambda: case.wind(winding)):
            continue
        file = case.work / f"{winding}.wasm"
        if winding == "one":
            results.test("main-first", lambda: check_place(file))
        for engine in HOSTS:
            results.test(f"{winding}/{engine}", lambda: check_run(engine, [file]))
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
