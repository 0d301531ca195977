#!/usr/bin/env python3
"""Random worlds: what services do in one module must be what they do apart.

    tests/fuzz/worlds/run.py                           the first 50 worlds
    tests/fuzz/worlds/run.py --count 2000 --seed 51    others
    tests/fuzz/worlds/run.py --seconds 3600 --seed 51  as many as fit
    tests/fuzz/worlds/run.py --case 17                 one again; its files stay in build/tests/worlds/17
    tests/fuzz/worlds/run.py --case 17 --reduce        with what does not matter taken away

A seed makes the same world everywhere: 2 to 6 services, random code by generate.py or by wasm-opt's own fuzzer, calls by every ABI,
bound in every way. It is run apart, each service an instance of its own with a host between them, and wound in several ways (the
windings of case.py), by Node or wasmtime, both in turn. Results, traps, what the host was told, in which order, and in the end
the memory of every service have to agree. Every fourth world is wild: it accesses memory out of bounds, and is wound with
--isolate only.
"""
import argparse
import collections
import itertools
import os
import pathlib
import shutil
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
import case as cases  # noqa: E402
import hosting  # noqa: E402
import reduce  # noqa: E402
from generate import Generator  # noqa: E402
from harness import parallel, paths  # noqa: E402
from harness.report import PASS, fail, report, skip  # noqa: E402

KEPT = paths.work('worlds')


class Checker:
    """What one thread works with: a folder, and the engines in it."""

    def __init__(self, tools, makers, folder):
        self.tools, self.folder = tools, folder
        self.facts = collections.Counter()
        self.engines = [make() for _, make in sorted(makers.items())]

    def world(self, seed):
        os.makedirs(self.folder, exist_ok=True)
        return Generator(seed, self.tools.wasm_opt, self.folder).world()

    def engines_for(self, world, every):
        return self.engines if every else [self.engines[world.seed // 2 % len(self.engines)]]

    def check(self, world, windings, every=False, engine=None):
        """[(winding, engine, lines)] of what went wrong; counts in `self.facts` what happened."""
        cases.write_services(world, self.tools, self.folder)
        found, apart = [], {}
        self.facts = collections.Counter()
        for winding in windings:
            try:
                file, inspected = cases.wind(self.tools, self.folder, winding)
            except cases.Broken as broken:
                found.append((winding, None, [str(broken)]))
                continue
            for host in [engine] if engine else self.engines_for(world, every):
                if host not in apart:
                    apart[host] = host.ask(cases.apart_request(world, self.folder, inspected['world']['init']))
                    self.count(apart[host])
                lines = cases.differences(world, winding, apart[host], host.ask(cases.one_request(world, file, inspected)))
                if lines:
                    found.append((winding, host, lines))
        return found

    def count(self, answer):
        """What happened, so that the end can tell whether enough does."""
        self.facts['calls into worlds'] += len(answer.get('steps', []))
        self.facts['of them trapped'] += sum('trap' in step for step in answer.get('steps', []))
        self.facts['worlds trapped when coming up'] += 'trap' in answer.get('up', {})
        self.facts['lines logged'] += answer.get('lines', 0)
        self.facts.update({f'{abi} calls carried': number for abi, number in answer.get('carried', {}).items()})

    def close(self):
        for engine in self.engines:
            engine.close()


def describe(found):
    return '\n'.join(f'{cases.name_of(winding)}, {host.name if host else "parigot-opt"}:\n  ' + '\n  '.join(lines)
                     for winding, host, lines in found)


def one_world(checker, seed, options):
    """(seed, whether it is wild and there is no winding for that, what went wrong, counts of what happened)"""
    world = checker.world(seed)
    windings = cases.usable(world, checker.tools.windings)
    if not windings:
        return seed, True, [], {}
    try:
        if len(windings) > options.windings:
            first = seed * options.windings % len(windings)
            windings = (windings * 2)[first:first + options.windings]
        found = checker.check(world, windings, options.engine == 'both')
    except cases.Broken as broken:
        found = [([], None, [str(broken)])]
    facts = checker.facts
    if found and options.reduce:
        world, reduced = reduce.reduce(checker, world, found[0])
    if found or options.case is not None:
        kept = os.path.join(KEPT, str(seed))
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(checker.folder, kept)
        if options.reduce and found:
            reduce.write_test(checker.tools, world, reduced, kept)
    return seed, False, found, facts


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--count', type=int, help='how many worlds; default 50')
    parser.add_argument('--seconds', type=float, help='how long to go on instead')
    parser.add_argument('--seed', type=int, default=1, help='the first world; default 1')
    parser.add_argument('--case', type=int, help='only this world, on both engines, and keep its files')
    parser.add_argument('--reduce', action='store_true', help='make worlds that fail smaller')
    parser.add_argument('--windings', type=int, default=5, help='how many of the windings for a world, in turn; default 5')
    parser.add_argument('--engine', choices=['turns', 'both', 'node', 'wasmtime'], default='turns', help='default: in turns')
    parser.add_argument('--jobs', type=int, default=min(os.cpu_count() or 1, 4), help='worlds at a time')
    options = parser.parse_args()
    if options.case is not None:
        options.seed, options.count, options.seconds, options.windings = options.case, 1, None, len(cases.WINDINGS)
        if options.engine == 'turns':
            options.engine = 'both'
    elif options.count is None and options.seconds is None:
        options.count = 50
    return options


def main():
    options = parse()
    if not paths.PARIGOT_OPT.exists():
        return report('worlds', {'worlds': fail(f'{paths.PARIGOT_OPT} is not built')})
    tools = cases.Tools()
    makers, missing = hosting.find()
    results = {f'engine {name}': skip(f'missing tool: {why}') for name, why in missing.items()}
    makers = {name: make for name, make in makers.items() if options.engine in ('turns', 'both', name)}
    if not makers:
        return report('worlds', results)
    for option in tools.unknown:
        print(f'parigot-opt has no {option}: windings with it are left out')
    print(f'seeds from {options.seed}; {", ".join(sorted(makers))}; windings: {", ".join(map(cases.name_of, tools.windings))}')
    os.makedirs(KEPT, exist_ok=True)

    end = time.monotonic() + options.seconds if options.seconds else None
    facts, passed_over, local = collections.Counter(), [], threading.local()
    with tempfile.TemporaryDirectory(prefix='parigot-worlds.') as temporary:
        checkers = []

        def work(seed):
            if end and time.monotonic() > end:
                return None
            if not hasattr(local, 'checker'):
                local.checker = Checker(tools, makers, os.path.join(temporary, str(threading.get_ident())))
                checkers.append(local.checker)
            shutil.rmtree(local.checker.folder, ignore_errors=True)
            return one_world(local.checker, seed, options)

        done = 0

        def wanted(under_way):
            enough = options.count is not None and done + under_way >= options.count
            return not enough and not (end and time.monotonic() > end)

        for result in parallel.while_wanted(work, itertools.count(options.seed), options.jobs, wanted):
            if result is None:
                continue
            seed, no_winding, found, counts = result
            if no_winding:
                passed_over.append(seed)
                done += options.case is not None
                continue
            done += 1
            facts.update(counts)
            results[f'world {seed}'] = PASS
            if found:
                why = describe(found)
                print(f'world {seed}:\n{why}', flush=True)
                results[f'world {seed}'] = fail(' '.join(why.split())[:250])
        for checker in checkers:
            checker.close()
    if passed_over:
        print(f'{len(passed_over)} worlds need --isolate and were passed over')
    print(', '.join(f'{number} {what}' for what, number in facts.items()))
    return report('worlds', results)


if __name__ == '__main__':
    sys.exit(main())
