"""Reads the scripts of WebAssembly's specification (.wast): S-expressions, and the commands that they are.

A node is a list (with the place in the text where it begins and ends), a Symbol, or the bytes of a string.
"""
import re
import struct
from dataclasses import dataclass, field
from fractions import Fraction

TOKEN = re.compile(r'''
    (?P<space>\s+|;;[^\n]*)
  | (?P<comment>\(;)
  | (?P<open>\()
  | (?P<close>\))
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<symbol>[^\s()";]+)
''', re.VERBOSE | re.DOTALL)
COMMENT_END = re.compile(r'\(;|;\)')
ESCAPE = re.compile(rb'\\(?:u\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2})|(.))', re.DOTALL)
ESCAPED = {b't': b'\t', b'n': b'\n', b'r': b'\r'}


class Symbol(str):
    """A word: a keyword, a number, a $name."""


class List(list):
    """What is between two parentheses, and where they are."""
    begin = end = 0


class Unreadable(Exception):
    """A text that is no sequence of S-expressions; some test texts are meant to be."""


def unescape(quoted):
    def replace(match):
        point, byte, letter = match.groups()
        if point:
            return chr(int(point, 16)).encode()
        return bytes([int(byte, 16)]) if byte else ESCAPED.get(letter, letter)
    return ESCAPE.sub(replace, quoted[1:-1].encode('utf-8', 'surrogateescape'))


def skip_comment(text, at):
    """Block comments nest."""
    depth = 0
    while True:
        match = COMMENT_END.search(text, at)
        if not match:
            raise Unreadable('a comment does not end')
        depth += 1 if match.group() == '(;' else -1
        at = match.end()
        if depth == 0:
            return at


def read(text):
    """The nodes at the top of a text."""
    top = List()
    stack = [top]
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise Unreadable(f'offset {at} of the text is no token')
        kind = match.lastgroup
        if kind == 'comment':
            at = skip_comment(text, at)
            continue
        if kind == 'open':
            node = List()
            node.begin = at
            stack[-1].append(node)
            stack.append(node)
        elif kind == 'close':
            if len(stack) == 1:
                raise Unreadable('a parenthesis too many')
            stack.pop().end = match.end()
        elif kind == 'string':
            stack[-1].append(unescape(match.group()))
        elif kind == 'symbol':
            stack[-1].append(Symbol(match.group()))
        at = match.end()
    if len(stack) != 1:
        raise Unreadable('a parenthesis is not closed')
    return top


@dataclass
class Command:
    """One command of a script. `kind` is its keyword; of what follows, each kind has what it needs."""
    kind: str
    line: int
    name: str = ''        # module, register, actions: the module that they speak of; '' is the last one
    text: str = ''        # module: as text
    binary: bytes = b''   # module: as bytes, instead
    alias: str = ''       # register
    action: dict = None   # invoke, get: {'kind', 'module', 'field', 'args'}
    expected: list = field(default_factory=list)
    module: 'Command' = None  # assert_trap of an instantiation
    definition: bool = False  # a module that is not instantiated yet
    inner: list = None    # thread


def lane_bits(shape, words):
    """The 16 bytes of a v128.const, or for each lane the pattern that it must match."""
    size = {'i8x16': 1, 'i16x8': 2, 'i32x4': 4, 'i64x2': 8, 'f32x4': 4, 'f64x2': 8}[shape]
    kind = f"{'f' if shape[0] == 'f' else 'i'}{8 * size}"
    return [number(kind, word) for word in words]


def number(kind, word):
    """A constant as {'type', 'bits'}: bits are a decimal number without a sign, or 'canonical' or 'arithmetic'."""
    size = int(kind[1:])
    word = word.replace('_', '')
    if kind[0] == 'i':
        bits = int(word, 0 if 'x' in word else 10) % (1 << size)
    elif word in ('nan:canonical', 'nan:arithmetic'):
        return {'type': kind, 'bits': word[4:]}
    else:
        bits = float_bits(size, word)
    return {'type': kind, 'bits': str(bits)}


def float_bits(size, word):
    mantissa, high = (23, 0x7f800000) if size == 32 else (52, 0x7ff0000000000000)
    sign = (1 << (size - 1)) if word.startswith('-') else 0
    plain = word.lstrip('+-')
    if plain == 'nan':
        return sign | high | 1 << (mantissa - 1)
    if plain.startswith('nan:'):
        return sign | high | int(plain[4:], 16)
    if plain == 'inf':
        return sign | high
    if size == 64:
        value = float.fromhex(plain) if 'x' in plain else float(plain)
        return sign | struct.unpack('<Q', struct.pack('<d', value))[0]
    return sign | nearest_f32(plain)


def nearest_f32(plain):
    """Rounded once, from the exact value: by way of a double it would be rounded twice."""
    if 'x' in plain:
        digits, _, exponent = plain[2:].lower().partition('p')
        whole, _, part = digits.partition('.')
        exact = Fraction(int(whole + part, 16)) / 16 ** len(part) * Fraction(2) ** int(exponent or 0)
    else:
        exact = Fraction(plain)
    if exact == 0:
        return 0
    exponent = max(-126, min(127, exact.numerator.bit_length() - exact.denominator.bit_length()))
    if exponent > -126 and exact < Fraction(2) ** exponent:
        exponent -= 1
    # The leading 1 of a normal number's mantissa is one more in the exponent.
    return (exponent + 126 << 23) + round(exact / Fraction(2) ** (exponent - 23))


def value(node):
    """A constant of a script, argument or expectation."""
    head = node[0]
    if head == 'v128.const':
        return {'type': 'v128', 'lanes': lane_bits(node[1], node[2:])}
    if head.endswith('.const'):
        return number(head[:3], node[1])
    if head == 'either':
        return {'type': 'either', 'of': [value(option) for option in node[1:]]}
    return {'type': head, 'value': str(node[1]) if len(node) > 1 and isinstance(node[1], str) else ''}


class Script:
    """The commands of a text."""

    def __init__(self, text):
        self.text = text
        self.commands = [self.command(node) for node in read(text)]

    def line(self, node):
        return self.text.count('\n', 0, node.begin) + 1

    def action(self, node):
        rest = list(node[1:])
        module = rest.pop(0) if isinstance(rest[0], Symbol) else ''
        return {'kind': str(node[0]), 'module': str(module), 'field': rest[0].decode('utf-8', 'surrogateescape'),
                'args': [value(arg) for arg in rest[1:]]}

    def module(self, node):
        command = Command('module', self.line(node))
        rest = list(node[1:])
        if rest and rest[0] == 'definition':
            command.definition = True
            rest.pop(0)
        if rest and rest[0] == 'instance':
            command.kind = 'instance'
            command.name, command.alias = (str(name) for name in rest[1:3])
            return command
        if rest and isinstance(rest[0], Symbol) and rest[0].startswith('$'):
            command.name = str(rest.pop(0))
        if rest and rest[0] == 'binary':
            command.binary = b''.join(rest[1:])
        elif rest and rest[0] == 'quote':
            command.text = '(module ' + b' '.join(rest[1:]).decode('utf-8', 'surrogateescape') + ')'
        else:
            command.text = self.text[node.begin:node.end]
            if command.definition:
                command.text = command.text.replace('definition', '', 1)
        return command

    def command(self, node):
        if not isinstance(node, List) or not node:
            raise Unreadable('a command is a list')
        kind, line = str(node[0]), self.line(node)
        if kind == 'module':
            return self.module(node)
        if kind == 'register':
            return Command(kind, line, alias=node[1].decode(), name=str(node[2]) if len(node) > 2 else '')
        if kind in ('invoke', 'get'):
            return Command(kind, line, action=self.action(node))
        if kind in ('assert_trap', 'assert_exhaustion', 'assert_exception', 'assert_suspension', 'assert_return'):
            if node[1][0] == 'module':
                return Command(kind, line, module=self.module(node[1]))
            expected = [value(result) for result in node[2:] if isinstance(result, List)]
            return Command(kind, line, action=self.action(node[1]), expected=expected)
        if kind == 'thread':
            inner = [self.command(part) for part in node[2:] if part[0] != 'shared']
            return Command(kind, line, name=str(node[1]), inner=inner)
        return Command(kind, line)
