"""Writes a world of so many services, each with a memory and a table, that call one another in a row, and run the given code."""
import sys

count = int(sys.argv[1])
code = ' '.join(sys.argv[2:])
with open('world.toml', 'w', encoding='utf-8') as file:
    file.write('[world]\nmain = "s0"\n' + ''.join(f'[service.s{i}]\nwasm = "s{i}.wat"\n' for i in range(count)))
for i in range(count):
    call = '' if i + 1 == count else '(call $next)'
    imported = '' if i + 1 == count else f'(import "s{i + 1}" "f" (func $next))'
    with open(f's{i}.wat', 'w', encoding='utf-8') as file:
        file.write(f'(module {imported} (memory (export "memory") 1) (table 1 funcref) (func (export "f") {code} {call}))')
