"""Functions that a program exports: called after its _start returned, and after _initialize of `strip --reactor`, they must
answer what they answer under JavaScript.

exports/NAME.toml is a case: a Go source with //go:wasmexport, or a binary of others, and calls. README.md says more.
"""

import json
import tomllib

from harness.engines import node, program
from harness.go import toolchain
from harness.paths import fresh
from harness.process import Outcome, run_in
from harness.report import Failure
from harness.tools import strip
from suite import HERE, WORK, binary
from suite.programs import PRELOAD, STACK

FOLDER = HERE / "exports"
HOSTS = HERE / "hosts"
ENTRIES = {"_start": [], "_initialize": ["--reactor"]}
PLAN = ("alloc", "free", "buffers", "calls")
# What calls.mjs is on each engine: those whose hosts can call more than one function.
ENGINES = {
    "node": lambda: [*node(), "--no-warnings", HOSTS / "call.mjs"],
    "wasmtime": lambda: [program("wasmtime"), HOSTS / "call.py"],
}


class Exports:
    """A case of exports/, of one toolchain where it is a source."""

    def __init__(self, file, label):
        self.settings = tomllib.loads(file.read_text())
        self.label = label
        self.name = "/".join(["exports", file.stem, *([label] if label else [])])
        self.work = WORK / self.name
        self.plan = self.work / "plan.json"
        self.wasm = self.expected = None

    def reference(self):
        fresh(self.work)
        calls = [{"arguments": [], "result": "number", **call} for call in self.settings["calls"]]
        plan = {key: self.settings[key] for key in PLAN if key in self.settings} | {"calls": calls}
        self.plan.write_text(json.dumps(plan, indent=2))
        if self.label:
            self.wasm = toolchain(self.label).compile(FOLDER / self.settings["source"])
            glue = toolchain(self.label).javascript("wasm_exec.js")
        else:
            self.wasm, glue = binary(self.settings["binary"]), binary(self.settings["glue"])
        if "stdout" in self.settings:
            self.expected = Outcome(0, self.settings["stdout"].encode(), b"", {})
            return
        words = [*node(), "--no-warnings", STACK, f"--require={PRELOAD}", HOSTS / "call.mjs", f"--glue={glue}"]
        self.expected = run_in(fresh(self.work / "files.reference"), [*words, self.plan, self.wasm])
        if self.expected.exit != 0:
            raise Failure(f"exit code {self.expected.exit} under JavaScript: {self.expected.stderr.decode(errors='replace')}")

    def on(self, engine, entry, wasm):
        words = [*ENGINES[engine](), f"--entry={entry}", self.plan, wasm]
        run_in(fresh(self.work / f"files.{engine}{entry}"), words).check_same(self.expected)

    def all(self, results, engines):
        if not results.test(f"{self.name}/reference", self.reference):
            return
        for entry in self.settings.get("entries", ENTRIES):
            # One of the ways suffices, to see whether optimisation takes nothing away that is called from outside.
            optimize = ["-O2"] if self.settings.get("optimize") and entry == "_start" and self.label != "go-newest" else []
            options = ENTRIES[entry]
            wasm = self.work / f"{entry}.wasm"
            kind = entry + "".join(optimize)
            if results.test(f"{self.name}/strip{kind}", lambda: strip(self.wasm, wasm, *options, *optimize)):
                for engine in engines if self.label != "go-newest" else ["node"]:
                    results.test(f"{self.name}/{engine}{kind}", lambda: self.on(engine, entry, wasm))


def tests(results, engines):
    engines = [engine for engine in ENGINES if engine in engines]
    for file in sorted(FOLDER.glob("*.toml")):
        labels = ["go", "go-newest"] if "source" in tomllib.loads(file.read_text()) else [None]
        for label in labels:
            case = Exports(file, label)
            yield case.name, lambda c=case: c.all(results, engines)
