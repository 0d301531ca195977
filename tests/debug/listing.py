"""What Go's compiler says of each instruction: the listing of its flag -S.

    main.sum STEXT size=15 args=0x20 locals=0x0 funcid=0x0 align=0x0
    \t0x0003 00003 (main.go:25)\tGet\tR0

An instruction of the listing is one of wasm, with a few exceptions, which assemble() in cmd/internal/obj/wasm/wasmobj.go makes.
"""

import collections
import re

FUNCTION = re.compile(r"^(\S.*?) STEXT")
INSTRUCTION = re.compile(r"^\t0x[0-9a-f]+ \d+ \((.*):(\d+)\)\t(\S+)\t?(.*)$")
NO_CODE = {"TEXT", "FUNCDATA", "PCDATA", "NOP"}
GLOBALS = {"SP", "CTXT", "g", "RET0", "RET1", "RET2", "RET3", "PAUSE"}
CALLS = {"Call", "CallIndirect"}
BEGIN, END = 2, 1  # instructions before and behind those of the listing: a copy of SP, and the end of the function


def functions(text):
    """{name: places of its instructions in wasm}, where a place is (name of a file without its folder, line). Names that two
    functions have are left out."""
    listed, current = collections.defaultdict(list), None
    for line in text.splitlines():
        if not line.startswith("\t"):
            found = FUNCTION.match(line)
            current = [] if found else None
            if found:
                listed[found[1]].append(current)
        elif current is not None and (found := INSTRUCTION.match(line)):
            file, number, operation, operand = found.groups()
            current.append(((file.rsplit("/", 1)[-1], int(number)), operation, operand))
    return {name: assembled(versions[0]) for name, versions in listed.items() if len(versions) == 1}


def assembled(listed):
    places, at = [], 0
    while at < len(listed):
        place, operation, operand = listed[at]
        at += 1
        if operation in NO_CODE:
            continue
        places.append(place)
        if operation == "Set" and operand == "SP":
            places.append(place)  # the local copy, too
        elif operation == "Set" and operand not in GLOBALS and listed[at:at + 1] and listed[at][1:] == ("Get", operand):
            at += 1  # both are one local.tee
        elif operation in CALLS:
            places += [place] * 2  # a new copy of SP
    return places
