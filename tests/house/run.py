#!/usr/bin/env python3
"""The house is in order: includes run down the list of rooms in docs/architecture.md; clang-format 14, shellcheck and ruff have
nothing to say. scripts/lint.sh asks clang-tidy, too, which takes long.

    tests/house/run.py
"""
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
sys.dont_write_bytecode = True
import engine_variables  # noqa: E402
import lit_runner  # noqa: E402

sys.path.insert(0, os.path.join(ROOT, 'tests', 'lit'))
import update  # noqa: E402

ROOM = re.compile(r'^\| `((?:src|passes|include)[^`]*)` \|', re.MULTILINE)
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)


def sources():
    listed = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard', '*.h', '*.cpp'],
                            cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in listed.split() if os.path.exists(os.path.join(ROOT, name))]


def read(name):
    with open(os.path.join(ROOT, name), encoding='utf-8') as file:
        return file.read()


def room_of(name, rooms):
    """The room that a file lives in; None for what is no room of the list."""
    found = [room for room in rooms if name.startswith(room + '/')]
    return max(found, key=len) if found else None


def upward(rooms, files, text_of=read):
    """["src/ir/a.h includes world/world.h: .."]: includes of rooms that are not above. Binaryen's own files are nobody's."""
    known, wrong = set(files), []
    for name in files:
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
    files = sources()
    wrong = upward(rooms, files)
    results['includes run down'] = ('fail', f'{len(wrong)} includes run up', '\n'.join(wrong)) if wrong else ('pass', '', '')
    # A check that cannot fail is none: one include against the order has to be found.
    made = {'src/ir/a.h': '#include "world/b.h"\n', 'src/world/b.h': '#include "ir/a.h"\n'}
    found = upward(rooms, list(made), made.__getitem__)
    results['an include that runs up is found'] = (
        ('pass', '', '') if found == ['src/ir/a.h includes world/b.h: src/ir is above src/world'] else ('fail', str(found), ''))
    homeless = [name for name in files if name.startswith(('src/', 'passes/', 'include/')) and room_of(name, rooms) is None]
    empty = [room for room in rooms if not any(name.startswith(room + '/') for name in files)]
    results['every file has a room'] = (
        ('fail', 'docs/architecture.md and the folders differ', '\n'.join(homeless + empty)) if homeless or empty else ('pass', '', ''))


def check_format(results):
    tool = shutil.which('clang-format-14')
    if not tool:
        results['clang-format'] = ('skip', 'missing tool: clang-format-14 (Debian: clang-format-14)', '')
        return
    names = [name for name in sources() if not name.startswith('tests/plugin-example/build')]
    wrong = []
    for start in range(0, len(names), 40):
        done = subprocess.run([tool, '--dry-run', '--Werror', '--style=file', *names[start:start + 40]],
                              cwd=ROOT, capture_output=True, text=True, check=False)
        wrong += [line for line in done.stderr.split('\n') if 'error:' in line]
    results['clang-format'] = (
        ('fail', f'{len(wrong)} places differ; scripts/lint.sh --fix mends them', '\n'.join(wrong[:50])) if wrong else ('pass', '', ''))


def scripts():
    """Files of the repository that a shell runs, by their first line: not all of them have a name that says so."""
    listed = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard'], cwd=ROOT, check=True, capture_output=True, text=True)
    for name in listed.stdout.split('\n'):
        path = os.path.join(ROOT, name)
        if not os.path.isfile(path):
            continue
        with open(path, 'rb') as file:
            if re.match(rb'#!.*\b(?:ba)?sh\b', file.readline(100)):
                yield name


def check_scripts(results):
    tool = shutil.which('shellcheck')
    if not tool:
        results['shellcheck'] = ('skip', 'missing tool: shellcheck (Debian: shellcheck)', '')
        return
    done = subprocess.run([tool, *scripts()], cwd=ROOT, capture_output=True, text=True, check=False)
    results['shellcheck'] = ('fail', 'a script has warnings', done.stdout) if done.returncode else ('pass', '', '')


def check_python(results):
    tool, why = engine_variables.find('PARIGOT_RUFF')
    if not tool:
        results['ruff'] = ('skip', f'missing tool: ruff (scripts/engines.sh installs it): {why}', '')
        return
    done = subprocess.run([tool, 'check', '--quiet', '--output-format', 'concise', '.'], cwd=ROOT, capture_output=True, text=True, check=False)
    results['ruff'] = ('fail', 'a Python file has errors', done.stdout + done.stderr) if done.returncode else ('pass', '', '')


def check_update(results):
    """That tests/lit/update.py mends what differs, keeps what matches, and reports what it does not find."""
    output = '(module\n (func $f (param $0 i32)\n  (drop\n   (i32.const 2)\n  )\n )\n (func $g)\n)\n'
    test = ';; CHECK:      (func $f{{.*}}\n;; CHECK-NEXT:  ({{d..p}}\n;; CHECK-NEXT:   (i32.const 1)\n;; CHECK-NEXT:  )\n;; CHECK-NEXT: )\n'
    wanted = test.replace('const 1', 'const 2')
    whole = ''.join(f';; CHECK-NEXT: {line.removeprefix(" ")}\n' for line in output.rstrip('\n').split('\n')[1:])
    lost = [';; CHECK: (func $h', ';; CHECK-NEXT: )', '']
    cases = (
        ('mends one line', update.rewrite(test, 'CHECK', output), (wanted, [])),
        ('leaves what is right', update.rewrite(wanted, 'CHECK', output), (wanted, [])),
        ('leaves other prefixes', update.rewrite(test, 'OTHER', output), (test, [])),
        ('fills a module', update.rewrite(';; CHECK: (module\n', 'CHECK', output), (';; CHECK: (module\n' + whole, [])),
        ('reports what is not there', update.rewrite('\n'.join(lost), 'CHECK', output), ('\n'.join(lost), ['line 1: ' + lost[0]])),
    )
    for name, got, expected in cases:
        results[f'update.py {name}'] = ('pass', '', '') if got == expected else ('fail', 'see below', f'{got}\ninstead of\n{expected}')


def main():
    results = {}
    check_rooms(results)
    check_format(results)
    check_scripts(results)
    check_python(results)
    check_update(results)
    return lit_runner.report('house', results)


if __name__ == '__main__':
    sys.exit(main())
