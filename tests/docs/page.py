"""What is in a page: its blocks of code, its commands with the output that is shown, its links and headings."""
import dataclasses
import re

FENCE = re.compile(r'^( *)```(.*)$')
# The first line of a block that is a file: "# world.toml", ";; hello.wat", "// shout.c".
FILE_NAME = re.compile(r'^(?:#|;;|//) ([A-Za-z0-9_-]+\.(?:toml|wat|c|go|rs|zig|ts))$')
LINK = re.compile(r'(?<!!)\[[^\]\[]*\]\(([^)\s]+)\)')
HEADING = re.compile(r'^#{1,6} (.*)$')


@dataclasses.dataclass
class Block:
    """A block of code: its language, the number of its first line, counted from 1, and its lines."""
    language: str
    line: int
    lines: list

    @property
    def text(self):
        return '\n'.join(self.lines) + '\n'

    @property
    def file(self):
        """The name of the file that the block is, or None."""
        found = FILE_NAME.match(self.lines[0]) if self.lines else None
        return found.group(1) if found else None


@dataclasses.dataclass
class Command:
    """A command, the number of its line, and the lines that are shown below it."""
    text: str
    line: int
    shown: list


def blocks(text):
    """All blocks of a page, in order."""
    found, inside = [], None
    for number, line in enumerate(text.split('\n'), 1):
        fence = FENCE.match(line)
        if fence and inside is None:
            margin, inside = len(fence.group(1)), Block(fence.group(2).strip(), number + 1, [])
        elif fence and not fence.group(2).strip():
            found.append(inside)
            inside = None
        elif inside is not None:
            inside.lines.append(line[margin:])
    if inside is not None:
        found.append(inside)
    return found


def prose(text):
    """The lines of a page that are in no block, with their numbers."""
    lines, inside = [], False
    for number, line in enumerate(text.split('\n'), 1):
        if FENCE.match(line):
            inside = not inside
        elif not inside:
            lines.append((number, line))
    return lines


def commands(block):
    """The commands of a console block: "$ COMMAND", where "\\" at the end continues it, and what is shown until the next one."""
    found, continues = [], False
    for number, line in enumerate(block.lines, block.line):
        if continues:
            found[-1].text += '\n' + line
        elif line.startswith('$ '):
            found.append(Command(line[2:], number, []))
        elif found:
            found[-1].shown.append(line)
        continues = (continues or line.startswith('$ ')) and line.endswith('\\')
    return found


def matches(shown, output):
    """Whether an output is the one that a page shows, in which "..." is any text of a line, and alone any number of lines."""
    pattern = ''
    for line in shown:
        if line.strip() == '...':
            pattern += r'(?:.*\n)*'
        else:
            pattern += '.*'.join(re.escape(part) for part in line.split('...')) + r'\n'
    return re.fullmatch(pattern, output.rstrip('\n') + '\n' if output.strip() else '') is not None


def anchor(heading):
    """What GitHub makes of a heading: "Ways to wind" -> "ways-to-wind"."""
    plain = re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', heading).replace('`', '')
    return re.sub(r'[^\w\- ]', '', plain.strip().lower()).replace(' ', '-')


def anchors(text):
    """The anchors of a page; the second "a" is "a-1"."""
    found = []
    for _, line in prose(text):
        heading = HEADING.match(line)
        if heading:
            base = anchor(heading.group(1))
            again = sum(name == base or re.fullmatch(re.escape(base) + r'-\d+', name) is not None for name in found)
            found.append(f'{base}-{again}' if again else base)
    return set(found)


def links(text):
    """The links of a page: (number of the line, target)."""
    return [(number, target) for number, line in prose(text) for target in LINK.findall(re.sub(r'`[^`]*`', '``', line))]
