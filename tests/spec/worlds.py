"""What a script's modules become: a binary of each, and for each winding a world of two services that it is the main one of."""
import os
import re

from harness import process, tools
from harness.windings import options

# One more is one line: its name in known.toml, and the winding.
WINDINGS = {'single-bare': 'one-bare', 'single': 'one', 'single-isolate': 'one-isolated', 'multi': 'multi', 'multi-isolate': 'multi-isolated'}

# The module lies where its addresses have to be moved: the other service has base 0.
MANIFEST = """[world]
main = "spec"

[service.spec]
wasm = "{spec}"
memory = "{memory}"

[service.beside]
wasm = "{beside}"
memory = "1MiB"
arena = "64KiB"
first = true
"""

# It fills its memory, so that the host can see in the end that nobody else wrote there.
BESIDE = """(module
  (memory 1)
  (func $fill (local $at i32)
    (loop $on
      (i32.store8 (local.get $at) (i32.const 0xab))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $on (i32.lt_u (local.get $at) (i32.const 65536)))))
  (start $fill))
"""

REGION = '1GiB'
UNDECLARED = re.compile(r'^ *(import = ".*")$', re.MULTILINE)

# Everything, and then without what makes Binaryen write modules that only engines with newer proposals read.
FEATURES = ['--all-features', '--disable-compact-imports', '--disable-custom-descriptors']


class Folder:
    """The files of one script."""

    def __init__(self, path, beside, windings):
        self.path = path
        self.beside = beside
        self.windings = windings
        os.makedirs(path, exist_ok=True)

    def file(self, name):
        return os.path.join(self.path, name)

    def write(self, name, content):
        path = self.file(name)
        with open(path, 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode('utf-8', 'surrogateescape'))
        return path

    def module(self, command):
        """{'alone': .., winding: ..}, each {'path': ..}, or {'error': ..} or, from parigot-opt, {'refused': ..}."""
        stem = f'line-{command.line}'
        alone = self.file(stem + '.wasm')
        if command.binary:
            self.write(stem + '.wasm', command.binary)
        else:
            error = self.assemble(self.write(stem + '.wat', command.text), alone)
            if error:
                return {name: {'error': error} for name in ['alone', *self.windings]}
        files = {'alone': {'path': alone}}
        # Windings are about memory: without one, any of them is as good as all.
        same = command.text and not re.search(r'memory|data', command.text)
        for winding in self.windings:
            files[winding] = files[self.windings[0]] if same and winding != self.windings[0] else self.wind(stem, winding)
        return files

    def assemble(self, text, binary):
        for features in (FEATURES, FEATURES[:-1], FEATURES[:1]):
            done = process.run([tools.binaryen_tool('wasm-as'), *features, text, '-o', binary], errors='replace')
            if done.returncode == 0:
                return ''
        return "Binaryen's parser or validator: " + (done.stdout + done.stderr).strip().split('\n')[0]

    def wind(self, stem, winding):
        world = self.file(f'{stem}.{winding}.wasm')
        text = MANIFEST.format(spec=stem + '.wasm', beside=self.beside, memory=REGION)
        declared = set()
        while True:
            manifest = self.write(f'{stem}.toml', text)
            done = tools.parigot_opt('build', manifest, '-o', world, '--quiet', *options(WINDINGS[winding]), errors='replace')
            code, output = done.returncode, (done.stdout + done.stderr).strip()
            wanted = UNDECLARED.search(output)
            if code and wanted and wanted.group(1) not in declared:
                # The error says what to add. All that scripts pass to their hosts are numbers.
                declared.add(wanted.group(1))
                text += f'\n[[host]]\n{wanted.group(1)}\nabi = "scalar"\n'
                continue
            if code:
                return {'refused': output.replace('parigot-opt: error: ', '').replace(self.path + '/', '')}
            return {'path': world}


def make_beside(path):
    """The other service of every world, in a folder; where it is."""
    folder, beside = Folder(path, None, []), os.path.join(path, 'beside.wasm')
    error = folder.assemble(folder.write('beside.wat', BESIDE), beside)
    if error:
        raise SystemExit('the other service cannot be made: ' + error)
    return beside
