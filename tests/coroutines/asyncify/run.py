#!/usr/bin/env python3
"""C and Rust programs that block in imports, made coroutines by Asyncify, on real engines.

    tests/coroutines/asyncify/run.py               everything
    tests/coroutines/asyncify/run.py deep loops    only programs whose names contain one of these

Each program asks questions by the imports test.wait and test.wait_wide. driver.wat answers them, at once or after
yields; it is merged with the program into one module, which runs as a plain command. The reference is the program as
it was compiled, with answers at once, on the same engine: it has to print the same. That a program yielded as often as
it should, was resumed as often, and asked again the same, is checked by the driver itself.
"""
import argparse
import pathlib
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from cases import PROGRAMS, TRAPS  # noqa: E402
from harness import engines, parallel, paths, process, services, tools  # noqa: E402
from harness.engines import ENGINES, EXIT_TRAP, tool  # noqa: E402
from harness.report import Failure, Results  # noqa: E402

HERE = paths.TESTS / "coroutines/asyncify"
WORK = paths.work("coroutines/asyncify") / "work"
FEATURES = ["--mvp-features", *(f"--enable-{name}" for name in (
    "bulk-memory", "mutable-globals", "sign-ext", "nontrapping-float-to-int", "simd", "multivalue"))]
BLOCKING = "test.*,wasi_snapshot_preview1.proc_exit"

# How a program becomes a coroutine: what is done to it before, and to the whole module after.
WAYS = {
    "as compiled": ([], []),
    "optimised before": (["-O3"], []),
    "optimised after": ([], ["-O3"]),
    "optimised before and after": (["-O3"], ["-O3"]),
    # Without names malloc has to be found behind the export that LLVM's linker makes, which would run what atexit was told.
    "stripped before": (["-O2", "--strip-debug"], []),
    # As TinyGo's programs are, which have exports asyncify_* of their own.
    "asyncified before": (["-O1", "--asyncify", "--pass-arg=asyncify-imports@test.*"], []),
}

COROUTINE = """
  (import "program" "parigot.yield" (func $yield))
  (import "program" "parigot.resume" (func $resume))
  (import "program" "parigot.yielded" (func $yielded (result i32)))
"""
NO_COROUTINE = "(func $yield) (func $resume) (func $yielded (result i32) (i32.const 0))"


def wasm_opt(source, output, *options):
    names = [] if "--strip-debug" in options else ["-g"]
    tools.wasm_opt(source, output, *FEATURES, *options, *names)


def wasm_merge(*words):
    process.check([tools.binaryen_tool("wasm-merge"), *words, *FEATURES, "-g", "--rename-export-conflicts"])


def compiled(name):
    """The program; compiled once."""
    output = WORK / f"{name}.wasm"
    if output.exists():
        return output
    source = next(path for path in sorted((HERE / "programs").iterdir()) if path.stem == name and path.suffix != ".h")
    if source.suffix == ".wat":
        tools.assemble(source, output, *FEATURES, "-g")
        return output
    flags = PROGRAMS[name].get("flags", [])
    compiler = services.CService(flags, True) if source.suffix == ".c" else services.RustService(flags, True)
    # Names stay: they are what back traces show, and what Asyncify's lists could stumble over.
    compiler.flags = [flag for flag in compiler.flags if "strip" not in flag]
    if source.suffix == ".rs":
        compiler.flags.append("-Clink-args=--export=malloc")
    work = WORK / f"{name}.work"
    work.mkdir()
    compiler.compile(source.read_text(encoding="utf-8"), source, work, output)
    return output


def driver(name, settings, yields):
    """The driver for a program, or for its reference if it never yields."""
    exits = settings.get("exit")
    meanwhile, coroutine = "(func $meanwhile)", NO_COROUTINE
    if yields:
        coroutine = COROUTINE
        if settings.get("meanwhile"):
            meanwhile = '(import "program" "meanwhile" (func $meanwhile))'
    # Imports come first in a module.
    coroutine = "".join(sorted([meanwhile, coroutine], key=lambda text: "(import" not in text))
    text = (HERE / "driver.wat").read_text(encoding="utf-8")
    for key, value in {
        "(@COROUTINE@)": coroutine,
        "@YIELDS@": yields,
        "@QUESTIONS@": settings["questions"],
        "@TOTAL@": yields * settings["questions"],
        "@EXIT@": -1 if exits is None or yields == 0 else exits,
    }.items():
        text = text.replace(key, str(value))
    path = WORK / f"{name}.driver{yields}.wat"
    path.write_text(text, encoding="utf-8")
    return path


def merged(name, settings, program, yields, output):
    words = [driver(name, settings, yields), "test", program, "program"]
    if settings.get("exit") is not None and yields:
        words += [HERE / "exit.wat", "wasi_snapshot_preview1"]
    wasm_merge(*words, "-o", output)


def run(engine, file):
    done = process.run([*ENGINES[engine](), "one", file, "--arg0", "program"], 120, text=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Test:
    """One program in all ways: the modules are made once, and run by each engine."""

    def __init__(self, name, settings):
        self.name = name
        self.settings = settings
        self.references = {}

    def file(self, step):
        return WORK / f"{self.name}.{step}.wasm"

    def module(self, way):
        output = WORK / f"{self.name}.{way.replace(' ', '-')}.wasm"
        if output.exists():
            return output
        before, after = WAYS[way]
        program = compiled(self.name)
        if before:
            wasm_opt(program, self.file("before"), *before)
            program = self.file("before")
        wasm_opt(program, self.file("coroutine"), f"--asyncify-coroutines={BLOCKING}",
                 f"--pass-arg=asyncify-coroutines-stack@{self.settings.get('stack', '1MiB')}")
        whole = self.file("whole")
        merged(self.name, self.settings, self.file("coroutine"), self.settings["yields"], whole)
        if after:
            wasm_opt(whole, self.file("after"), *after)
            whole = self.file("after")
        shutil.move(whole, output)
        return output

    def reference(self, engine):
        if engine not in self.references:
            output = WORK / f"{self.name}.reference.wasm"
            merged(self.name, self.settings, compiled(self.name), 0, output)
            code, out, err = run(engine, output)
            if code != (self.settings.get("exit") or 0) or not out:
                raise Failure(f"the program itself exited with {code}: {out[-500:]}{err[-1500:]}")
            self.references[engine] = out
        return self.references[engine]

    def check(self, way, engine):
        expected = self.reference(engine)
        code, out, err = run(engine, self.module(way))
        # Where the program exits the driver has control again, and returns.
        if code != 0:
            raise Failure(f"exited with {code}: {err[-1500:]}")
        if out != expected:
            raise Failure(f"printed {out[-500:]!r} instead of {expected[-500:]!r}")


def check_trap(name, trap, engine):
    """A module that has to trap in a function that says why."""
    file = WORK / f"{name}.trap.wasm"
    program = WORK / f"{name}.coroutine.wasm"
    wasm_opt(compiled(trap["program"]), program, f"--asyncify-coroutines={BLOCKING}",
             *(f"--pass-arg=asyncify-coroutines-{option}" for option in trap.get("options", [])))
    if "driver" in trap:
        # Its functions are found as test.wait and other.call.
        wasm_merge(HERE / trap["driver"], "test", program, "program", WORK / "other.wat", "other", "-o", file)
    else:
        settings = PROGRAMS[trap["program"]]
        merged(trap["program"], settings, program, settings["yields"], file)
    code, _, err = run(engine, file)
    if code != EXIT_TRAP or trap["says"] not in err:
        raise Failure(f"exited with {code} instead of a trap in {trap['says']}: {err[-1500:]}")


def check_memory():
    """Buffers of all sizes around what is needed: those that are too small trap, and nothing behind them is touched."""
    sizes = range(16, 1000, 28)
    files = []
    for size in sizes:
        files.append(WORK / f"frames.{size}.wasm")
        wasm_opt(compiled("frames"), files[-1], "--asyncify-coroutines=test.wait",
                 f"--pass-arg=asyncify-coroutines-stack@{size}")
    said = process.check([*engines.node(), HERE / "exhausted.mjs", *files], 120)
    outcomes = [line.split(" ", 1)[1] for line in said.splitlines()]
    trapped = outcomes.count("trapped in parigot.trap.coroutine_stack_exhausted")
    # The frames' sum: 3^0 + .. + 3^9, 2 + .. + 6.5, 3 + 3/2 + .., and the answer.
    result = f"done {(3 ** 10 - 1) // 2 + 42.5 + 6 * (1 - 2 ** -10) + 5}"
    if len(outcomes) != len(sizes) or not 0 < trapped < len(sizes):
        raise Failure(f"{trapped} of {len(outcomes)} trapped: {outcomes}")
    if outcomes != outcomes[:1] * trapped + [result] * (len(sizes) - trapped):
        raise Failure(f"expected traps, then {result}: {outcomes}")


def check_tinygo():
    """A program that has Asyncify in it already, by its compiler, and uses it."""
    folder = pathlib.Path(tool("PARIGOT_GOJS_BINARIES", "programs of TinyGo")) / "@wasm-fmt/gofmt"
    wasm_opt(folder / "gofmt.wasm", WORK / "gofmt.wasm", "--asyncify-coroutines=gojs.*,wasi_snapshot_preview1.*")
    outputs = [process.check([*engines.node(), HERE / "tinygo.mjs", folder, file], 120).split("\n", 1)
               for file in (folder / "gofmt.wasm", WORK / "gofmt.wasm")]
    (never, expected), (yields, text) = outputs
    if never != "0" or int(yields) < 3 or text != expected or "x := []int{1, 2, 3}" not in text:
        raise Failure(f"after {yields} yields: {text!r}, without: {expected!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", help="programs whose names contain one of these")
    only = parser.parse_args().only
    engines.load()
    paths.lock("coroutines/asyncify")
    paths.fresh(WORK)
    (WORK / "other.wat").write_text('(module (import "test" "call" (func $call)) (export "call" (func $call)))')
    results = Results("coroutines-asyncify")

    def wanted(name):
        return not only or any(part in name for part in only)

    def run_program(name, settings):
        test = Test(name, settings)
        for way in WAYS:
            for engine in ENGINES:
                results.test(f"{name} {way} on {engine}", lambda: test.check(way, engine))

    def run_traps():
        # They share programs and drivers, and take little.
        for name, trap in TRAPS.items():
            if wanted(name):
                for engine in ENGINES:
                    results.test(f"{name} on {engine}", lambda: check_trap(name, trap, engine))

    # What takes long comes first.
    groups = [lambda: results.test("gofmt of TinyGo", check_tinygo)] if wanted("tinygo") else []
    groups += [lambda n=name, s=settings: run_program(n, s) for name, settings in PROGRAMS.items() if wanted(name)]
    groups += [lambda: results.test("frames, and the memory behind the buffer", check_memory)] if wanted("frames") else []
    parallel.run_all(groups)
    run_traps()
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
