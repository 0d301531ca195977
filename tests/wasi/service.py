"""Writes the service of tests/wasi as wasm text, and reads what it recorded."""

import dataclasses
import struct

from calls import EXIT_CODE, FUNCTIONS, HIGH, LOG, LOW, MEMORY, WINDOW, WINDOW_BYTES, Slot

PATTERN, MASKED = 0xA5, 0x4D
HEADER = struct.Struct("<IIIIQ")  # step, return code, which masks covered something, bytes of the record, hash
RECORD_BYTES = HEADER.size + WINDOW_BYTES

SUPPORT = f"""
  (memory (export "memory") {MEMORY >> 16})
  (global $end (mut i32) (i32.const {LOG}))
  (global $covered (mut i32) (i32.const 0))
  ;; Hides bytes that differ from run to run; whether the call wrote any of them is recorded.
  (func $mask (param $at i32) (param $bytes i32)
    (local $i i32) (local $written i32)
    (block $done (loop $next
      (br_if $done (i32.eq (local.get $i) (local.get $bytes)))
      (if (i32.ne (i32.load8_u (i32.add (local.get $at) (local.get $i))) (i32.const {PATTERN}))
        (then (local.set $written (i32.const 1))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next)))
    (memory.fill (local.get $at) (i32.const {MASKED}) (local.get $bytes))
    (global.set $covered (i32.or (i32.shl (global.get $covered) (i32.const 1)) (local.get $written))))
  ;; FNV-1a, eight bytes at a time.
  (func $hash (param $at i32) (param $to i32) (param $hash i64) (result i64)
    (loop $next
      (local.set $hash (i64.mul (i64.xor (local.get $hash) (i64.load (local.get $at))) (i64.const 1099511628211)))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $next (i32.ne (local.get $at) (local.get $to))))
    (local.get $hash))
  (func $record (param $step i32) (param $result i32)
    (i32.store (global.get $end) (local.get $step))
    (i32.store offset=4 (global.get $end) (local.get $result))
    (i32.store offset=8 (global.get $end) (global.get $covered))
    (i32.store offset=12 (global.get $end) (i32.const {RECORD_BYTES}))
    (i64.store offset=16 (global.get $end)
      (call $hash (i32.const {HIGH[0]}) (i32.const {HIGH[1]})
        (call $hash (i32.const {LOW[0]}) (i32.const {LOW[1]}) (i64.const -3750763034362895579))))
    (memory.copy (i32.add (global.get $end) (i32.const {HEADER.size})) (i32.const {WINDOW}) (i32.const {WINDOW_BYTES}))
    (global.set $covered (i32.const 0))
    (global.set $end (i32.add (global.get $end) (i32.const {RECORD_BYTES}))))
  (func $fill
    (memory.fill (i32.const {WINDOW}) (i32.const {PATTERN}) (i32.const {WINDOW_BYTES})))
  ;; Writes the records to standard output, however many bytes the host takes at a time.
  (func $write_records
    (local $at i32)
    (local.set $at (i32.const {LOG}))
    (loop $next
      (i32.store (i32.const {WINDOW}) (local.get $at))
      (i32.store (i32.const {WINDOW + 4}) (i32.sub (global.get $end) (local.get $at)))
      (if (call $fd_write (i32.const 1) (i32.const {WINDOW}) (i32.const 1) (i32.const {WINDOW + 8})) (then (unreachable)))
      (local.set $at (i32.add (local.get $at) (i32.load (i32.const {WINDOW + 8}))))
      (br_if $next (i32.ne (local.get $at) (global.get $end)))))
"""


class Writer:
    """The texts of the steps, and the bytes that they put into memory, which are one passive data segment."""

    def __init__(self):
        self.image = bytearray()

    def put(self, address, what):
        if isinstance(what, Slot):
            return f"(i32.store (i32.const {address}) (i32.load (i32.const {what.address})))"
        start = len(self.image)
        self.image += what
        return f"(memory.init $image (i32.const {address}) (i32.const {start}) (i32.const {len(what)}))"

    def step(self, number, step):
        lines = ["(call $fill)"]
        lines += [f"(memory.fill (i32.const {at}) (i32.const {PATTERN}) (i32.const {length}))" for at, length in step.masks]
        lines += [self.put(*put) for put in step.puts if put[1]]
        operands = " ".join(operand(value, kind) for value, kind in zip(step.args, FUNCTIONS[step.function], strict=True))
        lines.append(f"(local.set $result (call ${step.function} {operands}))")
        lines += [f"(call $mask (i32.const {at}) (i32.const {length}))" for at, length in step.masks]
        lines += [f"(i64.store (i32.const {slot.address}) (i64.load (i32.const {at})))" for slot, at in step.saves]
        lines.append(f"(call $record (i32.const {number}) (local.get $result))")
        return f"\n  (func $step{number} (local $result i32)\n    " + "\n    ".join(lines) + ")"


def operand(value, kind):
    width = "i64" if kind == "I" else "i32"
    return f"({width}.load (i32.const {value.address}))" if isinstance(value, Slot) else f"({width}.const {value})"


def service(steps, wasi, export):
    """The service: WASI is imported from module `wasi`, the function that makes all calls is exported as `export`."""
    writer = Writer()
    functions = "".join(writer.step(number, step) for number, step in enumerate(steps))
    imports = "".join(import_of(name, wasi) for name in FUNCTIONS)
    calls = "\n    ".join(f"(call $step{number})" for number in range(len(steps)))
    image = "".join(f"\\{byte:02x}" for byte in writer.image)
    return f"""(module{imports}{SUPPORT}{functions}
  (func (export "{export}")
    {calls}
    (call $write_records)
    (call $proc_exit (i32.const {EXIT_CODE})))
  (data $image "{image}"))
"""


def import_of(name, wasi):
    params = " ".join("i64" if kind == "I" else "i32" for kind in FUNCTIONS[name])
    result = "" if name == "proc_exit" else " (result i32)"
    return f'\n  (import "{wasi}" "{name}" (func ${name} (param {params}){result}))'


# The main service of worlds in which another one makes the calls.
STARTER = """(module
  (import "probe" "run" (func $run))
  (memory (export "memory") 1)
  (func (export "_start") (call $run)))
"""


def filler(instructions):
    """A service that does nothing, in more instructions that touch memory than any other has: it gets base 0."""
    body = "\n    ".join(["(drop (i32.load (i32.const 0)))"] * instructions)
    return f"""(module
  (memory (export "memory") 1)
  (func (export "fill")
    {body}))
"""


@dataclasses.dataclass
class Record:
    """What became of one call."""

    result: int
    covered: int
    hash: int
    window: bytes

    def difference(self, other):
        """How this one is not the other one; None if it is."""
        if self.result != other.result:
            return f"returned {self.result}, alone {other.result}"
        for at, (ours, theirs) in enumerate(zip(self.window, other.window)):
            if ours != theirs:
                end = at + 16
                return f"memory at {WINDOW + at:#x}: {self.window[at:end].hex(' ')}, alone {other.window[at:end].hex(' ')}"
        if self.covered != other.covered:
            return f"wrote other masked ranges: {self.covered:b}, alone {other.covered:b}"
        return "memory outside of the window differs" if self.hash != other.hash else None


def read_records(output, count):
    if len(output) != count * RECORD_BYTES:
        raise ValueError(f"{len(output)} bytes of records, expected {count * RECORD_BYTES}: {output[:200]!r}")
    records = []
    for number in range(count):
        start = number * RECORD_BYTES
        step, result, covered, size, digest = HEADER.unpack_from(output, start)
        if (step, size) != (number, RECORD_BYTES):
            raise ValueError(f"record {number} says that it is {step} and has {size} bytes")
        records.append(Record(result, covered, digest, output[start + HEADER.size:start + RECORD_BYTES]))
    return records
