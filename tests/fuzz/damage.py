"""Ways to damage input. Every function takes a random.Random, so that the same seed does the same damage."""
import json
import re

from harness import wasm_binary

# Bytes that mean much in wasm: types, ends of blocks, the widest LEB128.
INTERESTING = [0x00, 0x01, 0x02, 0x0b, 0x10, 0x11, 0x1f, 0x40, 0x41, 0x5e, 0x5f, 0x60, 0x6f, 0x70, 0x7b, 0x7f, 0x80,
               0xfb, 0xfc, 0xfd, 0xfe, 0xff]
LEBS = [b'\xff\xff\xff\xff\x0f', b'\xff\xff\xff\xff\x07', b'\x80\x80\x80\x80\x08', b'\x80\x80\x80\x80\x80\x80\x01',
        b'\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01', b'\x80\x80\x04', b'\x80\x80\x7c', b'\xa0\x8d\x06']
NUMBERS = ['0', '1', '-1', '2', '7', '65535', '65536', '65537', '100001', '2147483647', '2147483648', '4294967295',
           '4294967296', '9223372036854775807', '18446744073709551615', '99999999999999999999', '0x', 'nan', '1e400']


def bytes_of(random, data, others, most=6):
    """A few changes of single bytes and ranges."""
    data = bytearray(data)
    for _ in range(random.randint(1, most)):
        at = random.randrange(len(data) + 1)
        length = random.choice([1, 1, 2, 4, 16, 64])
        change = random.randrange(8)
        if not data or change == 0:
            data[at:at] = random.randbytes(length)
        elif change == 1:
            del data[at:at + length]
        elif change == 2:
            data[at:at] = data[at:at + length]
        elif change == 3:
            data[at:at + random.randint(0, 3)] = random.choice(LEBS)
        elif change == 4 and others:
            other = random.choice(others)
            begin = random.randrange(len(other) + 1)
            data[at:at + random.choice([0, length])] = other[begin:begin + length]
        elif change == 5:
            at = min(at, len(data) - 1)
            data[at] ^= 1 << random.randrange(8)
        else:
            at = min(at, len(data) - 1)
            data[at] = random.choice(INTERESTING)
    return bytes(data)


def leb(number):
    data = bytearray()
    while True:
        data.append(number & 0x7f | (0x80 if number > 0x7f else 0))
        number >>= 7
        if not number:
            return bytes(data)


def sections(module):
    """[(id, content)] of a valid module."""
    return [(id, module[begin:end]) for id, begin, end in wasm_binary.sections(module)]


def assemble(found):
    return b'\0asm\1\0\0\0' + b''.join(bytes([id]) + leb(len(content)) + content for id, content in found)


def module(random, binaries):
    """A damaged binary. Mostly the damage is inside of a section whose size is right: a reader gets further then."""
    data = random.choice(binaries)
    way = random.randrange(10)
    if way == 0:
        return data[:random.randrange(len(data))]
    if way == 1:
        return bytes_of(random, data, binaries)
    if way == 2:
        other = random.choice(binaries)
        return data[:random.randrange(len(data))] + other[random.randrange(len(other)):]
    found = sections(data)
    if way == 3:
        at, other = random.randrange(len(found)), random.choice(sections(random.choice(binaries)))
        change = random.randrange(4)
        if change == 0:
            del found[at]
        elif change == 1:
            found.insert(at, other)
        elif change == 2:
            found[at] = other
        else:
            random.shuffle(found)
        return assemble(found)
    if way < 7:
        # Single bytes that stay what they are in a LEB128: its last, or not.
        at = random.choice([i for i, (_, content) in enumerate(found) if content])
        content = bytearray(found[at][1])
        for _ in range(random.choice([1, 1, 1, 2, 3])):
            byte = random.randrange(len(content))
            value = random.choice([content[byte] + 1, content[byte] - 1, random.randrange(128), *INTERESTING])
            content[byte] = content[byte] & 0x80 | value & 0x7f
        found[at] = found[at][0], bytes(content)
        return assemble(found)
    for _ in range(random.choice([1, 1, 2])):
        at = random.randrange(len(found))
        id, content = found[at]
        found[at] = id, bytes_of(random, content, [content], most=random.choice([1, 1, 1, 3]))
    return assemble(found)


def tokens(random, found, pieces):
    """A few changes of whole tokens."""
    for _ in range(random.choice([1, 1, 1, 2, 4])):
        if not found:
            break
        at = random.randrange(len(found))
        change = random.randrange(7)
        if change == 0:
            del found[at]
        elif change == 1:
            found.insert(at, found[at])
        elif change == 2:
            found[at] = random.choice(found)
        elif change == 3:
            found.insert(at, random.choice(found))
        elif change == 4:
            numbers = [i for i, token in enumerate(found) if re.fullmatch(r'-?[0-9]+', token)]
            if numbers:
                found[random.choice(numbers)] = random.choice(NUMBERS)
        elif change == 5:
            length = random.randint(1, 12)
            other = random.randrange(len(found))
            found[at:at] = found[other:other + length]
        else:
            found[at] = random.choice(pieces)
    return found


PIECES = ['(', ')', 'i32', 'i64', 'f32', 'v128', 'externref', 'funcref', '(ref null func)', 'unreachable', 'mut', 'shared',
          'export', 'import', '"memory"', '"_start"', '"_initialize"', '"a/b"', '""', '"\\00"', '"\\ff"', '$x', '0',
          'call', 'memory.grow', 'loop', 'block', '(result i32)', '(param i32)', 'tail', 'i31', '(memory 1)', 'offset=4294967295',
          '(start 0)', 'table', 'elem', 'data', 'rec', 'type', 'global', '(module', ';;', '(;']


TYPES = ['i32', 'i64', 'f32', 'f64', 'v128', 'funcref', 'externref', 'anyref', 'i31ref']


def expression(random, found):
    """The range of a whole s-expression inside of the module."""
    begin = random.choice([i for i, token in enumerate(found) if token == '(' and i > 0])
    depth = 0
    for end in range(begin, len(found)):
        depth += (found[end] == '(') - (found[end] == ')')
        if depth == 0:
            return begin, end + 1
    return begin, len(found)


def like(random, token, found):
    """Another token of the same sort."""
    if re.fullmatch(r'-?[0-9]+', token):
        return random.choice([random.choice(NUMBERS), str(int(token) + 1), str(random.randrange(8))])
    if token in TYPES:
        return random.choice(TYPES)
    kinds = [r'"', r'\$', r'(i32|i64)\.', r'(f32|f64)\.', r'(v128|i8x16|i32x4)\.', r'(local|global)\.', r'memory\.|data\.',
             r'table\.|elem\.', r'ref\.|struct\.|array\.', r'offset=|align=', r'']
    kind = next(kind for kind in kinds if re.match(kind, token))
    return random.choice([other for other in found if re.match(kind, other)])


def gentle(random, found):
    """A change after which the text is often still a module, if a strange one."""
    change = random.randrange(6)
    if change < 3:
        words = [i for i, token in enumerate(found) if token not in '()' and i > 1]
        if words:
            at = random.choice(words)
            found[at] = like(random, found[at], found)
    elif found.count('(') > 2:
        begin, end = expression(random, found)
        if change == 3:
            del found[begin:end]
        elif change == 4:
            found[end:end] = found[begin:end]
        else:
            other, last = expression(random, found)
            found[begin:end] = found[other:last]
    return found


def text(random, texts):
    """A damaged module in text form."""
    whole = random.choice(texts)
    way = random.random()
    if way < 0.1:
        return bytes_of(random, whole.encode(), [])
    found = re.findall(r'"[^"]*"|[()]|[^\s()"]+', whole)
    if way < 0.8:
        for _ in range(random.choice([1, 1, 1, 2, 3])):
            found = gentle(random, found)
    else:
        other = re.findall(r'"[^"]*"|[()]|[^\s()"]+', random.choice(texts))
        found = tokens(random, found, PIECES + other)
    return ' '.join(found).encode()


TOML_PIECES = ['[', ']', '[[', ']]', '=', '"', '{', '}', ',', '\n', '[call]', '[[call]]', '[[host]]', '[service.x]',
               '[service.good]', '[microservice.x]', 'config', 'WasmPath', 'Main', 'Test',
               '"*"', '"single"', '"multi"', 'true', '1979-05-27', 'inf', '"""', "'", '\\u0000', '#',
               'wasm', 'main', 'abi', '"bytes"', '"scalar"', '"parigot"', '"../x"', '"/dev/null"', '"."', '""', '"4GiB"']


def manifest(random, manifests):
    whole = random.choice(manifests)
    if random.random() < 0.2:
        return bytes_of(random, whole.encode(), [])
    found = re.findall(r'"[^"]*"|\n|\[\[|\]\]|[\[\]=,]|[^\s\[\]=,"]+', whole)
    return ' '.join(tokens(random, found, TOML_PIECES)).encode()


def json_value(random, value):
    """The value with one thing in it changed, or another in its place."""
    other = random.choice([None, True, 0, 1, -1, 65536, 1 << 32, (1 << 64) - 1, 1.5, 1e300, '', 'hello', 'x/y', '\0', [], {}])
    if random.random() < 0.15:
        return other
    if isinstance(value, dict) and value:
        key = random.choice(sorted(value))
        value = dict(value)
        if random.random() < 0.1:
            del value[key]
        elif random.random() < 0.1:
            value[random.choice(['args', 'env', 'provides', 'x'])] = other
        else:
            value[key] = json_value(random, value[key])
    elif isinstance(value, list) and value:
        at = random.randrange(len(value))
        value = list(value)
        change = random.randrange(4)
        if change == 0:
            del value[at]
        elif change == 1:
            value.insert(at, value[at])
        else:
            value[at] = json_value(random, value[at])
    elif isinstance(value, bool) or value is None:
        return other
    elif isinstance(value, int):
        return random.choice([value + 1, value - 1, -value, value * 2, value << 16, random.randrange(1 << 33)])
    elif isinstance(value, str):
        return random.choice([value + 'x', value[:-1], value[::-1], 'memory', 'func', 'hello', 'multi', 'parigot', 'bytes'])
    else:
        return other
    return value


def world_section(random, data):
    """A module of a world whose parigot.world says something else than the rest of it, or nothing that makes sense."""
    found = sections(data)
    name = b'\x0dparigot.world'
    at = next(i for i, (id, content) in enumerate(found) if id == 0 and content.startswith(name))
    content = found[at][1][len(name):]
    way = random.randrange(12)
    if way == 0:
        content = content[:random.randrange(len(content))]
    elif way == 1:
        content = bytes_of(random, content, [content])
    else:
        value = json.loads(content)
        for _ in range(random.choice([1, 1, 1, 2])):
            value = json_value(random, value)
        if random.random() < 0.1 and isinstance(value, dict):
            value['stage'] = random.choice(['merged', 'bound', 'adapted', 'placed', 'sealed'])
        content = json.dumps(value).encode()
    found[at] = 0, name + content
    return assemble(found)


def debug_info(random, data):
    """A module whose debug information is damaged, and nothing else of it."""
    found = sections(data)
    places = [at for at, (id, content) in enumerate(found) if id == 0 and content[1:].startswith(b'.debug_')]
    for at in random.sample(places, random.choice([1, 1, 2])):
        name_ends = 1 + found[at][1][0]
        content = found[at][1][name_ends:]
        if random.random() < 0.15:
            content = content[:random.randrange(len(content) + 1)]
        else:
            content = bytes_of(random, content, [content])
        found[at] = 0, found[at][1][:name_ends] + content
    return assemble(found)


GO_MAGIC = b'\xf1\xff\xff\xff\0\0\1'  # of the table of functions, since Go 1.20
GO_TABLE_BYTES = 400_000  # at most, from there on


def go_table(random, data):
    """A module whose function table of Go is damaged, and nothing else of it."""
    found = sections(data)
    at = next(at for at, (id, _) in enumerate(found) if id == 11)
    content = bytearray(found[at][1])
    texts = data_texts(content)
    begin = content.index(GO_MAGIC)
    table = [text for text in texts if begin - 8 < text.start < begin + GO_TABLE_BYTES or begin in text]
    for _ in range(random.choice([1, 1, 2, 8, 64])):
        text = random.choice(table if random.random() < 0.8 else table[:1])
        place = random.choice(text)
        if random.random() < 0.5:
            content[place] ^= 1 << random.randrange(8)
        else:
            content[place] = random.choice(INTERESTING)
    found[at] = 11, bytes(content)
    return assemble(found)


def data_texts(content):
    """The ranges of the bytes of active segments in a data section."""
    count, at = wasm_binary.unsigned(content, 0)
    texts = []
    for _ in range(count):
        _, at = wasm_binary.unsigned(content, at + 2)  # behind the flag and i32.const: the address, as long as an unsigned one
        at += 1  # end
        size, at = wasm_binary.unsigned(content, at)
        texts.append(range(at, at + size))
        at += size
    return [text for text in texts if text]


def source_map(random, text):
    """A source map that is none any more, or is another."""
    if random.random() < 0.5:
        return bytes_of(random, text, [text])
    value = json.loads(text)
    for _ in range(random.choice([1, 1, 2])):
        value = json_value(random, value)
    return json.dumps(value).encode()
