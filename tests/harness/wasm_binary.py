"""The outermost parts of a wasm binary, read by code that shares nothing with what is tested."""

CODE = 10


def unsigned(data, at):
    """An unsigned LEB128 number, and the place behind it."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def sections(data):
    """(number, begin of the content, its end) of each section, in bytes of the file."""
    at = 8
    while at < len(data):
        number = data[at]
        size, begin = unsigned(data, at + 1)
        at = begin + size
        yield number, begin, at
