"""The reference host on wasmtime: runs one world, or the services of a world apart.

    python host.py one FILE.wasm  [--arg0 NAME] [--arg A]... [--env K=V]... [--dir HOST::GUEST]... [--stub module.name]...
                       [--memory-limit PAGES]
    python host.py apart SPEC.json  (the same options, which are main's)

"Apart" is what parigot-opt's output is compared with: every service is an instance of its own, in its own store with its
own WASI, and this host carries each service call from the memory of the client to that of the provider and back.
../README.md says what all hosts have in common.

Exit code: that of proc_exit; 134 after a trap, with "trap: MESSAGE" and the back trace on standard error; 2 if the host itself failed.
"""

import argparse
import contextlib
import json
import os
import sys

from wasmtime import (Config, Engine, ExitTrap, FuncType, Linker, Module, Store, Trap, ValType, WasiConfig, WasmtimeError)

from described import carry_described
from functions import TEXT

EXIT_TRAP = 134

PARIGOT = FuncType([ValType.i32()] * 4, [ValType.i64()])
STUB_REPLY = b"stub"
U32 = 0xFFFFFFFF


class WorldTrap(Exception):
    """A trap of the host's own making, for instance a reply that is too long."""


class Service:
    """An instance with its own store. `context` is what calls into it go through: the store, or, while the service is
    itself in a call to the host, the caller that wasmtime gave us."""

    def __init__(self, engine, wasm, args, env, options):
        self.module = Module.from_file(engine, wasm)
        self.linker = Linker(engine)
        self.linker.define_wasi()
        self.store = self.context = Store(engine)
        if options.memory_limit:
            self.store.set_limits(memory_size=options.memory_limit << 16)
        wasi = WasiConfig()
        wasi.argv = args
        wasi.env = [pair.split("=", 1) for pair in env]
        wasi.inherit_stdin()
        wasi.inherit_stdout()
        wasi.inherit_stderr()
        for directory in options.dir:
            host, guest = directory.split("::", 1)
            wasi.preopen_dir(host, guest)
        self.store.set_wasi(wasi)
        self.exports = None

    def define(self, module, name, signature, function):
        def entered(caller, *params):
            before, self.context = self.context, caller
            try:
                return function(self, *params)
            finally:
                self.context = before

        self.linker.define_func(module, name, signature, entered, access_caller=True)

    def define_functions(self, stubs):
        for name, (signature, function) in TEXT.items():
            self.define("text", name, signature, function)
        for stub in stubs:
            module, name = stub.rsplit(".", 1)
            self.define(module, name, PARIGOT, answer_stub)

    def instantiate(self):
        self.exports = self.linker.instantiate(self.store, self.module).exports(self.store)

    def has(self, export):
        return export in self.exports

    def call(self, export, *params):
        if not self.has(export):
            raise WorldTrap(f"no export {export}")
        return self.exports[export](self.context, *params)

    # While a start function runs there are no exports yet that a host function could look into.
    def memory(self):
        return self.exports["memory"] if self.exports else self.context.get("memory")

    def read(self, ptr, length):
        self.check(ptr, length)
        return bytes(self.memory().read(self.context, ptr & U32, (ptr & U32) + length))

    def write(self, ptr, data):
        self.check(ptr, len(data))
        self.memory().write(self.context, data, ptr & U32)

    def check(self, ptr, length):
        if (ptr & U32) + length > self.memory().data_len(self.context):
            raise WorldTrap("out of bounds memory access")


def answer_stub(client, _req_len, _req_ptr, out_ptr, err_ptr):
    """A parigot call that nobody in the world answers: the reply is always the same."""
    client.write(err_ptr, bytes(4))
    client.write(out_ptr, STUB_REPLY)
    return len(STUB_REPLY) << 32 | out_ptr & U32


def carry_scalar(services, call):
    """Hands numbers over as they are."""
    return lambda _client, *params: services[call["service"]].call(call["export"], *params)


def carry_parigot(services, call):
    """Carries the bytes of one call: (req_len, req_ptr, out_ptr, err_ptr) -> len<<32 | ptr."""
    capacity = call["capacity"]

    def carry(client, req_len, req_ptr, out_ptr, err_ptr):
        callee = services[call["service"]]

        # One block in the memory of the callee: the error, room for the reply, the request.
        request = client.read(req_ptr, req_len & U32)
        block = callee.call("malloc", 8 + capacity + len(request)) & U32
        its_err, its_out, its_req = block, block + 8, block + 8 + capacity
        callee.write(its_err, bytes(8))
        callee.write(its_req, request)

        result = callee.call(call["export"], req_len, its_req, its_out, its_err)

        error = callee.read(its_err, 4)
        client.write(err_ptr, error)
        reply = 0
        if error == bytes(4):
            length, ptr = result >> 32 & U32, result & U32
            if length > capacity:
                raise WorldTrap(f"reply of {length} bytes exceeds capacity")
            client.write(out_ptr, callee.read(ptr, length))
            reply = length << 32 | out_ptr & U32
        callee.call("free", block)
        return reply

    return carry


def run_one(engine, file, options):
    args = [options.arg0 or os.path.basename(file), *options.arg]
    world = Service(engine, file, args, options.env, options)
    world.define_functions(options.stub)
    world.instantiate()
    world.call("_start")


def run_apart(engine, file, options):
    with open(file, encoding="utf-8") as text:
        plan = json.load(text)
    services = {}
    for entry in plan["services"]:
        name, is_main = entry["name"], entry["name"] == plan["main"]
        args, env = [name], []
        if is_main:
            args, env = [options.arg0 or name, *options.arg], options.env
        if entry["args"] is not None:
            args = entry["args"]
        if entry["env"] is not None:
            env = entry["env"]
        service = services[name] = Service(engine, entry["wasm"], args, env, options)
        imports = {(i.module, i.name): i.type for i in service.module.imports}
        for call in plan["calls"]:
            if call["client"] == name:
                carry = {"scalar": carry_scalar, "described": carry_described}.get(call["abi"], carry_parigot)
                service.define(call["module"], call["name"], imports[call["module"], call["name"]], carry(services, call))
        service.define_functions(options.stub)
        # The wasm start function runs here, and may call providers, which exist: they come first in the plan.
        service.instantiate()
        if service.has("_initialize"):
            service.call("_initialize")
    services[plan["main"]].call("_start")


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("mode", choices=["one", "apart"])
    parser.add_argument("file")
    parser.add_argument("--arg0")
    for option in ["--arg", "--env", "--dir", "--stub"]:
        parser.add_argument(option, action="append", default=[])
    parser.add_argument("--memory-limit", type=int)
    options = parser.parse_args()

    config = Config()
    config.cranelift_opt_level = "none"  # compiling takes most of the time
    # Compiled modules are kept in wasmtime's own cache in the user's folder: the tests run the same ones again and again.
    with contextlib.suppress(WasmtimeError):
        config.cache = True
    engine = Engine(config)
    try:
        (run_one if options.mode == "one" else run_apart)(engine, options.file, options)
        return 0
    except ExitTrap as exit_trap:
        return exit_trap.code
    except (Trap, WorldTrap) as trap:
        print(f"trap: {trap_message(trap)}\n{trap}", file=sys.stderr)
        return EXIT_TRAP
    except (WasmtimeError, OSError, KeyError) as error:
        print(f"host.py: {error!r}", file=sys.stderr)
        return 2


def trap_message(trap):
    """The reason, of a message that is a backtrace followed by "Caused by:"."""
    lines = [line.strip() for line in str(trap).splitlines() if line.strip()]
    reasons = [line for line in lines if line.startswith("wasm trap:")]
    return (reasons or lines or ["unknown"])[-1 if reasons else 0]


sys.exit(main())
