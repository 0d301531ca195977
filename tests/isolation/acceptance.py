#!/usr/bin/env python3
"""The worlds of other suites, wound isolated in every way: the verifier has to accept each.

    tests/isolation/acceptance.py                         the worlds of e2e, each way
    tests/isolation/acceptance.py e2e/nested parigot/hello   only these; also parigot1/NAME, and random/SEED of tests/fuzz/worlds
    tests/isolation/acceptance.py --levels O2,Oz --isolations contain --layouts single e2e/nested-go
    tests/isolation/acceptance.py --list                  the names of worlds

The suites of these worlds wind some of them with --isolate, where a failed proof is an error, so this is for changes of the
verifier, of checks and masks, and of Binaryen. It prints how many accesses to memory each world has, and which are not proved.
Each file is proved by `check --isolation`, from what is in it.
"""
import argparse
import json
import pathlib
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / 'fuzz/worlds'), str(HERE.parent / 'parigot')]
from harness import engines, parallel, paths, tools  # noqa: E402
from harness.report import Failure, Results  # noqa: E402
from harness.worlds import Case as Services  # noqa: E402

WORK = paths.work('acceptance')
LEVELS = ['O0', 'O1', 'O2', 'O3', 'O4', 'Os', 'Oz']
ISOLATIONS = ['exact', 'contain']
LAYOUTS = ['single', 'multi']
# What the cases of parigot's suite do not say in their manifests.
PROFILE = ['--profile', 'dev']


def e2e(name):
    case = Services(paths.TESTS / 'e2e/cases' / name, WORK / 'e2e' / name)
    case.prepare()
    return case.work / 'world.toml', []


def parigot(name, generation=''):
    from suite.cases import Case  # noqa: PLC0415
    from suite.generation1 import Generation1Case  # noqa: PLC0415
    case = (Generation1Case if generation else Case)(paths.TESTS / f'parigot/cases{generation}' / name)
    case.work = WORK / f'parigot{generation}' / name
    case.prepare()
    return case.work / 'deploy.toml', PROFILE


def random(seed):
    import case as cases  # noqa: PLC0415
    from generate import Generator  # noqa: PLC0415
    folder = paths.fresh(WORK / 'random' / seed)
    ours = cases.Tools()
    cases.write_services(Generator(int(seed), ours.wasm_opt, str(folder)).world(), ours, str(folder))
    return folder / 'world.toml', []


KINDS = {'e2e': e2e, 'parigot': parigot, 'parigot1': lambda name: parigot(name, '1'), 'random': random}
FOLDERS = {'e2e': 'e2e/cases', 'parigot': 'parigot/cases', 'parigot1': 'parigot/cases1'}


def names(kinds):
    return [f'{kind}/{folder.name}' for kind in kinds for folder in sorted((paths.TESTS / FOLDERS[kind]).iterdir()) if folder.is_dir()]


def windings(options):
    return [(isolation, layout, level) for isolation in options.isolations for layout in options.layouts for level in options.levels]


def prove(manifest, winding, more, counts):
    """Winds a world and proves the file."""
    isolation, layout, level = winding
    output = manifest.parent / f'{"-".join(winding)}.wasm'
    options = [f'--isolate={isolation}', f'--memory={layout}', f'-{level}', '--unverified', '-q']
    tools.build(manifest, output, *options, *more)
    done = tools.parigot_opt('check', '--isolation', '--json', output)
    output.unlink()
    if not done.stdout:
        raise Failure(done.stderr)
    proof = json.loads(done.stdout)
    counts.append(proof['accesses'])
    if proof['unproved']:
        some = [f'{it["function"]}: {it["reason"]}' for it in proof['unproved'][:5]]
        raise Failure(f'of {proof["accesses"]} accesses {len(proof["unproved"])} are not proved, the first: {"; ".join(some)}')


def accept(name, options, results, counts):
    kind, rest = name.split('/')
    made = []
    if not results.test(f'{name}/prepare', lambda: made.append(KINDS[kind](rest))):
        return
    (manifest, more), = made
    for winding in windings(options):
        results.test(f'{name}/{"-".join(winding)}', lambda: prove(manifest, winding, more, counts))  # noqa: B023


def words_of(allowed):
    def parse(text):
        words = text.split(',')
        if wrong := set(words) - set(allowed):
            raise argparse.ArgumentTypeError(f'{", ".join(sorted(wrong))}: none of {", ".join(allowed)}')
        return words
    return parse


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('world', nargs='*')
    for what, allowed in (('levels', LEVELS), ('isolations', ISOLATIONS), ('layouts', LAYOUTS)):
        parser.add_argument(f'--{what}', type=words_of(allowed), default=allowed, metavar=','.join(allowed))
    parser.add_argument('--list', action='store_true')
    options = parser.parse_args()
    if options.list:
        print('\n'.join(names(FOLDERS)))
        return 0
    engines.load()
    paths.lock('acceptance')
    results, counts = Results('acceptance'), []
    wanted = options.world or names(['e2e'])
    parallel.run_all([lambda n=name: accept(n, options, results, counts) for name in wanted])
    print(f'{len(counts)} files with {sum(counts)} accesses to memory')
    return results.finish()


if __name__ == '__main__':
    sys.exit(main())
