"""Calls functions that a module exports, after it has started, on wasmtime: what call.mjs does on Node.

    python call.py [--entry=_initialize] PLAN.json FILE.wasm
"""

import argparse
import json
import sys

from instance import instantiate
from wasmtime import ExitTrap, Trap

EXIT_TRAP = 134
U32 = 0xFFFFFFFF


def start(entry, file):
    store, exports = instantiate(file)
    try:
        exports[entry](store)
    except ExitTrap as exit_trap:  # TinyGo's programs end when main does, and can still be called: node:wasi lets one, too
        if exit_trap.code != 0:
            raise
    return store, exports


def call_all(plan, store, exports):
    memory = exports["memory"]
    for call in plan["calls"]:
        addresses, lengths = {}, {}
        for name, text in plan.get("buffers", {}).items():
            data = text.encode()
            lengths[name] = len(data)
            addresses[name] = exports[plan["alloc"]](store, len(data)) & U32
            memory.write(store, data, addresses[name])

        def value(word):
            return word if isinstance(word, (int, float)) else (addresses if word[0] == "@" else lengths)[word[1:]]

        returned = exports[call["function"]](store, *map(value, call["arguments"]))
        shown = str(returned)
        if call["result"] == "string":
            shown = read_string(memory, store, returned & U32)
        for address in addresses.values():
            exports[plan["free"]](store, address)
        result = "" if call["result"] == "nothing" else f" = {shown}"
        print(f"{call['function']}({', '.join(map(str, call['arguments']))}){result}", flush=True)


def read_string(memory, store, start):
    """In pieces: the memory is larger than what one wants to copy."""
    data, piece = b"", 4096
    while 0 not in data:
        data += bytes(memory.read(store, start + len(data), start + len(data) + piece))
    return data[:data.index(0)].decode()


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--entry", default="_start")
    parser.add_argument("plan")
    parser.add_argument("file")
    options = parser.parse_args()
    try:
        with open(options.plan, encoding="utf-8") as text:
            plan = json.load(text)
        call_all(plan, *start(options.entry, options.file))
        return 0
    except ExitTrap as exit_trap:
        return exit_trap.code
    except Trap as trap:
        print(f"trap: {trap}", file=sys.stderr)
        return EXIT_TRAP


if __name__ == "__main__":
    sys.exit(main())
