"""Calls a library that `strip --library` made, on wasmtime: what library.mjs does on Node.

    python library.py PLAN.json FILE.wasm
"""

import json
import sys

from instance import instantiate
from wasmtime import ExitTrap

U32 = 0xFFFFFFFF
ERROR_BIT = 0x80000000


def call(store, exports, request):
    memory, data = exports["memory"], request.encode()
    address = exports["malloc"](store, len(data)) & U32
    memory.write(store, data, address)
    result = exports["parigot_call"](store, address, len(data))
    reply, length = result >> 32 & U32, result & (ERROR_BIT - 1)
    text = bytes(memory.read(store, reply, reply + length)).decode()
    exports["free"](store, address)
    exports["free"](store, reply)
    return f"{'error' if result & ERROR_BIT else 'ok'} {text}"


def main():
    with open(sys.argv[1], encoding="utf-8") as plan:
        requests = json.load(plan)["requests"]
    lines = []
    try:
        store, exports = instantiate(sys.argv[2])
        exports["_initialize"](store)
        lines.extend(call(store, exports, request) for request in requests)
    except ExitTrap as exit_trap:
        lines.append(f"exit {exit_trap.code}")
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    main()
