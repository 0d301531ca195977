"""Runs LLVM's lit on a folder and returns what became of each test. Shared by tests/lit and tests/binaryen-lit."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

# How every suite of tests/ reports: lines "FAIL <test>: <why>" and "SKIP <test>: <why>", and this as its last line.
SUMMARY = '{suite}: {passed} passed, {failed} failed, {skipped} skipped'


def newest(pattern):
    """The file of the newest LLVM that matches, or None."""
    def version(path):
        return [int(number) for number in re.findall(r'\d+', path)]
    return max(glob.glob(pattern), key=version, default=None)


def tools():
    """lit and FileCheck, as Debian's llvm-N-tools brings them; None for what is missing."""
    return newest('/usr/lib/llvm-*/build/utils/lit/lit.py'), newest('/usr/lib/llvm-*/bin/FileCheck')


def run(lit, folder, only=None):
    """Runs the tests below a folder that has a lit configuration: {name: (code, output)}, codes as lit has them."""
    with tempfile.NamedTemporaryFile(suffix='.json') as results:
        command = [sys.executable, lit, '-q', '--no-progress-bar', '--output', results.name, folder]
        if only:
            names = '|'.join(re.escape(name) for name in sorted(only))
            command += ['--filter', f':: ({names})$']
        # The tests run scripts of the suite, and Python would leave its bytecode next to them.
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE='1')
        process = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        text = results.read()
        if not text:
            sys.exit(f'lit failed:\n{process.stdout}')
        tests = json.loads(text)['tests']
    return {test['name'].split(' :: ', 1)[1]: (test['code'], test['output']) for test in tests}


def report(suite, results, details=sys.stderr):
    """Prints the lines that a suite reports with, given {name: ('pass' | 'fail' | 'skip', why, output)}; the exit code."""
    counts = {'pass': 0, 'fail': 0, 'skip': 0}
    for name, (kind, why, output) in sorted(results.items()):
        counts[kind] += 1
        if kind == 'fail' and output:
            print(output, file=details)
        if kind != 'pass':
            print(f'{kind.upper()} {name}: {why}')
    print(SUMMARY.format(suite=suite, passed=counts['pass'], failed=counts['fail'], skipped=counts['skip']))
    return 1 if counts['fail'] else 0


def missing_tool(suite, package='llvm-14-tools'):
    """What a suite reports when lit or FileCheck is not installed."""
    return report(suite, {suite: ('skip', f'missing tool: lit and FileCheck (Debian: {package})', '')})


def first_line(text):
    """The line of a test's output that says why it was skipped."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else 'no reason given'
