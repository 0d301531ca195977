"""Runs a module on wasmtime, and says what that took:  python host.py FIGURES.json FILE.wasm [ARG...]

The figures are those of host.mjs. FILE.cwasm is a module that wasmtime has compiled before. With PARIGOT_BENCH_CACHE machine code
is kept where wasmtime keeps it.
"""

import json
import os
import re
import resource
import sys
import time

from wasmtime import Config, Engine, ExitTrap, Linker, Module, Store, WasiConfig, WasmtimeError


def resident():
    with open("/proc/self/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s*(\d+)", status.read())[1])


def main(figures_file, file, *args):
    config = Config()
    if os.environ.get("PARIGOT_BENCH_CACHE"):
        config.cache = True
    engine = Engine(config)
    linker = Linker(engine)
    linker.define_wasi()
    store = Store(engine)
    wasi = WasiConfig()
    wasi.argv = [file, *args]
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    wasi.preopen_dir(".", "/")  # programs that use files have the current folder
    store.set_wasi(wasi)
    if no_op := os.environ.get("PARIGOT_BENCH_NO_OP"):
        # Functions that do nothing, in place of WASI's.
        linker.allow_shadowing = True
        instance = linker.instantiate(store, Module.from_file(engine, no_op))
        linker.define_instance(store, "wasi_snapshot_preview1", instance)
    figures = {}
    started = time.monotonic()
    module = Module.deserialize_file(engine, file) if file.endswith(".cwasm") else Module.from_file(engine, file)
    figures["compile"] = time.monotonic() - started
    figures["compiled"] = resident()
    started = time.monotonic()
    instance = linker.instantiate(store, module)
    figures["instantiate"] = time.monotonic() - started
    exports = instance.exports(store)
    code = 0
    before, running = time.thread_time(), time.monotonic()
    try:
        if "_initialize" in exports:  # as in host.mjs
            exports["_initialize"](store)
        exports["_start"](store)
    except ExitTrap as ended:
        code = ended.code
    except WasmtimeError as error:
        print(error, file=sys.stderr)
        code = 134
    figures["run"] = time.thread_time() - before
    figures["wall"] = time.monotonic() - running
    figures["process"] = time.process_time()
    figures["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures["done"] = resident()
    with open(figures_file, "w", encoding="ascii") as out:
        json.dump(figures, out)
    return code


try:
    sys.exit(main(*sys.argv[1:]))
except WasmtimeError as error:
    sys.exit(str(error))
