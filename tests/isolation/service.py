"""A service that tries every instruction that touches memory, with every offset that matters.

Its functions take an address (bulk instructions also a second one and a length) and return what they read. Other things of
it: `grow`, `size`, and `probe_`, a handler by the abi `parigot` that runs a function by its number while a call is in flight.
"""

# (instruction, operand behind the address or None, expression that makes an i64 of the result or None, bytes)
LOADS = [(f'{type_}.load{width}{sign}', type_, int(width or type_[1:]) // 8)
         for type_ in ('i32', 'i64') for width, sign in [('', ''), ('8', '_s'), ('8', '_u'), ('16', '_s'), ('16', '_u'), ('32', '_s'), ('32', '_u')]
         if not (type_ == 'i32' and width == '32')]
STORES = [('i32.store', 'i32', 4), ('i32.store8', 'i32', 1), ('i32.store16', 'i32', 2), ('i64.store', 'i64', 8),
          ('i64.store8', 'i64', 1), ('i64.store16', 'i64', 2), ('i64.store32', 'i64', 4), ('f32.store', 'f32', 4), ('f64.store', 'f64', 8)]
VECTOR_LOADS = [('v128.load', 16), ('v128.load8x8_s', 8), ('v128.load16x4_u', 8), ('v128.load32x2_s', 8), ('v128.load8_splat', 1),
                ('v128.load16_splat', 2), ('v128.load32_splat', 4), ('v128.load64_splat', 8), ('v128.load32_zero', 4), ('v128.load64_zero', 8)]
ATOMICS = [('i32.atomic.load', 'i32', 0, 4), ('i64.atomic.load16_u', 'i64', 0, 2), ('i32.atomic.store8', None, 1, 1),
           ('i32.atomic.rmw.add', 'i32', 1, 4), ('i32.atomic.rmw8.xchg_u', 'i32', 1, 1), ('i32.atomic.rmw16.or_u', 'i32', 1, 2),
           ('i32.atomic.rmw.cmpxchg', 'i32', 2, 4), ('i32.atomic.rmw8.cmpxchg_u', 'i32', 2, 1)]
OFFSETS = [0, 1, 7, 4096, 65535, 65536, 131072, 0x7fffffff, 0xfffffff0, 0xffffffff]

TO_I64 = {'i32': '(i64.extend_i32_u {})', 'i64': '{}', 'f32': '(i64.extend_i32_u (i32.reinterpret_f32 {}))', 'f64': '(i64.reinterpret_f64 {})',
          'v128': '(i64x2.extract_lane 0 {})'}
VALUE = {'i32': '(i32.const 0x11223344)', 'i64': '(i64.const 0x1122334455667788)', 'f32': '(f32.const 1.5)', 'f64': '(f64.const -2.5)',
         'v128': '(v128.const i64x2 0x0102030405060708 9)'}


def bodies(offset):
    """(name, bytes, body) of every instruction with an address, with that offset."""
    at = f'offset={offset} ' if offset else ''
    p = '(local.get $p)'
    for name, type_, size in LOADS + [('f32.load', 'f32', 4), ('f64.load', 'f64', 8)]:
        yield name, size, TO_I64[type_].format(f'({name} {at}{p})')
    for name, size in VECTOR_LOADS:
        yield name, size, TO_I64['v128'].format(f'({name} {at}{p})')
    for name, type_, size in STORES + [('v128.store', 'v128', 16)]:
        yield name, size, f'({name} {at}{p} {VALUE[type_]}) (i64.const 0)'
    for lane, size in ((8, 1), (16, 2), (32, 4), (64, 8)):
        yield f'v128.load{lane}_lane', size, TO_I64['v128'].format(f'(v128.load{lane}_lane {at}0 {p} {VALUE["v128"]})')
        yield f'v128.store{lane}_lane', size, f'(v128.store{lane}_lane {at}0 {p} {VALUE["v128"]}) (i64.const 0)'
    for name, result, operands, size in ATOMICS:
        body = f'({name} {at}{p}{" (i32.const 3)" * operands})'
        yield name, size, TO_I64[result].format(body) if result else body + ' (i64.const 0)'
    yield 'memory.atomic.notify', 4, f'(i64.extend_i32_u (memory.atomic.notify {at}{p} (i32.const 1)))'
    # The value of a store is evaluated before the access, with all that it does.
    yield 'store of a call', 4, f'(i32.store {at}{p} (call $effect)) (i64.const 0)'
    yield 'store of a division', 4, f'(i32.store {at}{p} (i32.div_u (i32.const 7) (global.get $effects))) (i64.const 0)'
    # One check may serve several accesses.
    yield 'two fields', 8, f'(i64.add (i64.load32_u {at}{p}) (if (result i64) {p} (then (i64.load {at}{p})) (else (i64.load8_u {at}{p}))))'
    yield 'a changed address', 4, (f'(i32.store {at}(local.get $p) (i32.load (local.tee $p (i32.const 16)))) '
                                   f'(i64.load32_u {at}(local.get $p))')


BULK = [('copy', '(memory.copy (local.get $p) (local.get $q) (local.get $n)) (i64.const 0)'),
        ('fill', '(memory.fill (local.get $p) (local.get $q) (local.get $n)) (i64.const 0)'),
        ('init', '(memory.init $passive (local.get $p) (local.get $q) (local.get $n)) (i64.const 0)')]


def functions():
    """[(export, what it is, bytes from the address on)] of the functions with one address."""
    return [(f'f{number}', f'{name} offset={offset}', offset + size)
            for number, (offset, name, size) in enumerate((offset, name, size) for offset in OFFSETS for name, size, _ in bodies(offset))]


def signatures():
    """[(export, how many i32 it takes)] of the exports that a test calls; all give an i64."""
    return ([(name, 1) for name, _, _ in functions()] + [(name, 3) for name, _ in BULK]
            + [('effects', 1), ('grow', 1), ('size', 1), ('nested', 2)])


def text():
    """The module."""
    lines = []
    table = [body for offset in OFFSETS for _, _, body in bodies(offset)]
    for number, body in enumerate(table):
        lines.append(f'(func $f{number} (export "f{number}") (param $p i32) (result i64) {body})')
    for name, body in BULK:
        lines.append(f'(func (export "{name}") (param $p i32) (param $q i32) (param $n i32) (result i64) {body})')
    elements = ' '.join(f'$f{number}' for number in range(len(table)))
    return f'''(module
  (type $one (func (param i32) (result i64)))
  (import "other" "go" (func $go (param i32 i32) (result i64)))
  (memory (export "memory") 2 5)
  (data (i32.const 0) "the first bytes")
  (data (i32.const 131064) "the last")
  (data $passive "passive bytes")
  (table funcref (elem {elements}))
  (global $effects (mut i32) (i32.const 1))
  (func $effect (result i32) (global.set $effects (i32.add (global.get $effects) (i32.const 1))) (global.get $effects))
  (func (export "effects") (param i32) (result i64) (i64.extend_i32_u (global.get $effects)))
  (func (export "grow") (param i32) (result i64) (i64.extend_i32_s (memory.grow (local.get 0))))
  (func (export "size") (param i32) (result i64) (i64.extend_i32_u (memory.size)))
  (func $run (export "run") (param $number i32) (param $p i32) (result i64) (call_indirect (type $one) (local.get $p) (local.get $number)))
  ;; The same while a call from `other` is in flight.
  (func (export "nested") (param i32 i32) (result i64) (call $go (local.get 0) (local.get 1)))
  (func (export "probe_") (param $bytes i32) (param $request i32) (param $reply i32) (param $error i32) (result i64)
    (i64.store (local.get $reply) (call $run (i32.load (local.get $request)) (i32.load offset=4 (local.get $request))))
    (i64.or (i64.const 0x800000000) (i64.extend_i32_u (local.get $reply))))
  ;; Adds what it was given to the address of the request: what lies behind it in the arena.
  (func (export "request_") (param $bytes i32) (param $request i32) (param $reply i32) (param $error i32) (result i64)
    (i64.store (local.get $reply)
      (i64.load8_u (i32.add (local.get $request) (i32.load offset=4 (local.get $request)))))
    (i64.or (i64.const 0x800000000) (i64.extend_i32_u (local.get $reply))))
  {chr(10).join(lines)})
'''


def beside(accesses):
    """The other service: the one that calls, and whose memory must not be touched. `accesses`: how many instructions of it touch
    memory, which decides which of the two is at base 0."""
    many = '(drop (i32.load (i32.const 0)))' * accesses
    return f'''(module
  (import "tested" "probe_" (func $probe (param i32 i32 i32 i32) (result i64)))
  (import "tested" "request_" (func $request (param i32 i32 i32 i32) (result i64)))
  (memory 2)
  (data (i32.const 0) "the other service")
  (func (export "go") (param $number i32) (param $p i32) (result i64)
    (i32.store (i32.const 64) (local.get $number))
    (i32.store (i32.const 68) (local.get $p))
    (if (result i64) (i32.eq (local.get $number) (i32.const -1))
      (then (i64.load (i32.wrap_i64 (call $request (i32.const 8) (i32.const 64) (i32.const 80) (i32.const 96)))))
      (else (i64.load (i32.wrap_i64 (call $probe (i32.const 8) (i32.const 64) (i32.const 80) (i32.const 96)))))))
  (func (export "many") {many}))
'''
