"""Carries a service call that the manifest describes with `params`: what docs/call-abis.md says, once more, and apart from
parigot-opt's own code. A service has read(ptr, length), write(ptr, data) and call(export, *params)."""

import re

U32 = 0xFFFFFFFF


def word(service, at):
    return int.from_bytes(service.read(at, 4), "little")


def set_word(service, at, value):
    service.write(at, (value & U32).to_bytes(4, "little"))


def unpack(order, packed):
    """(address, length) of an i64, by "ptr<<32|len" or "len<<32|ptr"."""
    halves = packed >> 32 & U32, packed & U32
    return halves if order.startswith("ptr") else halves[::-1]


def pack(order, ptr, length):
    high, low = (ptr, length) if order.startswith("ptr") else (length, ptr)
    value = high << 32 | low
    return value - (1 << 64) if value >> 63 else value


def allocate(service, text, size):
    """Calls what "malloc" or "__pin(__new(size, 2))" says."""
    if "(" not in text:
        return service.call(text, size) & U32
    name, inner = re.fullmatch(r"(\w+)\((.*)\)", text).groups()
    if "(" in inner:
        return service.call(name, allocate(service, inner, size)) & U32
    return service.call(name, *(size if part.strip() == "size" else int(part) for part in inner.split(","))) & U32


class Call:
    """One call in flight."""

    def __init__(self, call, params, client, callee, args):
        self.told, self.params, self.client, self.callee = call, params, client, callee
        self.args, self.given, self.sizes, self.lent = list(args), list(args), {}, []

    def value(self, name, values):
        return values[[param["name"] for param in self.params].index(name)] & U32

    def size(self, how, ptr, side, values):
        """How many bytes there are at `ptr`, of "64", "[len]", "8[n]", "[*len]", "[@-4]", "[size()]" or "string"."""
        if how == "string":
            end = ptr
            while side.read(end, 1) != b"\0":
                end += 1
            return end - ptr + 1
        element, count = re.fullmatch(r"(\d*)(?:\[(.*)\])?", how).groups()
        if count is None:
            return int(element)
        each = int(element or 1)
        if count.startswith("@"):
            offset = int(count[1:])
            return each * word(side, ptr + offset) + (0 if offset < 0 else offset + 4)
        if count.startswith("*"):
            return each * word(side, self.value(count[1:], values))
        return each * (self.callee.call(count[:-2]) & U32 if count.endswith("()") else self.value(count, values))

    def lend(self, size):
        self.lent.append(self.callee.call("malloc", size + 32) & U32)
        return self.lent[-1] + 32

    def put(self, start, size, how="", allocated=None):
        head = int(found[1]) if (found := re.search(r"\[@-(\d+)\]", how)) and not allocated else 0
        place = allocate(self.callee, self.told["service_allocator"], size) if allocated else self.lend(size)
        self.callee.write(place - head, self.client.read(start - head, size + head))
        return place

    def bring(self, start, how, size=None):
        if not start:
            return 0
        size = self.size(how, start, self.callee, self.given) if size is None else size
        to = allocate(self.client, self.told.get("allocator", "malloc"), size)
        self.client.write(to, self.callee.read(start, size))
        if "service_free" in self.told:
            self.callee.call(self.told["service_free"], start)
        return to

    def pairs(self, i):
        count = self.value(self.params[i]["how"][1:-1], self.args)
        return [((self.args[i] & U32) + 8 * k, (self.given[i] & U32) + 8 * k) for k in range(count)]

    def prepare(self, i, kind, how, allocated):
        at = self.args[i] & U32
        if kind == "packed":
            ptr, length = unpack(how, self.args[i])
            self.given[i] = pack(how, self.put(ptr, length, allocated=allocated), length)
        elif kind == "buffers":
            self.given[i] = self.lend(8 * self.value(how[1:-1], self.args))
            for ours, its in self.pairs(i):
                length = word(self.client, ours + 4)
                set_word(self.callee, its, self.put(word(self.client, ours), length))
                set_word(self.callee, its + 4, length)
        elif at and kind in ("pointer", "pair"):
            self.given[i] = self.lend(8)
            self.callee.write(self.given[i], bytes(8))
        elif at or re.fullmatch(r"\d*\[\w+\]", how):
            self.sizes[i] = self.size(how, at, self.client, self.args)
            self.given[i] = self.put(at, self.sizes[i], how, allocated)

    def carry_back(self, i, kind, how):
        to, start = self.args[i] & U32, self.given[i] & U32
        if not to:
            return
        if kind == "buffers":
            for ours, its in self.pairs(i):
                self.client.write(word(self.client, ours), self.callee.read(word(self.callee, its), word(self.client, ours + 4)))
        elif kind == "pointer":
            set_word(self.client, to, self.bring(word(self.callee, start), how))
        elif kind == "pair":
            ptr, length = (0, 4) if how.startswith("ptr") else (4, 0)
            size = word(self.callee, start + length)
            set_word(self.client, to + ptr, self.bring(word(self.callee, start + ptr), "", size))
            set_word(self.client, to + length, size)
        else:
            self.client.write(to, self.callee.read(start, self.sizes[i]))

    def result(self, result):
        text = self.told.get("result")
        if not text:
            return result
        direction, *words = text.split()
        if direction == "in":
            moved = lambda ptr: ptr - self.value(words[0], self.given) + self.value(words[0], self.args) if ptr else 0  # noqa: E731
            if len(words) == 1:
                return moved(result & U32)
            ptr, length = unpack(words[2], result)
            return pack(words[2], moved(ptr), length)
        if words[0] != "packed":
            return self.bring(result & U32, words[0])
        ptr, length = unpack(words[1], result)
        return pack(words[1], self.bring(ptr, "", length), length)

    def run(self):
        described = [(i, param) for i, param in enumerate(self.params) if param["direction"]]
        for i, param in described:
            self.prepare(i, param["kind"], param["how"], param["allocated"])
        result = self.callee.call(self.told["export"], *self.given)
        for i, param in described:
            if "out" in param["direction"]:
                self.carry_back(i, param["kind"], param["how"])
        result = self.result(result)
        for i, param in described:
            if param["allocated"] and self.given[i] and "service_release" in self.told:
                self.callee.call(self.told["service_release"], self.given[i])
        for place in self.lent:
            self.callee.call("free", place)
        return result


def carry_described(services, call):
    params = []
    for text in call["params"]:
        name, _, what = (part.strip() for part in text.partition(":"))
        found = re.fullmatch(r"(\w*) ?(allocated )?(packed|pointer|pair|buffers)? ?(.*)", what)
        params.append({"name": name, **dict(zip(("direction", "allocated", "kind", "how"), found.groups()))})
    return lambda client, *args: Call(call, params, client, services[call["service"]], args).run()
