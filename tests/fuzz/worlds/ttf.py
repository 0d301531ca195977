"""Services that Binaryen's fuzzer writes: `wasm-opt --translate-to-fuzz` makes a module of random bytes.

Its imports are for a host of its own. Here they become functions of the module: what it logs goes to our host and on into a
service call, what it would ask a JavaScript host for is done in wasm or left out. Its exports are dropped, and functions of
simple types are exported anew, in a frame that catches exceptions: those that cross instances are not what is compared.
"""
import re
import subprocess

from model import HEAP, SCALARS
from render import DEEPER, HIGHER, ZERO, imports, signature, special, support

BASE = ['simd', 'bulk-memory', 'bulk-memory-opt', 'sign-ext', 'nontrapping-float-to-int', 'mutable-globals', 'multivalue',
        'extended-const', 'reference-types']
MORE = [['tail-call'], ['exception-handling'], ['gc'], ['tail-call', 'exception-handling', 'gc']]
# Every feature that a service may use.
FEATURES = ['-mvp', *(f'--enable-{name}' for name in [*BASE, *MORE[3], 'threads'])]


class Forms:
    """The top-level forms of a module's text, by what they are."""

    def __init__(self, text):
        self.types, self.imports, self.rest = [], [], []
        form, depth = [], 0
        for line in text.strip().split('\n')[1:-1]:
            bare = re.sub(r'"(\\.|[^"\\])*"', '""', line).split(';;')[0]
            # Neither comments nor annotations mean anything here.
            if not bare.strip() or re.fullmatch(r' *\(@.*\)', bare):
                continue
            form.append(line)
            depth += bare.count('(') - bare.count(')')
            if depth == 0:
                self.add('\n'.join(form))
                form = []

    def add(self, text):
        kind = re.match(r' \((\w+)', text).group(1)
        if kind in ('rec', 'type'):
            self.types.append(text)
        elif kind == 'import':
            self.imports.append(text)
        elif kind not in ('export', 'start', 'memory'):
            self.rest.append(text)
        elif kind == 'memory':
            self.pages = int(re.match(r' \(memory \S+ (\d+)', text).group(1))
            self.memory = re.match(r' \(memory (\S+)', text).group(1)

    def functions(self):
        """[(name, params, results)] of those with plain types."""
        found = []
        for form in self.rest:
            head = re.match(r' \(func (\S+)(.*)', form)
            if head:
                head, types = head.group(1), re.sub(r'\(type \S+\)|\$\S+', '', head.group(2))
                params, results = (re.findall(r'\w+', ' '.join(re.findall(rf'\({what}([^()]*)\)', types)))
                                   for what in ('param', 'result'))
                plain = set(re.findall(r'\w+', types)) <= {'param', 'result', *SCALARS}
                if plain and not head.startswith('$deNan'):
                    found.append((head, params, results))
        return found

    def state(self):
        return [(name[1:], type_) for name, type_ in
                re.findall(r'^ \(global (\S+) \(mut (i32|i64|f32|f64)\)', '\n'.join(self.rest), re.M)]


def make(random, wasm_opt, wild, folder):
    """(Forms, features) of a random module."""
    features = BASE + random.choice([[], [], *MORE])
    seed = random.randbytes(random.choice([400, 1000, 2500]))
    with open(f'{folder}/seed', 'wb') as file:
        file.write(seed)
    options = [] if wild else ['--no-fuzz-oob']
    enabled = ['-mvp', *(f'--enable-{name}' for name in features), '-q']
    # By way of a binary: the text of a module fresh from the fuzzer is now and then not one that can be read.
    for command in ([f'{folder}/seed', '-ttf', '--denan', *enabled, *options, '--emit-exnref', '-g', '-o', f'{folder}/seed.wasm'],
                    [f'{folder}/seed.wasm', *enabled, '-S', '-o', '-']):
        text = subprocess.run([wasm_opt, *command], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return Forms(text), features


# What stands in for an import, after its header; {call} is a service call, if the service has any.
STAND_INS = {
    'log-i32': '(call $env.log_i32 (local.get 0)) {call}',
    'log-i64': '(call $env.log_i64 (local.get 0)) {call}',
    'log-f32': '(call $env.log_f32 (local.get 0)) {call}',
    'log-f64': '(call $env.log_f64 (local.get 0)) {call}',
    'log-v128': '{call}', 'log-anyref': '{call}', 'log-funcref': '(call $env.log_i32 (ref.is_null (local.get 0)))',
    'log-externref': '(call $env.log_i32 (ref.is_null (local.get 0)))',
    'call-export': '{call}', 'call-export-catch': '{call} (i32.const 0)', 'call-ref': '{call}',
    'call-ref-catch': '{call} (i32.const 1)', 'sleep': '{call} (local.get 1)', 'throw': '{call}',
    'table-get': '(table.get $fuzzing_table (local.get 0))', 'table-set': '(table.set $fuzzing_table (local.get 0) (local.get 1))',
}


def stand_in(form, number, calls):
    """The definition in place of an import."""
    module, base, item = re.match(r' \(import "(.*?)" "(.*?)" \((.*)\)\)$', form).groups()
    if item.startswith('global'):
        value = '(extern.convert_any (ref.i31 (i32.const 1)))' if '(ref extern)' in item else '(ref.null extern)'
        return f' ({item} {value})'
    if item.startswith('tag'):
        return f' ({item})'
    call = ''
    if calls:
        argument = '(local.get 0)' if base in ('log-i32', 'sleep', 'throw') else '(i32.const 99)'
        call = f'(drop (call $call.{calls[number % len(calls)]} {argument} (i64.const {number * 37})))'
    return f' ({item} {STAND_INS[base].format(call=call)})'


BULK = f'''
(func $bulk.fill (param $to i32) (param $value i32) (param $bytes i32)
  (memory.fill (i32.and (local.get $to) (i32.const 4095)) (local.get $value) (i32.and (local.get $bytes) (i32.const 255))))
(func $bulk.copy (param $to i32) (param $from i32) (param $bytes i32)
  (memory.copy (i32.and (local.get $to) (i32.const 4095)) (i32.and (local.get $from) (i32.const 4095))
    (i32.and (local.get $bytes) (i32.const {HEAP // 4 - 1}))))
'''


def wat(world, service):
    """The whole text of a service of this kind."""
    forms, wild = service.forms, world.wild
    calls = [call.key for call in service.calls]
    rest = [stand_in(form, number, calls) for number, form in enumerate(forms.imports)]
    segments = re.findall(r'^ \(data (\S+)', '\n'.join(forms.rest), re.M)
    for form in forms.rest:
        head = re.match(r' \(func (\S+).*', form)
        if head and ('form', service.name, head.group(1)) in world.dropped:
            form = head.group(0) + ' (unreachable))'
        elif head and not wild:
            # Lengths are random, and without bounds checks between services that is nothing to compare.
            form = re.sub(r'\(memory\.(fill|copy)\b', r'(call $bulk.\1', form)
            form = re.sub(r'\(memory\.init (\S+)', lambda match: f'(call $bulk.init.{match.group(1)[1:]}', form)
        rest.append(form)
    lines = ['(module\n', *(form + '\n' for form in forms.types), imports(world, service),
             f'(memory {forms.memory} {service.pages} {service.most_pages})\n(export "memory" (memory {forms.memory}))\n',
             *(form + '\n' for form in rest)]
    if not wild:
        lines.append(BULK)
        lines += [f'(func $bulk.init.{name[1:]} (param $to i32) (param $from i32) (param $bytes i32)\n  '
                  f'(memory.init {name} (i32.and (local.get $to) (i32.const 4095)) (local.get $from) (local.get $bytes)))\n'
                  for name in segments]
    lines += [exported(service, export) for export in world.exports(service)]
    lines += [special(world, service), support(world, service, forms.state())]
    return ''.join(lines) + ')\n'


def exported(service, export):
    """One of the module's functions, in a frame."""
    target = service.functions[export.name]
    operands = ' '.join(f'(local.get $p{i})' for i in range(len(export.params)))
    head = f'(func $export.{export.name} (export "{export.name}"){signature(export.params, export.results, True)}\n  {DEEPER}\n  '
    extra = ' '.join(f'(drop (call $call.{call.key} (i32.const {12 + i}) (i64.const {77 * i})))'
                     for i, call in enumerate(service.calls) if (i + len(export.params)) % 2 == 0)
    if not service.catches:
        return f'{head}(call {target} {operands}) {extra} {HIGHER})\n'
    zeros = ' '.join(ZERO[type_] for type_ in export.results)
    return (f'{head}(block $caught (try_table (catch_all $caught) (call {target} {operands}) {extra} {HIGHER} (return)))\n'
            f'  {HIGHER} (call $env.log_i32 (i32.const -1)) {zeros})\n')
