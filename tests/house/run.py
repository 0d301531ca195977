#!/usr/bin/env python3
"""The house is in order: includes run down the list of rooms in docs/architecture.md; clang-format 14, shellcheck and ruff have
nothing to say; no two suites have the same function, which belongs into tests/harness; the tables of names that are served of
JavaScript agree. scripts/lint.sh asks clang-tidy, too,
which takes long.

    tests/house/run.py
"""
import ast
import collections
import pathlib
import re
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import engines, process  # noqa: E402
from harness.paths import ROOT, files, read  # noqa: E402
from harness.report import PASS, fail, report, skip  # noqa: E402

sys.path.insert(0, str(ROOT / 'tests/lit'))
import served_names  # noqa: E402
import update  # noqa: E402

REPEATED_LINES = 4  # behind its first: what is shorter may look alike by chance
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
        results['clang-format'] = skip('missing tool: clang-format-14 (Debian: clang-format-14)')
        return
    names = [name for name in sources() if not name.startswith('tests/plugin-example/build')]
    wrong = []
    for start in range(0, len(names), 40):
        done = process.run([tool, '--dry-run', '--Werror', '--style=file', *names[start:start + 40]], cwd=ROOT)
        wrong += [line for line in done.stderr.split('\n') if 'error:' in line]
    results['clang-format'] = (
        fail(f'{len(wrong)} places differ; scripts/lint.sh --fix mends them', '\n'.join(wrong[:50])) if wrong else PASS)


def scripts():
    """Files of the repository that a shell runs, by their first line: not all of them have a name that says so."""
    for name in files():
        path = ROOT / name
        if path.is_file():
            with open(path, 'rb') as file:
                if re.match(rb'#!.*\b(?:ba)?sh\b', file.readline(100)):
                    yield name


def check_scripts(results):
    tool = shutil.which('shellcheck')
    if not tool:
        results['shellcheck'] = skip('missing tool: shellcheck (Debian: shellcheck)')
        return
    done = process.run([tool, *scripts()], cwd=ROOT)
    results['shellcheck'] = fail('a script has warnings', done.stdout) if done.returncode else PASS


def repeated(sources_by_name):
    """["function f: a.py, b.py"]: functions of more than a few lines whose bodies are the same in several files."""
    files_of = collections.defaultdict(set)
    for name, text in sources_by_name.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= REPEATED_LINES:
                body = node.body[1:] if ast.get_docstring(node) else node.body
                files_of[node.name, ast.dump(ast.Module(body, []))].add(name)
    return [f'function {function}: {", ".join(sorted(names))}' for (function, _), names in files_of.items() if len(names) > 1]


def check_helpers(results):
    found = repeated({name: read(name) for name in files('tests/*.py')})
    results['suites share what they have in common'] = (
        fail(f'{len(found)} functions are in several files of tests', '\n'.join(found)) if found else PASS)
    body = 'def f():\n' + '    print(1)\n' * REPEATED_LINES
    made = repeated({'a.py': body, 'b.py': body, 'c.py': body.replace('1', '2')})
    results['a function that two suites have is found'] = PASS if made == ['function f: a.py, b.py'] else fail(str(made))


def check_python(results):
    tool, why = engines.find('PARIGOT_RUFF')
    if not tool:
        results['ruff'] = skip(f'missing tool: ruff (scripts/engines.sh installs it): {why}')
        return
    done = process.run([tool, 'check', '--quiet', '--output-format', 'concise', '.'], cwd=ROOT)
    results['ruff'] = fail('a Python file has errors', done.stdout + done.stderr) if done.returncode else PASS


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
        results[f'update.py {name}'] = PASS if got == expected else fail('see below', f'{got}\ninstead of\n{expected}')


def check_served_names(results):
    lines, made = served_names.check()
    results['audit and runtime serve the same names'] = fail(f'{len(lines)} differ', '\n'.join(lines)) if lines else PASS
    results['a name in one of the tables is found'] = PASS if len(made) == len(lines) + 2 else fail(str(made))


def main():
    results = {}
    check_helpers(results)
    check_rooms(results)
    check_format(results)
    check_scripts(results)
    check_python(results)
    check_update(results)
    check_served_names(results)
    return report('house', results)


if __name__ == '__main__':
    sys.exit(main())
