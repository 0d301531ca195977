"""The installed Go toolchains: each compiles programs, and has the JavaScript that runs them."""

import functools
import os
import pathlib
import re
import shutil

from harness import process
from harness.compiled import cached
from harness.engines import tool
from harness.report import Failure

# Their names in tests, and the variable of scripts/engines.sh.
VARIABLES = {"go": "PARIGOT_GO", "go1.19": "PARIGOT_GO_1_19", "go-newest": "PARIGOT_GO_NEWEST"}
FLAGS = ["-trimpath", "-buildvcs=false"]


class Toolchain:
    """One of VARIABLES, or another version that the Go in use fetches. Raises Skip where it is missing."""

    def __init__(self, label, version="local"):
        self.label, self.chosen = label, version
        self.go = tool(VARIABLES[label], label)
        self.version = self.ask("GOVERSION")
        self.minor = int(re.match(r"go1\.(\d+)", self.version)[1])

    def environment(self, goos="js", **more):
        """Variables to compile with, for `goos`; None for the machine itself."""
        target = {"GOOS": goos, "GOARCH": "wasm"} if goos else {}
        variables = {**os.environ, "GOWORK": "off", "GOFLAGS": "", "GOTOOLCHAIN": self.chosen, "GO111MODULE": "on", **target, **more}
        # Debian's old Go starts where the new one's root may be set.
        variables.pop("GOROOT", None)
        return variables

    def ask(self, name):
        return process.check([self.go, "env", name], env=self.environment()).strip()

    @functools.cached_property
    def root(self):
        return pathlib.Path(self.ask("GOROOT"))

    def javascript(self, name="wasm_exec_node.js"):
        """A file of the JavaScript that runs programs on Node: it moved with Go 1.24."""
        candidates = [self.root / folder / name for folder in ("lib/wasm", "misc/wasm")]
        for candidate in candidates:
            if candidate.exists():
                return candidate
        raise Failure(f"{self.version} brings no {name}: none of {', '.join(map(str, candidates))}")

    def build(self, folder, package, output, flags=(), **variables):
        """Compiles a package, seen from a folder."""
        process.check([self.go, "build", *FLAGS, *flags, "-o", output, package], cwd=folder, env=self.environment(**variables))

    def compile(self, source):
        """The program of one source file, for JavaScript. What was compiled from the same before is not again."""
        def compile_into(work, output):
            shutil.copy(source, work)
            (work / "go.mod").write_text(f"module program\n\ngo 1.{min(self.minor, 24)}\n")
            self.build(work, source.name, output)

        return cached([self.version, *FLAGS, "js", source.name, source.read_text()], compile_into)


@functools.cache
def toolchain(label, version="local"):
    return Toolchain(label, version)
