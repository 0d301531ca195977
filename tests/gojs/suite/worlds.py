"""Worlds with services that were compiled for JavaScript: as they are, and stripped before.

worlds/NAME is a case, in the form of tests/e2e (tests/e2e/README.md), with two more keys for a service in Go: `goos = "js"`, and
`strip`, the options of a `parigot-opt strip` that comes before in a second turn, NAME-stripped. What they do is compared with
`expected`, and that with the same sources compiled for WASI, which run apart, on Node.
"""

from harness import tools, windings, worlds
from harness.paths import fresh
from suite import HERE, WORK

FOLDER = HERE / "worlds"
WINDINGS = ["one", "one-O2", "multi"]
KEYS = ("goos", "strip")


class World(worlds.Case):
    """A case of worlds/; `kind` is how its services are compiled: "wasip1", which is without its two keys, "js", or "stripped"."""

    def __init__(self, folder, kind):
        super().__init__(folder, WORK / "worlds" / folder.name / kind)
        services = self.settings.get("service", {})
        self.stripped = {name: service["strip"] for name, service in services.items() if kind == "stripped" and "strip" in service}
        for service in services.values():
            for key in KEYS if kind == "wasip1" else ():
                service.pop(key, None)

    def prepare(self):
        if not self.stripped and self.work.name == "wasip1":
            super().prepare()
            return
        fresh(self.work)
        self.compile()
        for name, options in self.stripped.items():
            wasm = self.work / f"{name}.wasm"
            tools.checked("strip", wasm, "-q", "-o", wasm.with_suffix(".stripped"), *options)
            wasm.with_suffix(".stripped").rename(wasm)


def update():
    """Records what the services do apart, compiled for WASI, as what is expected."""
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        case = World(folder, "wasip1")
        case.prepare()
        case.update()


def group(results, engines, folder):
    name = f"worlds/{folder.name}"

    def apart():
        case = World(folder, "wasip1")
        case.prepare()
        case.check(case.run_apart("node"), "apart")

    results.test(f"{name}/apart", apart)
    services = World(folder, "js").settings.get("service", {}).values()
    turn(results, engines, name, World(folder, "js"))
    if any("strip" in service for service in services):
        turn(results, engines, f"{name}-stripped", World(folder, "stripped"))


def turn(results, engines, name, case):
    if not results.test(f"{name}/compile", case.prepare):
        return

    for winding in case.settings.get("windings", WINDINGS):
        if results.test(f"{name}/wind-{winding}", lambda: case.wind(winding)):
            for engine in engines:
                if windings.runs_on(winding, engine):
                    results.test(f"{name}/{engine}-{winding}", lambda: case.check(case.run_wound(engine, winding), winding))


def tests(results, engines):
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        yield f"worlds/{folder.name}", lambda f=folder: group(results, engines, f)
