#!/usr/bin/env python3
"""Line accuracy of native_lines.py.

    tests/debug/native.py [NAME...]   programs whose names begin so; all without
"""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import host_lines  # noqa: E402
import native_lines  # noqa: E402
from harness import paths  # noqa: E402
from harness.report import Results, fail  # noqa: E402


def main():
    results = Results('debug')
    program = paths.BUILD / 'bin/dwarf-lines'
    if program.exists():
        wanted = sys.argv[1:]
        more = {name: (host_lines.check_program, name) for name in host_lines.PROGRAMS}
        native_lines.check(results, program, more, lambda name: not wanted or any(name.startswith(word) for word in wanted))
    else:
        results.add('dwarf-lines', fail(f'{program} is not built; scripts/setup.sh --tests builds it'))
    return results.finish()


if __name__ == '__main__':
    sys.exit(main())
