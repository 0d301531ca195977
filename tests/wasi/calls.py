"""What the service of tests/wasi calls: every function of WASI, with arguments that reach all that an address can mean.

The listing of functions is this suite's own: it is not made from src/abi, which it tests. A Step is one call. Before it, the
window of the service's memory is filled with a pattern and what the call needs is put into memory; after it, bytes that are
never the same twice (times, random bytes, numbers of inodes) are masked, and the return code and the memory are recorded.
"""

import dataclasses
import struct

# Parameters: i is 32 bits wide, I is 64. All return an error code, but for proc_exit, which does not return.
FUNCTIONS = {
    "args_get": "ii", "args_sizes_get": "ii", "environ_get": "ii", "environ_sizes_get": "ii",
    "clock_res_get": "ii", "clock_time_get": "iIi",
    "fd_advise": "iIIi", "fd_allocate": "iII", "fd_close": "i", "fd_datasync": "i", "fd_fdstat_get": "ii",
    "fd_fdstat_set_flags": "ii", "fd_fdstat_set_rights": "iII", "fd_filestat_get": "ii", "fd_filestat_set_size": "iI",
    "fd_filestat_set_times": "iIIi", "fd_pread": "iiiIi", "fd_prestat_get": "ii", "fd_prestat_dir_name": "iii",
    "fd_pwrite": "iiiIi", "fd_read": "iiii", "fd_readdir": "iiiIi", "fd_renumber": "ii", "fd_seek": "iIii", "fd_sync": "i",
    "fd_tell": "ii", "fd_write": "iiii",
    "path_create_directory": "iii", "path_filestat_get": "iiiii", "path_filestat_set_times": "iiiiIIi",
    "path_link": "iiiiiii", "path_open": "iiiiiIIii", "path_readlink": "iiiiii", "path_remove_directory": "iii",
    "path_rename": "iiiiii", "path_symlink": "iiiii", "path_unlink_file": "iii",
    "poll_oneoff": "iiii", "proc_exit": "i", "proc_raise": "i", "sched_yield": "", "random_get": "ii",
    "sock_accept": "iii", "sock_recv": "iiiiii", "sock_send": "iiiii", "sock_shutdown": "ii",
}
# What no engine does for a file, or at all, and what one of them never does; everything else must succeed at least once.
NEVER_SUCCEED = {"proc_exit", "proc_raise", "sock_accept", "sock_recv", "sock_send", "sock_shutdown"}
NEVER_SUCCEED_ON = {"node": set(), "wasmtime": {"fd_allocate", "fd_fdstat_set_rights"}, "wazero": {"fd_fdstat_set_rights"}}

# The service's memory, in bytes. All that a call may touch is in LOW and HIGH, which are hashed after each call; the window,
# inside LOW, is recorded byte by byte.
LOW = (0, 0x10000)
SLOTS = 0x100
WINDOW, WINDOW_BYTES = 0x1000, 0x800
BIG = 0x4000  # for what the window is too small for
LOG = 0x10000
MEMORY = 0x200000
HIGH = (MEMORY - 0x10000, MEMORY)

ARGS = ["main", "first", "", "third argument"]
ENV = ["NAME=value", "EMPTY="]
EXIT_CODE = 7
STDIN = b"standard input\n"

FIXED, WORK = 3, 4  # descriptors of the folders that the host gives: one to read, one to write
FILE, OTHER, FOLDER, READ_ONLY, COOKIE = range(5)  # slots
# Rights, by the numbers of their bits in typenames.witx: all, those that make sense for a file, reading a file and a folder.
RIGHTS = (1 << 29) - 1
FILE_RIGHTS = sum(1 << bit for bit in (*range(9), 21, 22, 23, 27))
READ_RIGHTS = sum(1 << bit for bit in (1, 2, 5, 21))
FOLDER_RIGHTS = 1 << 14


@dataclasses.dataclass
class Slot:
    """What an earlier call left, for instance the number of a file."""

    index: int

    @property
    def address(self):
        return SLOTS + 8 * self.index


@dataclasses.dataclass
class Step:
    function: str
    args: list
    puts: list = dataclasses.field(default_factory=list)  # (address, bytes or Slot)
    masks: list = dataclasses.field(default_factory=list)  # (address, how many bytes)
    saves: list = dataclasses.field(default_factory=list)  # (Slot, address of 8 bytes)
    why: str = ""
    # Engines that the call ends, or blocks, also when the service is alone.
    not_on: tuple = ()

    def __str__(self):
        args = ", ".join(f"slot {a.index}" if isinstance(a, Slot) else hex(a) if a > 0xFFF else str(a) for a in self.args)
        return f"{self.function}({args}){' ' + self.why if self.why else ''}"


def pairs(buffers):
    """An array of iovecs."""
    return b"".join(struct.pack("<II", address, length) for address, length in buffers)


def text_at(address, text):
    """What to put, and the two arguments that name it."""
    data = text.encode()
    # Node reads on to a zero byte, and dies where there is none before the end of memory.
    end = b"\0" if address >= HIGH[0] else b""
    return (address, data + end), [address, len(data)]


# wasmtime ends a program whose addresses are not aligned as C does it, or that passes a value which is none of an enumeration.
UNALIGNED = INVALID = ("wasmtime",)

# The places of things in the window. Results are put where a call that misses them by little would be seen.
RESULT, RESULT2 = WINDOW + 0x10, WINDOW + 0x20
ARRAY = WINDOW + 0x80
BUFFERS = WINDOW + 0x200
PATH, PATH2 = WINDOW + 0x400, WINDOW + 0x500


def strings():
    for what in ("args", "environ"):
        for at in (RESULT, LOW[0], MEMORY - 8):
            yield Step(f"{what}_sizes_get", [at, at + 4])
        yield Step(f"{what}_sizes_get", [RESULT + 1, RESULT + 6], not_on=UNALIGNED)
        yield Step(f"{what}_sizes_get", [RESULT2, RESULT])
        for array, buffer in ((ARRAY, BUFFERS), (BUFFERS, ARRAY), (ARRAY + 4, BUFFERS + 3), (LOW[0], WINDOW), (HIGH[0], MEMORY - 64)):
            yield Step(f"{what}_get", [array, buffer])


def clocks():
    for clock in (0, 1, 2, 3, 99):
        not_on = INVALID if clock == 99 else ()
        # Node gives the time of a clock for CPU time as its resolution.
        yield Step("clock_res_get", [clock, RESULT], masks=[(RESULT, 8)] if clock in (2, 3) else [], not_on=not_on)
        yield Step("clock_time_get", [clock, 1000, RESULT], masks=[(RESULT, 8)], not_on=not_on)
    for at in (LOW[0], MEMORY - 8):
        yield Step("clock_res_get", [0, at])
    yield Step("clock_time_get", [0, 1 << 63, MEMORY - 8], masks=[(MEMORY - 8, 8)])
    yield Step("sched_yield", [])
    for at, length in ((RESULT, 16), (RESULT, 0), (RESULT + 1, 7), (BIG, 10000), (MEMORY - 16, 16)):
        yield Step("random_get", [at, length], masks=[(at, length)])


def preopened():
    for fd in (0, 3, 4, 5, 99):
        yield Step("fd_prestat_get", [fd, RESULT])
    for fd, length in ((3, 6), (3, 3), (3, 0), (3, 100), (4, 5), (5, 5), (99, 6)):
        yield Step("fd_prestat_dir_name", [fd, BUFFERS, length])
    yield Step("fd_prestat_dir_name", [3, MEMORY - 6, 6])
    for fd in (0, 1, 2, 3, 4, 99):
        yield Step("fd_fdstat_get", [fd, RESULT])
    yield Step("fd_fdstat_get", [3, MEMORY - 24])


def open_path(fd, path, slot=None, dirflags=0, oflags=0, base=FILE_RIGHTS, at=PATH, result=RESULT):
    put, name = text_at(at, path)
    saves = [(Slot(slot), result)] if slot is not None else []
    return Step("path_open", [fd, dirflags, *name, oflags, base, 0, 0, result], [put], saves=saves, why=path)


def opening():
    yield open_path(WORK, "file", FILE, oflags=1)
    yield open_path(WORK, "file", oflags=1 | 4)  # exists
    yield open_path(FIXED, "input.txt", READ_ONLY, base=READ_RIGHTS)
    yield open_path(FIXED, "folder", FOLDER, oflags=2, base=FOLDER_RIGHTS)
    yield open_path(FIXED, "folder/one.txt", oflags=2)  # no folder
    yield open_path(FIXED, "none")
    yield open_path(WORK, "none/none", oflags=1)
    yield open_path(WORK, "../outside")
    yield open_path(WORK, "/file")
    yield open_path(WORK, "")
    yield open_path(99, "file")
    yield open_path(FIXED, "link", dirflags=1, base=READ_RIGHTS)
    yield open_path(FIXED, "link", base=READ_RIGHTS)
    yield open_path(WORK, "other", OTHER, oflags=1, at=MEMORY - 16, result=MEMORY - 24)
    yield open_path(WORK, "x" * 5000, at=BIG)


LINE = b"The quick brown fox jumps over the lazy dog. 0123456789\n"


def vectors():
    """Arrays of iovecs of several sizes, whose buffers are in the window or at the end of memory."""
    yield []
    yield [(BUFFERS, 10)]
    yield [(BUFFERS, 0)]
    yield [(BUFFERS, 5), (BUFFERS + 10, 7)]
    yield [(BUFFERS + 30, 3), (BUFFERS, 0), (BUFFERS + 1, 9)]
    yield [(0, 0), (0, 0), (BUFFERS, 4)]
    yield [(BUFFERS, 8), (BUFFERS + 4, 8)]  # overlapping
    yield [(MEMORY - 4, 4), (BUFFERS, 2), (MEMORY - 9, 3)]
    yield [(BUFFERS + i, 1) for i in range(0, 40, 2)]


MANY = [(BUFFERS + i % 50, i % 3) for i in range(200)]
TOO_MANY = [(BUFFERS + i % 50, 1) for i in range(2000)]  # for the kernel, which takes 1024


def writing():
    data = [(BUFFERS, LINE), (MEMORY - 16, b"at the very end.")]
    for buffers in vectors():
        yield Step("fd_write", [Slot(FILE), ARRAY, len(buffers), RESULT], [*data, (ARRAY, pairs(buffers))])
        yield Step("fd_pwrite", [Slot(FILE), ARRAY, len(buffers), 5, RESULT], [*data, (ARRAY, pairs(buffers))])
        yield Step("fd_tell", [Slot(FILE), RESULT])
    for buffers in (MANY, TOO_MANY):
        yield Step("fd_write", [Slot(FILE), BIG, len(buffers), RESULT], [*data, (BIG, pairs(buffers))])
        yield Step("fd_pwrite", [Slot(FILE), BIG, len(buffers), 1, RESULT], [*data, (BIG, pairs(buffers))])
    # The array at the very end, the result at the very beginning.
    yield Step("fd_write", [Slot(FILE), MEMORY - 8, 1, LOW[0]], [(BUFFERS, LINE), (MEMORY - 8, pairs([(BUFFERS, 9)]))])
    yield Step("fd_write", [2, ARRAY, 2, RESULT], [*data, (ARRAY, pairs([(BUFFERS, 4), (BUFFERS + 4, 16)]))])
    yield Step("fd_write", [99, ARRAY, 1, RESULT], [*data, (ARRAY, pairs([(BUFFERS, 4)]))])
    yield Step("fd_write", [Slot(READ_ONLY), ARRAY, 1, RESULT], [*data, (ARRAY, pairs([(BUFFERS, 4)]))])
    yield Step("fd_pwrite", [1, ARRAY, 1, 0, RESULT], [*data, (ARRAY, pairs([(BUFFERS, 4)]))])
    yield Step("fd_write", [Slot(FILE), ARRAY, 0, RESULT], why="no buffers, and no array of them either")


def reading():
    for buffers in vectors():
        array = [(ARRAY, pairs(buffers))]
        yield Step("fd_read", [Slot(READ_ONLY), ARRAY, len(buffers), RESULT], array)
        yield Step("fd_pread", [Slot(READ_ONLY), ARRAY, len(buffers), 3, RESULT], array)
        yield Step("fd_tell", [Slot(READ_ONLY), RESULT])
    for buffers in (MANY, TOO_MANY):
        yield Step("fd_pread", [Slot(READ_ONLY), BIG, len(buffers), 1, RESULT], [(BIG, pairs(buffers))])
        yield Step("fd_read", [Slot(READ_ONLY), BIG, len(buffers), RESULT], [(BIG, pairs(buffers))])
    for whence in (0, 1, 2, 3):
        yield Step("fd_seek", [Slot(READ_ONLY), 4, whence, RESULT], not_on=INVALID if whence == 3 else ())
    yield Step("fd_seek", [Slot(READ_ONLY), (1 << 64) - 3, 2, RESULT2])
    yield Step("fd_seek", [Slot(READ_ONLY), (1 << 64) - 3, 0, RESULT])
    yield Step("fd_seek", [1, 0, 0, RESULT])
    yield Step("fd_seek", [Slot(READ_ONLY), 0, 2, MEMORY - 8])
    array = [(ARRAY, pairs([(BUFFERS, 100), (BUFFERS + 200, 100)]))]
    yield Step("fd_read", [Slot(READ_ONLY), ARRAY, 2, RESULT], array, why="at the end of the file")
    yield Step("fd_pread", [Slot(READ_ONLY), ARRAY, 2, 100, RESULT], array, why="less than asked for")
    yield Step("fd_read", [0, ARRAY, 2, RESULT], [(ARRAY, pairs([(BUFFERS, 3), (BUFFERS + 8, 100)]))])
    yield Step("fd_read", [99, ARRAY, 2, RESULT], array)
    yield Step("fd_read", [FIXED, ARRAY, 2, RESULT], array, why="a folder")
    yield Step("fd_pread", [0, ARRAY, 2, 0, RESULT], array)


INODE, TIMES, CHANGED = (8, 8), (40, 24), (56, 8)
FIXED_TIME = 1234567890_000_000_000


def file_status(fd, masks, at=RESULT):
    return Step("fd_filestat_get", [fd, at], masks=[(at + offset, length) for offset, length in masks])


def path_status(fd, flags, path, masks, at=RESULT):
    put, name = text_at(PATH, path)
    return Step("path_filestat_get", [fd, flags, *name, at], [put], [(at + offset, length) for offset, length in masks], why=path)


ACCESSED = (40, 8)  # files in the fixed folder are read


def file_attributes():
    for fd in (0, 1, 2):
        yield file_status(fd, [(0, 16), TIMES])
    yield file_status(Slot(READ_ONLY), [ACCESSED])
    yield file_status(Slot(READ_ONLY), [ACCESSED], MEMORY - 64)
    yield file_status(FIXED, [ACCESSED])
    yield file_status(99, [])
    yield file_status(Slot(FILE), [INODE, TIMES])
    yield Step("fd_filestat_set_times", [Slot(FILE), FIXED_TIME, FIXED_TIME + 1, 1 | 4])
    yield file_status(Slot(FILE), [INODE, CHANGED])
    yield Step("fd_filestat_set_times", [Slot(FILE), 0, 0, 1 | 2])
    yield Step("fd_filestat_set_times", [99, 0, 0, 1])
    yield Step("fd_filestat_set_size", [Slot(FILE), 1000])
    yield Step("fd_filestat_set_size", [Slot(READ_ONLY), 1000])
    yield Step("fd_allocate", [Slot(FILE), 900, 300])
    yield Step("fd_allocate", [Slot(READ_ONLY), 0, 1])
    yield file_status(Slot(FILE), [INODE, TIMES])
    for advice in range(7):
        yield Step("fd_advise", [Slot(FILE), 0, 10, advice], not_on=INVALID if advice == 6 else ())
    yield Step("fd_advise", [99, 0, 10, 0])
    for function in ("fd_datasync", "fd_sync"):
        yield Step(function, [Slot(FILE)])
        yield Step(function, [99])
    yield Step("fd_fdstat_get", [Slot(FILE), RESULT])
    for flags in (1, 4, 0, 0x100):
        yield Step("fd_fdstat_set_flags", [Slot(FILE), flags], not_on=INVALID if flags == 0x100 else ())
        yield Step("fd_fdstat_get", [Slot(FILE), RESULT])
    yield Step("fd_fdstat_set_rights", [Slot(FILE), FILE_RIGHTS & ~(1 << 8), 0])
    yield Step("fd_fdstat_set_rights", [Slot(FILE), RIGHTS, RIGHTS])
    yield Step("fd_fdstat_set_rights", [99, 0, 0])
    yield Step("fd_fdstat_get", [Slot(FILE), RESULT])


def folders():
    whole = 0x500
    yield Step("fd_readdir", [FIXED, BUFFERS, whole, 0, RESULT], saves=[(Slot(COOKIE), BUFFERS)])
    yield Step("fd_readdir", [FIXED, BUFFERS, whole, Slot(COOKIE), RESULT])
    for length in (0, 1, 10, 24, 25, 60, 100):
        yield Step("fd_readdir", [FIXED, BUFFERS, length, 0, RESULT])
    yield Step("fd_readdir", [Slot(FOLDER), BUFFERS, whole, 0, RESULT])
    yield Step("fd_readdir", [Slot(FOLDER), HIGH[0], HIGH[1] - HIGH[0], 0, RESULT])
    yield Step("fd_readdir", [FIXED, BUFFERS, whole, 1000, RESULT], why="a cookie beyond the end")
    yield Step("fd_readdir", [Slot(READ_ONLY), BUFFERS, whole, 0, RESULT], why="no folder")
    yield Step("fd_readdir", [99, BUFFERS, whole, 0, RESULT])


def one_path(function, fd, path, at=PATH):
    put, name = text_at(at, path)
    return Step(function, [fd, *name], [put], why=path)


def two_paths(function, before, old, between, new, at=PATH, at2=PATH2):
    """A call whose arguments are some numbers, a path, some numbers, another path."""
    put, name = text_at(at, old)
    put2, name2 = text_at(at2, new)
    return Step(function, [*before, *name, *between, *name2], [put, put2], why=f"{old} {new}")


def read_link(path, length, at=BUFFERS):
    put, name = text_at(PATH, path)
    return Step("path_readlink", [WORK, *name, at, length, RESULT], [put], why=path)


def set_path_times(fd, flags, path, fstflags, **more):
    put, name = text_at(PATH, path)
    return Step("path_filestat_set_times", [fd, flags, *name, FIXED_TIME, FIXED_TIME + 2, fstflags], [put], why=path, **more)


def paths():
    for path in ("new", "new", "new/inner", "none/inner", "../outside", "", "ü/ö"):
        yield one_path("path_create_directory", WORK, path)
    yield one_path("path_create_directory", 99, "new")
    yield one_path("path_create_directory", WORK, "edge", MEMORY - 16)

    yield path_status(FIXED, 0, "input.txt", [ACCESSED])
    yield path_status(FIXED, 0, "link", [ACCESSED])
    yield path_status(FIXED, 1, "link", [ACCESSED])
    yield path_status(FIXED, 0, "folder/one.txt", [ACCESSED], MEMORY - 64)
    yield path_status(FIXED, 0, "none", [])
    yield path_status(99, 0, "none", [])
    yield set_path_times(WORK, 0, "file", 1 | 4)
    yield path_status(WORK, 0, "file", [INODE, CHANGED])
    yield set_path_times(WORK, 0, "none", 1 | 4)
    yield set_path_times(WORK, 0, "file", 1 | 2, not_on=("node",))

    yield two_paths("path_link", [WORK, 0], "file", [WORK], "hard")
    yield two_paths("path_link", [WORK, 0], "file", [WORK], "hard")
    yield two_paths("path_link", [WORK, 0], "none", [WORK], "hard2")
    yield two_paths("path_link", [WORK, 0], "file", [99], "hard2")
    yield two_paths("path_link", [WORK, 0], "file", [WORK], "new/inner/hard", PATH2, PATH)
    yield two_paths("path_rename", [WORK], "hard", [WORK], "renamed")
    yield two_paths("path_rename", [WORK], "hard", [WORK], "renamed")
    yield two_paths("path_rename", [WORK], "renamed", [WORK], "new/renamed", MEMORY - 16, LOW[0])
    yield two_paths("path_rename", [WORK], "new", [WORK], "new/inner/new")
    yield two_paths("path_rename", [99], "file", [WORK], "renamed")
    yield two_paths("path_symlink", [], "the/target", [WORK], "link")
    yield two_paths("path_symlink", [], "the/target", [WORK], "link")
    yield two_paths("path_symlink", [], "/absolute", [WORK], "absolute")
    yield two_paths("path_symlink", [], "t" * 300, [WORK], "long", BIG)
    for path in ("link", "long", "absolute", "file", "none"):
        for length in (0, 3, 10, 400):
            yield read_link(path, length)
    yield read_link("link", 10, MEMORY - 10)

    for path in ("new", "edge", "edge", "file", "none"):
        yield one_path("path_remove_directory", WORK, path)
    for path in ("new/renamed", "new/renamed", "new", "link", "none"):
        yield one_path("path_unlink_file", WORK, path)
    yield one_path("path_unlink_file", 99, "file")


CLOCK, READABLE, WRITABLE = range(3)


class Subscriptions:
    """An array for poll_oneoff, laid out as preview1 has it, which is how Node and wazero read preview0's, too."""

    def __init__(self):
        self.count = 0
        self.puts = []

    def add(self, kind, contents):
        at = ARRAY + 48 * self.count
        self.puts.append((at, struct.pack("<QB7x", 0x1122334455667788 + self.count, kind) + contents))
        self.count += 1
        return at + 16

    def clock(self, timeout, absolute=False, clock=1):
        self.add(CLOCK, struct.pack("<I4xQQH6x", clock, timeout, 0, absolute))
        return self

    def file(self, kind, fd):
        at = self.add(kind, bytes(32))
        self.puts.append((at, fd if isinstance(fd, Slot) else struct.pack("<I", fd)))
        return self

    def poll(self, why, **more):
        return Step("poll_oneoff", [ARRAY, BUFFERS + 0x200, self.count, RESULT], self.puts, why=why, **more)


def polling():
    millisecond, minute = 10**6, 60 * 10**9  # nobody waits for the latter
    yield Subscriptions().clock(millisecond).poll("a millisecond")
    yield Subscriptions().clock(0).poll("no time")
    yield Subscriptions().clock(1, absolute=True, clock=0).poll("long ago", not_on=("node",))
    yield Subscriptions().clock(millisecond, clock=99).poll("an unknown clock", not_on=INVALID)
    yield Subscriptions().clock(millisecond).clock(minute).poll("two clocks")
    yield Subscriptions().file(WRITABLE, 2).poll("standard error", not_on=("wazero",))
    yield Subscriptions().file(READABLE, Slot(READ_ONLY)).poll("a file")
    yield Subscriptions().file(READABLE, Slot(READ_ONLY)).clock(minute).poll("a file and a clock")
    yield Subscriptions().file(READABLE, 99).clock(millisecond).poll("no file")
    several = Subscriptions()
    for _ in range(8):
        several.clock(minute)
    yield several.clock(0).poll("nine clocks")
    yield Step("poll_oneoff", [ARRAY, BUFFERS + 0x200, 0, RESULT], why="nothing")


def sockets():
    array = [(ARRAY, pairs([(BUFFERS, 4), (BUFFERS + 8, 4)]))]
    for fd in (Slot(FILE), 0, 99):
        not_on = ("node",) if fd == 0 else ()
        yield Step("sock_accept", [fd, 0, RESULT], not_on=not_on)
        yield Step("sock_recv", [fd, ARRAY, 2, 0, RESULT, RESULT2], array, not_on=not_on)
        yield Step("sock_send", [fd, ARRAY, 2, 0, RESULT], [*array, (BUFFERS, LINE)], not_on=not_on)
        yield Step("sock_shutdown", [fd, 3], not_on=not_on)


def closing():
    yield Step("fd_renumber", [Slot(OTHER), Slot(FILE)])
    yield Step("fd_tell", [Slot(OTHER), RESULT])
    yield Step("fd_tell", [Slot(FILE), RESULT])
    yield Step("fd_write", [Slot(FILE), ARRAY, 1, RESULT], [(BUFFERS, LINE), (ARRAY, pairs([(BUFFERS, 20)]))], why="renumbered")
    yield Step("fd_renumber", [99, Slot(FILE)])
    yield Step("fd_renumber", [Slot(FILE), 99])
    for fd in (Slot(FILE), Slot(FILE), Slot(READ_ONLY), Slot(FOLDER), 99):
        yield Step("fd_close", [fd])
    yield Step("proc_raise", [0])


def steps(engine):
    """All calls for an engine, in their order, but for proc_exit, which ends the service."""
    parts = (strings, clocks, preopened, opening, writing, reading, file_attributes, folders, paths, polling, sockets, closing)
    return [step for part in parts for step in part() if engine not in step.not_on]
