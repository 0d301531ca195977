"""What `inspect --browser` takes for served, against what the runtime serves: two tables, since the runtime is another program."""
import re

from harness.paths import files, read

AUDIT = 'src/audit/closed_set.cpp'
MEMBER = re.compile(r'\{\.name = "(\w+)",\s*\.(call|get|construct)\b')  # of an interface of the runtime
PAIR = re.compile(r'^\s*(?:\{|PARIGOT_CONSTANT\()"(\w+)",', re.MULTILINE)  # an operation of fs, a constant
ROW = re.compile(r'\{Operation::(\w+),\s*"[^"]*",\s*((?:"[^"]*"\s*)+|\w+)\}')

# Names in one table only.
UNDEFINED = {'fetch', 'AbortController'}  # served as undefined
REFUSED = {'__proto__', '__defineGetter__', '__defineSetter__', '__lookupGetter__', '__lookupSetter__', 'isPrototypeOf'}  # end the program
CONSTRUCTORS = {'Object', 'Array', 'Error', 'TypeError', 'RangeError', 'SyntaxError'}  # called as functions by Invoke, which is no name's


def words(text, source):
    """The words of a row: its string literals, or those of the constant that it names."""
    if not text.startswith('"'):
        text = re.search(rf'{text.strip()} =\s*((?:"[^"]*"\s*)+);', source)[1]
    return set(' '.join(re.findall(r'"([^"]*)"', text)).split())


def audited(source, constants):
    """{'Get': names, 'Call': names} of the audit."""
    table = {'Get': set(), 'Call': set()}
    for operation, text in ROW.findall(source):
        table[operation] |= words(text, source + constants)
    return table


def served(text):
    """(names, names of functions) of the runtime."""
    members = MEMBER.findall(text)
    pairs = set(PAIR.findall(text))
    return {name for name, _ in members} | pairs, {name for name, how in members if how == 'call'}


def differences(audit, names, functions):
    """What is in one of the tables only, as lines."""
    known = audit['Get'] | audit['Call']
    lines = [f'the audit knows {name}, and the runtime does not' for name in sorted(known - names - UNDEFINED)]
    lines += [f'the runtime serves {name}, and the audit does not know it' for name in sorted(names - known - REFUSED)]
    lines += [f'the runtime serves calls of {name}, and the audit does not know them'
              for name in sorted(functions - audit['Call'] - REFUSED - CONSTRUCTORS)]
    return lines


def check():
    """The differences; and whether a difference would be found."""
    audit = audited(read(AUDIT), read('src/audit/closed_set.h'))
    names, functions = served('\n'.join(read(name) for name in files('src/runtime/gojs/*.cpp')))
    return differences(audit, names, functions), differences(audit, names - {'isDirectory'}, functions | {'sumPrecise'})
