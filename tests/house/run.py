#!/usr/bin/env python3
"""The house is in order: includes run down the list of rooms in docs/architecture.md; clang-format 14 and shellcheck have nothing
to say.

    tests/house/run.py
"""
import pathlib
import re
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import process  # noqa: E402
from harness.paths import ROOT, files, read  # noqa: E402
from harness.report import PASS, fail, report, skip  # noqa: E402

ROOM = re.compile(r'^\| `((?:src|passes|include)[^`]*)` \|', re.MULTILINE)
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)


def sources():
    return files('*.h', '*.cpp')


def room_of(name, rooms):
    """The room that a file lives in; None for what is no room of the list."""
    found = [room for room in rooms if name.startswith(room + '/')]
    return max(found, key=len) if found else None


def upward(rooms, names, text_of=read):
    """["src/ir/a.h includes world/world.h: .."]: includes of rooms that are not above. Binaryen's own files are nobody's."""
    known, wrong = set(names), []
    for name in names:
        room = room_of(name, rooms)
        if room is None:
            continue
        for included in INCLUDE.findall(text_of(name)):
            target = next((path for path in ('src/' + included, 'include/' + included, included) if path in known), None)
            other = target and room_of(target, rooms)
            if other and rooms.index(other) > rooms.index(room):
                wrong.append(f'{name} includes {included}: {room} is above {other}')
    return wrong


def check_rooms(results):
    rooms = ROOM.findall(read('docs/architecture.md'))
    names = sources()
    wrong = upward(rooms, names)
    results['includes run down'] = fail(f'{len(wrong)} includes run up', '\n'.join(wrong)) if wrong else PASS
    # A check that cannot fail is none: one include against the order has to be found.
    made = {'src/ir/a.h': '#include "world/b.h"\n', 'src/world/b.h': '#include "ir/a.h"\n'}
    found = upward(rooms, list(made), made.__getitem__)
    results['an include that runs up is found'] = (
        PASS if found == ['src/ir/a.h includes world/b.h: src/ir is above src/world'] else fail(str(found), ''))
    homeless = [name for name in names if name.startswith(('src/', 'passes/', 'include/')) and room_of(name, rooms) is None]
    empty = [room for room in rooms if not any(name.startswith(room + '/') for name in names)]
    results['every file has a room'] = (
        fail('docs/architecture.md and the folders differ', '\n'.join(homeless + empty)) if homeless or empty else PASS)


def check_format(results):
    tool = shutil.which('clang-format-14')
    if not tool:
        results['clang-format'] = skip('missing tool: clang-format-14')
        return
    names = [name for name in sources() if not name.startswith('tests/plugin-example/build')]
    wrong = []
    for start in range(0, len(names), 40):
        done = process.run([tool, '--dry-run', '--Werror', '--style=file', *names[start:start + 40]], cwd=ROOT)
        wrong += [line for line in done.stderr.split('\n') if 'error:' in line]
    results['clang-format'] = (
        fail(f'{len(wrong)} places differ; scripts/lint.sh --fix mends them', '\n'.join(wrong[:50])) if wrong else PASS)


def check_scripts(results):
    tool = shutil.which('shellcheck')
    if not tool:
        results['shellcheck'] = skip('missing tool: shellcheck')
        return
    done = process.run([tool, '--severity=warning', *files('*.sh', '.ci/run')], cwd=ROOT)
    results['shellcheck'] = fail('a script has warnings', done.stdout) if done.returncode else PASS


def main():
    results = {}
    check_rooms(results)
    check_format(results)
    check_scripts(results)
    return report('house', results)


if __name__ == '__main__':
    sys.exit(main())
