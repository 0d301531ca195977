"""Programs that others compiled and publish: stripped, they must do what they do with the JavaScript that they come with; what
cannot do without it must say so; and what has no shim must stay as it is.

binaries/NAME.toml is a case. README.md says what may be in it.
"""

import tomllib

from harness.engines import ENGINES, node, variables
from harness.paths import fresh
from harness.process import Outcome, run_in
from harness.report import Failure
from harness.tools import parigot_opt, strip
from suite import HERE, WORK, binary
from suite.inputs import GENERATORS
from suite.programs import PRELOAD, STACK

FOLDER = HERE / "binaries"
KEYS = {"binary", "glue", "input", "run", "optimize", "engines", "library", "unchanged", "spare"}
RUN_KEYS = {"args", "env", "exit", "stdin"}
EXIT_FAILED = 70  # of the runtime


class Binary:
    """A case of binaries/."""

    def __init__(self, file):
        self.name = f"binaries/{file.stem}"
        self.settings = tomllib.loads(file.read_text())
        self.runs = self.settings.get("run", [])
        if unknown := (set(self.settings) - KEYS) | {key for each in self.runs for key in set(each) - RUN_KEYS}:
            raise ValueError(f"{file.name}: unknown key {', '.join(sorted(unknown))}")
        self.work = WORK / self.name

    def runs_on(self, engine, everything):
        """Whether a run on the engine is wanted: not on those that take long, unless everything is."""
        allowed = engine in self.settings.get("engines", ENGINES)
        return self.runs and allowed and (everything or engine not in self.settings.get("spare", []))

    def all(self, results, engines, everything):
        fresh(self.work)
        if "library" in self.settings:
            results.test(f"{self.name}/require", self.check_require)
        if "unchanged" in self.settings:
            results.test(f"{self.name}/unchanged", self.check_unchanged)
        expected = []
        if self.runs and not results.test(f"{self.name}/reference", lambda: expected.extend(map(self.reference, self.runs))):
            return
        kinds = ({} if "unchanged" in self.settings else {"plain": []}) | ({"O2": ["-O2"]} if self.settings.get("optimize") else {})
        for kind, options in kinds.items():
            if results.test(f"{self.name}/strip-{kind}", lambda: self.strip(kind, *options)):
                for engine in engines:
                    if self.runs_on(engine, everything):
                        results.test(f"{self.name}/{engine}-{kind}", lambda: self.check_runs(engine, kind, expected))

    def folder(self, what):
        """A fresh one, with the input."""
        folder = fresh(self.work / f"files.{what}")
        if "input" in self.settings:
            GENERATORS[self.settings["input"]](folder)
        return folder

    def reference(self, each):
        """With its JavaScript; without that, as it is; a library says that it is one."""
        if "library" in self.settings:
            names = ", ".join(self.settings["library"])
            said = f"go program is a library for JavaScript: it sets on global, for others to call: {names}"
            said += "; parigot-opt strip --library makes it one that hosts call\n"
            return Outcome(EXIT_FAILED, b"", said.encode(), {})
        if "glue" not in self.settings:
            return self.host("node", binary(self.settings["binary"]), each, "reference")
        words = [*node(), "--no-warnings", STACK, f"--require={PRELOAD}", binary(self.settings["glue"])]
        words += [binary(self.settings["binary"]), *each.get("args", [])]
        outcome = run_in(self.folder("reference"), words, each.get("env"), each.get("stdin", []))
        if outcome.exit != each.get("exit", 0):
            raise Failure(f"exit code {outcome.exit} with its JavaScript, which says {outcome.stderr.decode(errors='replace')}")
        return outcome

    def strip(self, kind, *options):
        original, output = binary(self.settings["binary"]), self.work / f"{kind}.wasm"
        strip(original, output, *options)
        if "unchanged" in self.settings and output.stat().st_size > original.stat().st_size:
            raise Failure(f"{output.stat().st_size} bytes, from {original.stat().st_size}")

    def host(self, engine, wasm, each, what):
        folder = self.folder(f"{engine}.{what}")
        words = [*ENGINES[engine](), "one", wasm, "--arg0=program", f"--dir={folder}::/"]
        words += [f"--arg={value}" for value in each.get("args", [])]
        words += [f"--env={key}={value}" for key, value in each.get("env", {}).items()]
        return run_in(folder, words, variables(), each.get("stdin", []))

    def check_runs(self, engine, kind, expected):
        for each, theirs in zip(self.runs, expected, strict=True):
            self.host(engine, self.work / f"{kind}.wasm", each, kind).check_same(theirs)

    def check_require(self):
        output = self.work / "required.wasm"
        done = parigot_opt("strip", "--require=runtime", binary(self.settings["binary"]), "-o", output)
        if done.returncode == 0 or output.exists():
            raise Failure(f"--require=runtime is met: exit code {done.returncode}")
        for word in ["--require=runtime is not met", "is a library", *self.settings["library"]]:
            if word not in done.stderr:
                raise Failure(f"nothing of '{word}' is said: {done.stderr}")

    def check_unchanged(self):
        original = binary(self.settings["binary"])
        if strip(original, self.work / "same.wasm").read_bytes() != original.read_bytes():
            raise Failure("the output differs from the input")


def tests(results, engines, everything=False):
    for file in sorted(FOLDER.glob("*.toml")):
        case = Binary(file)
        yield case.name, lambda c=case: c.all(results, engines, everything)
