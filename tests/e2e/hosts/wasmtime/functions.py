"""Functions that every reference host provides under the module name "text": they read and write memory in all the ways that
a [[host]] of a manifest can describe. ../../README.md lists them."""

from wasmtime import FuncType, ValType

I32 = ValType.i32()


def buffers(client, pairs, count):
    for i in range(count):
        pair = client.read(pairs + 8 * i, 8)
        yield int.from_bytes(pair[:4], "little"), int.from_bytes(pair[4:], "little")


def reverse(client, data, length, out):
    client.write(out, client.read(data, length)[::-1])
    return length


def total(client, pairs, count, out):
    client.write(out, sum(sum(client.read(*buffer)) for buffer in buffers(client, pairs, count)).to_bytes(8, "little"))


def fill(client, pairs, count, byte):
    filled = 0
    for i, (address, length) in enumerate(buffers(client, pairs, count)):
        client.write(address, bytes([byte + i]) * length)
        filled += length
    return filled


def upper(client, text, length):
    client.write(text, client.read(text, length).upper())


def call(client, stack):
    record = int.from_bytes(client.read(stack + 8, 4), "little")
    data, length, out, capacity = (int.from_bytes(client.read(record + offset, 8), "little") for offset in (0, 8, 16, 24))
    if length >= capacity:
        client.write(record + 32, (0x6B01 << 48).to_bytes(8, "little") + (4).to_bytes(8, "little"))
        return
    client.write(out, client.read(data, length)[::-1])
    client.write(record + 24, length.to_bytes(8, "little"))


def count(client, text):
    length = 0
    while client.read(text + length, 1) != b"\0":
        length += 1
    return length


def number(client, address):
    return int.from_bytes(client.read(address, 4), "little")


def turn(client, data, length):
    size = number(client, length)
    client.write(data, client.read(data, size)[::-1])
    client.write(length, (2 * size).to_bytes(4, "little"))


def total_of_object(client, data):
    size = number(client, data - 4)
    return size + sum(client.read(data, size))


def prefixed(client, data):
    size = number(client, data)
    client.write(data + 4, client.read(data + 4, size)[::-1])


def packed(client, text):
    return sum(client.read(text >> 32 & 0xFFFFFFFF, text & 0xFFFFFFFF))


# name -> (type, function)
TEXT = {
    "reverse": (FuncType([I32] * 3, [I32]), reverse),
    "total": (FuncType([I32] * 3, []), total),
    "fill": (FuncType([I32] * 3, [I32]), fill),
    "upper": (FuncType([I32] * 2, []), upper),
    "call": (FuncType([I32], []), call),
    "turn": (FuncType([I32] * 2, []), turn),
    "object": (FuncType([I32], [I32]), total_of_object),
    "prefixed": (FuncType([I32], []), prefixed),
    "packed": (FuncType([ValType.i64()], [I32]), packed),
    "count": (FuncType([I32], [I32]), count),
}
