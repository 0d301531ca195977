"""What a generated world is made of, and what it looks like in files.

A world is made once from its seed (generate.py), and can then be written any number of times, each time with less in it: the
reducer takes things away by putting their keys into `dropped`, and everything that refers to them falls back to a constant.
"""
import dataclasses

SCALARS = ['i32', 'i64', 'f32', 'f64']
PARIGOT = (['i32', 'i32', 'i32', 'i32'], ['i64'])
BYTES = (['i32', 'i32'], ['i64'])

# What all services have in common, so that hosts know it without being told.
#
#   0x0000  what random accesses reach, data segments
#   0x4000  the heap that `malloc` hands out
#   0x8000  where replies of `parigot` calls arrive, and behind them the error
#   0xc000  replies that a handler does not write where it was told to
#   1 page  0 bytes to the service itself: a host that runs it apart puts requests and replies there, for which one world
#           has an arena; no service touches it, and it is no part of what is compared
PLAY_BYTES = 0x2000
HEAP, HEAP_BYTES = 0x4000, 0x3000
REPLY, ERROR, OWN_REPLY = 0x8000, 0xbff0, 0xc000
MOST_CAPACITY = 0x3000
PAGE = 65536
SCRATCH_PAGES = 2


@dataclasses.dataclass
class Export:
    """A function that others can call."""
    name: str
    abi: str
    params: list
    results: list
    forward: object = None  # the Call that is exported as it is, instead of a function


@dataclasses.dataclass
class Call:
    """An import of a service: bound to an export of another, or to a function of the host."""
    key: str            # of the helper function `$call.KEY`, through which all code makes this call
    client: str
    module: str
    name: str
    abi: str
    params: list
    results: list
    service: str = None  # None: the host's
    export: str = None
    capacity: int = 4096
    told: list = dataclasses.field(default_factory=list)  # lines of its [[call]], if it needs one


@dataclasses.dataclass
class Function:
    """Statements of generated code; its frame is written around them. Each statement can be dropped by itself."""
    key: str
    statements: list


@dataclasses.dataclass
class Service:
    name: str
    kind: str                   # 'wat' or 'ttf'
    pages: int = 4
    most_pages: int = None      # None: the module does not say
    has_memory: bool = True
    scratch_page: int = 1
    exports: list = dataclasses.field(default_factory=list)
    calls: list = dataclasses.field(default_factory=list)
    functions: dict = dataclasses.field(default_factory=dict)   # what for -> Function
    provides: list = dataclasses.field(default_factory=list)
    manifest: list = dataclasses.field(default_factory=list)    # lines of its [service.NAME]
    args: list = None
    starts: bool = False
    initializes: bool = False
    has_free: bool = True
    bytes_fail: bool = False    # its malloc has nothing to give
    globals: int = 3
    data: list = dataclasses.field(default_factory=list)
    forms: object = None        # of a ttf module: ttf.Forms
    catches: bool = False       # it has exceptions, which end at its own exports


@dataclasses.dataclass
class World:
    seed: int
    wild: bool                  # has accesses out of bounds, which only isolated services survive alike
    services: list
    main: str
    command: bool               # main has _start
    init: list                  # in the manifest; None: left to parigot-opt
    script: list                # of the exports of main that are called in the end: {export, params, args, results}
    dropped: set = dataclasses.field(default_factory=set)

    def live(self):
        return [service for service in self.services if ('service', service.name) not in self.dropped]

    def has(self, call):
        """Whether a call is still made; and not to a service that is gone."""
        gone = bool({('call', call.client, call.key), ('service', call.service), ('export', call.service, call.export)} & self.dropped)
        provider = self.find(call.service)
        if not gone and provider:
            export = next(item for item in provider.exports if item.name == call.export)
            gone = export.forward is not None and not self.has(export.forward)
        return not gone

    def find(self, name):
        return next((service for service in self.services if service.name == name), None)

    def statements(self, service, function):
        return [text for index, text in enumerate(function.statements)
                if ('statement', service.name, function.key, index) not in self.dropped]

    def exports(self, service):
        return [export for export in service.exports if ('export', service.name, export.name) not in self.dropped]

    def steps(self):
        return [step for index, step in enumerate(self.script) if ('step', index) not in self.dropped]


def manifest(world):
    """The text of world.toml."""
    # The hosts log calls as they come, with any number as a descriptor, and know few functions of WASI.
    lines = ['[world]', f'main = "{world.main}"', 'shared_descriptors = true']
    if world.init is not None:
        names = [name for name in world.init if ('service', name) not in world.dropped]
        lines.append('init = [' + ', '.join(f'"{name}"' for name in names) + ']')
    hosts, told = {'env.*': 'scalar'}, []
    for service in world.live():
        lines += ['', f'[service.{service.name}]', f'wasm = "{service.name}.wasm"', *service.manifest]
        if service.provides:
            lines.append('provides = [' + ', '.join(f'"{name}"' for name in service.provides) + ']')
        for call in service.calls:
            if not world.has(call):
                continue
            if call.service is None and call.abi != 'wasi':
                hosts[f'{call.module}.{call.name}'] = call.abi
            if call.told:
                told += ['', '[[call]]', *call.told]
    lines += told
    for name, abi in sorted(hosts.items()):
        lines += ['', '[[host]]', f'import = "{name}"', f'abi = "{abi}"']
    return '\n'.join(lines) + '\n'


def plan(world, files, init_order):
    """What a host needs to run the services apart. `init_order` is parigot-opt's own, which the generator has made sure of."""
    live = world.live()
    calls = [{'client': call.client, 'module': call.module, 'name': call.name, 'service': call.service,
              'export': call.export, 'abi': call.abi, 'capacity': call.capacity}
             for service in live for call in service.calls if call.service and world.has(call)]
    calls += [{'client': world.main, 'module': service.name, 'name': name, 'service': service.name, 'export': name,
               'abi': 'scalar', 'capacity': 0}
              for service in live if service.name != world.main for name in ('digest', 'pages', 'settle')]
    return {
        'main': world.main,
        'services': [{'name': service.name, 'wasm': files[service.name], 'args': service.args or [service.name],
                      'scratch': scratch_of(service)} for service in live],
        'init': init_order,
        'calls': calls,
    }


def scratch_of(service):
    return [service.scratch_page * PAGE, (service.scratch_page + SCRATCH_PAGES) * PAGE] if service.has_memory else None
