"""Runs generated worlds on wasmtime. The same as host.mjs, with the same requests and answers."""
import hashlib
import json
import struct
import sys

from wasmtime import Engine, Func, Instance, Module, Store, Trap, WasmtimeError

MOST_LOG = 4000
U32 = 0xffffffff
U64 = (1 << 64) - 1


class HostTrap(Exception):
    """A trap of the host's own."""


def signed(value, bits):
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def show(type_, value):
    if type_ in ('i32', 'i64'):
        return str(value)
    if value != value:
        return 'nan'
    return format(int.from_bytes(struct.pack('>f' if type_ == 'f32' else '>d', value), 'big'), 'x')


class Memory:
    """The memory of an instance, as whoever carries bytes sees it."""

    def __init__(self, store, find):
        self.store, self.find = store, find

    def read(self, at, length):
        at, length = at & U32, length & U32
        memory = self.find()
        if at + length > memory.data_len(self.store):
            raise HostTrap('out of bounds')
        return bytes(memory.read(self.store, at, at + length)) if length else b''

    def write(self, at, data):
        at &= U32
        memory = self.find()
        if at + len(data) > memory.data_len(self.store):
            raise HostTrap('out of bounds')
        if data:
            memory.write(self.store, data, at)

    def load32(self, at):
        return int.from_bytes(self.read(at, 4), 'little')

    def store32(self, at, value):
        self.write(at, (value & U32).to_bytes(4, 'little'))


class Host:
    def __init__(self, engine):
        self.engine = engine
        self.store = Store(engine)
        self.log, self.lines, self.clock = [], 0, 0
        self.carried = {'scalar': 0, 'parigot': 0, 'bytes': 0}

    def say(self, *parts):
        self.lines += 1
        if self.lines <= MOST_LOG:
            self.log.append(' '.join(map(str, parts)))

    # --- the imports that nobody in the world provides

    def imports(self, memory, args):
        def log(type_):
            return lambda value: self.say(type_, show(type_, value))

        def calc(a, b):
            self.say('calc', a, b)
            return signed(a * 31 + b, 64)

        def answer(length, request, out, error):
            data = memory.read(request, length)[::-1]
            self.say('answer', data.hex())
            memory.store32(error, 0 if data else 9)
            if not data:
                return 0
            memory.write(out, data)
            return signed(len(data) << 32 | out & U32, 64)

        found = {('env', f'log_{type_}'): log(type_) for type_ in ('i32', 'i64', 'f32', 'f64')}
        found['absent', 'calc'], found['absent', 'answer_'] = calc, answer
        for name, function in self.wasi(memory, args).items():
            found['wasi_snapshot_preview1', name] = function
        return found

    def wasi(self, memory, args):
        strings = [arg.encode() + b'\0' for arg in args]

        def vectors(at, count):
            return [(memory.load32((at & U32) + 8 * i), memory.load32((at & U32) + 8 * i + 4)) for i in range(count)]

        def fd_write(fd, at, count, written):
            data = b''.join(memory.read(ptr, length) for ptr, length in vectors(at, count))
            self.say('write', fd, data.hex())
            memory.store32(written, len(data))
            return 0

        def fd_read(fd, at, count, read):
            total = 0
            for ptr, length in vectors(at, count):
                memory.write(ptr, bytes(65 + (total + i) % 26 for i in range(length)))
                total += length
            self.say('read', fd, total)
            memory.store32(read, total)
            return 0

        def random_get(at, length):
            memory.write(at, bytes((i * 7 + 1) & 255 for i in range(length)))
            return 0

        def clock_time_get(_id, _precision, at):
            self.clock += 1
            memory.write(at, (self.clock * 1000003).to_bytes(8, 'little'))
            return 0

        def args_sizes_get(count, size):
            memory.store32(count, len(strings))
            memory.store32(size, sum(map(len, strings)))
            return 0

        def args_get(array, buffer):
            at = buffer & U32
            for i, string in enumerate(strings):
                memory.store32((array & U32) + 4 * i, at)
                memory.write(at, string)
                at += len(string)
            return 0

        return {'fd_write': fd_write, 'fd_read': fd_read, 'random_get': random_get, 'clock_time_get': clock_time_get,
                'args_sizes_get': args_sizes_get, 'args_get': args_get}

    # --- instances

    def instantiate(self, file, functions):
        module = Module.from_file(self.engine, file)
        found = []
        for item in module.imports:
            function = functions[item.module, item.name]
            found.append(Func(self.store, item.type, function))
        return Instance(self.store, module, found).exports(self.store)

    def attempt(self, function):
        try:
            return {'results': function()}
        except (Trap, HostTrap, WasmtimeError) as error:
            text = str(error)
            if 'call stack exhausted' in text:
                return {'stack': text}
            if isinstance(error, (Trap, HostTrap)) or 'wasm trap' in text:
                return {'trap': [line.strip() for line in text.splitlines() if line.strip()][-1]}
            raise

    def run(self, request, up, fresh, raw):
        found = []
        answer = {'up': self.attempt(lambda: found.append(up())), 'steps': [], 'looks': {}, 'raw': {}}
        answer['up'].pop('results', None)
        if not answer['up']:
            main, traps = found[0], 0
            for step in request['steps']:
                fresh()
                main['begin'](self.store, step['fuel'])
                values = [int(arg) if type_[0] == 'i' else float(arg) for type_, arg in zip(step['params'], step['args'])]

                def call():
                    result = main[step['export']](self.store, *values)
                    result = [] if not step['results'] else [result] if len(step['results']) == 1 else result
                    return [show(type_, value) for type_, value in zip(step['results'], result)]

                answer['steps'].append(self.attempt(call))
                if 'results' not in answer['steps'][-1]:
                    traps += 1
                    if traps == 3:
                        break
            fresh()
            for name in request['looks']:
                answer['looks'][name] = str(main[name](self.store) & U64)
            raw(main, answer['raw'])
        return {**answer, 'log': self.log, 'lines': self.lines, 'carried': self.carried}

    def one(self, request):
        instance = {}
        functions = self.imports(Memory(self.store, lambda: instance['exports']['memory']), request['args'])

        def up():
            instance['exports'] = exports = self.instantiate(request['one'], functions)
            if request['entry']:
                exports[request['entry']](self.store)
            return exports

        def raw(main, found):
            for service in request['services']:
                size = main['pages.' + service['name']](self.store) * 65536
                begin, end = (service['base'] + at for at in service['scratch'])
                memory = main['memory']
                found[service['name']] = digest(memory.read(self.store, service['base'], begin),
                                                memory.read(self.store, end, service['base'] + size))

        return self.run(request, up, lambda: None, raw)

    def counted(self, call, function):
        def carry(*params):
            self.carried[call['abi']] += 1
            return function(*params)
        return carry

    def apart(self, request):
        plan = request['apart']
        services = {entry['name']: Service(self, entry) for entry in plan['services']}

        def instantiate(service):
            functions = self.imports(service.memory, service.args)
            for call in plan['calls']:
                if call['client'] == service.name:
                    functions[call['module'], call['name']] = self.counted(call, CARRY[call['abi']](service, services[call['service']], call))
            service.exports = self.instantiate(service.wasm, functions)

        def up():
            for service in services.values():
                if service.name not in plan['init']:
                    instantiate(service)
            for name in plan['init']:
                instantiate(services[name])
                if '_initialize' in services[name].exports:
                    services[name].call('_initialize')
            main = services[plan['main']].exports
            if '_start' in main:
                main['_start'](self.store)
            return main

        def fresh():
            for service in services.values():
                service.release(service.scratch and service.scratch[0])

        def raw(_main, found):
            for service in services.values():
                if service.scratch:
                    memory = service.exports['memory']
                    found[service.name] = digest(memory.read(self.store, 0, service.scratch[0]),
                                                 memory.read(self.store, service.scratch[1], memory.data_len(self.store)))

        return self.run(request, up, fresh, raw)


def digest(*parts):
    return hashlib.sha1(b''.join(map(bytes, parts))).hexdigest()


class Service:
    def __init__(self, host, entry):
        self.host, self.exports = host, None
        self.name, self.wasm, self.args, self.scratch = entry['name'], entry['wasm'], entry['args'], entry['scratch']
        self.top = self.scratch and self.scratch[0]
        self.memory = Memory(host.store, lambda: self.exports['memory'])

    def call(self, name, *params):
        return self.exports[name](self.host.store, *params)

    def push(self, length):
        """Takes bytes of the scratch space, as an adapter does of the arena."""
        at = self.top
        self.top = at + length + 15 & -16
        if self.top > self.scratch[1]:
            raise RuntimeError('scratch space is used up')
        return at

    def release(self, mark):
        if mark is not None and self.exports:
            self.memory.write(mark, bytes(self.top - mark))
            self.top = mark


# How one call gets from the client to the provider and back, by ABI.

def carry_scalar(_client, provider, call):
    return lambda *params: provider.call(call['export'], *params)


def carry_parigot(client, provider, call):
    def carry(length, request, out, error):
        data = client.memory.read(request, length)
        its_error = provider.push(16 + call['capacity'] + len(data))
        its_out = its_error + 16
        its_request = its_out + call['capacity']
        provider.memory.store32(its_error, 0)
        provider.memory.write(its_request, data)
        result = provider.call(call['export'], length, its_request, its_out, its_error) & U64
        code = provider.memory.load32(its_error)
        client.memory.store32(error, code)
        size = result >> 32
        if code == 0:
            if size > call['capacity']:
                raise HostTrap('reply exceeds capacity')
            client.memory.write(out, provider.memory.read(result & U32, size))
        provider.release(its_error)
        return 0 if code else signed(size << 32 | out & U32, 64)
    return carry


def carry_bytes(client, provider, call):
    def carry(request, length):
        data = client.memory.read(request, length)
        its_request = provider.push(len(data))
        provider.memory.write(its_request, data)
        result = provider.call(call['export'], its_request, length) & U64
        reply, size, copied = result >> 32, result & 0x7fffffff, 0
        if size:
            copied = client.call('malloc', size) & U32
            if copied == 0:
                raise HostTrap('malloc failed')
            client.memory.write(copied, provider.memory.read(reply, size))
        provider.release(its_request)
        # Bytes of a request are not the provider's to free.
        is_lent = provider.scratch and provider.scratch[0] <= reply < provider.scratch[1]
        if reply and not is_lent and 'free' in provider.exports:
            provider.call('free', signed(reply, 32))
        return signed(copied << 32 | result & U32, 64)
    return carry


CARRY = {'scalar': carry_scalar, 'parigot': carry_parigot, 'bytes': carry_bytes}


def main():

    engine = Engine()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = Host(engine).one(request) if 'one' in request else Host(engine).apart(request)
        except Exception as error:
            answer = {'failure': repr(error)}
        print(json.dumps(answer), flush=True)


main()
