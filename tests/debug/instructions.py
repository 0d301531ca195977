"""The calls in the code of a Go program, and the return addresses that they store: a reader of its own, for what Go's linker writes."""

from harness.wasm_binary import CODE, sections, unsigned

LOCAL_TYPES = {0x7B, 0x7C, 0x7D, 0x7E, 0x7F}
BLOCKS = {0x02, 0x03, 0x04}
ONE_INDEX = {0x0C, 0x0D, 0x10, *range(0x20, 0x25), 0x3F, 0x40}
CONSTANTS = {0x41, 0x42}
BR_TABLE, CALL, CALL_INDIRECT, I64_CONST, I64_STORE, F32_CONST, F64_CONST = 0x0E, 0x10, 0x11, 0x42, 0x37, 0x43, 0x44
MEMORY = range(0x28, 0x3F)
REACH = 12  # instructions before a call in which its return address is stored


def signed(data, at):
    start = at
    value, at = unsigned(data, at)
    bits = 7 * (at - start)
    return (value - (1 << bits) if value >> (bits - 1) else value), at


def bodies(data):
    """The begin of the code section's payload, and (begin, end) of each body in it, in bytes of the file."""
    for section, at, _ in sections(data):
        if section == CODE:
            count, here = unsigned(data, at)
            found = []
            for _ in range(count):
                length, here = unsigned(data, here)
                found.append((here, here + length))
                here += length
            return at, found
    return 0, []


def instructions(data, begin, end):
    """(place, opcode, immediate or None) of a body."""
    groups, at = unsigned(data, begin)
    for _ in range(groups):
        _, at = unsigned(data, at)
        assert data[at] in LOCAL_TYPES
        at += 1
    while at < end:
        place, opcode, immediate = at, data[at], None
        at += 1
        if opcode in BLOCKS:
            at += 1
        elif opcode in CONSTANTS:
            immediate, at = signed(data, at)
        elif opcode in ONE_INDEX:
            immediate, at = unsigned(data, at)
        elif opcode in MEMORY:
            at = unsigned(data, unsigned(data, at)[1])[1]
        elif opcode == CALL_INDIRECT:
            immediate, at = unsigned(data, at)
            at += 1
        elif opcode == BR_TABLE:
            count, at = unsigned(data, at)
            for _ in range(count + 1):
                _, at = unsigned(data, at)
        elif opcode == F32_CONST:
            at += 4
        elif opcode == F64_CONST:
            at += 8
        elif opcode == 0xFC:
            number, at = unsigned(data, at)
            at += {8: 2, 10: 2, 11: 1}.get(number, 0)
        elif opcode == 0xFD:
            number, at = unsigned(data, at)
            if number <= 11:
                at = unsigned(data, unsigned(data, at)[1])[1]
            elif number in (12, 13):
                at += 16
            elif 21 <= number <= 34:
                at += 1
        yield place, opcode, immediate


def calls(data):
    """(offset in the code section of a call, the return address that it stores), without the calls that store none."""
    code, found = bodies(data)
    for begin, end in found:
        constant, age, stored = None, 0, None
        for place, opcode, immediate in instructions(data, begin, end):
            age += 1
            if opcode == I64_STORE and constant is not None and age == 1:
                stored = constant
            elif opcode == I64_CONST and immediate >> 16 >= 0x1000:
                constant, age = immediate, 0
            elif opcode in (CALL, CALL_INDIRECT):
                if stored is not None and age <= REACH:
                    yield place - code, stored
                constant = stored = None
