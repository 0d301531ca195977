"""Tables of functions, attacked: of more services than wasmtime accepts tables, so that one table has the functions of all. An index
reaches a function of the service itself, or traps, whatever it is.
"""
import json

from harness import engines, paths, process
from harness.report import first_or_pass
from harness.windings import wind

HERE = paths.TESTS / 'isolation'
SERVICES = 102
WINDINGS = ('one-isolated', 'one-isolated-O2', 'one-contained-O2')
HOSTS = {'node': 'host.mjs', 'wasmtime': 'host.py'}


def slots(number):
    """How many slots a service's table has. All but the first have functions."""
    return 2 + number % 4


def service(number):
    functions = ''.join(f'(func $f{slot} (result i64) (i64.const {100 * number + slot}))' for slot in range(1, slots(number)))
    names = ' '.join(f'$f{slot}' for slot in range(1, slots(number)))
    return f'''(module (memory 1) (table {slots(number)} funcref) (type $f (func (result i64))) {functions} (elem (i32.const 1) {names})
  (func (export "at") (param i32) (result i64) (call_indirect (type $f) (local.get 0))))'''


def front():
    imports = ''.join(f'(import "s{i}" "at" (func $s{i} (param i32) (result i64)))' for i in range(SERVICES))
    exports = ''.join(f'(func (export "s{i}") (param i32) (result i64) (call $s{i} (local.get 0)))' for i in range(SERVICES))
    return f'(module {imports} {exports})'


def manifest(work):
    text = '[world]\nmain = "front"\nmemory = "2MiB"\narena = "64KiB"\n[service.front]\nwasm = "tables-front.wat"\n'
    (work / 'tables-front.wat').write_text(front())
    for i in range(SERVICES):
        (work / f'tables-{i}.wat').write_text(service(i))
        text += f'[service.s{i}]\nwasm = "tables-{i}.wat"\n[[call]]\nimport = "s{i}.*"\nabi = "scalar"\n'
    path = work / 'tables.toml'
    path.write_text(text)
    return path


def plan():
    """[(call, what it gives)]; None: it traps."""
    near = [-1000, -6, -5, -4, -3, -2, -1, *range(10), 400, 1 << 30, (1 << 31) - 1]
    return [((f's{i}', slot), str(100 * i + slot) if 0 < slot < slots(i) else None) for i in range(SERVICES) for slot in near]


def attack(work, module, engine):
    """What is wrong, in lines."""
    path = work / 'tables.json'
    path.write_text(json.dumps({'file': str(module), 'calls': [call for call, _ in plan()], 'ranges': []}))
    got = json.loads(process.check([*engines.words(engine), HERE / HOSTS[engine], path], timeout=300))['outcomes']
    return [f'{call} gives {outcome}, and should {f"give {wanted}" if wanted else "trap"}'
            for (call, wanted), outcome in zip(plan(), got, strict=True) if (outcome if outcome.isdigit() else None) != wanted]


def test(work):
    """{name of the test: outcome}"""
    world, results = manifest(work), {}
    for winding in WINDINGS:
        module = wind(winding, world, work / f'tables-{winding}.wasm', '--verified', '-q')
        for engine in HOSTS:
            results[f'tables, {winding} on {engine}'] = first_or_pass(attack(work, module, engine), '{count} calls, the first: {first}')
    return results
