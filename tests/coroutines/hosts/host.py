"""A host whose calls wait, on wasmtime, for a WASI program. See ../README.md for what all hosts have in common.

    python host.py FILE.wasm [--asks K] [--exit-yields] [ARGUMENT]...
"""

import argparse
import sys

from wasmtime import Config, Engine, ExitTrap, FuncType, Linker, Module, Store, ValType, WasiConfig

GARBAGE = 0x5a5a5a5a    # what an import returns that yields; the program must not see it
STACK = 3 << 19         # bytes, for recursion of 10,000 frames; wasmtime's limit is 2 MiB
I32, I64 = ValType.i32(), ValType.i64()


def wrapped(value, bits):
    """A number as the parameter or result of so many bits."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


class Host:
    def __init__(self, file, options):
        self.options = options
        self.calls = self.yields = self.asked = 0
        self.call = self.exit_code = None
        config = Config()
        config.cache = True
        config.max_wasm_stack = STACK
        engine = Engine(config)
        self.store = Store(engine)
        wasi = WasiConfig()
        wasi.argv = ["program", *options.argument]
        wasi.inherit_stdout()
        wasi.inherit_stderr()
        self.store.set_wasi(wasi)
        linker = Linker(engine)
        linker.define_wasi()
        linker.define_func("test", "wait", FuncType([I32], [I32]), self.wait, access_caller=True)
        linker.define_func("test", "other", FuncType([I32, I64], [I64]), self.other, access_caller=True)
        if options.exit_yields:
            linker.allow_shadowing = True
            linker.define_func("wasi_snapshot_preview1", "proc_exit", FuncType([I32], []), self.exit, access_caller=True)
        self.exports = linker.instantiate(self.store, Module.from_file(engine, file)).exports(self.store)

    def wait(self, caller, x):
        return self.answer(caller, ("wait", x), wrapped(x * 2 + 1, 32))

    def other(self, caller, a, b):
        return self.answer(caller, ("other", a, b), wrapped(a + b * 3, 64))

    def answer(self, caller, call, result):
        if self.asked and self.call != call:
            raise RuntimeError(f"host: {call} instead of {self.call} again")
        self.call = call
        self.asked += 1
        if self.asked < self.options.asks:
            self.yields += 1
            self.exports["parigot.yield"](caller)
            return GARBAGE
        self.asked = 0
        self.calls += 1
        return result

    def exit(self, caller, code):
        if self.exit_code is not None:
            raise RuntimeError("host: the program went on after its exit")
        self.exit_code = code
        self.exports["parigot.yield"](caller)

    def run(self):
        if "parigot.yielded" not in self.exports:
            self.exports["_start"](self.store)
            return
        resume, yielded = self.exports["parigot.resume"], self.exports["parigot.yielded"]
        resume(self.store)  # nothing has yielded: must do nothing
        self.exports["_start"](self.store)
        while self.exit_code is None and yielded(self.store):
            resume(self.store)
        if yielded(self.store) != (self.exit_code is not None):
            raise RuntimeError("host: parigot.yielded is wrong in the end")


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("file")
    parser.add_argument("--asks", type=int, default=1)
    parser.add_argument("--exit-yields", action="store_true")
    parser.add_argument("argument", nargs="*")
    options = parser.parse_intermixed_args()
    host = Host(options.file, options)
    code = 0
    try:
        host.run()
    except ExitTrap as exit_:
        code = exit_.code
    held = "" if host.exit_code is None else f", exit {host.exit_code} held"
    print(f"\nhost: {host.calls} calls, {host.yields} yields{held}", file=sys.stderr)
    sys.exit(code)


main()
