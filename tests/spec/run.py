#!/usr/bin/env python3
"""Binaryen's test/spec, with each module wound into a world of two services at a base other than 0.

    tests/spec/run.py                 all scripts
    tests/spec/run.py data elem       only these: test/spec/data.wast and elem.wast
    tests/spec/run.py --winding=NAME  only this winding, of those that worlds.py has

Each module of a script becomes the service `spec` of a world in which it is main and lies behind another service. The script is
run on Node with the modules alone, and with the worlds in their place. An assertion that holds alone must hold in the world.
Those that do not are in known.toml, each with its reason, and so are the reasons for which parigot-opt refuses a module. What is
in there and does not happen is a failure too. Assertions about texts and validation, which no module of ours takes part in,
are not counted.

What a run leaves is in build/tests/spec/<script>: modules, manifests, worlds, and script.json, which is host.mjs's input.
"""
import argparse
import collections
import glob
import json
import os
import pathlib
import sys
import tomllib

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import wast  # noqa: E402
import worlds  # noqa: E402
from harness import engines, parallel, paths, process  # noqa: E402
from harness.report import PASS, Failure, Results, fail, report, skip  # noqa: E402

HERE = paths.TESTS / 'spec'
WORK = paths.work('spec')
# What Node can do beyond its defaults: proposals that the scripts use, and types of functions, which the host asks for.
NODE_FLAGS = ['type-reflection', 'custom-descriptors', 'fp16', 'wasmfx', 'shared', 'acquire-release']
SECONDS = 60
NOT_OURS = ('assert_invalid', 'assert_malformed', 'assert_unlinkable')
# Threads share a memory, which no service may.
THREADS = ('thread', 'wait')


def is_assertion(command):
    return command.kind.startswith('assert_')


def describe(command, folder):
    """A command as host.mjs reads it."""
    if command.kind == 'module':
        return {'kind': 'module', 'name': command.name, 'definition': command.definition, 'files': folder.module(command)}
    described = {'kind': command.kind, 'name': command.name, 'alias': command.alias, 'action': command.action,
                 'expected': command.expected}
    if command.module:
        described['module'] = describe(command.module, folder)
    return described


class Script:
    """One .wast file on its way through engine and windings."""

    def __init__(self, path, name, windings):
        self.name = name
        self.windings = windings
        with open(path, encoding='utf-8', errors='surrogateescape', newline='') as file:
            self.commands = wast.Script(file.read()).commands
        self.not_ours = sum(command.kind in NOT_OURS for command in self.commands)
        self.threads = sum(command.kind in THREADS for command in self.commands)
        self.commands = [command for command in self.commands if command.kind not in NOT_OURS + THREADS]
        if any(command.kind in ('module', 'assert_trap') for command in self.commands):
            self.commands.append(wast.Command('beside', 0))

    def lines(self):
        return {command.line for command in self.commands if is_assertion(command)}

    def run(self, node, beside):
        """{winding: [outcome]}, with 'alone' among the windings."""
        folder = worlds.Folder(os.path.join(WORK, self.name), beside, self.windings)
        commands = [describe(command, folder) for command in self.commands]
        path = folder.write('script.json', json.dumps({'windings': ['alone', *self.windings], 'commands': commands}))
        flags = [f'--experimental-wasm-{flag}' for flag in NODE_FLAGS]
        try:
            done = process.run([*node, *flags, HERE / 'host.mjs', path], SECONDS, errors='replace')
            self.outcomes = json.loads(done.stdout)
        except Failure as failure:
            raise SystemExit(f'{self.name}: {failure}') from None
        except json.JSONDecodeError:
            raise SystemExit(f'{self.name}: the host ended with {done.returncode}: {done.stderr[:2000]}') from None
        return self


class Known:
    """known.toml, and what of it came true."""

    def __init__(self, path):
        with open(path, 'rb') as file:
            table = tomllib.load(file)
        self.refusals = table['refused']
        self.refused = set()
        self.alone = {entry['script']: entry for entry in table['alone']}
        self.not_alone = collections.Counter()
        self.differences = {(entry['script'], line, winding): entry['reason'] for entry in table['differs']
                            for winding in entry['windings'] for line in entry['lines']}

    def why_not_alone(self, script):
        self.not_alone[script] += 1
        entry = self.alone.get(script)
        return entry and entry['reason']

    def refusal(self, message):
        for entry in self.refusals:
            if entry['says'] in message:
                self.refused.add(entry['says'])
                return entry['reason']
        return None

    def difference(self, script, line, winding):
        return self.differences.get((script, line, winding))

    def not_true(self, ran):
        """What is said of the scripts that ran, {name: lines of assertions}, and is not so."""
        for name in sorted(ran.keys() & self.alone.keys()):
            if self.alone[name]['count'] != self.not_alone[name]:
                yield f'{self.alone[name]["count"]} assertions of {name} are said not to hold alone, and it is {self.not_alone[name]}'
        for name, line, _ in sorted(self.differences):
            if name in ran and line not in ran[name]:
                yield f'{name} has no assertion at line {line}'

    def never_refused(self):
        return [entry['says'] for entry in self.refusals if entry['says'] not in self.refused]


class Gathered(Results):
    """The lines of the suite, those about skipped assertions gathered by reason."""

    def __init__(self, suite):
        super().__init__(suite)
        self.skipped = collections.defaultdict(list)

    def skip(self, reason, name):
        self.counts['skip'] += 1
        self.skipped[reason].append(name)

    def finish(self):
        for reason, names in sorted(self.skipped.items()):
            scripts = collections.Counter(name.split(':')[0] for name in names)
            where = ', '.join(f'{script} ({count})' for script, count in sorted(scripts.items()))
            print(f'SKIP {where}: {reason}')
        return super().finish()


def judge(script, known, results, counts):
    alone = script.outcomes['alone']
    for index, command in enumerate(script.commands):
        where = f'{script.name}:{command.line} {command.kind}'
        if command.kind == 'beside':
            where = f'{script.name}: the memory of the service beside'
        elif is_assertion(command):
            counts['assertions'] += 1
            if alone[index].get('ok'):
                counts['alone'] += 1
            else:
                reason = known.why_not_alone(script.name)
                if reason:
                    results.skip(f'does not hold alone: {reason}', where)
                else:
                    results.add(where, fail(f'does not hold alone: {alone[index]["why"]}'))
        if command.kind != 'beside' and not (alone[index] or {}).get('ok'):
            continue
        for winding in script.windings:
            outcome = script.outcomes[winding][index]
            if outcome is None:
                continue
            if is_assertion(command):
                counts[winding] += bool(outcome.get('ok'))
                counts[winding, 'refused'] += 'refused' in outcome
            judge_one(command, f'{where} ({winding})', outcome,
                      known.difference(script.name, command.line, winding), known, results)


def judge_one(command, where, outcome, difference, known, results):
    if outcome.get('ok'):
        if difference:
            results.add(where, fail(f'holds, and known.toml says that it does not: {difference}'))
        else:
            results.add(where, PASS)
    elif 'refused' in outcome:
        reason = known.refusal(outcome['refused'])
        if not reason:
            results.add(where, fail(f'parigot-opt refuses the module: {outcome["refused"]}'))
        elif is_assertion(command):
            results.skip(f'refused: {reason}', where)
    elif difference:
        results.skip(f'differs: {difference}', where)
    else:
        results.add(where, fail(outcome['why']))


def scripts(prefix, wanted, windings):
    top = os.path.join(prefix, 'test', 'spec')
    found = []
    for path in sorted(glob.glob(os.path.join(top, '**', '*.wast'), recursive=True)):
        name = os.path.relpath(path, top)
        # A .fail.wast is a text that no parser may take.
        if name.endswith('.fail.wast') or wanted and name.removesuffix('.wast') not in wanted:
            continue
        found.append(Script(path, name, windings))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('scripts', nargs='*', metavar='SCRIPT')
    parser.add_argument('--winding', action='append', choices=list(worlds.WINDINGS))
    options = parser.parse_args()
    windings = options.winding or list(worlds.WINDINGS)

    found, missing = engines.find('PARIGOT_NODE')
    if not found:
        return report('spec', {'spec': skip(f'missing tool: Node: {missing}')})
    paths.fresh(WORK)
    beside = worlds.make_beside(WORK)

    known, results, counts = Known(HERE / 'known.toml'), Gathered('spec'), collections.Counter()
    found = scripts(paths.binaryen(), options.scripts, windings)
    for script in parallel.results(lambda script: script.run(engines.node(), beside), found):
        judge(script, known, results, counts)

    print(f'{len(found)} scripts, {counts["assertions"]} assertions that run code, of which {counts["alone"]} hold alone')
    for winding in windings:
        refused = counts[winding, 'refused']
        print(f'{winding}: of these, {refused} are about modules that parigot-opt refuses; of the other '
              f'{counts["alone"] - refused}, {counts[winding]} hold in the world')
    print(f'not ours: {sum(script.not_ours for script in found)} assertions about texts, validation and linking, '
          f'{sum(script.threads for script in found)} threads')
    for what in known.not_true({script.name: script.lines() for script in found}):
        results.add('known.toml', fail(what))
    if not options.scripts:
        for says in known.never_refused():
            results.add('known.toml', fail(f'nothing was refused because "{says}"'))
    return results.finish()


if __name__ == '__main__':
    sys.exit(main())
