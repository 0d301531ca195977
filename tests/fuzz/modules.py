"""Good input for tests/fuzz to damage: services that together have every kind of item and instruction."""

# A service that all others can be wound with.
GOOD = '''
(module
  (memory (export "memory") 1)
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func $fetch (export "fetch_") (export "fetch_greeting_") (param i32 i32 i32 i32) (result i64) (i64.const 0))
  (func (export "_initialize") (i32.store (i32.const 0) (i32.const 1)))
  (data (i32.const 1024) "good"))
'''

MANIFEST = '''
[world]
main = "service"
[service.service]
wasm = "service.wasm"
[service.good]
wasm = "good.wat"
provides = ["greeting"]
'''

# Has inlined calls, loops and a variable in memory.
DEBUG_SOURCE = '''
struct pair { int first, second; };
static volatile int kept;
static inline int twice(int of) { return of + kept; }
static inline int sum(struct pair *of) { return twice(of->first) + twice(of->second); }
__attribute__((noinline)) int loop(int count) {
  struct pair both = {kept, count};
  for (int i = 0; i < count; i++) both.first += sum(&both);
  return both.first;
}
void _start(void) { kept = loop(3); }
'''

DEBUG_MANIFEST = '''
[world]
main = "service"
[service.service]
wasm = "service.wasm"
'''

SOURCE_MAP = (b'{"version":3,"file":"x.wasm","sourceRoot":"/src","sources":["a.ts","b.ts"],"sourcesContent":["a",null],"names":["n"],'
              b'"mappings":"oDAAA,CACA,EAEE,GCAA,IACA,KDCA,E,EAGA"}')

# For those that import it.
CALL = '''
[[call]]
client = "service"
import = "good.add"
abi = "scalar"
'''

DEPLOYMENT = '''
[config.dev]
ParigotLibPath = "syscall.so"
Timezone = "UTC"
[config.dev.Timeout]
Startup = 100

[config.dev.microservice.service]
WasmPath = "service.wasm"
Arg = ["-v"]
Env = ["LOG=debug"]
Main = true

[config.dev.microservice.good]
WasmPath = "good.wat"
PluginPath = "good.so"
PluginAlias = "greeting"

[config.prod.microservice.good]
WasmPath = "good.wat"
Test = true
'''

FULL_MANIFEST = '''
[world]
main = "service"
memory = "single"
init = ["good", "service"]

[service.service]
wasm = "service.wasm"
args = ["service", "-v"]
env = ["LOG=debug"]
memory = "64MiB"

[service.good]
wasm = "good.wat"
provides = ["greeting.v1", "greeting"]
memory = "16MiB"
arena = "1MiB"

[[call]]
client = "service"
import = "good.add"
service = "good"
export = "add"
abi = "scalar"

[[call]]
import = "greeting.fetch_"
abi = "parigot"
capacity = 4096

[[host]]
import = "env.log"
abi = "scalar"
'''

SERVICES = {
    # What services do: calls, host calls, start functions, a table.
    'service': '''
(module
  (type $void (func))
  (import "good" "add" (func $add (param i32 i32) (result i32)))
  (import "greeting" "fetch_" (func $fetch (param i32 i32 i32 i32) (result i64)))
  (import "env" "log" (func $log (param i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 2 100)
  (table 4 funcref)
  (elem (i32.const 1) $run $add)
  (global $sp (export "sp") (mut i32) (i32.const 65536))
  (data (i32.const 16) "abc")
  (data (i32.const 20) "def")
  (data $passive "ghi")
  (func $run (export "run") (param i32) (result i32)
    (drop (call $fetch (i32.const 3) (i32.const 16) (i32.const 32) (i32.const 64)))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    (drop (call $sizes (i32.const 0) (i32.const 4)))
    (drop (call $args (i32.const 0) (i32.const 64)))
    (call $log (memory.grow (i32.const 1)))
    (call_indirect (type $void) (memory.size))
    (call $add (local.get 0) (i32.load offset=8 (local.get 0))))
  (func (export "_start") (if (call $run (i32.const 1)) (then (call $exit (i32.const 3))))))
''',
    # Control flow and numbers.
    'code': '''
(module
  (memory 1)
  (start $start)
  (global $g i64 (i64.const -1))
  (func $start)
  (func $f (export "f") (param $n i32) (param $x f64) (result i64) (local $i i32) (local $v i64)
    (block $out
      (loop $again
        (br_if $out (i32.ge_u (local.get $i) (local.get $n)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (local.set $v (i64.extend_i32_s (local.tee $i (local.get $i))))
        (br_table $again $out (i32.and (local.get $i) (i32.const 1)))))
    (i64.store32 offset=4 align=1 (local.get $i) (local.get $v))
    (f32.store (i32.const 0) (f32.demote_f64 (f64.sqrt (local.get $x))))
    (drop (select (i32.const 1) (i32.const 2) (local.get $n)))
    (drop (i32.trunc_sat_f64_s (local.get $x)))
    (drop (i64.extend32_s (local.get $v)))
    (if (result i64) (local.get $n) (then (i64.load8_u (i32.const 7))) (else (global.get $g))))
  (func (export "g") (result i32 i64) (tuple.make 2 (i32.const 1) (i64.const 2)))
  (func $tail (param i32) (return_call $tail (i32.sub (local.get 0) (i32.const 1)))))
''',
    # Every way to touch memory.
    'memory': '''
(module
  (memory $m (export "memory") 1)
  (data $d "xyz")
  (data (i32.const 100) "\\00\\01\\02")
  (func (export "bulk") (param i32 i32 i32)
    (memory.copy (local.get 0) (local.get 1) (local.get 2))
    (memory.fill (local.get 0) (local.get 1) (local.get 2))
    (memory.init $d (local.get 0) (local.get 1) (i32.const 3))
    (data.drop $d))
  (func (export "simd") (param i32) (result v128)
    (v128.store offset=16 (local.get 0) (v128.load32_splat (local.get 0)))
    (v128.store8_lane 3 (local.get 0) (v128.const i32x4 1 2 3 4))
    (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (v128.load8_lane 0 (local.get 0) (v128.const i64x2 1 2))
      (i32x4.relaxed_trunc_f32x4_s (v128.load (local.get 0)))))
  (func (export "atomic") (param i32) (result i32)
    (atomic.fence)
    (drop (i64.atomic.rmw16.add_u (local.get 0) (i64.const 1)))
    (i32.atomic.store8 (local.get 0) (i32.const 1))
    (drop (memory.atomic.wait32 (local.get 0) (i32.const 0) (i64.const 0)))
    (drop (memory.atomic.notify (local.get 0) (i32.const 1)))
    (i32.atomic.rmw.cmpxchg (local.get 0) (i32.const 0) (i32.atomic.load (local.get 0)))))
''',
    # References, tables, exceptions, garbage-collected types.
    'references': '''
(module
  (type $t (func (param i32) (result i32)))
  (rec (type $pair (struct (field $a (mut i32)) (field $b (ref null $bytes)))) (type $bytes (array (mut i8))))
  (type $sub (sub (struct (field i32))))
  (type $subsub (sub final $sub (struct (field i32) (field f64))))
  (import "env" "t" (table $imported 1 externref))
  (import "env" "g" (global $mutable (mut i64)))
  (import "env" "e" (tag $thrown (param i32)))
  (memory 1)
  (table $one 2 10 funcref)
  (table $two 1 (ref null $t))
  (elem $passive funcref (ref.func $f) (ref.null func))
  (elem declare func $g)
  (elem (table $two) (i32.const 0) (ref null $t) (ref.func $f))
  (global $r (ref $t) (ref.func $f))
  (global $e i32 (i32.add (i32.const 1) (i32.mul (i32.const 2) (i32.const 3))))
  (tag $mine (param i32 f64))
  (func $f (type $t) (call_ref $t (local.get 0) (global.get $r)))
  (func $g (export "g") (param $p (ref null $pair)) (param $x externref) (result i32) (local $l (ref $bytes))
    (local.set $l (array.new_default $bytes (i32.const 3)))
    (struct.set $pair $a (local.get $p) (array.get_u $bytes (local.get $l) (i32.const 0)))
    (table.init $one $passive (i32.const 0) (i32.const 0) (i32.const 1))
    (table.copy $one $one (i32.const 0) (i32.const 1) (i32.const 1))
    (table.set $imported (i32.const 0) (local.get $x))
    (drop (table.grow $one (ref.null func) (table.size $two)))
    (drop (ref.is_null (table.get $one (i32.const 0))))
    (drop (block $cast (result (ref $subsub))
      (drop (br_on_cast $cast (ref null $sub) (ref $subsub) (ref.null $sub)))
      (struct.new $subsub (i32.const 1) (f64.const 2))))
    (block $caught (result i32)
      (try_table (catch $thrown $caught) (throw $mine (i32.const 1) (f64.const 2)))
      (i31.get_s (ref.i31 (struct.get $pair $a (local.get $p))))))
  (func (export "old") (result i32)
    (try (result i32) (do (call_indirect $one (type $t) (i32.const 1) (i32.const 0)))
      (catch $thrown) (catch_all (rethrow 0)))))
''',
}

# A world whose every stage has something for the next pass to do.
STAGED_MANIFEST = '''
[world]
main = "hello"
[service.hello]
wasm = "staged-hello.wat"
[service.greet]
wasm = "staged-greet.wat"
provides = ["greeting"]
args = ["greet", "x"]
[[call]]
import = "greet.add"
abi = "scalar"
[[host]]
import = "env.log"
'''

STAGED_SERVICES = {
    'staged-hello': '''
(module
  (import "greeting" "fetch_" (func $fetch (param i32 i32 i32 i32) (result i64)))
  (import "greet" "add" (func $add (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "hello")
  (func (export "_start")
    (drop (call $fetch (i32.const 5) (i32.const 8) (i32.const 64) (i32.const 32)))
    (drop (call $write (i32.const 1) (call $add (i32.const 1) (i32.const 2)) (i32.load (i32.const 4)) (i32.const 0)))
    (drop (memory.grow (i32.const 1)))))
''',
    'staged-greet': '''
(module
  (import "env" "log" (func $log (param i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory 1)
  (global (export "g") (mut i32) (i32.const 0))
  (table (export "t") 1 funcref)
  (func (export "_initialize") (drop (call $args (i32.const 0) (i32.const 16))))
  (func (export "add") (param i32 i32) (result i32)
    (call $log (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    (i32.add (local.get 0) (local.get 1)))
  (func (export "fetch_") (param i32 i32 i32 i32) (result i64)
    (memory.copy (local.get 2) (local.get 1) (local.get 0))
    (call $exit (i32.const 0))
    (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 2)))))
''',
}


def go_function_table():
    '''Go's table of the functions in SHIMS['go'], as Go 1.25 and later write it: see src/go/pclntab.h.'''
    names, functions = ['syscall/js.valueGet', 'syscall/js.Value.Get', 'main.main'], b''
    text = b''.join(name.encode() + b'\0' for name in names)
    entries, offset = b'', 0
    for i, name in enumerate(names):
        entries += (4096 + i).to_bytes(4, 'little') + (8 * len(names) + 4 + 40 * i).to_bytes(4, 'little')
        functions += (4096 + i).to_bytes(4, 'little') + offset.to_bytes(4, 'little') + (32).to_bytes(4, 'little') + bytes(28)
        offset += len(name) + 1
    header = b'\xf1\xff\xff\xff\0\0\1\x08' + len(names).to_bytes(8, 'little')
    header += b''.join(word.to_bytes(8, 'little') for word in (0, 0, 72, 0, 0, 0, 72 + len(text)))
    table = header + text + entries + (4099).to_bytes(4, 'little') + functions
    return ''.join(f'\\{byte:02x}' for byte in table)


# Binaries that ask for JavaScript, as Go and TinyGo compile them, for the audit.
SHIMS = {
    'go': '''
(module
  (type $go (func (param i32) (result i32)))
  (import "gojs" "syscall/js.valueGet" (func $import (param i32)))
  (global $SP (mut i32) (i32.const 65536))
  (memory (export "mem") 2)
  (data (i32.const 1024) "documentfs")
  (data (i32.const 2048) "''' + go_function_table() + '''")
  (data (i32.const 5000) "\\00\\00\\02\\10")
  (table 4100 funcref)
  (elem (i32.const 4096) $valueGet $Get $main)
  (func (export "run") (param i32 i32) (drop (call_indirect (type $go) (i32.const 0) (local.get 0))))
  (func $valueGet (type $go)
    (local $sp i32)
    (local.set $sp (global.get $SP))
    (call $import (local.get $sp))
    (global.set $SP (i32.add (local.get $sp) (i32.const 8)))
    (i32.const 0))
  (func $Get (type $go)
    (local $sp i32)
    (local.set $sp (global.get $SP))
    (global.set $SP (local.tee $sp (i32.sub (local.get $sp) (i32.const 32))))
    (i64.store (local.get $sp) (i64.load offset=40 (local.get $sp)))
    (i64.store offset=8 (local.get $sp) (i64.load offset=48 (local.get $sp)))
    (i64.store offset=16 (local.get $sp) (i64.load offset=56 (local.get $sp)))
    (global.set $SP (local.tee $sp (i32.sub (local.get $sp) (i32.const 8))))
    (i64.store (local.get $sp) (i64.const 0x10010001))
    (call $valueGet (i32.const 0)))
  (func $main (type $go)
    (local $sp i32)
    (local.set $sp (global.get $SP))
    (block $end (loop $again (block $two (block $one (block $zero
      (br_table $zero $one $two (local.get 0)))
      (global.set $SP (local.tee $sp (i32.sub (local.get $sp) (i32.const 48))))
      (i64.store (local.get $sp) (i64.const 0x7ff8000100000005))
      (i64.store offset=8 (local.get $sp) (i64.const 1024))
      (i64.store (i32.wrap_i64 (i64.add (i64.extend_i32_u (local.get $sp)) (i64.const 16))) (i64.const 8))
      (global.set $SP (local.tee $sp (i32.sub (local.get $sp) (i32.const 8))))
      (i64.store (local.get $sp) (i64.const 0x10020001))
      (br_if $end (call $Get (i32.const 0))))
      (local.set $sp (global.get $SP))
      (if (i32.eqz (i32.load (i32.const 8))) (then (local.set 0 (i32.const 1)) (br $again))))
      (memory.copy (local.get $sp) (i32.const 1024) (i32.const 16))))
    (i32.const 0)))
''',
    'tinygo': '''
(module
  (type $v (func))
  (import "gojs" "syscall/js.valueGet" (func $get (param i64 i32 i32) (result i64)))
  (import "gojs" "syscall/js.valueCall" (func $call (param i32 i64 i32 i32 i32 i32 i32)))
  (global $sp (mut i32) (i32.const 65536))
  (global $state (mut i32) (i32.const 0))
  (memory (export "memory") 2)
  (data (i32.const 1024) "documentgetElementById")
  (table 2 funcref)
  (elem (i32.const 1) $main)
  (func (export "_start") (call_indirect (type $v) (i32.const 1)))
  (func (export "asyncify_get_state") (result i32) (global.get $state))
  (func $Get (param $ref i64) (param $p i32) (param $n i32) (result i64)
    (if (i32.eq (global.get $state) (i32.const 2)) (then (local.set $p (i32.load (i32.const 16)))))
    (block $out (result i64)
      (br_if $out (call $get (local.get $ref) (local.get $p) (local.get $n)) (i32.eqz (global.get $state)))
      (drop)
      (i64.const 0)))
  (func $main
    (local $p i32)
    (local.set $p (i32.const 1024))
    (loop $again
      (drop (call $Get (i64.const 0x7ff8000100000005) (local.get $p) (select (i32.const 8) (i32.const 2) (i32.const 1))))
      (br_if $again (i32.load (i32.const 4))))
    (call $call (global.get $sp) (i64.load (i32.const 8)) (i32.const 1032) (i32.const 14)
      (i32.const 0) (i32.const 0) (i32.const 0))))
''',
}

# Processes, which call parigot's kernel: of Go's compiler, by whose conventions they yield, and of others, by Asyncify.
PROCESSES = {
    'go': '''
(module
  (type $go (func (param i32) (result i32)))
  (import "parigot" "read_one_" (func $import.read_one (param i32 i32 i32 i32) (result i64)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $import.exit (param i32)))
  (global $SP (mut i32) (i32.const 0))
  (global $PAUSE (mut i32) (i32.const 0))
  (memory (export "memory") 1)
  (table 4100 funcref)
  (elem (i32.const 4096) $main $read_one $exit $loop)
  (func $main (type $go)
    (i64.store (i32.sub (global.get $SP) (i32.const 8)) (i64.const 268500992))
    (call $read_one (i32.const 0)))
  (func $read_one (type $go)
    (local $sp i32)
    (local.set $sp (global.get $SP))
    (i64.store offset=24 (local.get $sp)
      (call $import.read_one (i32.load offset=8 (local.get $sp)) (i32.load offset=12 (local.get $sp))
        (i32.load offset=16 (local.get $sp)) (i32.load offset=20 (local.get $sp))))
    (local.set $sp (global.get $SP))
    (global.set $SP (local.tee $sp (i32.add (local.get $sp) (i32.const 8))))
    (i32.const 0))
  (func $exit (type $go)
    (call $import.exit (i32.load offset=8 (global.get $SP)))
    (global.set $SP (i32.add (global.get $SP) (i32.const 8)))
    (i32.const 0))
  (func $loop
    (if (i32.eqz (global.get $PAUSE)) (then
      (loop $again
        (drop (call_indirect (type $go)
          (i32.load16_u (i32.sub (global.get $SP) (i32.const 8)))
          (i32.load16_u offset=2 (i32.sub (global.get $SP) (i32.const 8)))))
        (br_if $again (i32.eqz (global.get $PAUSE))))))
    (global.set $PAUSE (i32.const 0)))
  (func (export "_start")
    (global.set $SP (i32.const 1000))
    (drop (call $main (i32.const 0)))
    (call $loop)))
''',
    'c': '''
(module
  (type $i (func (param i32) (result i32)))
  (import "parigot" "read_one_" (func $read (param i32 i32 i32 i32) (result i64)))
  (import "parigot" "dispatch_" (func $dispatch (param i32 i32 i32 i32) (result i64)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (table 2 funcref)
  (elem (i32.const 0) $deep $wait)
  (func (export "malloc") (param i32) (result i32) (i32.const 65536))
  (func $wait (type $i) (local i64 f64)
    (local.set 1 (call $read (i32.const 0) (i32.const 0) (i32.const 1024) (i32.const 8)))
    (local.set 2 (f64.convert_i64_u (local.get 1)))
    (i32.add (i32.wrap_i64 (local.get 1)) (call $poll (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 8))))
  (func $deep (type $i)
    (if (result i32) (local.get 0)
      (then (i32.add (local.get 0) (call_indirect (type $i) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))))
      (else (call $wait (i32.const 1)))))
  (func (export "_start")
    (drop (call $dispatch (i32.const 0) (i32.const 0) (i32.const 1024) (i32.const 8)))
    (loop $again (br_if $again (call $deep (i32.const 3))))
    (call $exit (i32.const 7))))
''',
}

PROCESS_MANIFEST = '''
[world]
main = "%s"
[service.first]
wasm = "service.wasm"
[service.second]
wasm = "second.wasm"
'''

# The Go program as a service that asks nobody, for its lines. They come from the table alone.
GO_LINES = SHIMS['go'].replace('(import "gojs" "syscall/js.valueGet" (func $import (param i32)))', '(func $import (param i32))')
# Section producers of the tool conventions: processed-by, Go cmd/compile 1.25.
GO_PRODUCERS = b'\x09producers\x01\x0cprocessed-by\x01\x0eGo cmd/compile\x061.25.0'
