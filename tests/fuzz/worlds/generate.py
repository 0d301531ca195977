"""Makes a world of a seed: services, who calls whom by which ABI, how that is bound, and what is run in the end."""
import random as random_

import ttf
from statements import Code
from model import (BYTES, MOST_CAPACITY, PARIGOT, SCALARS, SCRATCH_PAGES, Call, Export, Function, Service, World)

WASI = {
    'fd_write': (['i32'] * 4, ['i32']), 'fd_read': (['i32'] * 4, ['i32']), 'random_get': (['i32'] * 2, ['i32']),
    'clock_time_get': (['i32', 'i64', 'i32'], ['i32']), 'args_get': (['i32'] * 2, ['i32']),
}


class Generator:
    def __init__(self, seed, wasm_opt, folder):
        self.random = random_.Random(f'world {seed}')
        self.seed, self.wasm_opt, self.folder = seed, wasm_opt, folder
        self.wild = seed % 4 == 0
        self.services = []

    def chance(self, share):
        return self.random.random() < share

    def world(self):
        count = self.random.randint(2, 6)
        names = self.random.sample(['alpha', 'beta', 'gamma', 'delta', 'eps-1', 'zeta_2', 'eta', 'main'], count)
        for name in names:
            self.services.append(self.service(name))
        main = self.random.choice(self.services)
        main.provides = []
        while len([export for export in main.exports if export.abi == 'scalar']) < 2:
            main.exports.append(self.scalar_export(main, len(main.exports)))
        for service in self.services:
            self.add_calls(service)
        self.forward()
        command = self.chance(0.5)
        init = self.initialisers(main, command)
        for service in self.services:
            self.write_code(service, main, command, init)
            self.manifest_of(service)
        return World(self.seed, self.wild, self.services, main.name, command, init, self.script(main))

    # --- services

    def service(self, name):
        if self.chance(0.35):
            return self.ttf_service(name)
        service = Service(name, 'wat')
        service.has_memory = self.chance(0.92)
        if service.has_memory:
            service.pages = self.random.randint(4, 7)
            service.scratch_page = self.random.randint(1, service.pages - SCRATCH_PAGES - 1)
            service.most_pages = self.random.choice([None, service.pages, service.pages + 1, service.pages + 10])
        service.globals = self.random.randint(1, 4)
        service.has_free, service.bytes_fail = self.chance(0.8), self.chance(0.1)
        for _ in range(self.random.randint(0, 3)):
            text = ''.join(self.random.choice('abcdefgh') for _ in range(self.random.randint(0, 40)))
            service.data.append((self.random.randrange(0x1f00), text))
        for number in range(self.random.randint(1, 4)):
            abi = self.random.choice(['scalar', 'parigot', 'parigot', 'bytes']) if service.has_memory else 'scalar'
            if abi == 'scalar':
                service.exports.append(self.scalar_export(service, number))
            else:
                name = f'fetch{number}_' if abi == 'parigot' else f'take{number}'
                service.exports.append(Export(name, abi, *(PARIGOT if abi == 'parigot' else BYTES)))
        self.maybe_provides(service)
        return service

    def ttf_service(self, name):
        while True:
            forms, features = ttf.make(self.random, self.wasm_opt, self.wild, self.folder)
            plain = forms.functions()
            if len(plain) >= 2:
                break
        service = Service(name, 'ttf', forms=forms)
        # Its own accesses stay below 4096, if they are not wild ones; behind its memory are pages for the rest.
        service.scratch_page = forms.pages
        service.pages = forms.pages + SCRATCH_PAGES + 1
        service.most_pages = service.pages + self.random.randrange(4)
        service.catches = 'exception-handling' in features
        for number, (target, params, results) in enumerate(self.random.sample(plain, min(len(plain), 4))):
            service.exports.append(Export(f'run{number}', 'scalar', params, results))
            service.functions[f'run{number}'] = target
        self.maybe_provides(service)
        return service

    def maybe_provides(self, service):
        if self.chance(0.5):
            service.provides = [f'pkg.v1.{service.name}', f'{service.name}/api'][:self.random.randint(1, 2)]

    def scalar_export(self, service, number):
        if service.kind == 'ttf':
            target, params, results = self.random.choice(service.forms.functions())
            service.functions[f'run{number}'] = target
            return Export(f'run{number}', 'scalar', params, results)
        params = [self.random.choice(SCALARS) for _ in range(self.random.randint(0, 4))]
        results = [self.random.choice(SCALARS) for _ in range(self.random.choice([0, 1, 1, 1, 2, 3]))]
        return Export(f'calc{number}', 'scalar', params, results)

    # --- calls

    def add_calls(self, service):
        for number in range(self.random.randint(2, 5)):
            if self.chance(0.2):
                service.calls.append(self.host_call(service, f'h{number}'))
                continue
            provider = self.random.choice(self.services)
            exports = [export for export in provider.exports if service.has_memory or export.abi == 'scalar']
            if exports:
                service.calls.append(self.bound_call(service, f'c{number}', provider, self.random.choice(exports)))

    def host_call(self, service, key):
        kinds = ['calc', 'answer_', *WASI] if service.has_memory else ['calc']
        name = self.random.choice(kinds)
        if name == 'calc':
            return Call(key, service.name, 'absent', name, 'scalar', ['i32', 'i64'], ['i64'])
        if name == 'answer_':
            return Call(key, service.name, 'absent', name, 'parigot', *PARIGOT)
        return Call(key, service.name, 'wasi_snapshot_preview1', name, 'wasi', *WASI[name])

    def bound_call(self, service, key, provider, export):
        call = Call(key, service.name, '', export.name, export.abi, export.params, export.results, provider.name, export.name)
        how = self.random.randrange(3)
        told = []
        if how == 0 or how == 1 and not provider.provides:
            call.module = provider.name
        elif how == 1:
            call.module = self.random.choice(provider.provides)
        else:
            call.module, call.name = 'link', f'{service.name}.{key}'
            if export.abi == 'parigot' and self.chance(0.5):
                call.name += '_'
            told = [f'service = "{provider.name}"', f'export = "{export.name}"']
        inferred = export.abi == 'parigot' and call.name.endswith('_') or export.abi == 'scalar' and 'i32' not in export.params
        if not inferred or self.chance(0.2):
            told.append(f'abi = "{export.abi}"')
        if export.abi == 'parigot' and self.chance(0.4):
            call.capacity = self.random.choice([0, 1, 15, 16, 100, 1000, MOST_CAPACITY])
            told.append(f'capacity = {call.capacity}')
        # The same import again is the same call, and its helper makes it twice as often.
        if any((other.module, other.name) == (call.module, call.name) for other in service.calls):
            call.module, call.name = 'again', f'{service.name}.{key}'
            told = [f'service = "{provider.name}"', f'export = "{export.name}"', f'abi = "{export.abi}"']
            call.capacity = 4096
        if told:
            call.told = [f'client = "{service.name}"', f'import = "{call.module}.{call.name}"', *told]
        return call

    def forward(self):
        """Now and then a service exports an import as it is, and somebody imports that."""
        for service in self.services:
            if service.kind != 'wat' or not self.chance(0.3):
                continue
            passed = [call for call in service.calls if call.service and call.export]
            if not passed:
                continue
            call = self.random.choice(passed)
            target = next(item for other in self.services if other.name == call.service for item in other.exports
                          if item.name == call.export)
            if target.forward:
                continue
            export = Export('on_' if call.abi == 'parigot' else 'on', call.abi, call.params, call.results, call)
            service.exports.append(export)
            clients = [client for client in self.services if client.has_memory or call.abi == 'scalar']
            client = self.random.choice(clients)
            forwarded = self.bound_call(client, f'f{len(client.calls)}', service, export)
            if call.abi == 'parigot':
                # The provider writes to a buffer of the one who passes the call on, whose size it believes.
                self.give_capacity(forwarded, call.capacity)
            client.calls.append(forwarded)

    @staticmethod
    def give_capacity(call, capacity):
        call.capacity = capacity
        call.told = [line for line in call.told if not line.startswith('capacity')] or [
            f'client = "{call.client}"', f'import = "{call.module}.{call.name}"']
        call.told.append(f'capacity = {capacity}')

    # --- initialisation

    def initialisers(self, main, command):
        """Decides who has a start function and _initialize, and returns the order if it is to be in the manifest."""
        for service in self.services:
            service.starts = service.kind == 'wat' and self.chance(0.2)
            service.initializes = service.kind == 'wat' and self.chance(0.4) and not (command and service is main)
        having = [service.name for service in self.services if service.starts or service.initializes]
        if len(having) > 1 and (self.cyclic(main, command) or self.chance(0.4)):
            self.random.shuffle(having)
            return having
        return None

    def cyclic(self, main, command):
        providers = {service.name: {call.service for call in service.calls if call.service} for service in self.services}
        # Main has the companions of all others as its providers.
        providers[main.name] |= {service.name for service in self.services} - {main.name}
        if command:
            providers = {name: found - {main.name} for name, found in providers.items()}
        while True:
            leaves = {name for name, found in providers.items() if not found - {name}}
            if not leaves:
                return bool(providers)
            providers = {name: found - leaves for name, found in providers.items() if name not in leaves}

    def ready(self, service, main, init):
        """The calls that `_initialize` may make: to those who are up by then, whoever decides on the order."""
        found = []
        for call in service.calls:
            provider = next((other for other in self.services if other.name == call.service), None)
            export = provider and next(item for item in provider.exports if item.name == call.export)
            if provider is None:
                found.append(call)
            elif provider in (main, service) or export.forward or not service.initializes:
                continue
            elif init is None or not (provider.starts or provider.initializes) \
                    or init.index(provider.name) < init.index(service.name):
                found.append(call)
        return found

    # --- code

    def write_code(self, service, main, command, init):
        code = Code(self.random, service, self.wild)
        if service.kind == 'wat':
            for export in service.exports:
                if not export.forward:
                    service.functions[export.name] = Function(export.name, self.calling(code, service is main))
            # A world that does not come up shows little.
            code.calls, code.wild, code.traps = [], False, False
            for number in range(4):
                # They are called by each other's callers only, so they end.
                service.functions[f'small{number}'] = Function(f'small{number}', self.small(code))
            service.functions['start'] = Function('start', self.small(code, 4))
            code.calls = [call.key for call in self.ready(service, main, init)]
            service.functions['_initialize'] = Function('_initialize', code.statements(4))
        code.calls, code.wild, code.traps = [call.key for call in service.calls], False, False
        if service is main and command:
            service.functions['_start'] = Function('_start', self.start_of(code, service))

    def calling(self, code, often):
        """Statements of which some are calls: without them the rest is not worth much."""
        found = code.statements()
        for _ in range(self.random.randint(1, 4) if often else self.random.randint(0, 2)):
            if code.calls:
                found.insert(self.random.randrange(len(found) + 1), code.call())
        return found

    @staticmethod
    def small(code, most=3):
        found = []
        while len(found) < most:
            statement = code.statement()
            if 'call_indirect' not in statement and 'unreachable' not in statement:
                found.append(statement)
        return found

    def start_of(self, code, service):
        if service.kind == 'wat':
            return code.statements(4)
        return [f'(local.set $h (i64.xor (local.get $h) (call $call.{key} (i32.const {code.constant()}) (local.get $h))))'
                for key in code.calls]

    # --- the rest

    def manifest_of(self, service):
        lines = service.manifest
        if service.has_memory and self.chance(0.7):
            lines.append(f'memory = "{self.random.choice([6, 8, 16, 17, 64])}MiB"')
            if self.chance(0.5):
                lines.append(f'arena = "{self.random.choice([512, 1024, 2048])}KiB"')
        if self.chance(0.3):
            service.args = [service.name, *('x' * self.random.randint(0, 9) for _ in range(self.random.randint(0, 3)))]
            lines.append('args = [' + ', '.join(f'"{arg}"' for arg in service.args) + ']')

    def script(self, main):
        steps = []
        plain = [export for export in main.exports if export.abi == 'scalar' and not export.forward]
        for _ in range(self.random.randint(4, 10)):
            export = self.random.choice(plain)
            steps.append({'fuel': self.random.randint(5, 40), 'export': export.name, 'params': export.params,
                          'args': [self.argument(type_) for type_ in export.params], 'results': export.results})
        return steps

    def argument(self, type_):
        """As text; hosts read it."""
        if type_ in ('i32', 'i64'):
            bits = 31 if type_ == 'i32' else 63
            return str(self.random.randrange(-(1 << bits), 1 << bits) >> self.random.randrange(bits))
        return str(self.random.choice([0, 1, -1, 0.5, 1e9, -3.25, self.random.randrange(-1000, 1000)]))
