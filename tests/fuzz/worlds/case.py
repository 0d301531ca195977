"""One world as files: its services, its manifest, and what it becomes in each winding. And whether all of that means the same."""
import json
import os
import re
import subprocess

import render
import ttf
from harness import paths
from harness.tools import binaryen_tool
from harness.windings import options
from model import manifest, plan, scratch_of

# Options of `parigot-opt build`. One that it does not have leaves the windings out that need it.
WINDINGS = [options(name) for name in ('one', 'one-O2', 'one-folded', 'multi', 'multi-O2', 'one-isolated', 'one-isolated-O2',
                                       'multi-isolated', 'multi-isolated-O2', 'one-bare', 'one-bare-O2', 'multi-bare')]


class Tools:
    def __init__(self):
        self.parigot_opt, self.wasm_opt, self.wasm_as = str(paths.PARIGOT_OPT), str(paths.WASM_OPT), str(binaryen_tool('wasm-as'))
        said = subprocess.run([self.parigot_opt, 'build', '--help'], stdout=subprocess.PIPE, text=True, check=True).stdout
        known = set(re.findall(r'(?<![\w-])--?[\w-]+', said))
        self.windings = [winding for winding in WINDINGS if all(option.split('=')[0] in known for option in winding)]
        self.unknown = sorted({option.split('=')[0] for winding in WINDINGS for option in winding} - known)


def name_of(winding):
    return ' '.join(winding) or 'plain'


def usable(world, windings):
    """What a wild world does is only defined where services trap as they would alone."""
    return [winding for winding in windings if not world.wild or '--isolate' in winding]


class Broken(Exception):
    """A tool did not do its part: what it said."""


def run(command):
    # One thread: the modules are too small for more.
    process = subprocess.run(command, env=dict(os.environ, BINARYEN_CORES='1'), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, timeout=120)
    said = process.stdout.decode(errors='replace')
    if process.returncode:
        raise Broken(f'{" ".join(command)}: exit code {process.returncode}\n{said[:1500]}')
    return said


def write(path, text):
    with open(path, 'w') as file:
        file.write(text)


def capacities(world):
    """(service, export) -> the least capacity with which it is called."""
    found = {}
    for service in world.services:
        for call in service.calls:
            if call.abi == 'parigot' and call.service:
                key = call.service, call.export
                found[key] = min(found.get(key, call.capacity), call.capacity)
    return found


# What was done to the functions of services before they are wound, by turns: optimisers leave other code than the generator does.
PREPARED = [[], ['--precompute', '--optimize-instructions', '--simplify-locals', '--coalesce-locals', '--vacuum'],
            ['--ssa-nomerge', '--precompute-propagate', '--local-cse', '--simplify-locals', '--merge-locals', '--coalesce-locals'],
            ['--precompute', '--simplify-locals-nostructure', '--optimize-instructions', '--code-pushing', '--rse', '--reorder-locals']]


def write_services(world, tools, folder):
    os.makedirs(folder, exist_ok=True)
    write(f'{folder}/world.toml', manifest(world))
    least = capacities(world)
    for service in world.live():
        text = ttf.wat(world, service) if service.kind == 'ttf' else render.wat(world, service, least)
        write(f'{folder}/{service.name}.wat', text)
        wasm = f'{folder}/{service.name}.wasm'
        run([tools.wasm_as, f'{folder}/{service.name}.wat', *ttf.FEATURES, '-g', '-o', wasm])
        if prepared := PREPARED[world.seed % len(PREPARED)]:
            run([tools.wasm_opt, wasm, *ttf.FEATURES, '-g', *prepared, '-o', wasm])


def wind(tools, folder, winding):
    """Winds the world; (the file, what parigot-opt says is in it)."""
    file = f'{folder}/one{"".join(re.sub("^--?", "-", option) for option in winding)}.wasm'
    run([tools.parigot_opt, 'build', f'{folder}/world.toml', '-q', '-o', file, *winding])
    return file, json.loads(run([tools.parigot_opt, 'inspect', '--json', file]))


def request(world, what):
    looks = [f"{look}.{service.name}" for service in world.live() for look in ("digest", "pages")]
    return {**what, 'main': world.main, 'steps': world.steps(), 'looks': looks,
            'args': world.find(world.main).args or [world.main]}


def apart_request(world, folder, init_order):
    files = {service.name: f'{folder}/{service.name}.wasm' for service in world.live()}
    return request(world, {'apart': plan(world, files, init_order)})


def one_request(world, file, inspected):
    exports = {item['name'] for item in inspected['exports']}
    entry = next((name for name in ('_start', '_initialize') if name in exports), None)
    regions = {service['name']: service for service in inspected['world']['services']}
    services = []
    if inspected['world']['layout'] == 'single':
        services = [{'name': service.name, 'base': regions[service.name]['memory']['region']['base'], 'scratch': scratch_of(service)}
                    for service in world.live() if service.has_memory]
    return request(world, {'one': file, 'entry': entry, 'services': services})


# Reasons to trap, of which each engine has its own words.
REASONS = [('bounds', r'out of bounds memory|memory access out of bounds|Out of bounds memory'),
           ('alignment', r'unaligned'), ('unreachable', r'unreachable|reply exceeds|malloc failed'),
           ('division', r'divide by zero|by zero'), ('overflow', r'integer overflow|unrepresentable|divide result'),
           ('conversion', r'float unrepresentable|invalid conversion'),
           ('table', r'table index|undefined element|uninitialized element|null function|signature|indirect call|table access'),
           ('null', r'null'), ('cast', r'cast')]


def reason(message):
    return next((name for name, pattern in REASONS if re.search(pattern, message, re.I)), 'other')


def same_end(apart, one, exact):
    """Whether a call ended alike; of traps the reason only where no optimisation may choose between two."""
    if exact and 'trap' in apart and 'trap' in one:
        return reason(apart['trap']) == reason(one['trap'])
    return ('trap' in apart and 'trap' in one) or apart == one


def differences(world, winding, apart, one):
    """What is not the same, as lines."""
    for name, answer in (('apart', apart), ('one', one)):
        if 'failure' in answer:
            return [f'{name}: the host failed: {answer["failure"]}']
        if any('stack' in step for step in [answer['up'], *answer['steps']]):
            return [f'{name}: the stack is exhausted']
    exact = '--isolate=none' in winding and '-O2' not in winding
    found = []
    if not same_end(apart['up'], one['up'], exact):
        found.append(f'coming up: apart {apart["up"]}, one {one["up"]}')
    for index, (left, right) in enumerate(zip(apart['steps'], one['steps'])):
        if not same_end(left, right, exact):
            step = world.steps()[index]
            found.append(f'step {index}, {step["export"]}({", ".join(step["args"])}): apart {left}, one {right}')
    if len(apart['steps']) != len(one['steps']):
        found.append(f'steps: apart {len(apart["steps"])}, one {len(one["steps"])}')
    for index, (left, right) in enumerate(zip(apart['log'], one['log'])):
        if left != right:
            found.append(f'log line {index}: apart "{left}", one "{right}"')
            break
    if apart['lines'] != one['lines']:
        found.append(f'log: apart {apart["lines"]} lines, one {one["lines"]}')
    for kind in ('looks', 'raw'):
        for name, value in one[kind].items():
            if apart[kind].get(name) != value:
                found.append(f'{kind} {name}: apart {apart[kind].get(name)}, one {value}')
    return found
