"""Cases of parigot's first generation, the folders of cases1: Go 1.19 for JavaScript, run apart by Go's own JavaScript in Node."""

import os

from harness.engines import node
from harness.go import toolchain

from suite import HERE
from suite.cases import USUAL, Case

GUEST = HERE / "guest1"
HOST = HERE / "host1/host.mjs"


class GoForJavaScript:
    def __init__(self, settings):
        self.toolchain = toolchain("go1.19")
        self.flags = settings.get("flags", [])

    def key(self):
        return [self.toolchain.version, *self.flags]

    def library(self):
        return sorted(path for path in GUEST.rglob("*") if path.is_file())

    def compile(self, source, out):
        self.toolchain.build(GUEST, os.path.relpath(source, GUEST), out, self.flags, GOFLAGS="-mod=readonly")


class Generation1Case(Case):
    """A folder of tests/parigot/cases1."""

    programs = HERE / "programs1"
    compilers = {".go": GoForJavaScript}
    # What -O2 makes of such programs is what the suite gojs is about; the case greeting runs with it, everywhere.
    usual = {winding: chosen for winding, chosen in USUAL.items() if winding != "one-O2"}

    def __init__(self, folder):
        super().__init__(folder, f"generation1-{folder.name}")

    def reference_host(self):
        return [*node(), HOST, toolchain("go1.19").javascript("wasm_exec.js")]
