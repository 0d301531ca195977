#!/usr/bin/env python3
"""Random attacks on isolated worlds, in every winding that keeps its promise.

    tests/isolation/attacks/run.py                            200 attacks, what test.sh runs
    tests/isolation/attacks/run.py --count 10000 --seed 1     a soak
        --optimise-each 1                                     all with -O2 too, not only every fourth: most time is the optimiser's
    tests/isolation/attacks/run.py --case SEED                one, whose files stay

attack.py makes the services; host.mjs runs them. In each winding of a world the attacker may trap, or be told an error; it
must not see a byte of the victim's, nor change one. A world that asks for something of the tool's own has to be refused, in
words; the others have to be wound.
"""
import argparse
import json
import os
import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
import attack  # noqa: E402
from harness import engines, parallel, paths, process, tools  # noqa: E402
from harness.report import PASS, fail, report, skip  # noqa: E402

WORK = paths.work('attacks')
HOST = paths.TESTS / 'isolation/attacks/host.mjs'
SECONDS = 120

# Exports with names of the tool's own, which it refuses.
HOSTILE_EXPORT = re.compile(r'\(export "[^"]*(parigot\.|memory\.|run")')

FEATURES = ['-all', '--disable-custom-descriptors', '--disable-compact-imports']

EXACT = ['single', 'single, -O2', 'multi', 'multi, -O2', 'multi, then single', 'multi, -O2, then single']
CONTAINED = ['single, contained', 'single, contained, -O2', 'single, contained, folded', 'multi, contained', 'multi, contained, then single']


def build(folder, winding):
    """Winds the world in the folder one way. What the tool said when it refused; None when it wrote the module."""
    layout = winding.split(',')[0]
    output = os.path.join(folder, winding.replace(', ', '_').replace(' ', '_') + '.wasm')
    words = {'-O2': '-O2', 'contained': '--isolate=contain', 'folded': '--fold-bases'}
    options = [option for word, option in words.items() if word in winding]
    done = tools.parigot_opt('build', os.path.join(folder, f'{layout}.toml'), '-o', output, *options, timeout=SECONDS)
    if done.returncode == 0 and winding.endswith('then single'):
        done = process.run([paths.WASM_OPT, '--load-pass', paths.PLUGIN, output, *FEATURES, '--place-memories', '-o', output], SECONDS)
    return output, None if done.returncode == 0 else f'exit code {done.returncode}: {done.stderr}'


def prepare(seed, windings):
    """[(winding, file or None, what is wrong)]"""
    folder = os.path.join(WORK, str(seed))
    os.makedirs(folder, exist_ok=True)
    files, manifests, calls, asks = attack.make(seed)
    for name, text in {**files, **{f'{layout}.toml': text for layout, text in manifests.items()}}.items():
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
            file.write(text)
    made = []
    for winding in windings:
        output, error = build(folder, winding)
        if error is None:
            made.append((winding, output, calls, None))
        elif 'internal error' in error or not error.startswith('exit code 1:') or not (asks or HOSTILE_EXPORT.search(files['attacker.wat'])):
            made.append((winding, None, calls, error))
    return seed, made


def run(entries):
    """Runs the modules on Node, several at once in one process."""
    path = os.path.join(WORK, f'plan-{entries[0][0]}.json')
    with open(path, 'w', encoding='utf-8') as file:
        json.dump([{'file': output, 'calls': calls, 'seed': seed} for seed, _, output, calls in entries], file)
    said = process.check([*engines.node(), HOST, path], SECONDS)
    os.remove(path)
    return json.loads(said)


def judge(seed, winding, result):
    if result.get('broken'):
        return f'--case {seed}, {winding}: {result["broken"]}'
    if result['leaks']:
        return f'--case {seed}, {winding}: {result["leaks"][0]}'
    if result['changed']:
        return f'--case {seed}, {winding}: the memory of the victim has changed'
    return None


def windings_of(seed):
    """Exact isolation with each attack, containment with every third."""
    return EXACT + (CONTAINED if seed % 3 == 0 else [])


def batch(seeds, keep, optimise_each):
    wrong, entries, refused = [], [], 0
    for seed in seeds:
        windings = [winding for winding in windings_of(seed) if seed % optimise_each == 0 or '-O' not in winding]
        _, made = prepare(seed, windings)
        refused += len(windings) - len(made)
        for winding, output, calls, error in made:
            if error:
                wrong.append(f'--case {seed}, {winding}: {error[:500]}')
            else:
                entries.append((seed, winding, output, calls))
    returned = 0
    if entries:
        for (seed, winding, _, _), result in zip(entries, run(entries)):
            problem = judge(seed, winding, result)
            if problem:
                wrong.append(problem)
            returned += sum(outcome == 'returns' for outcome in result['outcomes'])
    if not keep:
        for seed in seeds:
            for name in os.listdir(os.path.join(WORK, str(seed))):
                os.remove(os.path.join(WORK, str(seed), name))
            os.rmdir(os.path.join(WORK, str(seed)))
    return len(entries), refused, returned, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--count', type=int, default=200)
    parser.add_argument('--seed', type=int, default=100001)
    parser.add_argument('--optimise-each', type=int, default=4, metavar='N')
    parser.add_argument('--case', type=int)
    options = parser.parse_args()
    paths.lock('attacks')
    node, why = engines.find('PARIGOT_NODE')
    if not node:
        return report('attacks', {'node': skip(f'missing tool: {why}')})
    seeds = [options.case] if options.case is not None else list(range(options.seed, options.seed + options.count))
    batches = [seeds[i:i + 10] for i in range(0, len(seeds), 10)]
    ran = refused = returned = 0
    wrong = []
    for result in parallel.results(lambda some: batch(some, options.case is not None, options.optimise_each), batches):
        ran, refused, returned = ran + result[0], refused + result[1], returned + result[2]
        wrong += result[3]
    print(f'{len(seeds)} attacks; {ran} worlds ran, {refused} were refused; {returned} functions of attackers returned')
    results = {f'attack {number}': fail(problem) for number, problem in enumerate(wrong)}
    # An attack that cannot run proves nothing.
    if ran < len(seeds):
        results['enough'] = fail(f'of {len(seeds)} attacks only {ran} windings could run')
    results.update({f'winding {number}': PASS for number in range(ran + refused - len(wrong))})
    return report('attacks', results)


if __name__ == '__main__':
    sys.exit(main())
