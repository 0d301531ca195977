"""Contained services, attacked: no access reaches what is not the service's own, wherever its region lies.

Each instruction of service.py with each offset, and the functions of stack.wat, which misuse a stack pointer in every way in which a
mask may be left out, get hostile addresses. Before that, the host fills all bytes outside of the service's window and its gaps;
afterwards they have to be what they were, and no call may have returned one. What does not trap alone has to do what it does alone.
"""
import json
import re

import service
from harness import engines, paths, process, tools
from harness.report import first_or_pass
from harness.windings import wind

HERE = paths.TESTS / 'isolation'
PAGE = 65536
REGION, ARENA = 1 << 20, 1 << 16  # bytes, of each service

# The service that is tested lies first, between others, or last, where an address needs a lower bound only; or last, and grows.
# The numbers of memory instructions of the two others decide that.
PLACES = {'first': (1, 2), 'middle': (9000, 8000), 'last': (9000, 1), 'growing': (1, 2)}
WINDINGS = [*((place, 'one-contained') for place in PLACES), ('first', 'one-contained-O2'), ('middle', 'one-contained-O2'),
            ('last', 'one-contained-O2'), ('growing', 'one-contained-O2'), ('middle', 'one-contained-folded'), ('last', 'one-contained-folded'),
            ('middle', 'multi-contained-single')]
# Of the functions of stack.wat, those that leave the memory with an address in it, too.
OUTSIDE = ('offsets', 'wide', 'large', 'tees', 'wrapped', 'zero', 'above')
IMPORT = '(import "other" "go" (func $go (param i32 i32) (result i64)))'
NO_IMPORT = '(func $go (param i32 i32) (result i64) (i64.const 0))'


def stack():
    return (HERE / 'stack.wat').read_text()


def tested():
    """The service: that of service.py, without a service that calls it back, and with the functions of stack.wat."""
    text = service.text()
    assert IMPORT in text
    text = text.replace(IMPORT, '').rstrip().removesuffix(')')
    return f'{text}{NO_IMPORT}{stack()})'


def signatures():
    """[(export, how many i32 it takes)]"""
    return [it for it in service.signatures() if it[0] != 'nested'] + [(name, 2) for name in re.findall(r'\(func \(export "(\w+)"\)', stack())]


def addresses(window):
    """Where masks may be wrong by one, where other regions are, and some without a pattern."""
    edges = {0, PAGE, REGION - ARENA, REGION, window, 2 * window, 3 * window, 1 << 31, -window, -2 * window, -3 * window, -REGION, -PAGE}
    near = {(edge + by) % (1 << 32) for edge in edges for by in (-65537, -65520, -17, -8, -1, 0, 1, 8, 65521)}
    return sorted(near | {(number * 2654435761) % (1 << 32) for number in range(1, 12)})


def hostile(window):
    """[(export, args...)]"""
    some = addresses(window)
    plan = [[export, address] for number, (export, _, _) in enumerate(service.functions()) for address in some[number % 4::4]]
    for address in some:
        for length in (1, 13, PAGE, 0xffffffff):
            plan += [['fill', address, 7, length], ['copy', address, 16, length], ['copy', 16, address, length], ['init', address, 0, length % 14]]
        plan += [[name, address, steps] for name, count in signatures() if count == 2 for steps in (0, 1, 3, 300)]
    return plan


def right():
    """Calls that are no attack: [(export, args...)]"""
    functions = service.functions()
    plan = [[export, address] for export, _, reach in functions if reach < PAGE for address in (0, 64, 2 * PAGE - reach)]
    plan += [['fill', 1024, 7, 13], ['copy', 2048, 16, 1000], ['init', 0, 0, 13], ['grow', 1], ['size', 0]]
    return plan + [[name, address, 1] for name, count in signatures() if count == 2 and name not in OUTSIDE
                   for address in (PAGE + 64, 2 * PAGE - 64)]


def front():
    """A main service without a memory, whose exports are those of the tested one."""
    lines = [f'(import "tested" "{name}" (func ${name} (param{" i32" * count}) (result i64)))' for name, count in signatures()]
    for name, count in signatures():
        values = ' '.join(f'(local.get {i})' for i in range(count))
        lines.append(f'(func (export "{name}") (param{" i32" * count}) (result i64) (call ${name} {values}))')
    return '\n'.join(['(module', *lines, ')'])


def beside(accesses):
    return f'(module (memory 2) (data (i32.const 0) "beside") (func (export "f") {"(drop (i32.load (i32.const 0)))" * accesses}))'


def manifest(place):
    text = '[world]\nmain = "front"\n[service.front]\nwasm = "contained-front.wat"\n'
    for name in ('a', 'tested', 'b'):
        size = '"fit"\ngrow = true' if name == 'tested' and place == 'growing' else REGION
        text += f'[service.{name}]\nwasm = "contained-{place if name != "tested" else ""}{name}.wat"\nmemory = {size}\narena = {ARENA}\n'
    return text + '[[call]]\nimport = "tested.*"\nabi = "scalar"\n'


def regions(module):
    world = tools.inspect(module)['world']
    return {it['name']: it['memory']['region'] for it in world['services'] if 'memory' in it}


def place_of(name, all_regions):
    order = sorted(all_regions, key=lambda other: all_regions[other]['base'])
    return {0: 'first', len(order) - 1: 'last'}.get(order.index(name), 'middle')


def attack(work, place, winding, plan):
    """What is wrong with a winding, in lines."""
    path = work / f'contained-{place}.toml'
    path.write_text(manifest(place))
    for name, accesses in zip('ab', PLACES[place]):
        (work / f'contained-{place}{name}.wat').write_text(beside(accesses))
    module = wind(winding, path, work / f'contained-{place}-{winding}.wasm')
    where = regions(module)
    region = where['tested']
    if place_of('tested', where) != place.replace('growing', 'last'):
        raise RuntimeError(f'the tested service is not where the test wants it: {where}')
    start = region['base'] - (ARENA if place == 'growing' else 0)
    own = [start - region['gapBelow'], start + region['window'] + region['gapAbove']]
    said = host(work, {'file': str(module), 'own': own, 'calls': hostile(region['window'])})
    if said['outside'] < REGION:
        raise RuntimeError('there is nothing that it could reach')
    wrong = said['wrong']
    return wrong + [f'{call}: {wound}, alone: {alone}'
                    for (call, alone), wound in zip(plan, outcomes(work, module, plan)) if alone != wound]


def host(work, plan):
    path = work / 'contained.json'
    path.write_text(json.dumps(plan))
    return json.loads(process.check([*engines.node(), HERE / 'contained.mjs', path], timeout=300))


def outcomes(work, module, plan):
    path = work / 'contained-right.json'
    path.write_text(json.dumps({'file': str(module), 'calls': [call for call, _ in plan], 'ranges': []}))
    return json.loads(process.check([*engines.node(), HERE / 'host.mjs', path], timeout=300))['outcomes']


def test(work):
    """{name of the test: outcome}"""
    (work / 'contained-tested.wat').write_text(tested())
    (work / 'contained-front.wat').write_text(front())
    alone = work / 'contained-alone.wasm'
    tools.assemble(work / 'contained-tested.wat', alone, '-all', '--disable-custom-descriptors')
    plan = [(call, None) for call in right()]
    plan = [(call, outcome) for (call, _), outcome in zip(plan, outcomes(work, alone, plan))]
    if trapping := [call for call, outcome in plan if 'out of bounds' in outcome]:
        raise RuntimeError(f'alone, these are no right calls: {trapping[:5]}')
    return {f'{place}, {winding}': first_or_pass(attack(work, place, winding, plan), '{count} calls, the first: {first}')
            for place, winding in WINDINGS}
