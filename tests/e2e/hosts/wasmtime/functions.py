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


# name -> (type, function)
TEXT = {
    "reverse": (FuncType([I32] * 3, [I32]), reverse),
    "total": (FuncType([I32] * 3, []), total),
    "fill": (FuncType([I32] * 3, [I32]), fill),
    "upper": (FuncType([I32] * 2, []), upper),
    "call": (FuncType([I32], []), call),
    "count": (FuncType([I32], [I32]), count),
}
