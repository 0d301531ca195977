#!/usr/bin/env python3
"""Isolated services, attacked: every instruction that touches memory at every edge there is.

    tests/isolation/run.py                 all windings, Node and wasmtime

The service of service.py runs alone, and in worlds with --isolate: in both layouts, with and without -O2, at base 0 and
elsewhere (a main service that exports functions is at base 0, so there another is main, and hands calls on), also where it
grows with the world's memory and has its arena below, directly and while a call to it is in flight. Each access has to give the same
value or the same trap as alone; in the end its memory has to hold the same, and that of the service beside it what it held in the
beginning. contained.py has what is asked of contained services, handed.py
what of arrays that the host reads late, tables.py what of indirect calls.
"""
import json
import os
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import contained  # noqa: E402
import handed  # noqa: E402
import service  # noqa: E402
import tables  # noqa: E402
from harness import engines, paths, process, tools  # noqa: E402
from harness.report import Skip, first_or_pass, report, skip  # noqa: E402
from harness.windings import options  # noqa: E402

WORK = paths.work('isolation')
HERE = paths.TESTS / 'isolation'

PAGE = 65536
REGION, ARENA = 1 << 24, 1 << 20  # bytes, of each service
MOST_PAGES = 5                    # as the service declares it
# A call in flight takes an error, a reply buffer and the request: 16, 32 and 8 bytes, rounded to 64.
IN_FLIGHT, REQUEST_AT, CAPACITY = 64, 48, 32

HOSTS = {'node': 'host.mjs', 'wasmtime': 'host.py'}

WINDINGS = {
    'single at 0': (options('one-isolated'), 1),
    'single elsewhere': (options('one-isolated'), 5000),
    'single elsewhere, folded': (options('one-isolated-folded'), 5000),
    'single elsewhere, -O2': (options('one-isolated-O2'), 5000),
    'single growing': (options('one-isolated'), 5000),
    'single growing, folded': (options('one-isolated-folded'), 5000),
    'single growing, -O2': (options('one-isolated-O2'), 5000),
    'multi': (options('multi-isolated'), 1),
    'multi, -O2': (options('multi-isolated-O2'), 1),
}

MANIFEST = f'''
[world]
main = "{{main}}"
[service.tested]
wasm = "tested.wat"
memory = {REGION}
arena = {ARENA}
[service.other]
wasm = "{{other}}.wat"
memory = {REGION}
arena = {ARENA}
[[call]]
import = "other.go"
abi = "scalar"
[[call]]
client = "other"
import = "tested.*"
abi = "parigot"
capacity = {CAPACITY}
'''
FRONT = '''
[service.front]
wasm = "front.wat"
[[call]]
client = "front"
import = "tested.*"
abi = "scalar"
'''


def write(name, content):
    with open(os.path.join(WORK, name), 'w', encoding='utf-8') as file:
        file.write(content)


def addresses(reach, size):
    """Where an access that reaches so many bytes from its address may be right or wrong by one."""
    edges = {size - reach, size - 1, size, REGION - ARENA, REGION - reach, REGION, 2 * REGION, -REGION, -2 * REGION, -reach,
             REGION - ARENA + IN_FLIGHT - reach, 1 << 31, -ARENA - reach, -ARENA, -ARENA + IN_FLIGHT - reach}
    return sorted({(edge + by) % (1 << 32) for edge in edges for by in (-1, 0, 1)} | {0})


def calls():
    """[(export, args...)]: all of it with two pages, and again with three; then some while a call is in flight. Those come last: a
    trap leaves the arena in use, as it leaves the stack of a service, so these stay away from the arena."""
    plan, nested = [], []
    for pages in (2, 3):
        size = pages * PAGE
        for number, (export, _, reach) in enumerate(service.functions()):
            for address in addresses(reach, size):
                plan.append([export, address])
                in_arena = REGION - ARENA - reach < address < REGION or address > (1 << 32) - ARENA - reach
                if not in_arena and number % 7 == 0 and pages == 3:
                    nested.append(['nested', number, address])
        for length in (0, 1, 13, 65536, 0xffffffff):
            for to in addresses(length, size):
                plan.append(['fill', to, 7, length])
                plan.append(['init', to, 0, length])
                plan.append(['copy', to, 16, length])
                plan.append(['copy', 16, to, length])
        plan += [['init', 0, 13, 0], ['init', 0, 14, 0], ['effects', 0], ['size', 0], ['grow', MOST_PAGES]]
        plan += [['grow', 1], ['size', 0]] * (pages == 2)
    return plan, nested


def arena_calls(grows):
    """Reads relative to a request in flight, and whether they are the service's to make; those that trap last. Beyond an arena that
    lies below is the service's own memory."""
    return [(['nested', 0xffffffff, by % (1 << 32)], -REQUEST_AT <= by < IN_FLIGHT - REQUEST_AT or (grows and by == ARENA))
            for by in (-REQUEST_AT, -1, 0, IN_FLIGHT - REQUEST_AT - 1,
                       -REQUEST_AT - 1, IN_FLIGHT - REQUEST_AT, ARENA, 1 << 23)]


def run(engine, name, plan):
    path = os.path.join(WORK, f'{name}.{engine}.json')
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(plan, file)
    return json.loads(process.check([*engines.words(engine), HERE / HOSTS[engine], path], timeout=600))


def front():
    """A main service without a memory, whose exports are those of the tested one."""
    imports, exports = [], []
    for export, count in service.signatures():
        params = f'(param{" i32" * count})' if count else ''
        values = ' '.join(f'(local.get {i})' for i in range(count))
        imports.append(f'(import "tested" "{export}" (func ${export} {params} (result i64)))')
        exports.append(f'(func (export "{export}") {params} (result i64) (call ${export} {values}))')
    return '\n'.join(['(module', *imports, *exports, ')'])


def wind(name, how, accesses, grows):
    """The world, and where its memories are: [export, first byte, bytes] of the tested service and of the other."""
    write(f'other{accesses}.wat', service.beside(accesses))
    elsewhere = accesses > 1
    write('front.wat', front())
    manifest = MANIFEST.format(other=f'other{accesses}', main='front' if elsewhere else 'tested')
    if grows:
        manifest = manifest.replace(f'memory = {REGION}', 'memory = "fit"\ngrow = true', 1)
    write(f'{name}.toml', manifest + (FRONT if elsewhere else ''))
    output = os.path.join(WORK, f'{name}.wasm')
    tools.build(os.path.join(WORK, f'{name}.toml'), output, *how)
    world = tools.inspect(output)['world']
    single = world['layout'] == 'single'
    base = {entry['name']: entry['memory']['region']['base'] if single else 0 for entry in world['services'] if entry['name'] != 'front'}
    if single and (base['tested'] == 0) == elsewhere:
        raise RuntimeError('the tested service is not where the test wants it')
    return output, {who: ['memory' if single else f'{who}/parigot.memory', base[who], 2 * PAGE] for who in base}


def alike(what, alone, wound):
    """Atomics that are both out of bounds and not aligned may say either; a trap it is."""
    return alone == wound or ('atomic' in what and not alone.lstrip('-').isdigit() and not wound.lstrip('-').isdigit())


def test(engine, name, how, accesses, reference):
    """What is wrong with a winding, in lines."""
    grows = 'growing' in name
    output, where = wind(name.replace(' ', '-').replace(',', ''), how, accesses, grows)
    plan, nested = calls()
    arena = arena_calls(grows)
    tested = where['tested']
    # The other service keeps the bytes of its calls at 64; the rest has to stay.
    other = [[where['other'][0], where['other'][1] + start, length] for start, length in ((0, 64), (128, 2 * PAGE - 128))]
    got = run(engine, name.replace(' ', '-').replace(',', ''),
              {'file': output, 'calls': plan + [call for call, _ in arena] + nested, 'ranges': [tested, *other]})
    functions = {export: what for export, what, _ in service.functions()}
    numbers = [what for _, what, _ in service.functions()]
    wrong = []
    first, last = len(plan), len(plan) + len(arena)
    compared = zip(plan + nested, reference['outcomes'], got['outcomes'][:first] + got['outcomes'][last:])
    for call, alone, wound in compared:
        what = functions.get(call[0], numbers[call[1]] if call[0] == 'nested' else '')
        if not alike(what, alone, wound):
            wrong.append(f'{call} ({what}): {wound}, alone: {alone}')
    for (call, allowed), outcome in zip(arena, got['outcomes'][first:last]):
        if (outcome != 'out of bounds') != allowed:
            wrong.append(f'{call}: {outcome}')
    if got['memories'][0] != reference['memories'][0]:
        wrong.append('its memory is not as alone')
    if got['memories'][1:] != reference['other']:
        wrong.append('the memory of the service beside it has changed')
    return wrong


def main():
    paths.lock('isolation')
    results = {}
    write('tested.wat', service.text())
    alone = os.path.join(WORK, 'tested.wasm')
    tools.assemble(os.path.join(WORK, 'tested.wat'), alone, '-all', '--disable-custom-descriptors')
    for engine in HOSTS:
        try:
            reference = run(engine, 'alone', {'file': alone, 'calls': sum(calls(), []), 'ranges': [['memory', 0, 2 * PAGE]]})
        except Skip as why:
            results[engine] = skip(str(why))
            continue
        write('untouched.wat', '(module (memory (export "memory") 2) (data (i32.const 0) "the other service"))')
        untouched = os.path.join(WORK, 'untouched.wasm')
        tools.assemble(os.path.join(WORK, 'untouched.wat'), untouched)
        reference['other'] = run(engine, 'untouched', {'file': untouched, 'calls': [], 'ranges': [
            ['memory', 0, 64], ['memory', 128, 2 * PAGE - 128]]})['memories']
        for name, (how, accesses) in WINDINGS.items():
            wrong = test(engine, name, how, accesses, reference)
            results[f'{name} on {engine}'] = first_or_pass(wrong, '{count} accesses differ, the first: {first}')
    try:
        results.update(handed.test(WORK))
        results.update(contained.test(WORK))
        results.update(tables.test(WORK))
    except Skip as why:
        results['contained'] = skip(str(why))
    print(f'{len(sum(calls(), []))} accesses in each')
    return report('isolation', results)


if __name__ == '__main__':
    sys.exit(main())
