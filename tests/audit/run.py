#!/usr/bin/env python3
"""The audit of binaries that other people published: what is in expected.toml, of packages pinned in third_party/gojs-binaries.

    tests/audit/run.py                       all of them
    tests/audit/run.py esbuild-wasm-0.28.2   only these

Each must be done in SECONDS, whatever its size.
"""
import json
import os
import pathlib
import sys
import time
import tomllib

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import engines, paths, tools  # noqa: E402
from harness.report import PASS, Failure, fail, report, skip  # noqa: E402

SECONDS = 10


def audit(path):
    """(the audit, None) or (None, what is wrong)."""
    begin = time.monotonic()
    try:
        done = tools.parigot_opt('inspect', '--browser', '--json', path, timeout=6 * SECONDS)
    except Failure as failure:
        return None, str(failure)
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
    expected = tomllib.loads((paths.TESTS / 'audit/expected.toml').read_text(encoding='utf-8'))
    packages, why = engines.find('PARIGOT_GOJS_BINARIES')
    results = {}
    for name, entry in expected.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        if not packages:
            results[name] = skip(f'missing tool: the binaries of npm ({why})')
            continue
        found, wrong = audit(os.path.join(packages, entry['package'], entry['file']))
        wrong = wrong or compare(entry, found)
        results[name] = fail(wrong) if wrong else PASS
    return report('audit', results)


if __name__ == '__main__':
    sys.exit(main())
