"""Compiles programs/LANGUAGE: each language is a list of targets, which are what tests are named after."""

import dataclasses
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / "build/tests/coroutines/cache"
sys.path[1:1] = [str(ROOT / "tests/e2e")]

from runner.services import tool  # noqa: E402


@dataclasses.dataclass(frozen=True)
class Target:
    """A compiler, and what it compiles for. `make` has the module compiled, or raises Skip; `options` are the passes' words."""

    name: str
    language: str
    make: object      # () -> path of the module
    passes: tuple     # of wasm-opt, that add coroutines
    glue: object = None  # () -> path of wasm_exec.js, where the program is made for JavaScript

    @property
    def is_wasi(self):
        return self.glue is None


def cached(key, compile_into):
    """The file that was made from the same things, or is made now."""
    name = hashlib.sha256("\0".join(key).encode()).hexdigest()[:24]
    result = CACHE / f"{name}.wasm"
    if not result.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as work:
            output = pathlib.Path(work, "out.wasm")
            compile_into(pathlib.Path(work), output)
            output.rename(result)
    return result


# --- Go -----------------------------------------------------------------------------------------------------------------

GO = {"go1.19": "PARIGOT_GO_1_19", "go1.26": "PARIGOT_GO", "go1.27": "PARIGOT_GO_NEWEST"}
# Imports that a version does not have are no error: Go 1.19 has the second pair, others the first.
GO_PASSES = ("--go-coroutines=test.wait,test.other,go.main.wait,go.main.other,wasi_snapshot_preview1.proc_exit",)


def go_environment(goos):
    environment = {**os.environ, "GOOS": goos, "GOARCH": "wasm", "GOWORK": "off", "GOFLAGS": "", "GOTOOLCHAIN": "local",
                   "GO111MODULE": "on"}
    environment.pop("GOROOT", None)  # of another version
    return environment


def ask_go(go, name):
    done = subprocess.run([go, "env", name], env=go_environment("js"), capture_output=True, text=True, check=True)
    return done.stdout.strip()


def go_glue(version):
    root = pathlib.Path(ask_go(tool(GO[version], version), "GOROOT"))
    return next(path for folder in ("lib/wasm", "misc/wasm") if (path := root / folder / "wasm_exec.js").exists())


def make_go(version, goos):
    go = tool(GO[version], version)
    sources = sorted((HERE / "programs/go").iterdir())

    def compile_into(work, output):
        for source in sources:
            # Only what is named so is assembled for wasm, and only where Go needs it: else a compiler leaves bodies to it.
            if source.suffix != ".s" or version == "go1.19":
                shutil.copy(source, work)
        (work / "go.mod").write_text("module program\n\ngo 1.19\n")
        done = subprocess.run([go, "build", "-trimpath", "-buildvcs=false", "-o", output, "."], cwd=work,
                              env=go_environment(goos), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{version} cannot compile for {goos}: {done.stderr or done.stdout}")

    return cached([ask_go(go, "GOVERSION"), goos, *(source.name + source.read_text() for source in sources)], compile_into)


def go_targets():
    for version in GO:
        if version != "go1.19":
            yield Target(f"{version}-wasip1", "go", lambda version=version: make_go(version, "wasip1"), GO_PASSES)
        yield Target(f"{version}-js", "go", lambda version=version: make_go(version, "js"), GO_PASSES,
                     lambda version=version: go_glue(version))


def targets():
    """All of them. A further language yields its own here."""
    return [*go_targets()]
