"""Runs a plan of run.py on wasmtime, as host.mjs does on Node."""
import hashlib
import json
import sys

import wasmtime

with open(sys.argv[1], encoding='utf-8') as file:
    plan = json.load(file)
config = wasmtime.Config()
config.wasm_multi_memory = True
engine = wasmtime.Engine(config)
store = wasmtime.Store(engine)
linker = wasmtime.Linker(engine)
i32, i64 = wasmtime.ValType.i32(), wasmtime.ValType.i64()
# Alone, the service that calls back is played here.
linker.define_func('other', 'go', wasmtime.FuncType([i32, i32], [i64]), lambda number, p: exports['run'](store, number, p))
exports = linker.instantiate(store, wasmtime.Module.from_file(engine, plan['file'])).exports(store)


def signed(value):
    return value - (1 << 32) if value >= 1 << 31 else value


def call(name, *args):
    try:
        return str(exports[name](store, *map(signed, args)))
    except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
        return 'out of bounds' if 'out of bounds' in str(error) else str(error).strip().splitlines()[-1].strip()


def digest(name, start, length):
    return hashlib.sha256(exports[name].read(store, start, start + length)).hexdigest()


outcomes = [call(*words) for words in plan['calls']]
print(json.dumps({'outcomes': outcomes, 'memories': [digest(*words) for words in plan['ranges']]}))
