"""What host.mjs does, on wasmtime.

python host.py MAIN.wasm [HELPER.wasm]
"""

import sys

import wasmtime

I32 = wasmtime.ValType.i32()
config = wasmtime.Config()
config.wasm_multi_memory = True
engine = wasmtime.Engine(config)
store = wasmtime.Store(engine)
state = {"request": [], "response": "", "body": ""}
exports = None


def memory():
    return exports["memory"]


def call(name, *values):
    return exports[name](store, *values)


def read(address, length):
    return memory().read(store, address, address + length).decode()


def write(address, value):
    memory().write(store, value.encode(), address)


def number(address):
    return int.from_bytes(memory().read(store, address, address + 4), "little", signed=True)


def c_string(address):
    return memory().read(store, address, address + 64).split(b"\0")[0].decode()


def put(address, value):
    memory().write(store, value.to_bytes(4, "little"), address)


def guest_request(operation, payload):
    write(operation, state["request"][0])
    write(payload, state["request"][1])


def get_buffer_bytes(_type, _start, _most, data, size):
    address = call("proxy_on_memory_allocate", len(state["body"]))
    write(address, state["body"])
    put(data, address)
    put(size, len(state["body"]))
    return 0


def set_buffer_bytes(_type, _start, _most, data, size):
    state["body"] = read(data, size)
    return 0


IMPORTS = {
    ("wapc", "__guest_request"): guest_request,
    ("wapc", "__guest_response"): lambda address, length: state.update(response=read(address, length)),
    ("wapc", "__guest_error"): lambda address, length: state.update(response="error: " + read(address, length)),
    ("typst_env", "wasm_minimal_protocol_write_args_to_buffer"): lambda address: write(address, "".join(state["request"])),
    ("typst_env", "wasm_minimal_protocol_send_result_to_host"): lambda address, length: state.update(response=read(address, length)),
    ("env", "proxy_get_buffer_bytes"): get_buffer_bytes,
    ("env", "proxy_set_buffer_bytes"): set_buffer_bytes,
}


def instantiate(name, others):
    module = wasmtime.Module.from_file(engine, name)
    linker = wasmtime.Linker(engine)
    for item in module.imports:
        if item.module in others:
            linker.define(store, item.module, item.name, others[item.module][item.name])
        else:
            # WASI's nosys for functions of libc, which are never called.
            linker.define_func(item.module, item.name, item.type, IMPORTS.get((item.module, item.name), lambda *_: 52))
    made = linker.instantiate(store, module).exports(store)
    made["_initialize"](store)
    return made


def packed(value):
    address = call("malloc", len(value))
    write(address, value)
    result = call("packed", address, len(value)) & 0xFFFFFFFFFFFFFFFF
    at, length = result >> 32, result & 0xFFFFFFFF
    answer = read(at, length)
    call("free", at)
    call("free", address)
    return answer


exports = instantiate(sys.argv[1], {"helper": instantiate(sys.argv[2], {})} if len(sys.argv) > 2 else {})
LONG = "Lorem ipsum. " * 5000
for text in ["hello", "", LONG]:
    text = packed(text)
    print("packed", len(text), text[:20])
for words in [["turn", "Ask me"], ["other", ""], ["turn", LONG]]:
    state["request"] = words
    known = call("__guest_call", *map(len, words))
    print("waPC", known, len(state["response"]), state["response"][:20])
for words in [["hello", "world"], ["", ""], [LONG, "x"]]:
    state["request"] = words
    code = call("concatenate", *map(len, words))
    print("typst", code, len(state["response"]), state["response"][:20])
for text in ["request body", LONG]:
    state["body"] = text
    code = call("proxy_on_request_body", 1, len(text), 1)
    print("proxy-wasm", code, len(state["body"]), state["body"][:20])
greeting, counter = (exports[name].value(store) for name in ("greeting", "counter"))
print("globals", c_string(greeting), number(counter))
write(greeting + 5, "evening")
put(counter, 100)


def pick(which):
    return exports["__indirect_function_table"].get(store, call("pick", which))


print("table", pick(1)(store, 5), pick(0)(store, 25), number(counter), c_string(greeting))
