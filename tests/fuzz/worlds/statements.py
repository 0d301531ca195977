"""Random statements: every way to touch memory, and what else a merge could mix up between services.

Code is text, with these locals: $h and $x i64, $i and $n i32, $f f64, $v v128. What matters is mixed into $h. Nothing here
depends on what bits a NaN has, and unless `wild` is set no access is out of bounds.
"""
from model import PAGE, PLAY_BYTES

WIDTHS = {'8': 1, '16': 2, '32': 4, '64': 8}

LOADS = [
    ('i32', 4, 'i32.load'), ('i32', 1, 'i32.load8_s'), ('i32', 1, 'i32.load8_u'), ('i32', 2, 'i32.load16_s'),
    ('i32', 2, 'i32.load16_u'), ('i64', 8, 'i64.load'), ('i64', 1, 'i64.load8_s'), ('i64', 1, 'i64.load8_u'),
    ('i64', 2, 'i64.load16_s'), ('i64', 2, 'i64.load16_u'), ('i64', 4, 'i64.load32_s'), ('i64', 4, 'i64.load32_u'),
    ('f32', 4, 'f32.load'), ('f64', 8, 'f64.load'), ('v128', 16, 'v128.load'), ('v128', 8, 'v128.load8x8_s'),
    ('v128', 8, 'v128.load8x8_u'), ('v128', 8, 'v128.load16x4_s'), ('v128', 8, 'v128.load16x4_u'),
    ('v128', 8, 'v128.load32x2_s'), ('v128', 8, 'v128.load32x2_u'), ('v128', 1, 'v128.load8_splat'),
    ('v128', 2, 'v128.load16_splat'), ('v128', 4, 'v128.load32_splat'), ('v128', 8, 'v128.load64_splat'),
    ('v128', 4, 'v128.load32_zero'), ('v128', 8, 'v128.load64_zero'),
]
STORES = [
    ('i32', 4, 'i32.store'), ('i32', 1, 'i32.store8'), ('i32', 2, 'i32.store16'), ('i64', 8, 'i64.store'),
    ('i64', 1, 'i64.store8'), ('i64', 2, 'i64.store16'), ('i64', 4, 'i64.store32'), ('f32', 4, 'f32.store'),
    ('f64', 8, 'f64.store'), ('v128', 16, 'v128.store'),
]
ATOMICS = [('i32', 4, 'i32.atomic', ''), ('i32', 1, 'i32.atomic', '8'), ('i32', 2, 'i32.atomic', '16'), ('i64', 8, 'i64.atomic', ''),
           ('i64', 1, 'i64.atomic', '8'), ('i64', 2, 'i64.atomic', '16'), ('i64', 4, 'i64.atomic', '32')]
SPLATS = ['i8x16.add', 'i16x8.sub', 'i32x4.mul', 'i64x2.add', 'v128.xor', 'v128.or', 'v128.andnot', 'i8x16.swizzle', 'i8x16.min_u']
# The first address that is not in memory.
MEMORY_END = '(i32.mul (memory.size) (i32.const 65536))'
# More statements after each other do not find more.
MOST_STATEMENTS = 8


class Code:
    def __init__(self, random, service, wild):
        self.random, self.service, self.wild = random, service, wild
        self.calls = [call.key for call in service.calls]
        self.traps = True

    # --- values

    def i32(self, depth=2):
        pick = self.random.randrange(9 if depth else 4)
        if pick == 0:
            return f'(i32.const {self.constant()})'
        if pick == 1:
            return '(i32.wrap_i64 (local.get $h))'
        if pick == 2:
            return f'(local.get ${self.random.choice("in")})'
        if pick == 3:
            return f'(global.get $g{self.random.randrange(self.service.globals) * 2})'
        if pick == 4 and self.service.has_memory:
            return self.load('i32', depth - 1)
        if pick == 5:
            return f'(i32.wrap_i64 {self.i64(depth - 1)})'
        if pick == 6:
            operator = self.random.choice(['div_u', 'rem_u'])
            return f'(i32.{operator} {self.i32(depth - 1)} (i32.or {self.i32(depth - 1)} (i32.const 1)))'
        if pick == 7:
            return f'(i32.{self.random.choice(["clz", "ctz", "popcnt", "eqz", "extend8_s", "extend16_s"])} {self.i32(depth - 1)})'
        operator = self.random.choice(['add', 'sub', 'mul', 'xor', 'and', 'or', 'shl', 'shr_u', 'rotl', 'lt_u', 'ge_s'])
        return f'(i32.{operator} {self.i32(depth - 1)} {self.i32(depth - 1)})'

    def i64(self, depth=2):
        pick = self.random.randrange(9 if depth else 4)
        if pick == 0:
            return f'(i64.const {self.constant()})'
        if pick in (1, 2):
            return f'(local.get ${self.random.choice("hx")})'
        if pick == 3:
            return f'(global.get $g{self.random.randrange(self.service.globals) * 2 + 1})'
        if pick == 4 and self.service.has_memory:
            return self.load('i64', depth - 1)
        if pick == 5:
            return f'(i64.extend_i32_{self.random.choice("su")} {self.i32(depth - 1)})'
        if pick == 6:
            return f'(i64x2.extract_lane {self.random.randrange(2)} {self.v128(depth - 1)})'
        if pick == 7:
            return f'(i64.trunc_sat_f64_{self.random.choice("su")} {self.f64(depth - 1)})'
        operator = self.random.choice(['add', 'sub', 'mul', 'xor', 'and', 'or', 'shl', 'shr_s', 'rotr'])
        return f'(i64.{operator} {self.i64(depth - 1)} {self.i64(depth - 1)})'

    def f64(self, depth=1):
        """Never a NaN: `number` makes one 0."""
        pick = self.random.randrange(4)
        if pick == 0 and self.service.has_memory and depth:
            return f'(call $number {self.load("f64", depth - 1)})'
        if pick == 1 and self.service.has_memory and depth:
            return f'(call $number (f64.promote_f32 {self.load("f32", depth - 1)}))'
        if pick == 2:
            return '(local.get $f)'
        return f'(f64.convert_i32_s {self.i32(max(depth - 1, 0))})'

    def v128(self, depth=1):
        pick = self.random.randrange(6 if depth > 0 else 2)
        if pick == 0:
            return '(local.get $v)'
        if pick == 1:
            return f'(i64x2.splat {self.i64(0)})'
        if pick in (2, 3) and self.service.has_memory:
            return self.load('v128', depth - 1)
        if pick == 4 and self.service.has_memory:
            return self.lane('load', depth - 1)
        return f'({self.random.choice(SPLATS)} {self.v128(depth - 1)} {self.v128(depth - 1)})'

    def constant(self):
        pick = self.random.randrange(4)
        if pick == 0:
            return self.random.choice([0, 1, -1, 7, 255, 256, 65535, 65536, 2147483647, -2147483648])
        return self.random.randrange(-(1 << 31), 1 << 31) >> self.random.randrange(31)

    # --- addresses

    def offset(self, align=1):
        pick = self.random.randrange(3)
        number = 0 if pick == 0 else self.random.randrange(64) if pick == 1 else self.random.randrange(PLAY_BYTES // 2 - 16)
        number -= number % align
        return f'offset={number} ' if number else ''

    def address(self, depth=1, align=1):
        """Offset and address operand, so that 16 bytes from there are in bounds; when wild, often enough not."""
        if self.wild and self.random.randrange(24) == 0:
            return self.wild_address()
        pick = self.random.randrange(8)
        if pick == 0:
            number = self.random.randrange(PLAY_BYTES // 2)
            return f'{self.offset(align)}(i32.const {number - number % align})'
        if pick == 1:
            # The last page that there is from the start.
            number = self.service.pages * PAGE - 16 * self.random.randrange(1, 300)
            return f'(i32.const {number})' if self.random.random() < 0.5 else f'offset={number} (i32.const 0)'
        mask = PLAY_BYTES // 2 - 1 & -align
        return f'{self.offset(align)}(i32.and {self.i32(max(depth, 0))} (i32.const {mask}))'

    def wild_address(self):
        pick = self.random.randrange(6)
        if pick == 0:
            return f'(i32.sub {MEMORY_END} (i32.const {self.random.randrange(1, 20)}))'
        if pick == 1:
            return f'{self.offset()}(i32.add {MEMORY_END} (i32.const {self.random.randrange(PAGE)}))'
        if pick == 2:
            return f'offset={self.random.choice([16, 65536, 4294967280, 4294967295])} (i32.const {-self.random.randrange(1, 40)})'
        if pick == 3:
            return f'offset={self.random.choice([1 << 20, 1 << 24, 1 << 28, 1 << 31, (1 << 32) - 1])} (i32.and {self.i32(1)} (i32.const 255))'
        if pick == 4:
            return f'(i32.const {self.random.choice([-1, -4, -16, -65536, -2147483648, 2147483647, 16777216, 268435456])})'
        return f'{self.offset()}(i32.or {self.i32(1)} (i32.const -1073741824))'

    def range(self):
        """(address, length) operands of a bulk instruction."""
        if self.wild and self.random.randrange(8) == 0:
            return self.random.choice([
                (f'(i32.sub {MEMORY_END} (i32.const 8))', f'(i32.const {self.random.choice([0, 8, 9])})'),
                (f'(i32.add {MEMORY_END} (i32.const {self.random.choice([0, 1])}))', '(i32.const 0)'),
                ('(i32.const 64)', '(i32.const -1)'), ('(i32.const -16)', '(i32.const 16)'), ('(i32.const -16)', '(i32.const 32)')])
        most = self.random.choice([15, 63, 255])
        return f'(i32.and {self.i32(1)} (i32.const {PLAY_BYTES - 256 & 0x1f00 | 0xff}))', f'(i32.and {self.i32(1)} (i32.const {most}))'

    def load(self, type_, depth):
        _, _, name = self.random.choice([load for load in LOADS if load[0] == type_])
        return f'({name} {self.address(depth)})'

    def lane(self, what, depth):
        bits = self.random.choice(list(WIDTHS))
        lane = self.random.randrange(16 // WIDTHS[bits])
        address = self.address(depth)
        offset, operand = address.split(' ', 1) if address.startswith('offset=') else ('', address)
        return f'(v128.{what}{bits}_lane {offset} {lane} {operand} (local.get $v))'

    # --- statements

    def statements(self, most=MOST_STATEMENTS):
        return [self.statement() for _ in range(self.random.randint(1, most))]

    def statement(self, depth=1):
        kinds = [self.mix, self.mix_wide, self.set_global, self.log, self.indirect]
        if self.service.has_memory:
            kinds += [self.store, self.store, self.store, self.atomic, self.atomic, self.fill, self.copy, self.init, self.grow,
                      self.size, self.lane_store, self.tables]
        if self.calls:
            kinds += [self.call] * (len(kinds) // 4)
        if depth:
            kinds += [self.branch, self.loop]
            if self.traps and self.random.randrange(60) == 0:
                return self.trap()
        return self.random.choice(kinds)()

    def mix(self):
        return f'(local.set $h (i64.xor (i64.mul (local.get $h) (i64.const 1099511628211)) {self.i64()}))'

    def mix_wide(self):
        pick = self.random.randrange(4)
        if pick == 0:
            return f'(local.set $v {self.v128()})'
        if pick == 1:
            return f'(local.set $i {self.i32()})'
        if pick == 2:
            return f'(local.set $f {self.f64()})'
        return f'(local.set $x {self.i64()})'

    def set_global(self):
        number = self.random.randrange(self.service.globals) * 2
        return (f'(global.set $g{number} {self.i32()})' if self.random.random() < 0.5
                else f'(global.set $g{number + 1} {self.i64()})')

    def log(self):
        pick = self.random.randrange(4)
        if pick == 0:
            return f'(call $env.log_i32 {self.i32()})'
        if pick == 1:
            return f'(call $env.log_f64 {self.f64()})'
        return f'(call $env.log_i64 {self.i64()})'

    def store(self):
        type_, _, name = self.random.choice(STORES)
        if type_ in ('f32', 'v128'):
            value = '(f32.demote_f64 ' + self.f64() + ')' if type_ == 'f32' else self.v128()
        else:
            value = {'i32': self.i32, 'i64': self.i64, 'f64': self.f64}[type_]()
        return f'({name} {self.address()} {value})'

    def lane_store(self):
        return self.lane('store', 1)

    def atomic(self):
        type_, width, prefix, bits = self.random.choice(ATOMICS)
        make = self.i32 if type_ == 'i32' else self.i64
        # Misaligned ones trap.
        address = self.address(align=width) if not self.wild else self.address(align=8)
        suffix = '_u' if bits else ''
        pick = self.random.randrange(6)
        if pick == 0:
            return f'({prefix}.store{bits} {address} {make()})'
        if pick == 1:
            value = f'({prefix}.load{bits}{suffix} {address})'
        elif pick == 2:
            value = f'({prefix}.rmw{bits}.cmpxchg{suffix} {address} {make()} {make()})'
        elif pick == 3:
            aligned = self.address(align=8)
            return f'(atomic.fence) (local.set $i (memory.atomic.notify {aligned} (i32.const 1)))'
        else:
            operator = self.random.choice(['add', 'sub', 'and', 'or', 'xor', 'xchg'])
            value = f'({prefix}.rmw{bits}.{operator}{suffix} {address} {make()})'
        return f'(local.set ${"i" if type_ == "i32" else "x"} {value})'

    def fill(self):
        address, length = self.range()
        return f'(memory.fill {address} {self.i32(1)} {length})'

    def copy(self):
        address, length = self.range()
        return f'(memory.copy {address} {self.range()[0]} {length})'

    def init(self):
        # The passive segment has 64 bytes, until it is dropped.
        if self.random.randrange(6) == 0:
            return '(data.drop $passive) (global.set $dropped (i32.const 1))'
        if self.wild and self.random.randrange(12) == 0:
            return f'(memory.init $passive (i32.const 0) (i32.const 60) (i32.const {self.random.choice([4, 5, -1])}))'
        address = f'(i32.and {self.i32(1)} (i32.const {PLAY_BYTES - 1 & -64}))'
        return (f'(if (i32.eqz (global.get $dropped)) (then (memory.init $passive {address} '
                f'(i32.const {self.random.randrange(32)}) (i32.const {self.random.randrange(33)}))))')

    def grow(self):
        delta = self.random.choice(['(i32.const 0)', '(i32.const 1)', '(i32.const 2)', '(i32.const 65536)', '(i32.const -1)',
                                    '(i32.and (i32.wrap_i64 (local.get $h)) (i32.const 1))'])
        return f'(local.set $h (i64.add (local.get $h) (i64.extend_i32_s (call $grow {delta}))))'

    def size(self):
        return '(local.set $h (i64.add (i64.rotl (local.get $h) (i64.const 5)) (i64.extend_i32_u (memory.size))))'

    def indirect(self):
        return (f'(local.set $x (call_indirect $table (type $small) {self.i64(1)} '
                f'(i32.and {self.i32(1)} (i32.const 3))))')

    def tables(self):
        slot, other = f'(i32.and {self.i32(1)} (i32.const 3))', f'(i32.const {self.random.randrange(4)})'
        return self.random.choice([
            f'(table.set $table {slot} (table.get $table {other}))',
            f'(table.set $table {slot} (ref.func $small{self.random.randrange(4)}))',
            f'(table.copy $table $table {other} (i32.const 0) (i32.const 1))',
            f'(table.init $table $elements {other} (i32.const 1) (i32.const 1))',
            '(local.set $h (i64.add (local.get $h) (i64.extend_i32_u (table.size $table))))'])

    def call(self):
        key = self.random.choice(self.calls)
        return f'(local.set $h (i64.xor (i64.rotl (local.get $h) (i64.const 9)) (call $call.{key} {self.i32()} {self.i64()})))'

    def branch(self):
        then, other = self.statement(0), self.statement(0)
        return f'(if {self.i32()} (then {then}) (else {other}))'

    def loop(self):
        count = self.random.randint(2, 6)
        return (f'(local.set $n (i32.const {count})) (loop $again {self.statement(0)} '
                f'(br_if $again (i32.gt_s (local.tee $n (i32.sub (local.get $n) (i32.const 1))) (i32.const 0))))')

    def trap(self):
        how = self.random.choice(['(unreachable)', '(local.set $i (i32.div_s (i32.const 1) (i32.const 0)))',
                                  '(local.set $x (call_indirect $table (type $small) (i64.const 0) (i32.const 99)))'])
        return f'(if (i32.eq (i32.and {self.i32()} (i32.const 15)) (i32.const 3)) (then {how}))'
