"""Reads which functions a wasm module imports and exports, and nothing else."""

I32, I64 = 0x7F, 0x7E
PARIGOT = ((I32,) * 4, (I64,))


class Interface:
    """imports: a list of (module, name, signature); exports: name -> signature; a signature is (params, results)."""

    def __init__(self, path):
        self.bytes = path.read_bytes()
        self.at = 8
        assert self.bytes[:8] == b"\0asm\1\0\0\0", f"{path} is no wasm module"
        types, functions, self.imports, exports = [], [], [], []
        while self.at < len(self.bytes):
            section, size = self.byte(), self.number()
            end = self.at + size
            if section == 1:
                types = self.vector(self.signature)
            elif section == 2:
                for module, name, kind, index in self.vector(self.import_):
                    if kind == 0:
                        self.imports.append((module, name, types[index]))
                        functions.append(index)
            elif section == 3:
                functions += self.vector(self.number)
            elif section == 7:
                exports = self.vector(lambda: (self.text(), self.byte(), self.number()))
                break
            self.at = end
        self.exports = {name: types[functions[index]] for name, kind, index in exports if kind == 0}

    def byte(self):
        self.at += 1
        return self.bytes[self.at - 1]

    def number(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def vector(self, item):
        return [item() for _ in range(self.number())]

    def text(self):
        length = self.number()
        self.at += length
        return self.bytes[self.at - length:self.at].decode()

    def signature(self):
        assert self.byte() == 0x60, "only function types are understood"
        return tuple(self.vector(self.byte)), tuple(self.vector(self.byte))

    def limits(self):
        flags = self.byte()
        return [self.number() for _ in range(1 + (flags & 1))]

    def import_(self):
        module, name, kind = self.text(), self.text(), self.byte()
        if kind == 0:
            return module, name, kind, self.number()
        if kind == 1:  # a table
            self.byte()
            self.limits()
        elif kind == 2:  # a memory
            self.limits()
        else:  # a global
            self.at += 2
        return module, name, kind, None
