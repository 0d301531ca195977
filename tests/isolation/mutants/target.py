"""The services of the world whose mutants are made: `target`, with code of many shapes that touches memory; `low` and `high`, whose
memories lie beside; `front`, through which a host calls all of it."""

# (what it does, with $p and $q addresses and $n a number) -> i64
SHAPES = [
    '(i64.load (local.get $p))',
    '(i64.store offset=8 (local.get $p) (i64.extend_i32_u (local.get $q))) (i64.const 0)',
    '(i64.load8_u offset=65535 (local.get $p))',
    '(i64.load offset=200000 (local.get $p))',
    '(i64.store32 offset=70000 (local.get $p) (i64.const 77)) (i64.const 0)',
    '(i64.add (i64.load (local.get $p)) (i64.add (i64.load offset=8 (local.get $p)) (i64.load offset=16 (local.get $p))))',
    '(i64.store (local.get $p) (i64.load (local.get $q))) (i64.const 1)',
    '(i64x2.extract_lane 0 (v128.load offset=16 (local.get $p)))',
    '(v128.store offset=4 (local.get $p) (i64x2.splat (i64.extend_i32_u (local.get $q)))) (i64.const 2)',
    '(i64x2.extract_lane 1 (v128.load32_lane 2 (local.get $p) (v128.const i64x2 1 2)))',
    '(memory.copy (local.get $p) (local.get $q) (local.get $n)) (i64.const 3)',
    '(memory.fill (local.get $p) (i32.const 90) (local.get $n)) (i64.const 4)',
    '(memory.init $passive (local.get $p) (i32.const 2) (i32.const 9)) (i64.const 5)',
    '(memory.fill (local.get $p) (i32.const 91) (i32.const 24)) (i64.const 6)',
    # Go's pointers
    '(local.set $a (i64.add (i64.extend_i32_u (local.get $p)) (i64.const 24))) (i64.store (i32.wrap_i64 (local.get $a)) (i64.const 9)) '
    '(i64.load offset=8 (i32.wrap_i64 (local.get $a)))',
    # a frame on a stack
    '(local.set $f (global.get $sp)) (global.set $sp (local.tee $g (i32.sub (local.get $f) (i32.const 48)))) '
    '(i32.store offset=12 (local.get $g) (local.get $q)) (i64.store offset=40 (local.get $g) (i64.const 5)) '
    '(i32.store8 offset=3 (local.get $g) (call $leaf (local.get $p))) (global.set $sp (local.get $f)) '
    '(i64.load32_u offset=12 (local.get $g))',
    '(global.set $sp (local.get $p)) (i32.store (i32.sub (global.get $sp) (i32.const 16)) (local.get $q)) '
    '(i64.load32_u offset=8 (global.get $sp))',
    # loops
    '(local.set $n (i32.and (local.get $n) (i32.const 31))) '
    '(loop $next (i32.store8 (local.get $p) (local.get $q)) (local.set $p (i32.add (local.get $p) (i32.const 1))) '
    '(br_if $next (i32.gt_s (local.tee $n (i32.sub (local.get $n) (i32.const 1))) (i32.const 0)))) (i64.const 7)',
    '(local.set $f (i32.const 0)) (block $done (loop $next (br_if $done (i32.ge_u (local.get $f) (i32.const 16))) '
    '(local.set $a (i64.add (local.get $a) (i64.load8_u (i32.add (local.get $p) (local.get $f))))) '
    '(local.set $f (i32.add (local.get $f) (i32.const 1))) (br $next))) (local.get $a)',
    # branches
    '(local.set $f (if (result i32) (i32.and (local.get $n) (i32.const 1)) (then (local.get $p)) (else (local.get $q)))) '
    '(i32.store offset=4 (local.get $f) (local.get $n)) (i64.load16_u (local.get $f))',
    '(block $c (block $b (block $a (br_table $a $b $c (i32.and (local.get $n) (i32.const 3)))) (local.set $p (local.get $q))) '
    '(i32.store (local.get $p) (i32.const 1))) (i64.load32_s (local.get $p))',
    '(if (i32.eqz (local.get $p)) (then (return (i64.const 8)))) (i32.store16 offset=2 (local.get $p) (local.get $n)) (i64.const 9)',
    '(i64.extend_i32_u (select (i32.load (local.get $p)) (i32.load (local.get $q)) (local.get $n)))',
    # other things that belong to somebody
    '(i64.extend_i32_u (call_indirect (type $leaf) (local.get $p) (i32.and (local.get $n) (i32.const 1))))',
    '(global.set $count (i32.add (global.get $count) (local.get $n))) (i64.extend_i32_u (global.get $count))',
    '(i64.extend_i32_s (memory.grow (i32.and (local.get $n) (i32.const 1))))',
    '(i64.extend_i32_u (memory.size))',
    '(i64.extend_i32_u (call $leaf (i32.add (local.get $p) (local.get $n))))',
    '(local.set $f (i32.load (local.get $p))) (i64.load (i32.add (local.get $f) (i32.const 16)))',
    # numbers with few bits, in loops, where no mask is left
    '(local.set $n (i32.and (local.get $n) (i32.const 15))) (loop $next '
    '(local.set $a (i64.load8_u offset=1000 (i32.wrap_i64 (local.get $a)))) '
    '(br_if $next (i32.gt_s (local.tee $n (i32.sub (local.get $n) (i32.const 1))) (i32.const 0)))) (local.get $a)',
    # a dispatcher, as Go makes them, whose block can be entered from its head
    '(local.set $f (i32.and (local.get $n) (i32.const 1))) (local.set $n (i32.const 0)) (loop $next (block $b (block $a '
    '(br_table $a $b (local.get $f))) (i64.store (local.get $p) (local.get $c)) '
    '(local.set $c (i64.add (i64.shl (i64.load8_u (local.get $q)) (i64.const 3)) (i64.const 512))) '
    '(if (i32.eqz (local.get $n)) (then (local.set $n (i32.const 1)) (local.set $f (i32.const 1)) (br $next)))) '
    '(local.set $a (i64.load offset=8 (i32.wrap_i64 (local.get $c))))) (local.get $a)',
    # what one mask or check serves behind branches, in loops and with constants
    '(i32.store8 offset=3 (local.get $p) (local.get $q)) (if (local.get $n) (then (i64.store offset=8 (i32.add (local.get $p) '
    '(i32.const 24)) (i64.const 3))) (else (i32.store8 (i32.sub (local.get $p) (i32.const 8)) (i32.const 2)))) '
    '(i64.add (i64.load offset=16 (local.get $p)) (i64.load (i32.add (local.get $p) (i32.const 4))))',
    '(local.set $f (i32.mul (local.get $p) (i32.const 3))) (if (result i64) (local.get $n) (then (i64.load offset=8 (local.get $f))) '
    '(else (block $out (result i64) (drop (br_if $out (i64.const 1) (local.get $q))) (i64.load (local.get $f)))))',
    '(i64.store (local.get $p) (i64.const 1)) (local.set $n (i32.and (local.get $n) (i32.const 7))) '
    '(loop $next (i64.store offset=8 (local.get $p) (i64.load (local.get $q))) (if (local.get $n) (then '
    '(local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $next)))) (i32.store8 offset=1 (local.get $p) (i32.const 4)) '
    '(local.set $p (i32.add (local.get $p) (i32.const 65536))) (i64.load (local.get $p))',
    # alike but for constants: -Oz makes one function of them
    *(f'(call $alike{i} (local.get $p) (local.get $q))' for i in range(3)),
]
ALIKE = """(func $alike{i} (param $p i32) (param $q i32) (result i64)
    (i64.store (local.get $p) (i64.const {value}))
    (i64.store offset=8 (local.get $q) (i64.load (i32.const {at})))
    (i64.store16 (i32.const {at}) (i64.load16_u offset=24 (local.get $q)))
    (i64.store32 (i32.add (local.get $p) (i32.and (local.get $q) (i32.const 255))) (i64.load32_u offset=16 (local.get $q)))
    (if (i64.eqz (i64.load offset=32 (local.get $p))) (then (i32.store8 offset=3 (local.get $q) (local.get $p))))
    (i64.add (i64.load (local.get $p)) (i64.load (i32.const {at}))))"""
SIGNATURE = '(param $p i32) (param $q i32) (param $n i32) (result i64)'

PAGE = 65536


def target():
    functions = '\n'.join(f'(func (export "f{i}") {SIGNATURE} (local $a i64) (local $c i64) (local $f i32) (local $g i32) {shape})'
                          for i, shape in enumerate(SHAPES))
    alike = '\n'.join(ALIKE.format(i=i, value=77 + i, at=256 + 512 * i) for i in range(3))
    return f'''(module
  (type $leaf (func (param i32) (result i32)))
  (memory 1 3)
  (data (i32.const 64) "bytes of the target")
  (data $passive "passive bytes")
  (table 2 funcref)
  (elem (i32.const 0) $leaf $other)
  (global $sp (mut i32) (i32.const 65536))
  (global $count (mut i32) (i32.const 0))
  (func $leaf (param $p i32) (result i32) (i32.store16 offset=6 (local.get $p) (i32.const 1)) (i32.load8_u (local.get $p)))
  {alike}
  (func $other (param $p i32) (result i32) (i32.add (local.get $p) (i32.load offset=2 (local.get $p))))
  {functions})
'''


def beside(name, accesses):
    """A service whose memory and globals must not change. `state` tells of the globals, and of the memory's size."""
    many = '(drop (i32.load (i32.const 0)))' * accesses
    return f'''(module
  (memory 1 2)
  (data (i32.const 0) "{name} has bytes")
  (global $a (mut i32) (i32.const 12345))
  (global $b (mut i64) (i64.const 67890))
  (func (export "set") (param i32) (global.set $a (local.get 0)) (global.set $b (i64.extend_i32_u (local.get 0)))
    (drop (memory.grow (local.get 0))) (i32.store (i32.const 8) (local.get 0)))
  (func (export "state") (result i64)
    (i64.add (i64.add (i64.extend_i32_u (global.get $a)) (global.get $b)) (i64.extend_i32_u (memory.size))))
  (func (export "many") {many}))
'''


def front():
    """A main without a memory. Its exports hand calls on."""
    lines = []
    for i in range(len(SHAPES)):
        lines.insert(0, f'(import "target" "f{i}" (func $f{i} {SIGNATURE}))')
        lines.append(f'(func (export "f{i}") {SIGNATURE} (call $f{i} (local.get 0) (local.get 1) (local.get 2)))')
    for name in ('low', 'high'):
        lines.insert(0, f'(import "{name}" "state" (func ${name} (result i64)))')
        lines.append(f'(func (export "{name}") (result i64) (call ${name}))')
    return '\n'.join(['(module', *lines, ')'])


def manifest():
    services = ''.join(f'[service.{name}]\nwasm = "{name}.wat"\nmemory = {4 * PAGE}\narena = {PAGE}\n' for name in ('low', 'target', 'high'))
    calls = ''.join(f'[[call]]\nimport = "{name}.*"\nabi = "scalar"\n' for name in ('low', 'target', 'high'))
    return f'[world]\nmain = "front"\n[service.front]\nwasm = "front.wat"\n{services}{calls}'
