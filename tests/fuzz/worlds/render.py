"""The text of one service: its random part, and around it what every service has so that it can call, be called, and be looked at.

`digest` is a hash of the service's memory, its size and the globals, made by the service itself: it is the same question in
whichever layout the service lies. `settle` gives it fuel for calls to others, without which it makes none, so everything ends.
"""
from model import ERROR, HEAP, HEAP_BYTES, MOST_CAPACITY, OWN_REPLY, PAGE, PLAY_BYTES, REPLY, SCALARS, scratch_of

LOCALS = '(local $h i64) (local $x i64) (local $i i32) (local $n i32) (local $f f64) (local $v v128)'
DEEPER = '(global.set $depth (i32.add (global.get $depth) (i32.const 1)))'
HIGHER = '(global.set $depth (i32.sub (global.get $depth) (i32.const 1)))'

ZERO = {type_: f'({type_}.const 0)' for type_ in SCALARS}
TO_I64 = {'i32': '(i64.extend_i32_s {})', 'i64': '{}', 'f32': '(i64.trunc_sat_f32_s {})', 'f64': '(i64.trunc_sat_f64_s {})'}
FROM_I64 = {'i32': '(i32.wrap_i64 {})', 'i64': '{}', 'f32': '(f32.convert_i64_s {})', 'f64': '(f64.convert_i64_s {})'}

LOGS = ''.join(f'(import "env" "log_{type_}" (func $env.log_{type_} (param {type_})))\n' for type_ in SCALARS)

# How much is in an iovec of the calls of WASI, and where it lies.
VECTORS, WASI_BYTES = ERROR - 0x40, 24

SUPPORT = '''
(func $number (param $x f64) (result f64)
  (select (local.get $x) (f64.const 0) (f64.lt (f64.abs (local.get $x)) (f64.const 1e300))))
(func $may_call (result i32)
  (if (i32.or (i32.le_s (global.get $fuel) (i32.const 0)) (i32.ge_s (global.get $depth) (i32.const 4)))
    (then (return (i32.const 0))))
  (global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))
  (i32.const 1))
(func (export "settle") (param i64) (global.set $fuel (i32.wrap_i64 (local.get 0))) (global.set $depth (i32.const 0)))
'''

MEMORY_SUPPORT = f'''
(func $fold (param $at i32) (param $bytes i32) (result i64) (local $h i64) (local $i i32)
  (local.set $h (i64.const 1469598103934665603))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $i) (local.get $bytes)))
    (local.set $h (i64.mul (i64.const 1099511628211)
      (i64.xor (local.get $h) (i64.load8_u (i32.add (local.get $at) (local.get $i))))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $next)))
  (local.get $h))
(func $spread (param $at i32) (param $bytes i32) (param $h i64) (local $i i32)
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $i) (local.get $bytes)))
    (i32.store8 (i32.add (local.get $at) (local.get $i))
      (i32.add (local.get $i) (i32.wrap_i64 (i64.shr_u (local.get $h) (i64.extend_i32_u (i32.and (local.get $i) (i32.const 31)))))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $next))))
(func $words (param $h i64) (param $at i32) (param $end i32) (result i64)
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
    (local.set $h (i64.mul (i64.const 1099511628211) (i64.xor (local.get $h) (i64.load (local.get $at)))))
    (local.set $at (i32.add (local.get $at) (i32.const 8)))
    (br $next)))
  (local.get $h))
(func $grow (param $pages i32) (result i32)
  (if (i32.and (i32.gt_u (memory.size) (i32.const 20)) (i32.lt_u (local.get $pages) (i32.const 3))) (then (return (i32.const -2))))
  (memory.grow (local.get $pages)))
(func $malloc (param $bytes i32) (result i32) (local $at i32)
  (global.set $mallocs (i32.add (global.get $mallocs) (i32.const 1)))
  (local.set $at (global.get $heap))
  (if (i32.gt_u (i32.add (local.get $at) (local.get $bytes)) (i32.const {HEAP + HEAP_BYTES}))
    (then (local.set $at (i32.const {HEAP}))))
  (global.set $heap (i32.add (local.get $at) (i32.and (i32.add (local.get $bytes) (i32.const 15)) (i32.const -16))))
  (select (i32.const 0) (local.get $at) (i32.and (global.get $fails) (i32.eq (i32.and (global.get $mallocs) (i32.const 7)) (i32.const 5)))))
(func $free (param i32) (global.set $frees (i32.add (global.get $frees) (i32.const 1))))
(export "malloc" (func $malloc))
'''


def signature(params, results, names=False):
    text = ''.join(f' (param $p{i} {type_})' for i, type_ in enumerate(params)) if names else ''.join(f' (param {t})' for t in params)
    return text + ''.join(f' (result {type_})' for type_ in results)


def imports(world, service):
    lines = [LOGS]
    for call in service.calls:
        if world.has(call):
            lines.append(f'(import "{call.module}" "{call.name}" (func $import.{call.key}{signature(call.params, call.results)}))\n')
            if call.name == 'args_get':
                lines.append(f'(import "{call.module}" "args_sizes_get" (func $import.{call.key}.sizes (param i32 i32) (result i32)))\n')
    if service.name == world.main:
        for other in world.live():
            if other is not service:
                for name, type_ in (('digest', '(result i64)'), ('settle', '(param i64)'), ('pages', '(result i64)')):
                    lines.append(f'(import "{other.name}" "{name}" (func ${name}.{other.name} {type_}))\n')
    return ''.join(lines)


def support(world, service, state):
    """Everything after the random part. `state` are the globals that belong into the digest: [(name, type)]."""
    lines = [SUPPORT, '(global $fuel (mut i32) (i32.const 0))\n(global $depth (mut i32) (i32.const 0))\n']
    hashing = []
    if service.has_memory:
        begin, end = scratch_of(service)
        lines += [MEMORY_SUPPORT, f'(global $heap (mut i32) (i32.const {HEAP}))\n(global $mallocs (mut i32) (i32.const 0))\n'
                  f'(global $frees (mut i32) (i32.const 0))\n(global $fails i32 (i32.const {int(service.bytes_fail)}))\n']
        if service.has_free:
            lines.append('(export "free" (func $free))\n')
        hashing = [f'(call $words (local.get $h) (i32.const 0) (i32.const {begin}))',
                   f'(call $words (local.get $h) (i32.const {end}) (i32.mul (memory.size) (i32.const {PAGE})))',
                   '(i64.extend_i32_u (memory.size))']
        state = [*state, ('heap', 'i32'), ('mallocs', 'i32'), ('frees', 'i32')]
    for name, type_ in [*state, ('fuel', 'i32')]:
        value = f'(global.get ${name})'
        if type_ in ('f32', 'f64'):
            value = f'(select {value} ({type_}.const 0) ({type_}.eq {value} {value}))'
        hashing.append(TO_I64[type_].format(value))
    body = '\n  '.join(f'(local.set $h (i64.add (i64.rotl (local.get $h) (i64.const 7)) {value}))' for value in hashing)
    pages = '(i64.extend_i32_u (memory.size))' if service.has_memory else '(i64.const 0)'
    lines.append(f'(func $digest (export "digest") (result i64) (local $h i64)\n  {body}\n  (local.get $h))\n'
                 f'(func $pages (export "pages") (result i64) {pages})\n')
    lines += [helper(world, call) for call in service.calls]
    if service.name == world.main:
        lines.append(main_exports(world, service))
    return ''.join(lines)


def main_exports(world, main):
    """Main passes on what looks at the others."""
    lines = []
    settle = []
    for other in world.live():
        if other is not main:
            lines += [f'(export "{name}.{other.name}" (func ${name}.{other.name}))\n' for name in ('digest', 'pages')]
            settle.append(f'(call $settle.{other.name} (local.get 0))')
    lines.append(f'(export "digest.{main.name}" (func $digest))\n(export "pages.{main.name}" (func $pages))\n')
    lines.append(f'(func $begin (export "begin") (param i64) (global.set $fuel (i32.wrap_i64 (local.get 0))) '
                 f'(global.set $depth (i32.const 0)) {" ".join(settle)})\n')
    return ''.join(lines)


def helper(world, call):
    """$call.KEY (i32, i64) -> i64: makes the call with a request made from the two numbers, and folds all that comes back."""
    head = f'(func $call.{call.key} (param $a i32) (param $b i64) (result i64) (local $r i64) (local $m i32)'
    if not world.has(call):
        return f'{head} (i64.const 0))\n'
    guard = '(if (i32.eqz (call $may_call)) (then (return (i64.const 11))))'
    if world.wild and call.abi in ('parigot', 'bytes'):
        # Now and then a request that is not wholly in the client's memory: nobody may carry that.
        guard += f' (if (i32.eq (i32.and (local.get $a) (i32.const 63)) (i32.const 5)) (then {wild_call(call)}))'
    make = {'scalar': scalar_call, 'parigot': parigot_call, 'bytes': bytes_call, 'wasi': wasi_call}[call.abi]
    return f'{head}\n  {guard}\n  {make(call)})\n'


def scalar_call(call):
    sources = ['(i64.extend_i32_s (local.get $a))', '(local.get $b)', '(i64.mul (local.get $b) (i64.const 31))']
    operands = ' '.join(FROM_I64[type_].format(sources[i % 3]) for i, type_ in enumerate(call.params))
    text = f'(call $import.{call.key} {operands})'
    if not call.results:
        return f'{text} (i64.const 3)'
    mixed = '(i64.const 5)'
    for i, type_ in enumerate(call.results):
        mixed = f'(i64.xor (i64.rotl {mixed} (i64.const 11)) {TO_I64[type_].format(f"(local.get $t{i})")})'
    # The last result is on top of the stack.
    taken = ' '.join(f'(local.set $t{i})' for i in reversed(range(len(call.results))))
    locals_ = ' '.join(f'(local $t{i} {type_})' for i, type_ in enumerate(call.results))
    passed = ' '.join(f'(local.get {i})' for i in range(len(call.params)))
    return (f'(call $take.{call.key} {operands}))\n(func $take.{call.key}{signature(call.params, ["i64"])} {locals_}\n'
            f'  (call $import.{call.key} {passed}) {taken}\n  {mixed}')


REQUEST = f'(i32.and (local.get $a) (i32.const {PLAY_BYTES - 1}))'
REQUEST_BYTES = '(i32.and (i32.wrap_i64 (local.get $b)) (i32.const 255))'


def wild_call(call):
    end = f'(i32.sub (i32.mul (memory.size) (i32.const {PAGE})) (i32.const 8))'
    length = '(i32.and (i32.wrap_i64 (local.get $b)) (i32.const 15))'
    operands = (f'{length} {end} (i32.const {REPLY}) (i32.const {ERROR})' if call.abi == 'parigot' else f'{end} {length}')
    return f'(return (call $import.{call.key} {operands}))'


def parigot_call(call):
    return f'''(i32.store (i32.const {ERROR}) (i32.const 77))
  (local.set $r (call $import.{call.key} {REQUEST_BYTES} {REQUEST} (i32.const {REPLY}) (i32.const {ERROR})))
  (i64.add (i64.mul (local.get $r) (i64.const 31)) (i64.xor (i64.extend_i32_u (i32.load (i32.const {ERROR})))
    (call $fold (i32.const {REPLY}) (i32.wrap_i64 (i64.shr_u (local.get $r) (i64.const 32))))))'''


def bytes_call(call):
    return f'''(local.set $r (call $import.{call.key} {REQUEST} {REQUEST_BYTES}))
  (local.set $m (i32.wrap_i64 (i64.shr_u (local.get $r) (i64.const 32))))
  (local.set $b (call $fold (local.get $m) (i32.and (i32.wrap_i64 (local.get $r)) (i32.const 0x7fffffff))))
  (if (local.get $m) (then (call $free (local.get $m))))
  (i64.add (local.get $r) (local.get $b))'''


def wasi_call(call):
    """The addresses go into the request's, and what comes back is folded."""
    at = f'(i32.const {VECTORS})'
    if call.name in ('fd_write', 'fd_read'):
        # Two pairs of address and length; what is read goes where replies go.
        first = REQUEST if call.name == 'fd_write' else f'(i32.const {REPLY})'
        second = f'(i32.const {PLAY_BYTES})' if call.name == 'fd_write' else f'(i32.const {REPLY + 256})'
        return f'''(i32.store {at} {first}) (i32.store offset=4 {at} {REQUEST_BYTES})
  (i32.store offset=8 {at} {second}) (i32.store offset=12 {at} (i32.const {WASI_BYTES}))
  (local.set $m (call $import.{call.key} (i32.const {1 if call.name == "fd_write" else 0}) {at} (i32.const 2) (i32.const {ERROR})))
  (i64.add (call $fold (i32.const {REPLY}) (i32.const 512)) (i64.extend_i32_u (i32.add (local.get $m) (i32.load (i32.const {ERROR})))))'''
    if call.name == 'random_get':
        return f'''(local.set $m (call $import.{call.key} (i32.const {REPLY}) {REQUEST_BYTES}))
  (i64.add (i64.extend_i32_u (local.get $m)) (call $fold (i32.const {REPLY}) (i32.const 256)))'''
    if call.name == 'clock_time_get':
        return f'''(local.set $m (call $import.{call.key} (i32.const 0) (i64.const 1) (i32.const {REPLY})))
  (i64.add (i64.extend_i32_u (local.get $m)) (i64.load (i32.const {REPLY})))'''
    # args_get: the addresses that it stores are this service's own.
    return f'''(local.set $m (call $import.{call.key}.sizes (i32.const {ERROR}) (i32.const {ERROR + 4})))
  (local.set $m (i32.add (local.get $m) (call $import.{call.key} (i32.const {REPLY}) (i32.const {REPLY + 256}))))
  (i64.add (i64.extend_i32_u (local.get $m)) (i64.add (i64.load (i32.const {ERROR})) (call $fold (i32.const {REPLY}) (i32.const 512))))'''


# --- what others can call

def frame(export, seed, body, end):
    return (f'(func $export.{export.name} (export "{export.name}"){signature(export.params, export.results, True)} {LOCALS}\n'
            f'  {DEEPER}\n  (local.set $h (i64.const {seed}))\n  {body}\n  {end})\n')


def scalar_export(export, seed, statements):
    mix = '\n  '.join(f'(local.set $h (i64.add (i64.rotl (local.get $h) (i64.const 13)) {TO_I64[type_].format(f"(local.get $p{i})")}))'
                      for i, type_ in enumerate(export.params))
    values = ' '.join(FROM_I64[type_].format(f'(i64.rotl (local.get $h) (i64.const {i}))') for i, type_ in enumerate(export.results))
    return frame(export, seed, f'{mix}\n  ' + '\n  '.join(statements), f'{HIGHER} {values}')


def mode(cases, otherwise):
    """One of the texts, chosen by bits of $h."""
    text = otherwise
    for number, case in reversed(list(enumerate(cases))):
        text = f'(if (result i64) (i32.eq (local.get $i) (i32.const {number})) (then {case}) (else {text}))'
    return f'(local.set $i (i32.and (i32.wrap_i64 (i64.shr_u (local.get $h) (i64.const 9))) (i32.const 15)))\n  {text}'


def reply(length, at):
    return f'(i64.or (i64.shl (i64.extend_i32_u {length}) (i64.const 32)) (i64.extend_i32_u {at}))'


def parigot_export(export, seed, statements, capacity):
    """(length, request, reply, error) -> length<<32 | reply"""
    length, request, out, error = (f'(local.get $p{i})' for i in range(4))
    count = f'(i32.rem_u (i32.wrap_i64 (i64.shr_u (local.get $h) (i64.const 21))) (i32.const {min(capacity, MOST_CAPACITY) + 1}))'
    few = f'(i32.and (i32.wrap_i64 (i64.shr_u (local.get $h) (i64.const 21))) (i32.const {min(127, capacity)}))'
    take = '(local.set $n {})'
    own = f'(i32.const {OWN_REPLY})'
    spread = '(call $spread {} (local.get $n) (local.get $h))'
    low = '(i64.and (local.get $h) (i64.const 7))'
    end = mode([
        f'(i32.store {error} (i32.or (i32.wrap_i64 (local.get $h)) (i32.const 1))) (local.get $h)',
        reply('(i32.const 0)', out),
        # Too long for everyone, or for whoever has the least room by just one byte: that comes from where it fits.
        take.format(f'(select (i32.const {MOST_CAPACITY + 1}) (i32.const 0) (i64.eqz {low}))')
        + f'(if (result i64) (i64.eq {low} (i64.const 1)) '
        f'(then {take.format(f"(i32.const {capacity + 1})")} {spread.format(own)} {reply("(local.get $n)", own)}) '
        f'(else {reply("(local.get $n)", out)}))',
        take.format(few) + spread.format(own) + reply('(local.get $n)', own),
        take.format(f'(select {length} (i32.const {capacity}) (i32.lt_u {length} (i32.const {capacity})))')
        + f'(memory.copy {out} {request} (local.get $n))' + reply('(local.get $n)', out),
        take.format(count) + spread.format(out) + reply('(local.get $n)', out),
    ], take.format(few) + spread.format(out) + reply('(local.get $n)', out))
    body = f'(local.set $h (i64.add (local.get $h) (call $fold {request} {length})))\n  ' + '\n  '.join(statements)
    return frame(export, seed, body, f'{HIGHER}\n  {end}')


def bytes_export(export, seed, statements):
    """(request, length) -> reply<<32 | length"""
    request, length = '(local.get $p0)', '(local.get $p1)'
    take = '(local.set $n (i32.and (i32.wrap_i64 (i64.shr_u (local.get $h) (i64.const 21))) (i32.const 255)))'
    own = f'(i32.const {OWN_REPLY})'
    spread = f'(call $spread {own} (local.get $n) (local.get $h))'
    allocated = '(local.set $i (call $malloc (local.get $n))) (call $spread (local.get $i) (local.get $n) (local.get $h))'
    end = mode([
        '(i64.const 0)',
        take + spread + f'(i64.or {reply(own, "(local.get $n)")} (i64.const 0x80000000))',
        reply(request, length),
        take + spread + reply(own, '(local.get $n)'),
        reply(own, '(i32.const 0)'),
        '(i64.const 0x80000000)',
    ], take + allocated + reply('(local.get $i)', '(local.get $n)'))
    body = f'(local.set $h (i64.add (local.get $h) (call $fold {request} {length})))\n  ' + '\n  '.join(statements)
    return frame(export, seed, body, f'{HIGHER}\n  {end}')


def exported(world, service, export, capacity):
    if export.forward:
        if not world.has(export.forward):
            return f'(func (export "{export.name}"){signature(export.params, export.results)} (unreachable))\n'
        return f'(export "{export.name}" (func $import.{export.forward.key}))\n'
    statements = world.statements(service, service.functions[export.name])
    seed = sum(map(ord, service.name + export.name)) * 7919
    if export.abi == 'parigot':
        return parigot_export(export, seed, statements, capacity)
    if export.abi == 'bytes':
        return bytes_export(export, seed, statements)
    return scalar_export(export, seed, statements)


def special(world, service):
    """Start function, _initialize and _start."""
    lines = []
    if service.starts:
        body = ' '.join(world.statements(service, service.functions['start']))
        lines.append(f'(func $start {LOCALS} {body})\n(start $start)\n')
    for name, here in (('_initialize', service.initializes), ('_start', world.command and service.name == world.main)):
        if here:
            begin = '(call $begin (i64.const 12))' if name == '_start' else '(global.set $fuel (i32.const 4))'
            body = '\n  '.join(world.statements(service, service.functions[name]))
            lines.append(f'(func (export "{name}") {LOCALS}\n  {begin}\n  {body}\n'
                         f'  (global.set $fuel (i32.const 0)) (call $env.log_i64 (local.get $h)))\n')
    return ''.join(lines)


def wat(world, service, capacities):
    """A service of kind 'wat', whole."""
    state = [(f'g{i}', ('i32', 'i64')[i % 2]) for i in range(service.globals * 2)]
    lines = ['(module\n(type $small (func (param i64) (result i64)))\n', imports(world, service)]
    if service.has_memory:
        most = '' if service.most_pages is None else f' {service.most_pages}'
        lines.append(f'(memory $memory (export "memory") {service.pages}{most})\n(data $passive "{"passive " * 8}")\n')
        lines.append('(global $dropped (mut i32) (i32.const 0))\n')
        state.append(('dropped', 'i32'))
        lines += [f'(data (i32.const {at}) "{text}")\n' for at, text in service.data]
    for name, type_ in state:
        if name != 'dropped':
            lines.append(f'(global ${name} (mut {type_}) ({type_}.const {sum(map(ord, service.name + name))}))\n')
    lines.append('(table $table 4 4 funcref)\n(elem (table $table) (i32.const 0) func $small0 $small1 $small2 $small3)\n'
                 '(elem $elements func $small2 $small0 $small3)\n')
    for i in range(4):
        body = '\n  '.join(world.statements(service, service.functions[f'small{i}']))
        lines.append(f'(func $small{i} (param $h i64) (result i64) {LOCALS.replace("(local $h i64) ", "")}\n  {body}\n  (local.get $h))\n')
    lines += [exported(world, service, export, capacities.get((service.name, export.name), 4096)) for export in world.exports(service)]
    lines += [special(world, service), support(world, service, state)]
    return ''.join(lines) + ')\n'
