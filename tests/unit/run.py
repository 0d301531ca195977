#!/usr/bin/env python3
"""The Catch2 tests.

    tests/unit/run.py                 all
    tests/unit/run.py "[load-pass]"   those that a Catch2 expression selects
"""
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as xml

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import paths  # noqa: E402
from harness.report import PASS, fail, report  # noqa: E402


def main():
    program = paths.BUILD / 'bin/unit-tests'
    if not program.exists():
        return report('unit', {'unit-tests': fail(f'{program} is not built; scripts/setup.sh --tests builds it')})
    process = subprocess.run([program, '--reporter', 'xml', *sys.argv[1:]], stdout=subprocess.PIPE, text=True, check=False)
    results = {}
    try:
        for case in xml.fromstring(process.stdout).iter('TestCase'):
            passed = case.find('OverallResult').get('success') == 'true'
            results[case.get('name')] = PASS if passed else fail('an assertion failed')
    except (xml.ParseError, AttributeError):
        results['unit-tests'] = fail(f'ended with {process.returncode} before it was through')
    # The same failures again, as a person reads them.
    if process.returncode != 0:
        subprocess.run([program, *sys.argv[1:]], stdout=sys.stderr, check=False)
    if process.returncode != 0 and all(verdict == PASS for verdict in results.values()):
        results['unit-tests'] = fail(f'ended with {process.returncode}')
    return report('unit', results)


if __name__ == '__main__':
    sys.exit(main())
