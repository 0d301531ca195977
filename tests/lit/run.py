#!/usr/bin/env python3
"""Our FileCheck tests.

    tests/lit/run.py                     all of them
    tests/lit/run.py wasm-opt/help.test  only these, named as in tests/lit
"""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import llvm_lit, paths  # noqa: E402
from harness.report import PASS, fail, last_line, report, skip  # noqa: E402


def main():
    lit, filecheck = llvm_lit.tools()
    if not lit or not filecheck:
        return llvm_lit.missing_tool('lit')
    results = {}
    for name, (code, output) in llvm_lit.run(lit, str(paths.work('lit')), sys.argv[1:]).items():
        if code in ('PASS', 'XFAIL', 'FLAKYPASS'):
            results[name] = PASS
        elif code == 'UNSUPPORTED':
            # What a test requires is a tool, always: see the end of lit.cfg.py.
            results[name] = skip('missing tool: ' + last_line(output))
        else:
            results[name] = fail(f'lit says {code}', output)
    return report('lit', results)


if __name__ == '__main__':
    sys.exit(main())
