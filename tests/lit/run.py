#!/usr/bin/env python3
"""Our FileCheck tests.

    tests/lit/run.py                     all of them
    tests/lit/run.py wasm-opt/help.test  only these, named as in tests/lit
"""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
sys.dont_write_bytecode = True
import lit_runner  # noqa: E402


def main():
    build = os.environ.get('PARIGOT_BUILD', os.path.join(ROOT, 'build'))
    lit, filecheck = lit_runner.tools()
    if not lit or not filecheck:
        return lit_runner.missing_tool('lit')
    results = {}
    for name, (code, output) in lit_runner.run(lit, os.path.join(build, 'tests', 'lit'), sys.argv[1:]).items():
        if code in ('PASS', 'XFAIL', 'FLAKYPASS'):
            results[name] = ('pass', '', '')
        elif code == 'UNSUPPORTED':
            # What a test requires is a tool, always: see the end of lit.cfg.py.
            results[name] = ('skip', 'missing tool: ' + lit_runner.first_line(output), '')
        else:
            results[name] = ('fail', f'lit says {code}', output)
    return lit_runner.report('lit', results)


if __name__ == '__main__':
    sys.exit(main())
