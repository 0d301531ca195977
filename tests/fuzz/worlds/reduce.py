"""Takes away from a world that fails what it fails without: services, steps of the script, calls, statements, functions."""
import copy
import re

import case as cases
import ttf


def alike(failure):
    """What has to stay when a world gets smaller: a tool's words, or that results differ."""
    _, host, lines = failure
    if host:
        return 'failure' if 'the host failed' in lines[0] else 'difference'
    said = re.search(r'(?:error|Fatal): .*', lines[0])
    return re.sub(r"\d+|'[^']*'|/\S+", '', said.group(0) if said else lines[0])


def candidates(world):
    """What could go, in groups, the coarsest first."""
    live = world.live()
    yield [('service', service.name) for service in live if service.name != world.main]
    yield [('step', index) for index in range(len(world.script))]
    live = world.live()
    yield [('call', service.name, call.key) for service in live for call in service.calls]
    yield [('export', service.name, export.name) for service in live for export in service.exports]
    yield [('form', service.name, name) for service in live if service.forms for name in re.findall(
        r'^ \(func (\S+)', '\n'.join(service.forms.rest), re.M)]
    yield [('statement', service.name, function.key, index) for service in live for function in service.functions.values()
           if not isinstance(function, str) for index in range(len(function.statements))]


def reduce(checker, world, failure):
    """A copy of the world with less in it, that fails alike in the same winding on the same engine, and how it does."""
    world = copy.deepcopy(world)
    winding, host, _ = failure
    wanted = alike(failure)

    def fails(dropped):
        world.dropped = dropped
        try:
            found = checker.check(world, [winding], engine=host)
        except cases.Broken as broken:
            found = [([], None, [str(broken)])]
        return next((other for other in found if alike(other) == wanted), None)

    dropped = set()
    if not fails(dropped):
        print(f'world {world.seed} does not fail again in {cases.name_of(winding)} alone', flush=True)
        return world, failure
    # The groups depend on what is gone already, so each is made when it is its turn.
    for group in candidates(world):
        size = len(group)
        while size:
            for begin in range(0, len(group), size):
                smaller = dropped.union(group[begin:begin + size])
                if smaller != dropped and fails(smaller):
                    dropped = smaller
            size //= 2
        world.dropped = dropped
    return world, fails(dropped)


def write_test(tools, world, failure, folder):
    """The world as one file in the form of a lit test, to be finished by hand: it builds the world, and says what was wrong."""
    winding, host, lines = failure
    said = '\n'.join(f';;   {line}' for text in lines for line in text.splitlines())
    parts = [f';; World {world.seed}, winding {cases.name_of(winding)}, {host.name if host else "parigot-opt"}:\n{said}\n\n'
             f';; RUN: split-file %s %t\n;; RUN: parigot-opt build %t/world.toml -o %t/one.wasm {" ".join(winding)}'.rstrip()
             + '\n\n#--- world.toml\n' + cases.manifest(world).replace('.wasm"', '.wat"')]
    for service in world.live():
        text = cases.run([tools.wasm_opt, f'{folder}/{service.name}.wat', *ttf.FEATURES, '-q', '--remove-unused-module-elements', '-S', '-o', '-'])
        parts.append(f'\n;--- {service.name}.wat\n{text}')
    cases.write(f'{folder}/world.test', ''.join(parts))
    print(f'reduced: {folder}/world.test', flush=True)
