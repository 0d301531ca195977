"""The programs, and what is known of them.

questions  how many the program asks (reference and coroutine alike: the driver counts)
yields     of each question, before it is answered
flags      of the compiler
meanwhile  the program exports a function of this name, which is called whenever the program is unwound
exit       the code that it calls proc_exit with, never to return
stack      the size of the buffer for unwound locals
"""

PROGRAMS = {
    "deep": {"questions": 22, "yields": 3},
    "pointers": {"questions": 31, "yields": 4},
    "loops": {"questions": 2500, "yields": 2},
    "two": {"questions": 200, "yields": 1},
    "exit": {"questions": 2, "yields": 2, "exit": 7},
    "leave": {"questions": 3, "yields": 2, "exit": 9},
    "meanwhile": {"questions": 21, "yields": 5, "meanwhile": True},
    "simd": {"questions": 1, "yields": 10, "flags": ["-msimd128"]},
    "traits": {"questions": 388, "yields": 2},
}

# What has to trap, and in which function: program, arguments of the pass, and a driver for what is not allowed.
TRAPS = {
    "buffer exhausted": {
        "program": "deep", "options": ["stack@4KiB"], "says": "parigot.trap.coroutine_stack_exhausted"},
    "yield of an exported function": {
        "program": "misuse", "driver": "misuse/yield_of_export.wat",
        "says": "parigot.trap.yield_outside_of_a_blocking_import"},
    "yield of an export within the entry": {
        "program": "misuse", "driver": "misuse/yield_of_nested_export.wat",
        "says": "parigot.trap.yield_outside_of_a_blocking_import"},
    "yield in an import that does not block": {
        "program": "misuse", "driver": "misuse/yield_of_other_import.wat",
        "says": "parigot.trap.yield_outside_of_a_blocking_import"},
    "entry within the entry": {
        "program": "misuse", "driver": "misuse/entry_in_entry.wat", "says": "parigot.trap.entry_called_within_itself"},
    "no memory for the buffer": {
        "program": "misuse", "driver": "misuse/yield_of_entry.wat",
        "says": "parigot.trap.coroutine_stack_not_allocated"},
    "yield of malloc": {
        "program": "blocking_malloc", "driver": "misuse/yield_of_entry.wat",
        "says": "parigot.trap.yield_outside_of_a_blocking_import"},
}
