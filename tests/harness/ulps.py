"""Compares outputs whose numbers may differ in their last digits."""

import struct


def nearly(ours, theirs, ulps):
    """Our output, with their numbers in place of ours that differ by so many units in the last place or less. `ulps` has how many, by the
    first word of a line; lines that begin with another word stay as they are."""
    lines, others = ours.decode(errors="surrogateescape").split("\n"), theirs.decode(errors="surrogateescape").split("\n")
    for i, (line, other) in enumerate(zip(lines, others, strict=False)):
        words, wanted = line.split(" "), other.split(" ")
        if (most := ulps.get(words[0])) and len(words) == len(wanted):
            lines[i] = " ".join(theirs if differ_by_at_most(most, ours, theirs) else ours for ours, theirs in zip(words, wanted, strict=True))
    return "\n".join(lines).encode(errors="surrogateescape")


def differ_by_at_most(ulps, one, other):
    """Whether both words are numbers, and so near to each other."""
    try:
        return abs(ordinal(float(one)) - ordinal(float(other))) <= ulps
    except ValueError:
        return False


def ordinal(number):
    """The place of a number among all doubles: that of its neighbour is one more or less."""
    bits = struct.unpack("<q", struct.pack("<d", number))[0]
    return bits if bits >= 0 else -(bits & 0x7FFFFFFFFFFFFFFF)
