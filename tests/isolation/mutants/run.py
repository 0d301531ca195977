#!/usr/bin/env python3
"""Mutants of verified worlds: whatever the verifier accepts must not reach outside of its service.

    tests/isolation/mutants/run.py                            120 mutants of each of twelve worlds, what test.sh runs
    tests/isolation/mutants/run.py --count 100000 --seed 1    in all, of all worlds
    tests/isolation/mutants/run.py --world elsewhere-O2 --number 17     one, whose file stays

mutate_tool.cpp removes, weakens or moves one thing in the code of a world that the verifier accepts: a check, a constant, an
offset, an operator, a call, a global. Each mutant that the verifier still accepts runs on Node, where calls with addresses at
every edge must not change, or see, a byte or a global of another service. Of those that it refuses, some run too, and many have
to reach outside: if none did, the test would show nothing.
"""
import argparse
import collections
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
import target  # noqa: E402
from harness import engines, parallel, paths, process, tools  # noqa: E402
from harness.report import PASS, fail, report, skip  # noqa: E402

WORK = paths.work('mutants')
HERE = pathlib.Path(__file__).resolve().parent
TOOL = paths.BUILD / 'bin/isolation-mutants'
HEAVY = 5000  # instructions that touch memory: of the services with the most, one is at base 0, and another last
SECONDS = 0.5  # of a processor, for a mutant that may not end; others take some hundredths
MUTANTS = 120  # of each world
CHUNK = 500    # mutants whose files lie there at a time
KEPT_OUTSIDE = 5  # of up to 60 refused mutants of a world, so many at least have to reach outside

# name -> (accesses of the services `low` and `high`, options)
WORLDS = {
    'first': ((1, 1), ['--isolate']),
    'first-O2': ((1, 1), ['--isolate', '-O2']),
    'elsewhere': ((HEAVY, 1), ['--isolate']),
    'elsewhere-O2': ((HEAVY, 1), ['--isolate', '-O2']),
    'elsewhere-O3-folded': ((HEAVY, 1), ['--isolate', '-O3', '--fold-bases']),
    'multi': ((1, 1), ['--isolate', '--memory=multi']),
    'contained-first-O2': ((1, 1), ['--isolate=contain', '-O2']),
    'contained-elsewhere': ((HEAVY, 1), ['--isolate=contain']),
    'contained-elsewhere-O2': ((HEAVY, 1), ['--isolate=contain', '-O2']),
    'contained-elsewhere-O3': ((HEAVY, 1), ['--isolate=contain', '-O3']),
    'contained-elsewhere-Oz': ((HEAVY, 1), ['--isolate=contain', '-Oz']),
    'contained-between-Oz': ((HEAVY, HEAVY), ['--isolate=contain', '-Oz']),
}


def build(name):
    """The world, and the places of what is not the target's: [export of a memory, begin, end]."""
    (low, high), options = WORLDS[name]
    folder = paths.fresh(WORK / name)
    for file, text in {'target.wat': target.target(), 'low.wat': target.beside('low', low), 'high.wat': target.beside('high', high),
                       'front.wat': target.front(), 'world.toml': target.manifest()}.items():
        (folder / file).write_text(text)
    output = folder / 'world.wasm'
    tools.build(folder / 'world.toml', output, *options)
    world = tools.inspect(output)['world']
    regions = {service['name']: service['memory']['region'] for service in world['services'] if 'memory' in service}
    if world['layout'] == 'multi':
        return output, [[f'{service}/parigot.memory', 0, 1 << 30] for service in ('low', 'high')]
    region = regions['target']
    # A contained service may touch its window, and the gaps around it, which are nobody's.
    begin = max(region['base'] - region.get('gapBelow', 0), 0)
    end = 1 << 32 if region.get('last') else region['base'] + region.get('window', region['bytes']) + region.get('gapAbove', 0)
    return output, [['memory', 0, begin], ['memory', end, 1 << 32]]


def calls():
    """Each function with addresses at edges of the memory, the regions and the address space."""
    page, region = target.PAGE, 4 * target.PAGE
    edges = {0, page, region - page, region, 2 * region, 3 * region, 1 << 31, -region, -2 * region, -(1 << 16), 200000, -page - region}
    addresses = sorted({(edge + by) % (1 << 32) for edge in edges for by in (-20, -1, 0, 24)})
    plan = []
    for number in range(len(target.SHAPES)):
        for i, p in enumerate(addresses):
            plan.append([f'f{number}', p, addresses[(i * 7 + 3) % len(addresses)], (0, 1, 17, page, region)[i % 5]])
            plan.append([f'f{number}', 128 + 8 * i, p, (2, 1, 3, 200000)[i % 4]])
    return plan


def run(folder, name, files, outside, exports=None, seconds=SECONDS):
    """What became of each file: {file: outcome}. `exports`: the functions to call, by the file's name."""
    plan = folder / f'{name}.json'
    plan.write_text(json.dumps({'files': [str(file) for file in files], 'seconds': seconds, 'outside': outside, 'calls': calls(),
                                'exports': {str(file): exports[file.stem] for file in files} if exports else {}}))
    printed = process.check([*engines.node(), HERE / 'host.mjs', plan], timeout=3600)
    return {pathlib.Path(line['file']): line['outcome'] for line in map(json.loads, printed.splitlines())}


def test(name, first, count):
    output, outside = build(name)
    folder = output.parent
    unchanged = run(folder, 'unchanged', [output], outside, seconds=60)[output]
    if unchanged != 'inside':
        return fail(f'the world itself: {unchanged}')
    sums = collections.Counter()
    kinds = {}
    wrong = {}
    for begin in range(first, first + count, CHUNK):
        made = json.loads(process.check([TOOL, output, str(begin), str(min(CHUNK, first + count - begin)), folder], timeout=3600))
        for which in ('kept', 'accepted'):
            files = [folder / f'{number}.wasm' for number in made[which]]
            outcomes = run(folder, which, files, outside, made['exports'])
            reaching = {file.stem: outcome for file, outcome in outcomes.items() if outcome.startswith('outside')}
            sums[which] += len(files)
            sums[f'{which} outside'] += len(reaching)
            sums['endless'] += sum(outcome == 'endless' for outcome in outcomes.values())
            wrong |= reaching if which == 'accepted' else {}
            for file in files:
                if count > 1 and (which == 'kept' or file.stem not in reaching):
                    file.unlink()
        sums.update({what: made[what] for what in ('refused', 'invalid')})
        for kind, (accepted, refused) in made['kinds'].items():
            before = kinds.get(kind, (0, 0))
            kinds[kind] = (before[0] + accepted, before[1] + refused)
    print(f"{name}: {count} mutants: {sums['refused']} refused ({sums['kept outside']} of {sums['kept']} that ran reach outside), "
          f"{sums['accepted']} accepted ({sums['accepted outside']} reach outside), {sums['endless']} do not end, "
          f"{sums['invalid']} not valid; accepted and refused by kind: {kinds}", flush=True)
    if wrong:
        return fail(f'{len(wrong)} mutants are accepted and reach outside: {dict(list(wrong.items())[:5])}')
    if count >= MUTANTS and sums['kept outside'] < KEPT_OUTSIDE:
        return fail(f"only {sums['kept outside']} of {sums['kept']} refused mutants reach outside: the calls show too little")
    return PASS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--count', type=int, default=MUTANTS * len(WORLDS), help='mutants of all worlds together')
    parser.add_argument('--seed', type=int, default=0, help='the number of the first mutant')
    parser.add_argument('--world', choices=WORLDS)
    parser.add_argument('--number', type=int, help='only this mutant')
    options = parser.parse_args()
    paths.lock('mutants')
    node, why = engines.find('PARIGOT_NODE')
    if not node:
        return report('mutants', {'node': skip(f'missing tool: {why}')})
    worlds = [options.world] if options.world else list(WORLDS)
    first, count = (options.seed, options.count // len(worlds)) if options.number is None else (options.number, 1)
    return report('mutants', dict(zip(worlds, parallel.results(lambda name: test(name, first, count), worlds))))


if __name__ == '__main__':
    sys.exit(main())
