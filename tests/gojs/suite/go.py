"""The Go compilers that there are, what they make of a program for JavaScript, and the JavaScript that each brings for it."""

import functools
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from suite import CACHE, Failure, tool

# Their names in tests, and the variable of scripts/engines.sh.
VARIABLES = {"go": "PARIGOT_GO", "go1.19": "PARIGOT_GO_1_19", "go-newest": "PARIGOT_GO_NEWEST"}
FLAGS = ["-trimpath", "-buildvcs=false"]


class Toolchain:
    """One of VARIABLES. Raises Skip where it is missing."""

    def __init__(self, label):
        self.label = label
        self.go = tool(VARIABLES[label], label)
        self.environment = {**os.environ, "GOOS": "js", "GOARCH": "wasm", "GOWORK": "off", "GOFLAGS": "", "GOTOOLCHAIN": "local",
                            "GO111MODULE": "on"}
        # Debian's old Go starts where the new one's root may be set.
        self.environment.pop("GOROOT", None)
        self.version = self.ask("GOVERSION")
        self.minor = int(re.match(r"go1\.(\d+)", self.version)[1])

    def ask(self, name):
        return subprocess.run([self.go, "env", name], env=self.environment, capture_output=True, text=True, check=True).stdout.strip()

    @functools.cached_property
    def glue(self):
        """The JavaScript that runs a program on Node: it moved with Go 1.24."""
        root = pathlib.Path(self.ask("GOROOT"))
        candidates = [root / folder / "wasm_exec_node.js" for folder in ("lib/wasm", "misc/wasm")]
        for candidate in candidates:
            if candidate.exists():
                return candidate
        raise Failure(f"{self.version} brings no wasm_exec_node.js: none of {', '.join(map(str, candidates))}")

    def compile(self, source):
        """The program of one source file. What was compiled from the same before is not again."""
        text = source.read_text()
        key = hashlib.sha256("\0".join([self.version, *FLAGS, source.name, text]).encode()).hexdigest()[:24]
        cached = CACHE / f"{source.stem}-{key}.wasm"
        if not cached.exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=CACHE) as work:
                shutil.copy(source, work)
                pathlib.Path(work, "go.mod").write_text(f"module program\n\ngo 1.{min(self.minor, 24)}\n")
                output = pathlib.Path(work, "out.wasm")
                done = subprocess.run([self.go, "build", *FLAGS, "-o", output, source.name], cwd=work, env=self.environment,
                                      capture_output=True, text=True, check=False)
                if done.returncode != 0:
                    raise Failure(f"{self.version} cannot compile {source.name}: {done.stderr or done.stdout}")
                output.rename(cached)
        return cached


@functools.cache
def toolchain(label):
    return Toolchain(label)
