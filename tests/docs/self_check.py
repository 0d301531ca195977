"""A check that cannot fail is none: pages that are broken in one way each, and one that is not."""

from harness.report import PASS, fail

GOOD = """# A page

```toml
# good.toml
[world]
main = "hello"
[service.hello]
wasm = "hello.wasm"
[service.greet]
wasm = "greet.wasm"
provides = ["greeting"]
[service.count]
wasm = "count.wasm"
```

```wat
;; good.wat
(module (func (export "_start")))
```

```console
$ wasm-as good.wat -o good.wasm && echo 17 lines
... lines
$ parigot-opt build good.toml \\
    -o one.wasm
$ parigot-opt inspect nowhere.wasm
parigot-opt: error: nowhere.wasm: ...
$ ./scripts/test.sh unit
```

See [above](#a-page), and [the manual](../README.md#limits).
"""

# What is broken: (a text of the good page, what stands in its place, what the page's failure is about).
BROKEN = {
    'a manifest with a key that is none': ('main = "hello"', 'mian = "hello"', 'toml'),
    'a manifest that is no TOML': ('[world]', '[world', 'toml'),
    'wat that is no module': ('(module (func', '(module (fun', 'wat'),
    'an output that is another': ('... lines', '18 lines', 'echo 17'),
    'an output that goes on': ('echo 17 lines', 'echo 17 lines && echo more', 'echo 17'),
    'a command that fails': ('-o one.wasm', '-o one.wasm --no-such-option', 'build good.toml'),
    'a command that should fail': ('inspect nowhere.wasm', 'inspect hello.wasm', 'inspect hello'),
    'a command that is none': ('parigot-opt build', 'parigot-opf build', 'parigot-opf'),
    'a suite that is none': ('test.sh unit', 'test.sh unti', 'test.sh unti'),
    'an option of a script that is none': ('test.sh unit', 'test.sh --no-such-option', 'test.sh --no'),
    'a link to no file': ('../README.md#limits', '../REDAME.md#limits', 'links'),
    'a link to no heading': ('#a-page', '#a-pgae', 'links'),
    'a link to no heading of another page': ('README.md#limits', 'README.md#limit', 'links'),
    'a block that nobody checks': ('```wat', '```wast', 'wast'),
    'a console without a command': ('$ parigot-opt inspect nowhere.wasm', '```\n\n```console\n% parigot-opt inspect nowhere.wasm',
                                    'console'),
}


def failures(results):
    return [name for name, (kind, _, _) in results.items() if kind == 'fail']


def run(check):
    """Results of check(name, text), which checks a page, on these."""
    found = failures(check('docs/self-check-good.md', GOOD))
    results = {'a page in order has no failure': fail(', '.join(found)) if found else PASS}
    for number, (what, (text, replaced, about)) in enumerate(BROKEN.items()):
        assert GOOD.count(text) == 1 or what == 'a manifest that is no TOML', what
        found = failures(check(f'docs/self-check-{number}.md', GOOD.replace(text, replaced)))
        results[f'{what} is found'] = (
            PASS if any(about in name for name in found) else fail(f'failures: {found}'))
    return results
