"""Compiles the services of a case: NAME.c, NAME.go or NAME.rs in its folder becomes NAME.wasm."""

import functools
import shutil

from harness import go, paths, process
from harness.compiled import cached
from harness.engines import tool

INCLUDE = paths.TESTS / "e2e/include"
RUST_WASI = "/usr/lib/rustlib/wasm32-wasi/lib"


def compile_service(case, name, is_main, into):
    """Puts the service's wasm file into a folder. Compiles it only if the cache has none that was made of the same parts."""
    settings = case.settings.get("service", {}).get(name, {})
    source = find_source(case.folder, settings.get("source", name))
    text = source.read_text()
    for key, value in settings.get("set", {}).items():
        text = text.replace(f"@{key}@", value)
    kind = {".c": CService, ".go": GoService, ".rs": RustService}[source.suffix]
    if settings.get("goos") == "js":
        kind = BareGoJsService if settings.get("bare") else GoJsService
    compiler = kind(settings.get("flags", []), is_main)
    if settings.get("debug"):
        compiler.keep_debug_information()
    parts = [text, source.suffix, *compiler.key(), *(path.read_text() for path in included(case.folder))]
    shutil.copy(cached(parts, lambda work, output: compiler.compile(text, source, work, output)), into / f"{name}.wasm")


def included(folder):
    """The files that a source may include: headers and modules in its folder, and those of all tests."""
    return sorted([*folder.glob("*.h"), *folder.glob("*.rs"), *INCLUDE.iterdir()])


def find_source(folder, name):
    candidates = [folder / name] if "." in name else [folder / f"{name}{suffix}" for suffix in (".c", ".go", ".rs")]
    for candidate in candidates:
        if candidate.exists():
            return candidate
    raise FileNotFoundError(f"{folder.name}: no source of service {name}")


@functools.cache
def version(compiler):
    """The version that clang or rustc prints."""
    return process.check([compiler, "--version"])


class CService:
    def keep_debug_information(self):
        self.flags = ["-g", *(flag for flag in self.flags if flag != "-Wl,--strip-debug")]

    def __init__(self, flags, is_main):
        self.compiler = tool("PARIGOT_CLANG", "clang")
        self.flags = ["--target=wasm32-wasi", "--sysroot=/usr", "-O2", "-Wall", "-Werror", "-Wl,--strip-debug"]
        # Even main can be called, and needs somewhere to put a request when it runs apart.
        self.flags += ["-Wl,--export=malloc", "-Wl,--export=free"]
        if not is_main:
            self.flags += ["-mexec-model=reactor"]
        self.flags += flags

    def key(self):
        return [version(self.compiler), *self.flags]

    def compile(self, text, source, work, out):
        (work / source.name).write_text(text)
        process.check([self.compiler, *self.flags, f"-I{INCLUDE}", f"-I{source.parent}", "-o", str(out), str(work / source.name)])


class GoService:
    goos = "wasip1"
    bare = False

    def keep_debug_information(self):
        """Go's function table is always there."""

    def __init__(self, flags, is_main):
        self.toolchain = go.toolchain("go")
        self.flags = [*([] if is_main else ["-buildmode=c-shared"]), *flags]

    def key(self):
        return [self.goos, *(["bare"] if self.bare else []), self.toolchain.version, *self.flags]

    def compile(self, text, source, work, out):  # pylint: disable=unused-argument
        (work / "main.go").write_text(text)
        if not self.bare:
            (work / "service.go").write_text((INCLUDE / "service.go").read_text())
        (work / "go.mod").write_text("module service\n\ngo 1.24\n")
        self.toolchain.build(work, ".", out, self.flags, goos=self.goos)


class GoJsService(GoService):
    """For JavaScript, of which tests/gojs makes worlds: a provider is a program too, whose main waits."""

    goos = "js"

    def __init__(self, flags, is_main):  # pylint: disable=unused-argument
        super().__init__(flags, is_main=True)


class BareGoJsService(GoJsService):
    """Without service.go, which exports malloc."""

    bare = True


class RustService:
    def keep_debug_information(self):
        self.flags = ["-g", *(flag for flag in self.flags if flag != "-Cstrip=symbols")]

    def __init__(self, flags, is_main):
        self.compiler = tool("PARIGOT_RUSTC", "rustc")
        # What -Zwasi-exec-model=reactor would do, which needs a nightly compiler.
        reactor = f"{RUST_WASI}/self-contained/crt1-reactor.o --export=_initialize --export=malloc --export=free"
        crate = ["--crate-type=bin"] if is_main else ["--crate-type=cdylib", f"-Clink-args={reactor}"]
        self.flags = [*crate, "--edition=2021", "--target=wasm32-wasi", "-O", "-Cstrip=symbols", "-Clinker=wasm-ld-14", *flags]

    def key(self):
        return [version(self.compiler), *self.flags]

    def compile(self, text, source, work, out):
        for module in source.parent.glob("*.rs"):
            shutil.copy(module, work)
        (work / source.name).write_text(text)
        process.check([self.compiler, *self.flags, "-o", str(out), str(work / source.name)])
