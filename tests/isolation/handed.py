"""Arrays of buffers, attacked while the host has them: an attacker hands one to the host, and the host calls it back before it reads
the array. The attacker looks for the translated array in its arena, where adapters make it, and wherever it can write near its memory,
and puts the address of a secret of another service into it. The host must get the attacker's own bytes.
"""
import json

from harness import engines, paths, process, tools
from harness.report import fail, PASS

HERE = paths.TESTS / 'isolation'
REGION, ARENA = 1 << 20, 1 << 16  # bytes, of each service
OWN, SECRET = 'own bytes of me!', 'secret of victim'
WINDINGS = {'exact': ['--isolate'], 'exact, -O2': ['--isolate', '-O2'], 'contained': ['--isolate=contain'],
            'contained, -O2': ['--isolate=contain', '-O2'], 'exact, multi': ['--isolate', '--memory=multi'],
            'contained, multi': ['--isolate=contain', '--memory=multi'], 'none': ['--isolate=none']}

# `change` replaces every address before a length of 16, from an address on; where it may not look it traps, and goes on behind that.
ATTACKER = f'''(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "victim" "touch" (func $touch))
  (memory (export "memory") 1)
  (data (i32.const 64) "{OWN}")
  (func (export "change") (param $p i32) (param $bytes i32) (param $secret i32) (local $end i32)
    (local.set $end (i32.add (local.get $p) (local.get $bytes)))
    (loop $next
      (if (i32.eq (i32.load offset=4 (local.get $p)) (i32.const 16))
        (then (i32.store (local.get $p) (local.get $secret))))
      (br_if $next (i32.ne (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end)))))
  (func (export "_start")
    (call $touch)
    (i32.store (i32.const 8) (i32.const 64)) (i32.store (i32.const 12) (i32.const 16))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 32)))))
'''
VICTIM = f'''(module (memory (export "memory") 1) (data (i32.const 0) "{SECRET}")
  (func (export "touch") (drop (i32.load (i32.const 0)))))
'''
MANIFEST = f'''[world]
main = "attacker"
memory = {REGION}
arena = {ARENA}
[service.attacker]
wasm = "handed-attacker.wat"
[service.victim]
wasm = "handed-victim.wat"
[[call]]
import = "victim.*"
abi = "scalar"
'''


def places(region):
    """Where the attacker looks, in its own addresses: [first, bytes]."""
    return [[8, 8], [REGION - ARENA, 1024], [region['bytes'] - 8, 64], [128, 512], [(1 << 32) - 65536, 65536], [REGION, 131072]]


def attempt(work, name, options):
    module = work / 'handed.wasm'
    tools.build(work / 'handed.toml', module, *options, '-q')
    regions = {it['name']: it['memory']['region'] for it in tools.inspect(module)['world']['services'] if 'memory' in it}
    plan = {'file': str(module), 'places': places(regions['attacker']), 'secret': regions['victim']['base']}
    (work / 'handed.json').write_text(json.dumps(plan))
    said = json.loads(process.check([*engines.node(), HERE / 'handed.mjs', work / 'handed.json'], timeout=60))
    # Without isolation the attack has to succeed: otherwise it would show nothing. With a memory each, there is no secret at any
    # address that the attacker can choose.
    expected = [SECRET] if name == 'none' else [OWN, 'no bytes'] if 'multi' in name else [OWN]
    return PASS if len(said['written']) == 1 and said['written'][0] in expected else fail(f'the host has {said["written"]}, not {expected}')


def test(work):
    """{name of the test: outcome}"""
    for name, text in {'handed-attacker.wat': ATTACKER, 'handed-victim.wat': VICTIM, 'handed.toml': MANIFEST}.items():
        (work / name).write_text(text)
    return {f'handed buffers, {name}': attempt(work, name, options) for name, options in WINDINGS.items()}
