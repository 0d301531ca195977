"""Compiles the programs of a case: NAME.go or NAME.c, beside the deployment file or in programs/, becomes NAME.wasm."""

import json
import shutil

from harness import paths, process
from harness.compiled import cached
from harness.engines import tool
from harness.go import toolchain
from harness.services import compile_service, version

from suite import HERE, WORK

GUEST_C = HERE / "guest-c"
GENERATED = WORK / "cache/generated"  # Go code from proto/, which the sources see at tests/parigot/generated


def compile_program(case, wasm, into):
    """Puts a wasm file into a folder. One that was compiled from the same things before is not again."""
    settings = case.settings.get("wasm", {}).get(wasm, {})
    if settings.get("reactor"):
        compile_service(case, wasm, False, into)  # as any service of tests/e2e, called and not calling the kernel
        return
    name = settings.get("source")
    candidates = [folder / (name or wasm + suffix) for folder in (case.folder, case.programs) for suffix in case.compilers]
    source = next((path for path in candidates if path.exists()), None)
    if source is None:
        raise FileNotFoundError(f"{case.name}: no source of {wasm}.wasm")
    compiler = case.compilers[source.suffix](settings)
    parts = [*compiler.key(), source.suffix, source.read_text(), *(path.read_text() for path in compiler.library())]
    shutil.copy(cached(parts, lambda _, output: compiler.compile(source, output)), into / f"{wasm}.wasm")


class CProgram:
    def __init__(self, settings):
        self.compiler = tool("PARIGOT_CLANG", "clang")
        self.flags = ["--target=wasm32-wasi", "--sysroot=/usr", "-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", "-Wl,--strip-debug",
                      "-Wl,--export=malloc", *settings.get("flags", [])]

    def key(self):
        return [version(self.compiler), *self.flags]

    def library(self):
        return sorted(GUEST_C.iterdir())

    def compile(self, source, out):
        process.check([self.compiler, *self.flags, f"-I{GUEST_C}", "-o", str(out), str(source), str(GUEST_C / "parigot.c")])


class GoProgram:
    def __init__(self, settings):
        self.toolchain = toolchain("go")
        self.generated = settings.get("generated", False)
        self.flags = settings.get("flags", [])

    def key(self):
        return [self.toolchain.version, str(self.generated), *self.flags]

    def library(self):
        folders = ["guest", "wire", *(["proto", "generate", "guest-generated"] if self.generated else [])]
        return [HERE / "go.mod", HERE / "go.sum", *sorted(path for folder in folders for path in (HERE / folder).iterdir())]

    def compile(self, source, out):
        flags = [*self.flags, *(["-overlay", self.generate(out)] if self.generated else [])]
        self.toolchain.build(HERE, str(source.relative_to(HERE)), out, flags, goos="wasip1", GOFLAGS="-mod=readonly")

    def generate(self, out):
        """Makes Go code of the messages, and a file that says where the compiler is to see it."""
        folder = paths.fresh(GENERATED / out.parent.name)
        process.check([self.toolchain.go, "run", "./generate", "proto", folder], cwd=HERE,
                      env=self.toolchain.environment(None, GOFLAGS="-mod=readonly"))
        overlay = folder / "overlay.json"
        files = {str(HERE / "generated" / path.relative_to(folder)): str(path) for path in folder.rglob("*.go")}
        overlay.write_text(json.dumps({"Replace": files}))
        return overlay
