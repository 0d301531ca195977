"""Compiles programs/LANGUAGE: each language is a list of targets, which are what tests are named after."""

import dataclasses
import shutil

from harness import go, paths
from harness.compiled import cached

HERE = paths.TESTS / "coroutines"


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


# --- Go -----------------------------------------------------------------------------------------------------------------

GO = {"go1.19": "go1.19", "go1.26": "go", "go1.27": "go-newest"}
# Imports that a version does not have are no error: Go 1.19 has the second pair, others the first.
GO_PASSES = ("--go-coroutines=test.wait,test.other,go.main.wait,go.main.other,wasi_snapshot_preview1.proc_exit",)


def go_glue(version):
    return go.toolchain(GO[version]).javascript("wasm_exec.js")


def make_go(version, goos):
    toolchain = go.toolchain(GO[version])
    sources = sorted((HERE / "programs/go").iterdir())

    def compile_into(work, output):
        for source in sources:
            # Only what is named so is assembled for wasm, and only where Go needs it: else a compiler leaves bodies to it.
            if source.suffix != ".s" or version == "go1.19":
                shutil.copy(source, work)
        (work / "go.mod").write_text("module program\n\ngo 1.19\n")
        toolchain.build(work, ".", output, goos=goos)

    return cached([toolchain.version, *go.FLAGS, goos, *(source.name + source.read_text() for source in sources)], compile_into)


def go_targets():
    for version in GO:
        if version != "go1.19":
            yield Target(f"{version}-wasip1", "go", lambda version=version: make_go(version, "wasip1"), GO_PASSES)
        yield Target(f"{version}-js", "go", lambda version=version: make_go(version, "js"), GO_PASSES,
                     lambda version=version: go_glue(version))


def targets():
    """All of them. A further language yields its own here."""
    return [*go_targets()]
