#!/usr/bin/env python3
"""Makes docs/passes.md from the comments at the heads of passes/*.cpp.

    tests/docs/passes.py            prints the page
    tests/docs/passes.py --write    writes it

A head is an essay: text in paragraphs and lists, and code that is indented further than the text around it. The page has
the text as text and the code in fences.
"""
import os
import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness.paths import ROOT  # noqa: E402

PAGE = os.path.join(ROOT, 'docs', 'passes.md')

INTRODUCTION = """# Passes

<!-- Made from the heads of passes/*.cpp; tests/docs/passes.py --write makes it again. -->

Each step of parigot-opt is a Binaryen pass in a file of its own. This page has what the heads of these files say: what a pass does, with before
and after, and its limits. To *wind* services is to link finished modules into one; the result is a *world*. [Plugins](plugins.md) says how
`wasm-opt` runs the passes, and [Architecture](architecture.md) in which order `parigot-opt build` does.
"""

# The files of passes/ that hold no pass.
NO_PASS = ('plugin', 'pipeline', 'pass_options')
# The order of the page: that of the way, and then what is used beside it. A new pass comes last.
ORDER = ('merge-world', 'govern-world', 'service-call-to-direct-call', 'adapt-host-calls', 'place-memories', 'seal-world', 'compact-bases',
         'remove-go-js-shim', 'go-coroutines', 'asyncify-coroutines')


def pass_name(stem):
    """RemoveGoJsShim -> remove-go-js-shim, as Binaryen names passes after their files."""
    return re.sub(r'(?<=[a-z])(?=[A-Z])', '-', stem).lower()


def head(text):
    """The lines of the comment that a file begins with, without their slashes."""
    lines = []
    for line in text.split('\n'):
        if not line.startswith('//'):
            break
        lines.append(line[2:].removeprefix(' ').rstrip())
    return lines


def indent(line):
    return len(line) - len(line.lstrip(' '))


def code_from(lines, start, margin):
    """Where the code ends that begins at a line: at text that is indented no further than the margin."""
    end = start + 1
    for index in range(start + 1, len(lines)):
        if lines[index] and indent(lines[index]) <= margin:
            break
        if lines[index]:
            end = index + 1
    return end


def fenced(code, margin):
    least = min(indent(line) for line in code if line)
    return [' ' * margin + '```text', *(' ' * margin + line[least:] if line else '' for line in code), ' ' * margin + '```']


def markdown(lines):
    """The essay as Markdown."""
    out, margin, at = [], 0, 0
    while at < len(lines):
        line = lines[at]
        if line.startswith('- '):
            margin = 2
        elif line and indent(line) == 0:
            margin = 0
        # Code of an item of a list may be indented by one column only; continued text is at its margin.
        if line and indent(line) > margin:
            end = code_from(lines, at, margin)
            if out and out[-1]:
                out.append('')
            out += [*fenced(lines[at:end], margin), '']
            at = end
            continue
        # A list needs a blank line before it in some readers, and so has none that runs into a paragraph.
        if line.startswith('- ') and out and out[-1] and not out[-1].startswith(('- ', '  ')):
            out.append('')
        if line or (out and out[-1]):
            out.append(line)
        at += 1
    while out and not out[-1]:
        out.pop()
    return out


def page():
    """The whole page, from the files as they are."""
    folder = os.path.join(ROOT, 'passes')
    sections = {}
    for file in os.listdir(folder):
        stem, extension = os.path.splitext(file)
        if extension == '.cpp' and stem not in NO_PASS:
            with open(os.path.join(folder, file), encoding='utf-8') as source:
                lines = markdown(head(source.read()))
            while lines and not lines[0]:
                lines.pop(0)
            sections[pass_name(stem)] = [f'## {pass_name(stem)}', '', f'[passes/{file}](../passes/{file})', '', *lines, '']
    order = [*(name for name in ORDER if name in sections), *sorted(set(sections) - set(ORDER))]
    return INTRODUCTION + '\n' + '\n'.join('\n'.join(sections[name]) for name in order)


if __name__ == '__main__':
    if sys.argv[1:] == ['--write']:
        with open(PAGE, 'w', encoding='utf-8') as made:
            made.write(page())
    else:
        sys.stdout.write(page())
