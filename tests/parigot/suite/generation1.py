"""Cases of parigot's first generation, the folders of cases1: Go 1.19 for JavaScript, run apart by Go's own JavaScript in Node."""

import functools
import os

from runner.services import command, tool

from suite import HERE
from suite.cases import Case

GUEST = HERE / "guest1"
HOST = HERE / "host1/host.mjs"


@functools.cache
def goroot():
    return command([tool("PARIGOT_GO_1_19", "Go 1.19"), "env", "GOROOT"]).strip()


class GoForJavaScript:
    def __init__(self, settings):
        self.compiler = tool("PARIGOT_GO_1_19", "Go 1.19")
        self.flags = settings.get("flags", [])
        self.environment = {**os.environ, "GOWORK": "off", "GOFLAGS": "-mod=readonly", "GOOS": "js", "GOARCH": "wasm"}

    def key(self):
        return [command([self.compiler, "env", "GOVERSION"]), *self.flags]

    def library(self):
        return sorted(path for path in GUEST.rglob("*") if path.is_file())

    def compile(self, source, out):
        words = [self.compiler, "build", "-trimpath", "-buildvcs=false", *self.flags, "-o", str(out)]
        command([*words, os.path.relpath(source, GUEST)], cwd=GUEST, env=self.environment)


class Generation1Case(Case):
    """A folder of tests/parigot/cases1."""

    programs = HERE / "programs1"
    compilers = {".go": GoForJavaScript}

    def __init__(self, folder):
        super().__init__(folder, f"generation1-{folder.name}")

    def reference_host(self):
        return [tool("PARIGOT_NODE", "Node"), str(HOST), f"{goroot()}/misc/wasm/wasm_exec.js"]
