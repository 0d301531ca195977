"""Programs that register functions for JavaScript to call: after `strip --library`, parigot_call must give what a call under
JavaScript gives.

libraries/NAME.toml is a case: a Go source, or a package of others with its own JavaScript, and calls. Where JavaScript has
no words for what happens, the case says what is expected. libraries/NAME/ is a world in which services call a library.
README.md says more.
"""

import json
import shutil
import tomllib

from harness import tools, worlds
from harness.engines import node, program, variables
from harness.go import VARIABLES, toolchain
from harness.paths import fresh
from harness.process import Outcome, run_in
from harness.report import Failure
from harness.windings import runs_on
from suite import HERE, WORK, binary
from suite.programs import STACK

FOLDER = HERE / "libraries"
HOSTS = HERE / "hosts"
REFERENCE = HOSTS / "library-reference.mjs"
KEYS = {"source", "package", "binary", "loader", "toolchains", "optimize", "options", "calls", "callbacks", "exchange", "stdout", "ignore",
        "unordered"}
# What library.mjs is on each engine.
ENGINES = {
    "node": lambda: [*node(), "--no-warnings", STACK, HOSTS / "library.mjs"],
    "wasmtime": lambda: [program("wasmtime"), HOSTS / "library.py"],
    "wazero": lambda: [program("wazero"), "library"],
}
WINDINGS = ["one", "one-O2", "multi"]


class Library:
    """A case of libraries/, of one toolchain where it is a source."""

    def __init__(self, file, label):
        self.settings = tomllib.loads(file.read_text())
        if unknown := set(self.settings) - KEYS:
            raise ValueError(f"{file.name}: unknown key {', '.join(sorted(unknown))}")
        self.label = label
        self.name = "/".join(["libraries", file.stem, *([label] if label else [])])
        self.work = WORK / self.name
        self.plan = self.work / "plan.json"
        self.wasm = self.expected = None

    def prepare(self):
        """Leaves the plan, and what is expected."""
        fresh(self.work)
        settings = self.settings
        calls = settings.get("calls", [])
        callback = {"callback": True} if settings.get("callbacks") else {}
        requests = [json.dumps({"name": name, "args": args} | callback, ensure_ascii=False) for name, *args in calls]
        requests += [each["request"] for each in settings.get("exchange", [])]
        self.plan.write_text(json.dumps({"calls": calls, "requests": requests}))
        if self.label:
            self.wasm = toolchain(self.label).compile(FOLDER / settings["source"])
        else:
            self.wasm = binary(settings["binary"])
        said = self.ordered(self.reference()) if calls else ""
        for each in settings.get("exchange", []):
            if "exit" in each:
                said += f"exit {each['exit']}\n"
            else:
                said += f"ok {each['reply']}\n" if "reply" in each else f"error {each.get('error') or each['error-has']}\n"
        self.expected = Outcome(0, (settings.get("stdout", "") + said).encode(), b"", {})

    def reference(self):
        loader = self.settings.get("loader", "glue")
        folder = binary(self.settings["package"]) if "package" in self.settings else toolchain(self.label).javascript("wasm_exec.js")
        words = [*node(), "--no-warnings", STACK, REFERENCE, loader, folder, self.plan, self.wasm]
        outcome = run_in(fresh(self.work / "files.reference"), words)
        if outcome.exit != 0 or outcome.stderr:
            raise Failure(f"exit code {outcome.exit} under JavaScript: {outcome.stderr.decode(errors='replace')}")
        return outcome.stdout.decode()

    def on(self, engine, wasm):
        outcome = run_in(fresh(self.work / f"files.{engine}"), [*ENGINES[engine](), self.plan, wasm], variables())
        outcome.stdout = self.shorten(outcome.stdout.decode()).encode()
        outcome.check_same(self.expected, self.settings.get("ignore", ()))

    def shorten(self, said):
        """Of errors of which only the beginning is expected, that."""
        beginnings = [f"error {each['error-has']}" for each in self.settings.get("exchange", []) if "error-has" in each]
        lines = [next((start for start in beginnings if line.startswith(start)), line) for line in said.split("\n")]
        return self.ordered("\n".join(lines))

    def ordered(self, said):
        """With `unordered`, the JSON of replies with its properties in order: Go makes objects of maps in any."""
        if "unordered" not in self.settings:
            return said
        lines = [f"ok {json.dumps(json.loads(line[3:]), sort_keys=True)}" if line.startswith("ok ") else line for line in said.split("\n")]
        return "\n".join(lines)

    def all(self, results, engines):
        if not results.test(f"{self.name}/reference", self.prepare):
            return
        kinds = {"plain": []} | ({"O2": ["-O2"]} if self.settings.get("optimize") and self.label in (None, "go") else {})
        for kind, options in kinds.items():
            wasm = self.work / f"{kind}.wasm"
            options = ["--library", *self.settings.get("options", []), *options]
            if results.test(f"{self.name}/strip-{kind}", lambda: tools.strip(self.wasm, wasm, *options)):
                for engine in engines if self.label in (None, "go") else ["node"]:
                    results.test(f"{self.name}/{engine}-{kind}", lambda: self.on(engine, wasm))


class World(worlds.Case):
    """A world with a library, in the form of tests/e2e with the keys of worlds/; it has no services that could run apart."""

    def __init__(self, folder):
        super().__init__(folder, WORK / "libraries" / folder.name)

    def prepare(self):
        fresh(self.work)
        self.compile()
        for name, options in self.stripped().items():
            wasm = self.work / f"{name}.wasm"
            tools.strip(wasm, wasm.with_suffix(".stripped"), *options)
            shutil.move(wasm.with_suffix(".stripped"), wasm)

    def stripped(self):
        services = self.settings.get("service", {})
        return {name: service["strip"] for name, service in services.items() if "strip" in service}

    def all(self, results, engines):
        name = f"libraries/{self.name}"
        if not results.test(f"{name}/compile", self.prepare):
            return
        for winding in self.settings.get("windings", WINDINGS):
            if results.test(f"{name}/wind-{winding}", lambda: self.wind(winding)):
                for engine in engines:
                    if runs_on(winding, engine):
                        results.test(f"{name}/{engine}-{winding}", lambda: self.check(self.run_wound(engine, winding), winding))


def tests(results, engines):
    for file in sorted(FOLDER.glob("*.toml")):
        settings = tomllib.loads(file.read_text())
        for label in settings.get("toolchains", VARIABLES) if "source" in settings else [None]:
            case = Library(file, label)
            yield case.name, lambda c=case: c.all(results, engines)
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        yield f"libraries/{folder.name}", lambda f=folder: World(f).all(results, engines)
