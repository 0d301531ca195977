#!/usr/bin/env python3
"""The suites unit, lit and fuzz once more, with our code under AddressSanitizer and UndefinedBehaviorSanitizer.

    tests/asan/run.py               all three
    tests/asan/run.py unit lit      only these
    tests/asan/run.py --build       only builds, with the time that nothing else needs

Builds the preset `asan` in build/asan, which scripts/setup.sh does not. Binaryen's library is as it always is: it is built
without sanitizers, and so is upstream's part of our wasm-opt.

scripts/test.sh starts --build before the first suite. Suites leave processors idle here and there, so the build is done, or nearly,
when the suite begins; it waits for the rest.
"""
import fcntl
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


def configure():
    """What a failed configure says, or None. Only one process builds at a time: others wait, until the one that builds ends."""
    BUILD.mkdir(parents=True, exist_ok=True)
    lock = os.open(BUILD / 'lock', os.O_RDWR | os.O_CREAT)
    os.set_inheritable(lock, True)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return None if (BUILD / 'build.ninja').exists() else failure('cmake', '--preset', 'asan')


def failure(*command):
    """The last lines of a command that fails, or None."""
    done = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return '\n'.join(done.stdout.split('\n')[-60:]) if done.returncode else None


def build():
    """What a failed configure or build says, or None."""
    return configure() or failure('ninja', '-C', BUILD)


def build_aside():
    """Becomes a build of the lowest priority."""
    if wrong := configure():
        sys.exit(wrong)
    os.execvp('nice', ['nice', '-n', '19', 'ninja', '-C', str(BUILD)])


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
    if sys.argv[1:] == ['--build']:
        build_aside()
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
