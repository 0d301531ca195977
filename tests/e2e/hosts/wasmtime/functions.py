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
    "count": (FuncType([I32], [I32]), count),
}
