"""Worlds with services that were compiled for JavaScript: as they are, and stripped before.

worlds/NAME is a case, in the form of tests/e2e (tests/e2e/README.md), with two more keys for a service in Go: `goos = "js"`, and
`strip`, the options of a `parigot-opt strip` that comes before in a second turn, NAME-stripped. What they do is compared with `expected`, and that with the
same sources compiled for WASI, which run apart, on Node.
"""

import importlib.util
import shutil
import tomllib

from suite import DRIVER, HERE, MULTI_MEMORY, ROOT, WORK, Failure, driver
from suite.programs import fresh

FOLDER = HERE / "worlds"
WINDINGS = ["one", "one-O2", "multi"]


def module_of_e2e():
    """tests/e2e/run.py, which has the name of ours."""
    spec = importlib.util.spec_from_file_location("e2e_run", ROOT / "tests/e2e/run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


E2E = module_of_e2e()
KEYS = ("goos", "strip")


class World(E2E.Case):
    """A case of worlds/; `kind` is how its services are compiled: "wasip1", which is without its two keys, "js", or "stripped"."""

    def __init__(self, folder, kind):
        super().__init__(folder)
        self.work = WORK / "worlds" / folder.name / kind
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
        shutil.copy(self.folder / "world.toml", self.work)
        manifest = tomllib.loads((self.folder / "world.toml").read_text())
        for name in manifest["service"]:
            E2E.compile_service(self, name, name == manifest["world"]["main"], self.work)
        for name, options in self.stripped.items():
            wasm = self.work / f"{name}.wasm"
            done = driver("strip", wasm, "-q", "-o", wasm.with_suffix(".stripped"), *options)
            if done.returncode != 0:
                raise Failure(f"parigot-opt strip exited with {done.returncode}: {done.stderr}")
            wasm.with_suffix(".stripped").rename(wasm)


def compare(case, engine, words, what):
    try:
        outcome, stderr = case.run(engine, words, what)
        if difference := outcome.differs_from(case.expected()):
            raise Failure(f"{difference}{' - on standard error: ' + stderr if stderr else ''}")
    except E2E.Failure as failure:
        raise Failure(str(failure)) from None


def update():
    """Records what the services do apart, compiled for WASI, as what is expected."""
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        case = World(folder, "wasip1")
        case.prepare()
        E2E.update(case)


def group(results, engines, folder):
    name = f"worlds/{folder.name}"

    def apart():
        case = World(folder, "wasip1")
        case.prepare()
        compare(case, "node", ["apart", str(case.work / "spec.json")], "apart")

    results.test(f"{name}/apart", apart)
    services = World(folder, "js").settings.get("service", {}).values()
    turn(results, engines, name, World(folder, "js"))
    if any("strip" in service for service in services):
        turn(results, engines, f"{name}-stripped", World(folder, "stripped"))


def turn(results, engines, name, case):
    if not results.test(f"{name}/compile", case.prepare):
        return

    def wind(winding):
        try:
            case.wind(winding)
        except E2E.Failure as failure:
            raise Failure(str(failure)) from None

    for winding in case.settings.get("windings", WINDINGS):
        if results.test(f"{name}/wind-{winding}", lambda: wind(winding)):
            for engine in engines:
                if not winding.startswith("multi") or engine in MULTI_MEMORY:
                    words = ["one", str(case.work / f"{winding}.wasm")]
                    results.test(f"{name}/{engine}-{winding}", lambda: compare(case, engine, words, winding))


def tests(results, engines):
    assert E2E.DRIVER == DRIVER
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        yield f"worlds/{folder.name}", lambda f=folder: group(results, engines, f)
