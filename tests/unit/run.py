#!/usr/bin/env python3
"""The Catch2 tests.

    tests/unit/run.py                 all
    tests/unit/run.py "[load-pass]"   those that a Catch2 expression selects
"""
import os
import subprocess
import sys
import xml.etree.ElementTree as xml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
sys.dont_write_bytecode = True
import lit_runner  # noqa: E402


def main():
    program = os.path.join(os.environ.get('PARIGOT_BUILD', os.path.join(ROOT, 'build')), 'bin', 'unit-tests')
    if not os.path.exists(program):
        return lit_runner.report('unit', {'unit-tests': ('fail', f'{program} is not built; scripts/setup.sh --tests builds it', '')})
    process = subprocess.run([program, '--reporter', 'xml', *sys.argv[1:]], stdout=subprocess.PIPE, text=True)
    results = {}
    try:
        for case in xml.fromstring(process.stdout).iter('TestCase'):
            passed = case.find('OverallResult').get('success') == 'true'
            results[case.get('name')] = ('pass' if passed else 'fail', 'an assertion failed', '')
    except (xml.ParseError, AttributeError):
        results['unit-tests'] = ('fail', f'ended with {process.returncode} before it was through', '')
    # The same failures again, as a person reads them.
    if process.returncode != 0:
        subprocess.run([program, *sys.argv[1:]], stdout=sys.stderr)
    if process.returncode != 0 and all(kind == 'pass' for kind, _, _ in results.values()):
        results['unit-tests'] = ('fail', f'ended with {process.returncode}', '')
    return lit_runner.report('unit', results)


if __name__ == '__main__':
    sys.exit(main())
