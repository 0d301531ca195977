#!/usr/bin/env python3
"""The audit of binaries that other people published: what is in expected.toml, of packages pinned in third_party/go-binaries.

    tests/audit/run.py                       all of them
    tests/audit/run.py esbuild-wasm-0.28.2   only these

Each must be done in SECONDS, whatever its size.
"""
import json
import os
import subprocess
import sys
import time
import tomllib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
sys.dont_write_bytecode = True
import lit_runner  # noqa: E402

BUILD = os.environ.get('PARIGOT_BUILD', os.path.join(ROOT, 'build'))
PARIGOT_OPT = os.path.join(BUILD, 'bin', 'parigot-opt')
SECONDS = 10


def audit(path):
    """(the audit, None) or (None, what is wrong)."""
    begin = time.monotonic()
    try:
        done = subprocess.run([PARIGOT_OPT, 'inspect', '--browser', '--json', path], capture_output=True, text=True,
                              timeout=6 * SECONDS)
    except subprocess.TimeoutExpired:
        return None, f'not done after {6 * SECONDS} seconds'
    took = time.monotonic() - begin
    if done.returncode:
        return None, done.stderr.strip()
    # Sanitizers take their time.
    if took > SECONDS and 'ASAN_OPTIONS' not in os.environ:
        return None, f'took {took:.1f} seconds'
    return json.loads(done.stdout), None


def compare(expected, found):
    """What is not as it should be, or None."""
    names = {f"{name['operation']} {name['name']}" for name in found['names']}
    computed = sum(entry['calls'] for entry in found['computed'])
    for what, wanted, is_so in (
            ('verdict', expected['verdict'], found['verdict']),
            ('compiler', expected.get('compiler'), found['compiler']),
            ('because', expected.get('because', []), found['because']),
            ('names', [], sorted(set(expected.get('names', [])) - names)),
            ('computed', expected.get('computed', 0), computed)):
        if wanted != is_so:
            return f'{what}: not in the audit: {is_so}' if what == 'names' else f'{what}: {is_so!r}, expected {wanted!r}'
    for function in found['functions']:
        if function['chain'] and function['chain'][-1]['function'] != function['name']:
            return f"the chain of {function['name']} leads elsewhere"
    return None


def main():
    with open(os.path.join(ROOT, 'tests', 'audit', 'expected.toml'), 'rb') as file:
        expected = tomllib.load(file)
    install = subprocess.run([os.path.join(ROOT, 'third_party', 'go-binaries', 'install.sh')], capture_output=True, text=True)
    results = {}
    for name, entry in expected.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        if install.returncode:
            results[name] = ('skip', 'missing tool: ' + lit_runner.first_line(install.stderr), '')
            continue
        found, wrong = audit(os.path.join(install.stdout.strip(), name, entry['file']))
        wrong = wrong or compare(entry, found)
        results[name] = ('fail', wrong, '') if wrong else ('pass', '', '')
    return lit_runner.report('audit', results)


if __name__ == '__main__':
    sys.exit(main())
