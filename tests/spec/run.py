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
import concurrent.futures
import glob
import json
import os
import shutil
import subprocess
import sys
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, 'tests')]
sys.dont_write_bytecode = True
import engine_variables  # noqa: E402
import lit_runner  # noqa: E402
import wast  # noqa: E402
import worlds  # noqa: E402

BUILD = os.environ.get('PARIGOT_BUILD', os.path.join(ROOT, 'build'))
WORK = os.path.join(BUILD, 'tests', 'spec')
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

    def run(self, node, tools):
        """{winding: [outcome]}, with 'alone' among the windings."""
        folder = worlds.Folder(os.path.join(WORK, self.name), tools, self.windings)
        commands = [describe(command, folder) for command in self.commands]
        path = folder.write('script.json', json.dumps({'windings': ['alone', *self.windings], 'commands': commands}))
        flags = [f'--experimental-wasm-{flag}' for flag in NODE_FLAGS]
        try:
            process = subprocess.run([node, *flags, os.path.join(HERE, 'host.mjs'), path], capture_output=True,
                                     text=True, errors='replace', timeout=SECONDS, check=False)
            self.outcomes = json.loads(process.stdout)
        except subprocess.TimeoutExpired:
            raise SystemExit(f'{self.name}: the host did not end within {SECONDS} seconds') from None
        except json.JSONDecodeError:
            raise SystemExit(f'{self.name}: the host ended with {process.returncode}: {process.stderr[:2000]}') from None
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


class Report:
    """The lines of the suite, skipped assertions gathered by reason."""

    def __init__(self):
        self.passed = 0
        self.failures = []
        self.skipped = collections.defaultdict(list)

    def fail(self, name, why):
        self.failures.append(f'FAIL {name}: {why}')

    def skip(self, reason, name):
        self.skipped[reason].append(name)

    def print(self):
        for line in self.failures:
            print(line)
        for reason, names in sorted(self.skipped.items()):
            scripts = collections.Counter(name.split(':')[0] for name in names)
            where = ', '.join(f'{script} ({count})' for script, count in sorted(scripts.items()))
            print(f'SKIP {where}: {reason}')
        print(lit_runner.SUMMARY.format(suite='spec', passed=self.passed, failed=len(self.failures),
                                        skipped=sum(map(len, self.skipped.values()))))
        return 1 if self.failures else 0


def judge(script, known, report, counts):
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
                    report.skip(f'does not hold alone: {reason}', where)
                else:
                    report.fail(where, f'does not hold alone: {alone[index]["why"]}')
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
                      known.difference(script.name, command.line, winding), known, report)


def judge_one(command, where, outcome, difference, known, report):
    if outcome.get('ok'):
        if difference:
            report.fail(where, f'holds, and known.toml says that it does not: {difference}')
        else:
            report.passed += 1
    elif 'refused' in outcome:
        reason = known.refusal(outcome['refused'])
        if not reason:
            report.fail(where, f'parigot-opt refuses the module: {outcome["refused"]}')
        elif is_assertion(command):
            report.skip(f'refused: {reason}', where)
    elif difference:
        report.skip(f'differs: {difference}', where)
    else:
        report.fail(where, outcome['why'])


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

    engine, missing = engine_variables.find('PARIGOT_NODE')
    if not engine:
        return lit_runner.report('spec', {'spec': ('skip', f'missing tool: Node: {missing}', '')})
    with open(os.path.join(BUILD, 'binaryen-prefix')) as file:
        prefix = file.read().strip()
    shutil.rmtree(WORK, ignore_errors=True)
    tools = worlds.Tools(BUILD, prefix, os.path.join(WORK, 'beside.wasm'))
    worlds.make_beside(tools)

    known, report, counts = Known(os.path.join(HERE, 'known.toml')), Report(), collections.Counter()
    found = scripts(prefix, options.scripts, windings)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for script in pool.map(lambda script: script.run(engine, tools), found):
            judge(script, known, report, counts)

    print(f'{len(found)} scripts, {counts["assertions"]} assertions that run code, of which {counts["alone"]} hold alone')
    for winding in windings:
        refused = counts[winding, 'refused']
        print(f'{winding}: of these, {refused} are about modules that parigot-opt refuses; of the other '
              f'{counts["alone"] - refused}, {counts[winding]} hold in the world')
    print(f'not ours: {sum(script.not_ours for script in found)} assertions about texts, validation and linking, '
          f'{sum(script.threads for script in found)} threads')
    for what in known.not_true({script.name: script.lines() for script in found}):
        report.fail('known.toml', what)
    if not options.scripts:
        for says in known.never_refused():
            report.fail('known.toml', f'nothing was refused because "{says}"')
    return report.print()


if __name__ == '__main__':
    sys.exit(main())
