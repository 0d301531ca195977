"""Compiles the programs of a case: NAME.go or NAME.c, beside the deployment file or in programs/, becomes NAME.wasm."""

import hashlib
import json
import os
import shutil

from runner.services import command, compile_service, tool

from suite import CACHE, HERE

GUEST_C = HERE / "guest-c"
GENERATED = CACHE / "generated"  # Go code from proto/, which the sources see at tests/parigot/generated


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
    key = hashlib.sha256()
    for part in [*compiler.key(), source.suffix, source.read_text(), *(path.read_text() for path in compiler.library())]:
        key.update(part.encode() + b"\0")
    cached = CACHE / f"{key.hexdigest()[:24]}.wasm"
    if not cached.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        # Another case may compile the same at this moment.
        work = CACHE / f"{cached.stem}.{case.name}.{os.getpid()}.wasm"
        compiler.compile(source, work)
        work.rename(cached)
    shutil.copy(cached, into / f"{wasm}.wasm")


class CProgram:
    def __init__(self, settings):
        self.compiler = tool("PARIGOT_CLANG", "clang")
        self.flags = ["--target=wasm32-wasi", "--sysroot=/usr", "-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", "-Wl,--strip-debug",
                      "-Wl,--export=malloc", *settings.get("flags", [])]

    def key(self):
        return [self.compiler, *self.flags]

    def library(self):
        return sorted(GUEST_C.iterdir())

    def compile(self, source, out):
        command([self.compiler, *self.flags, f"-I{GUEST_C}", "-o", str(out), str(source), str(GUEST_C / "parigot.c")])


class GoProgram:
    def __init__(self, settings):
        self.compiler = tool("PARIGOT_GO", "Go")
        self.environment = {**os.environ, "GOWORK": "off", "GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "local"}
        self.generated = settings.get("generated", False)
        self.flags = settings.get("flags", [])

    def key(self):
        return [command([self.compiler, "env", "GOVERSION"]), str(self.generated), *self.flags]

    def library(self):
        folders = ["guest", "wire", *(["proto", "generate", "guest-generated"] if self.generated else [])]
        return [HERE / "go.mod", HERE / "go.sum", *sorted(path for folder in folders for path in (HERE / folder).iterdir())]

    def compile(self, source, out):
        words = [self.compiler, "build", "-trimpath", "-buildvcs=false", *self.flags, "-o", str(out)]
        if self.generated:
            words += ["-overlay", str(self.generate(out))]
        command([*words, str(source.relative_to(HERE))], cwd=HERE, env={**self.environment, "GOOS": "wasip1", "GOARCH": "wasm"})

    def generate(self, out):
        """Makes Go code of the messages, and a file that says where the compiler is to see it."""
        folder = GENERATED / out.stem
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        command([self.compiler, "run", "./generate", "proto", str(folder)], cwd=HERE, env=self.environment)
        overlay = folder / "overlay.json"
        files = {str(HERE / "generated" / path.relative_to(folder)): str(path) for path in folder.rglob("*.go")}
        overlay.write_text(json.dumps({"Replace": files}))
        return overlay
