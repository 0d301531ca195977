"""Go programs, compiled by each Go for JavaScript: under the JavaScript that this Go brings, on Node, and stripped of it on each
engine they must do the same.

programs/NAME.go is a case, and so is a programs/NAME.toml that names another's source. README.md says what may be in it.
"""

import dataclasses
import tomllib

from harness import engines as harness_engines
from harness.engines import ENGINES, node
from harness.go import VARIABLES, toolchain
from harness.paths import fresh
from harness.process import Outcome, run_in
from harness.report import Failure, Skip
from harness.tools import strip
from harness.ulps import nearly
from suite import HERE, WORK

FOLDER = HERE / "programs"
PRELOAD = HERE / "hosts/preload.cjs"
STACK = "--stack-size=8192"  # KiB, as Go's own go_js_wasm_exec has it
KEYS = {"source", "args", "env", "stdin", "exit", "go", "stdout", "stderr", "ignore", "toolchains", "engines", "optimize", "options", "ulps"}


@dataclasses.dataclass
class Program:
    """A case of programs/."""

    name: str
    settings: dict

    @property
    def source(self):
        return FOLDER / self.settings.get("source", f"{self.name}.go")

    def wanted(self, label):
        return label in self.settings.get("toolchains", VARIABLES)

    def variables(self):
        return self.settings.get("env", {})


def programs():
    for name in sorted({path.stem for path in FOLDER.iterdir()}):
        file = FOLDER / f"{name}.toml"
        settings = tomllib.loads(file.read_text()) if file.exists() else {}
        if unknown := set(settings) - KEYS:
            raise ValueError(f"{file.name}: unknown key {', '.join(sorted(unknown))}")
        yield Program(name, settings)


class Run:
    """One program of one toolchain."""

    def __init__(self, program, label):
        self.program, self.label = program, label
        self.work = WORK / "programs" / program.name / label
        self.wasm = None
        self.expected = None

    def compile(self):
        fresh(self.work)
        self.wasm = toolchain(self.label).compile(self.program.source)

    def reference(self):
        """What it does under JavaScript, or, where it is not to do the same, what the case says."""
        settings = self.program.settings
        self.compile()
        if "stdout" in settings:
            self.expected = Outcome(settings.get("exit", 0), settings["stdout"].encode(), settings.get("stderr", "").encode(), {})
            return
        glue = toolchain(self.label).javascript()
        words = [*node(), STACK, f"--require={PRELOAD}", glue, self.wasm, *settings.get("args", [])]
        outcome = run_in(fresh(self.work / "files.reference"), words, self.program.variables(), settings.get("stdin", []))
        if outcome.exit != settings.get("exit", 0):
            raise Failure(f"exit code {outcome.exit} under JavaScript, which says {outcome.stderr.decode(errors='replace')}")
        self.expected = outcome
        if "stderr" in settings:
            self.expected.stderr = settings["stderr"].encode()

    def strip(self, kind, *options):
        return strip(self.wasm, self.work / f"{kind}.wasm", *self.program.settings.get("options", []), *options)

    def on(self, engine, kind):
        """Runs it where its folder is / of the engine, as it was its working directory under JavaScript."""
        settings, files = self.program.settings, fresh(self.work / f"files.{engine}.{kind}")
        words = [*ENGINES[engine](), "one", self.work / f"{kind}.wasm", "--arg0=program", f"--dir={files}::/"]
        words += [f"--arg={value}" for value in settings.get("args", [])]
        words += [f"--env={key}={value}" for key, value in self.program.variables().items()]
        outcome = run_in(files, words, harness_engines.variables(), settings.get("stdin", []))
        outcome.stdout = nearly(outcome.stdout, self.expected.stdout, settings.get("ulps", {}))
        outcome.check_same(self.expected, settings.get("ignore", ()))


def tests(results, engines):
    """(name, function), of groups of tests that depend on nothing but each other."""
    for program in programs():
        for label in VARIABLES:
            if program.wanted(label):
                yield f"programs/{program.name}/{label}", lambda p=program, lb=label: group(results, engines, p, lb)


def group(results, engines, program, label):
    name, this = f"programs/{program.name}/{label}", Run(program, label)
    # The Go in use is tested on every engine, the others on one: engines do not care about who compiled a module.
    if label != "go":
        engines = [engine for engine in engines if engine in program.settings.get("engines", ["node"])]
    try:
        if toolchain(label).minor < program.settings.get("go", 0):
            return
    except Skip:
        pass  # the first test says so
    if not results.test(f"{name}/reference", this.reference):
        return
    kinds = {"plain": []} | ({"O2": ["-O2"]} if program.settings.get("optimize") and label == "go" else {})
    for kind, options in kinds.items():
        if results.test(f"{name}/strip-{kind}", lambda: this.strip(kind, *options)):
            for engine in engines:
                results.test(f"{name}/{engine}-{kind}", lambda: this.on(engine, kind))
