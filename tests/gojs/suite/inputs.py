"""A tree of TypeScript files for a bundler to work on: always the same, and with something of everything in it."""

MODULES = 24  # beside main, the barrel and what is no TypeScript

MODULE = """\
import {{ check }} from "../lib/shape";
import type {{ Shape as {alias} }} from "../lib/shape";
{imports}
/** Module {n}: its comment has no place in a bundle. */
export enum Level{n} {{ Low = {n}, High = Low << 2, Named = "n{n}" as any }}
export const enum Flag{n} {{ None, Some = 1 << {shift}, All = Some | 1 }}
export interface Options{n}<T extends {alias} = {alias}> {{ readonly name?: string; items: T[] }}
export namespace Space{n} {{ export const inner = `text ${{Level{n}.High}} of {n}`; export let counter = 0 }}
export abstract class Base{n}<T> {{
  static created = 0;
  declare ghost: number;
  constructor(protected readonly value: T, public label: string = "label-{n}") {{ Base{n}.created++ }}
  abstract area(): number;
  get described(): string {{ return `${{this.label}}:${{this.area().toFixed({digits})}}` }}
}}
export class Item{n} extends Base{n}<number> implements {alias} {{
  private cache?: Map<string, number>;
  area(): number {{ return (this.cache ??= new Map()).get("x")! ?? this.value ** 2 + {n} }}
}}
export async function* walk{n}(options: Options{n}): AsyncGenerator<number, void, unknown> {{
  for (const {{ area, ...rest }} of options.items) yield (area?.call(rest) as number) * Flag{n}.Some;
}}
export function use{n}(x: unknown): x is Item{n} {{
  const unused{n} = <T,>(y: T): T => y;
  if (false) {{ console.log("never", unused{n}) }}
  return x instanceof Item{n} && check(x) && typeof x!.label === "string"{uses};
}}
export default {{ n: {n}, regexp: /[a-z]{{{digits}}}\\/{n}/giu, big: {n}n ** 2n, text: 'it\\'s "{n}" \\u00fc' }};
"""

SHAPE = """\
export interface Shape { area(): number; label?: string }
export type Check<T> = T extends Shape ? true : false;
export function check(this: void, shape: Shape): boolean;
export function check(shape: Shape, depth?: number): boolean { return !!shape && (depth ?? 0) < 10 }
declare global { interface Window { shape: Shape } }
"""


def module(n):
    """It imports up to two that come before it."""
    before = sorted({n // 2, n - 1} - {n, -1})
    imports = "\n".join(f'import default{k}, {{ use{k} as also{k}, Space{k} }} from "./module{k:02}";' for k in before)
    uses = "".join(f" && also{k}(default{k}.n + Space{k}.counter)" for k in before)
    return MODULE.format(n=n, alias=f"Shape{n}", imports=imports, shift=n % 8 + 1, digits=n % 4 + 1, uses=uses)


def write_tree(folder):
    files = {
        "src/lib/shape.ts": SHAPE,
        "src/lib/data.json": '{"version": "1.2.3", "list": [1, 2, 3], "unused": {"deep": true}}\n',
        "src/lib/note.txt": "A note, of text: ü.\n",
        "src/lib/view.tsx": 'const h = (...x: any[]) => x;\nexport const view = (p: { a: number }) => <div class="v" {...p}>text {p.a}<br/></div>;\n',
        "src/lib/old.js": "exports.answer = 42; exports.twice = function (x) { return x * 2 };\n",
        "node_modules/dependency/package.json": '{"name": "dependency", "main": "lib/main.js", "sideEffects": false}\n',
        "node_modules/dependency/lib/main.js": "export const used = 'used'; export const unused = 'unused';\n",
        "tsconfig.json": '{"compilerOptions": {"target": "es2020", "jsxFactory": "h"}} // a comment\n',
        "broken.ts": "let x: number = ;\nexport { y };\n",
    }
    names = [f"module{n:02}" for n in range(MODULES)]
    files |= {f"src/modules/{name}.ts": module(n) for n, name in enumerate(names)}
    files["src/modules/index.ts"] = "".join(f'export * from "./{name}";\n' for name in names)
    files["src/main.ts"] = """\
import * as all from "./modules";
import { version } from "./lib/data.json";
import note from "./lib/note.txt";
import { view } from "./lib/view";
import { used } from "dependency";
const old = require("./lib/old");
const items = Object.keys(all).filter((name: string) => name.startsWith("Item")) as (keyof typeof all)[];
console.log(version, note, view({ a: old.twice(old.answer) }), used, items.length, all.Level7.High, all.Flag3.All);
"""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


TERRAFORM = """\
terraform {
  required_version = ">= 1.0"
}
variable "name" {
  type    = string
  default = "world"
}
resource "null_resource" "x" {
  triggers = { name = var.name }
  count    = }
"""


def write_terraform(folder):
    (folder / "main.tf").write_text(TERRAFORM)


GENERATORS = {"typescript": write_tree, "terraform": write_terraform}
