"""Modules that use the shim in ways that no compiler would: stripped, they end in words or with a trap, and soon.

hostile/NAME.wat is a case; the line `;; expect: ` in it says how it ends:

    expect: CODE TEXT    exit code, and how standard error begins (nothing is on it where there is no text)
    expect: trap         of its own code
    expect: refused      parigot-opt strip does not take it, says why, and writes nothing
"""

import re

from harness.engines import ENGINES, EXIT_TRAP, variables
from harness.paths import fresh
from harness.process import run_in
from harness.report import Failure
from harness.tools import assemble, parigot_opt, strip
from suite import HERE, WORK

FOLDER = HERE / "hostile"


class Hostile:
    """A case of hostile/."""

    def __init__(self, file):
        self.file = file
        self.name = f"hostile/{file.stem}"
        self.expect = re.search(r"^;; expect: (.*)$", file.read_text(), re.MULTILINE)[1]
        self.work = WORK / self.name
        self.wasm = self.work / "module.wasm"

    def assemble(self):
        fresh(self.work)
        assemble(self.file, self.wasm)

    def refused(self):
        self.assemble()
        output = self.work / "plain.wasm"
        done = parigot_opt("strip", self.wasm, "-q", "-o", output)
        if done.returncode != 1 or output.exists() or "module.wasm" not in done.stderr:
            raise Failure(f"exit code {done.returncode}, and on standard error: {done.stderr}")

    def stripped(self, kind, *options):
        self.assemble()
        strip(self.wasm, self.work / f"{kind}.wasm", *options)

    def on(self, engine, kind):
        outcome = run_in(fresh(self.work / f"files.{engine}"), [*ENGINES[engine](), "one", self.work / f"{kind}.wasm"], variables())
        code, _, text = (f"{EXIT_TRAP} trap: " if self.expect == "trap" else self.expect).partition(" ")
        said = outcome.stderr.decode(errors="replace")
        if outcome.exit != int(code) or not said.startswith(text) or (said and not text) or outcome.stdout:
            raise Failure(f"exit code {outcome.exit}, standard output {outcome.stdout!r}, standard error {said!r}")

    def all(self, results, engines):
        if self.expect == "refused":
            results.test(self.name, self.refused)
        elif results.test(f"{self.name}/strip", lambda: self.stripped("plain")):
            for engine in engines:
                results.test(f"{self.name}/{engine}", lambda: self.on(engine, "plain"))


def tests(results, engines):
    for file in sorted(FOLDER.glob("*.wat")):
        case = Hostile(file)
        yield case.name, lambda c=case: c.all(results, engines)
