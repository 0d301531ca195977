"""Calls exports of a world on wasmtime, as host.mjs does on Node."""

import json
import re
import sys

import wasmtime

config = wasmtime.Config()
config.wasm_multi_memory = True
if hasattr(wasmtime.Config, "wasm_exceptions"):
    config.wasm_exceptions = True
engine = wasmtime.Engine(config)
store = wasmtime.Store(engine)
linker = wasmtime.Linker(engine)
i32 = wasmtime.ValType.i32()


def call(name, number):
    try:
        result = exports[name](store, *([] if number is None else [number]))
        return "undefined" if result is None else str(result)
    except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
        found = re.search(r"parigot\.trap\.(\w+)", str(error))
        return f"trap {found[1]}" if found else "trap"
    except RuntimeError as error:
        return str(error)


def fail():
    raise RuntimeError("from the host")


linker.define_func("env", "fail", wasmtime.FuncType([], []), fail)
linker.define_func("env", "back", wasmtime.FuncType([i32], [i32]), lambda number: exports["again"](store, number))
linker.define_func("env", "try_back", wasmtime.FuncType([i32], []), lambda number: (call("again", number), None)[1])
linker.define_func("env", "wait", wasmtime.FuncType([i32], []), lambda number: None)
linker.define_func("env", "look", wasmtime.FuncType([i32] * 4, []), lambda *numbers: None)
exports = linker.instantiate(store, wasmtime.Module.from_file(engine, sys.argv[1])).exports(store)
for words in json.loads(sys.argv[2]):
    print(call(*words))
