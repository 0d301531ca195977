#!/usr/bin/env python3
"""The suites unit, lit and fuzz once more, with our code under AddressSanitizer and UndefinedBehaviorSanitizer.

    tests/asan/run.py               all three
    tests/asan/run.py unit lit      only these

Builds the preset `asan` in build/asan, which scripts/setup.sh does not. Binaryen's library is as it always is: it is built
without sanitizers, and so is upstream's part of our wasm-opt.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness.paths import ROOT, TESTS  # noqa: E402
from harness.report import PASS, Verdict, fail, report  # noqa: E402

BUILD = ROOT / 'build/asan'
SUITES = {'unit': [], 'lit': [], 'fuzz': ['--seconds', '30']}

ASAN_OPTIONS = ':'.join((
    # A container of the standard library that our code and Binaryen's both change: only ours tells the sanitizer of it.
    'detect_container_overflow=0',
    # Binaryen keeps its types and names until the process ends, and wasm-opt keeps the plugins that it loaded.
    'detect_leaks=0',
    # An address range that the fuzzer has a tool ask for is refused by the sanitizer as it is by malloc.
    'allocator_may_return_null=1',
    'abort_on_error=1',
))
UBSAN_OPTIONS = 'print_stacktrace=1:abort_on_error=1'


def build():
    """What a failed configure or build says, or None."""
    commands = [['cmake', '--build', '--preset', 'asan']]
    if not (BUILD / 'build.ninja').exists():
        commands.insert(0, ['cmake', '--preset', 'asan'])
    for command in commands:
        done = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            return '\n'.join(done.stdout.split('\n')[-60:])
    return None


def run(suite):
    """{test: result} of a suite, which reports as all do."""
    environment = dict(os.environ, PARIGOT_BUILD=str(BUILD), ASAN_OPTIONS=ASAN_OPTIONS, UBSAN_OPTIONS=UBSAN_OPTIONS)
    program = TESTS / suite / 'run.py'
    done = subprocess.run([sys.executable, program, *SUITES[suite]], env=environment, capture_output=True, text=True, check=False)
    *lines, summary = done.stdout.rstrip('\n').split('\n')
    results = {}
    for line in lines:
        told = re.match(r'(FAIL|SKIP) (.*?): (.*)', line)
        if told:
            results[f'{suite}: {told[2]}'] = Verdict(told[1].lower(), told[3])
    counts = re.fullmatch(suite + r': (\d+) passed, (\d+) failed, (\d+) skipped', summary)
    if not counts:
        return {suite: fail(f'ended with {done.returncode} and without a summary', done.stdout + done.stderr)}
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    results.update((f'{suite}: number {number} of those that passed', PASS) for number in range(int(counts[1])))
    return results


def main():
    wrong = build()
    if wrong is not None:
        return report('asan', {'build': fail('the preset asan does not build', wrong)})
    shutil.rmtree(BUILD / 'tests/fuzz', ignore_errors=True)
    results = {}
    for suite in sys.argv[1:] or SUITES:
        results.update(run(suite))
    return report('asan', results)


if __name__ == '__main__':
    sys.exit(main())
