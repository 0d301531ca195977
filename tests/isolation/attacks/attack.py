"""Makes one attack on an isolated world from a seed: three services as text, their manifest, and what the host is to call.

A world is a victim, an attacker, and a main service, which may be the attacker. The victim's memory from 0 to SECRETS holds bytes
of SECRET_BYTES only, which no other service has; it hands some of them to the host and to its own calls. The attacker has a
number of exported functions, each a few hostile things one after the other: accesses near every edge, iovecs that point to
themselves, to the arena and to other regions, host calls and service calls with such addresses, calls that are described by
their parameters, with counts that lie, growth, bulk instructions, indirect calls; and names, exports, imports and sections that
are the tool's own. Whatever it can read it shows to the host.

In some worlds all services are processes of parigot's kernel: each has a _start that the host's `which` tells what to do, calls the
kernel with such addresses too, sleeps between its steps, so that its stack is put away while the others run, and is resumed. The
attacker's malloc, which gives the place for its stack, then answers whatever it likes, and it changes the bytes of the stack.
"""
import json
import random

PAGE = 65536
REGION, ARENA = 1 << 20, 1 << 16  # bytes, of each service
SECRETS = 8192                    # bytes at the start of the victim's memory
SECRET_BYTES = range(0xe0, 0xf0)

# Names that the tool gives to items of its own, in front of which a service's name may come.
INTERNAL = ['parigot.inside', 'parigot.memory', 'parigot.arena', 'parigot.base', 'parigot.start', 'parigot.resume', 'parigot.yield',
            'parigot.yielded', 'parigot.args_get', 'parigot.environ_get', 'parigot.polling', 'parigot.proceed', 'memory.check',
            'memory.out_of_bounds', 'memory.bytes', 'memory.size', 'memory.grow', 'parigot.trap.arena_exhausted',
            'parigot.shim.load64', 'parigot.shim.store64', 'parigot.kernel', 'run']
# parigot.*, generation 2: (length, request, reply, error) -> length << 32 | reply.
KERNEL_CALLS = ['register_', 'export_', 'require_', 'bind_method_', 'launch_', 'locate_', 'dispatch_', 'read_one_', 'return_value_', 'exit_']
SIGNATURES = ['', '(param i32 i64) (result i32)', '(param i32) (result i32)', '(param i32 i32) (result i32)', '(param i32 i64)',
              '(result i32)']


class Attack:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.is_main = self.random.random() < 0.5
        self.names = self.random.random() < 0.5
        self.processes = self.random.random() < 0.4

    def pick(self, *choices):
        return self.random.choice(choices)

    def address(self):
        """Most addresses are near an edge, or in another service's region."""
        small = self.random.randrange(0, 256)
        other = self.pick(1, 2, 3, -1, -2, 4095) * REGION
        return self.pick(
            lambda: self.random.randrange(0, 2048),
            lambda: PAGE - 16 + self.random.randrange(0, 32),
            lambda: REGION - ARENA + small - 8,
            lambda: REGION - ARENA + 8 * self.random.randrange(0, 64),
            lambda: REGION - 16 + self.random.randrange(0, 32),
            lambda: other + self.random.randrange(0, SECRETS),
            lambda: other + REGION - ARENA + small,
            lambda: (1 << 32) - 1 - small,
        )() % (1 << 32)

    def number(self):
        return self.pick(0, 1, 4, 8, 12, 16, 60, 256, 4096, 70000, REGION, (1 << 31), (1 << 32) - 8)

    def const(self, value):
        return f'(i32.const {value})'

    def any_address(self):
        return self.const(self.address())

    def show(self, address):
        """Reads eight bytes and shows them."""
        kind = self.pick(
            'i64.load', 'i64.load', 'i64.load32_u', 'i64.load16_u', 'i64.load8_u', 'i64.load')
        offset = self.pick(0, 0, 0, 8, 16, PAGE, REGION, REGION - ARENA)
        return f'(call $saw ({kind} offset={offset} align=1 {address}))'

    def scan(self):
        start = self.address()
        return f'(call $scan {self.const(start)} {self.const(self.pick(8, 16, 64, 256))})'

    def pairs(self):
        """Stores an array of iovecs, and returns the code, its address and its length."""
        at = self.pick(512, 1024, 2048, PAGE - 16, self.address())
        count = self.pick(1, 1, 2, 3, 4)
        code = ''
        if at < PAGE - 64:
            for i in range(count):
                # Often at the array itself, or at where a translated copy of it is likely to lie.
                base = self.pick(self.address(), at + 8 * self.random.randrange(0, count), REGION - ARENA + 8 * self.random.randrange(0, 8), 3000)
                code += f'(i32.store {self.const(at + 8 * i)} {self.const(base)})'
                code += f'(i32.store {self.const(at + 8 * i + 4)} {self.const(self.number())})'
        return code, at, count + self.pick(0, 0, 0, 1, 1000)

    def host_call(self):
        code, at, count = self.pairs()
        written = self.pick(3000, 3000, self.address())
        name = self.pick('fd_write', 'fd_write', 'fd_read', 'fd_read', 'fd_pread', 'random_get', 'path_open', 'poll_oneoff',
                         'clock_time_get', 'args_get')
        first = self.const(1 if name == 'fd_write' else 0)
        if name in ('fd_write', 'fd_read'):
            call = f'(call ${name} {first} {self.const(at)} {self.const(count)} {self.const(written)})'
        elif name == 'fd_pread':
            call = f'(call ${name} {first} {self.const(at)} {self.const(count)} (i64.const 0) {self.const(written)})'
        elif name == 'random_get':
            call = f'(call ${name} {self.any_address()} {self.const(self.number())})'
        elif name == 'path_open':
            call = (f'(call ${name} (i32.const 3) (i32.const 0) {self.any_address()} {self.const(self.number())} (i32.const 0) '
                    f'(i64.const 0) (i64.const 0) (i32.const 0) {self.any_address()})')
        elif name == 'poll_oneoff':
            call = f'(call ${name} {self.any_address()} {self.any_address()} {self.const(self.pick(1, 2, 1000))} {self.any_address()})'
        elif name == 'clock_time_get':
            call = f'(call ${name} (i32.const 0) (i64.const 0) {self.any_address()})'
        else:
            call = f'(call ${name} {self.any_address()} {self.any_address()})'
        return f'{code}(call $saw (i64.extend_i32_u {call}))'

    def declared_call(self):
        code, at, count = self.pairs()
        return self.pick(
            f'(call $send {self.any_address()} {self.const(self.number())})',
            f'(call $receive {self.any_address()} {self.const(self.number())})',
            f'{code}(call $gather {self.const(at)} {self.const(count)})',
            f'{code}(call $scatter {self.const(at)} {self.const(count)})',
            f'(call $record {self.const(self.pick(1024, self.address()))})',
            f'(call $object {self.object()})',
            f'(i32.store (i32.const 1024) {self.const(self.number())})'
            f'(call $counted {self.any_address()} {self.const(self.pick(1024, self.address()))})',
            f'(call $packed (i64.const {self.address() << 32 | self.number()}))',
            f'(call $name {self.any_address()})')

    def object(self):
        """The address of an object whose number of bytes, in front of it, is a lie; mostly."""
        at = self.pick(1028, PAGE - 8, self.address())
        stored = f'(i32.store {self.const(at - 4)} {self.const(self.number())})' if 4 <= at < PAGE - 4 else ''
        return f'{stored}{self.const(at)}' if not stored else f'(block (result i32) {stored}{self.const(at)})'

    def service_call(self):
        if self.random.random() < 0.5:
            return self.pick(
                lambda: f'(call $saw (call $turn {self.any_address()} {self.const(self.number())}))',
                lambda: f'(call $change_object {self.object()})')()
        return (f'(call $saw (call $echo_ {self.const(self.pick(0, 8, 64, self.number()))} {self.any_address()} '
                f'{self.any_address()} {self.any_address()}))')

    def kernel_call(self):
        """A call of the kernel, whose request is hostile bytes, or none."""
        name = self.pick(*KERNEL_CALLS)
        return (f'(call $saw (call ${name} {self.const(self.pick(0, 8, 64, 512, self.number()))} {self.any_address()} '
                f'{self.any_address()} {self.any_address()}))')

    def process_step(self):
        return self.pick(lambda: '(call $sleep)', lambda: '(call $sleep)', self.kernel_call, self.step)()

    def bulk(self):
        return self.pick(
            f'(memory.copy {self.any_address()} {self.any_address()} {self.const(self.number())})',
            f'(memory.fill {self.any_address()} (i32.const 65) {self.const(self.number())})',
            f'(memory.init 0 {self.any_address()} (i32.const 0) {self.const(self.pick(0, 8, 9))})',
            f'(drop (memory.grow {self.const(self.pick(0, 1, 14, 15, 65535))}))')

    def step(self):
        return self.pick(
            lambda: self.show(self.any_address()),
            lambda: f'(i64.store align=1 {self.any_address()} (i64.const 0x4141414141414141))',
            self.scan, self.host_call, self.host_call, self.host_call, self.declared_call, self.service_call, self.bulk,
            lambda: '(call $work)',
            lambda: f'(call_indirect (type $nothing) {self.const(self.pick(0, 1, 2, 3, 100))})')()

    def hostile_items(self):
        """Functions, globals and exports that are called as the tool's own are."""
        if not self.names:
            return ''
        items = ''
        for i, name in enumerate(self.random.sample(INTERNAL, 4)):
            who = self.pick('', '', 'attacker/', 'victim/', 'm/')
            signature = self.pick(*SIGNATURES)
            result = '(i32.const 1)' if 'result' in signature else ''
            export = f'(export "{self.pick("", "", who)}{name}")' if self.random.random() < 0.05 else ''
            if self.random.random() < 0.7:
                items += f'(func $"{who}{name}" {export} {signature} {result})\n'
            else:
                items += f'(global $"{who}{name}" {export} (mut i32) (i32.const {self.pick(0, 1, -1, REGION)}))\n'
            _ = i
        return items

    def attacker(self, count):
        functions = ''
        step = self.process_step if self.processes else self.step
        for i in range(count):
            body = '\n    '.join(step() for _ in range(self.random.randrange(1, 6)))
            functions += f'  (func $attack{i} (export "attack{i}")\n    {body})\n'
        if self.processes:
            functions += self.start(''.join(f'(if (i32.eq (call $which) (i32.const {i})) (then (call $attack{i})))' for i in range(count)))
            where = self.pick('(global.get $next)', '(global.get $next)', self.any_address(), self.const(PAGE - 64))
            functions += f'''  (global $next (mut i32) (i32.const 16384))
  (func (export "malloc") (param $bytes i32) (result i32) (local $at i32)
    (local.set $at {where})
    (global.set $next (i32.add (global.get $next) (local.get $bytes)))
    (if (i32.gt_u (global.get $next) (i32.const {10 * PAGE})) (then (unreachable)))
    (global.set $stack (local.get $at))
    (local.get $at))
  ;; The stack that was put away at the last malloc is changed before it is needed.
  (func $change (export "change") (i32.store (i32.add (global.get $stack) (i32.const {4 * self.random.randrange(0, 40)})) {self.any_address()}))
'''
        else:
            functions += f'  (func (export "malloc") (param i32) (result i32) {self.pick(self.any_address(), self.const(16384))})\n'
        check = '(func (export "check") (result i64) (call $victim_check))' if self.is_main else ''
        return f'''(module
  (type $nothing (func))
  (import "victim" "work" (func $work))
  (import "victim" "check" (func $victim_check (result i64)))
  (import "victim" "echo_" (func $echo_ (param i32 i32 i32 i32) (result i64)))
  (import "victim" "turn" (func $turn (param i32 i32) (result i64)))
  (import "victim" "change_object" (func $change_object (param i32)))
  (import "env" "object" (func $object (param i32)))
  (import "env" "counted" (func $counted (param i32 i32)))
  (import "env" "packed" (func $packed (param i64)))
  (import "env" "saw" (func $saw (param i64)))
  (import "env" "send" (func $send (param i32 i32)))
  (import "env" "receive" (func $receive (param i32 i32)))
  (import "env" "gather" (func $gather (param i32 i32)))
  (import "env" "scatter" (func $scatter (param i32 i32)))
  (import "env" "name" (func $name (param i32)))
  (import "env" "record" (func $record (param i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pread" (func $fd_pread (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  {self.process_imports(*KERNEL_CALLS, poll=False)}
  (memory (export "memory") {10 if self.processes else 1})
  (table 2 funcref)
  (elem (i32.const 0) $empty)
  (global $stack (mut i32) (i32.const 16384))
  (data "passive!!")
  (func $empty)
  (func $scan (param $at i32) (param $left i32)
    (loop $next
      (call $saw (i64.load align=1 (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))
  ;; Called by the host while bytes of a call are on their way.
  (func $call_back (export "call_back") {self.scan()} {self.step()})
  (func (export "served_") (param $len i32) (param $request i32) (param $out i32) (param $error i32) (result i64)
    (call $scan (i32.sub (local.get $out) (i32.const {self.pick(0, 0, 16, 64)})) (i32.const {self.pick(16, 64, 256, 1024)}))
    (i64.const 0))
  ;; The address and the length of bytes of its own, which it has or has not.
  (func (export "tell") (param $reply i32)
    (i32.store (local.get $reply) {self.any_address()}) (i32.store offset=4 (local.get $reply) {self.const(self.number())}))
  {check}
{self.hostile_items()}{functions})
'''

    def process_imports(self, *calls, poll=True):
        if not self.processes:
            return ''
        imports = ''.join(f'(import "parigot" "{name}" (func ${name} (param i32 i32 i32 i32) (result i64)))' for name in calls)
        if poll:
            imports += '(import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))'
        return imports + '(import "env" "which" (func $which (result i32)))'

    def start(self, body):
        """A process: it sleeps, does what it is there for, and sleeps again."""
        return f'''
  ;; One subscription for a clock, of 1 ms, at 10240; its event goes to 10304.
  (func $sleep
    (memory.fill (i32.const 10240) (i32.const 0) (i32.const 128))
    (i32.store (i32.const 10256) (i32.const 1))
    (i64.store (i32.const 10264) (i64.const 1000000))
    (drop (call $poll_oneoff (i32.const 10240) (i32.const 10304) (i32.const 1) (i32.const 10368))))
  (func (export "_start") (call $sleep) {body} (call $sleep))
'''

    def victim_process(self):
        """Secrets are in the locals of its stack, in what is put away of it, and in what the kernel gets."""
        malloc = '(func (export "malloc") (param i32) (result i32) (i32.const 32768))'
        if not self.processes:
            return malloc
        body = (f'(call $secret (i64.load (i32.const 8))) '
                f'(drop (call $read_one_ (i32.const {self.pick(16, 500)}) (i32.const {self.random.randrange(0, SECRETS - 600)}) '
                f'(i32.const 16384) (i32.const 9016)))')
        return self.start(body) + malloc + '''
  (func $secret (param $kept i64)
    (call $sleep)
    (if (i64.ne (local.get $kept) (i64.load (i32.const 8))) (then (unreachable))))'''

    def victim(self):
        """Its memory is full of secrets; `work` gives some to the host, and calls the attacker with none at all."""
        secret = ''.join(f'\\{self.random.choice(SECRET_BYTES):02x}' for _ in range(SECRETS))
        return f'''(module
  (import "attacker" "served_" (func $served_ (param i32 i32 i32 i32) (result i64)))
  (import "attacker" "tell" (func $tell (param i32)))
  (import "env" "send" (func $send (param i32 i32)))
  (import "env" "gather" (func $gather (param i32 i32)))
  (import "env" "name" (func $name (param i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  {self.process_imports('read_one_')}
  (memory (export "memory") {8 if self.processes else self.pick(1, 2, 8)})
  (data (i32.const 0) "{secret}")
  (func (export "work")
    (i32.store (i32.const 9000) (i32.const {self.random.randrange(0, SECRETS - 600)})) (i32.store (i32.const 9004) (i32.const {self.pick(60, 500)}))
    (drop (call $fd_write (i32.const 2) (i32.const 9000) (i32.const 1) (i32.const 9008)))
    (call $send (i32.const {self.random.randrange(0, SECRETS - 600)}) (i32.const {self.pick(8, 64, 512)}))
    (call $gather (i32.const 9000) (i32.const 1))
    (drop (call $served_ (i32.const 0) (i32.const 0) (i32.const 16384) (i32.const 9016)))
    (call $tell (i32.const 9024)))
  ;; Turns each bit of a text, which it returns.
  (func (export "turn") (param $text i32) (param $len i32) (result i64) (local $i i32)
    (if (local.get $len)
      (then
        (loop $next
          (i32.store8 (i32.add (local.get $text) (local.get $i)) (i32.xor (i32.load8_u (i32.add (local.get $text) (local.get $i))) (i32.const 127)))
          (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $len))))))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $text)) (i64.const 32)) (i64.extend_i32_u (local.get $len))))
  (func (export "change_object") (param $object i32)
    (if (i32.load (i32.sub (local.get $object) (i32.const 4))) (then (i32.store8 (local.get $object) (i32.const 42)))))
  (func (export "echo_") (param $len i32) (param $request i32) (param $out i32) (param $error i32) (result i64)
    (if (i32.gt_u (local.get $len) (i32.const 4096)) (then (i32.store (local.get $error) (i32.const 7)) (return (i64.const 0))))
    (memory.copy (local.get $out) (local.get $request) (local.get $len))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $len)) (i64.const 32)) (i64.extend_i32_u (local.get $out))))
  ;; A hash of the secrets, which nobody may change.
  (func (export "check") (result i64) (local $i i32) (local $hash i64)
    (loop $next
      (local.set $hash (i64.add (i64.mul (local.get $hash) (i64.const 1099511628211)) (i64.load (local.get $i))))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const {SECRETS}))))
    (local.get $hash))
{self.victim_process()})
'''

    def main(self, count):
        imports = ''.join(f'  (import "attacker" "attack{i}" (func $attack{i}))\n' for i in range(count))
        exports = ''.join(f'  (export "attack{i}" (func $attack{i}))\n' for i in range(count))
        return f'''(module
{imports}  (import "attacker" "call_back" (func $call_back))
  (import "victim" "check" (func $check (result i64)))
  {self.process_imports('register_')}
  {'(import "attacker" "change" (func $change)) (export "change" (func $change))' if self.processes else ''}
  (memory (export "memory") {8 if self.processes else 1})
  (export "call_back" (func $call_back))
  (export "check" (func $check))
{exports}{self.main_process()})
'''

    def main_process(self):
        if not self.processes:
            return ''
        return self.start('(call $sleep)' * 4) + '(func (export "malloc") (param i32) (result i32) (i32.const 32768))'

    def manifest(self, layout):
        sections = ''
        for name in ('attacker', 'victim') + (() if self.is_main else ('m',)):
            sections += f'[service.{name}]\nwasm = "{name}.wat"\nmemory = {REGION}\narena = {ARENA}\n'
        hosts = {'saw': None, 'send': ['data: in [len]', 'len'], 'receive': ['data: out [len]', 'len'],
                 'gather': ['data: in buffers[n]', 'n'], 'scatter': ['data: out buffers[n]', 'n'], 'name': ['name: in string'],
                 'record': ['sp: inout payload'], 'object': ['data: in [@-4]'], 'counted': ['data: in [*n]', 'n: in 4'],
                 'packed': ['data: in packed ptr<<32|len']}
        if self.processes:
            hosts['which'] = None
        for name, params in hosts.items():
            what = f'params = {json.dumps(params)}' if params else 'abi = "scalar"'
            sections += f'[[host]]\nimport = "env.{name}"\n{what}\n'
        calls = {'victim.turn': (['text: in [len]', 'len'], 'out packed ptr<<32|len'), 'victim.change_object': (['text: inout [@-4]'], None),
                 'attacker.tell': (['reply: out pair ptr,len'], None)}
        for name, (params, result) in calls.items():
            sections += f'[[call]]\nimport = "{name}"\nparams = {json.dumps(params)}\n' + (f'result = "{result}"\n' if result else '')
        return f'[world]\nmain = "{"attacker" if self.is_main else "m"}"\nisolate = true\nmemory = "{layout}"\n{sections}'

    def hostile_import(self):
        """An import of what belongs to the tool, which must never bind; or nothing."""
        if self.random.random() < 0.95:
            return ''
        module = self.pick('victim', 'm', 'attacker', 'parigot.kernel', 'victim/wasi_snapshot_preview1', '')
        return f'(import "{module}" "{self.pick(*INTERNAL, "parigot.memory")}" (func {self.pick(*SIGNATURES)}))'


def make(seed):
    """({file name: text}, the manifests by layout, names of exports to call, whether an import asks for what is the tool's).

    A world of processes is started anew for each call, with which = the number at its end; see host.mjs."""
    attack = Attack(seed)
    count = 6
    attacker = attack.attacker(count)
    hostile = attack.hostile_import()
    attacker = attacker.replace('(import "victim" "work"', hostile + '(import "victim" "work"', 1)
    files = {'attacker.wat': attacker, 'victim.wat': attack.victim()}
    if not attack.is_main:
        files['m.wat'] = attack.main(count)
    manifests = {layout: attack.manifest(layout) for layout in ('single', 'multi')}
    return files, manifests, [f'attack{i}' for i in range(count)], bool(hostile)
