// Prints what Node's own reader of source maps says of bytes of a module: [[file, line, column] or null].
//
//   node look_up.mjs MAP OFFSET...
import fs from 'node:fs';
import { SourceMap } from 'node:module';

const [file, ...offsets] = process.argv.slice(2);
const map = new SourceMap(JSON.parse(fs.readFileSync(file, 'utf8')));
console.log(JSON.stringify(offsets.map((offset) => {
  const entry = map.findEntry(0, Number(offset));
  return entry?.originalSource ? [entry.originalSource, entry.originalLine + 1, entry.originalColumn + 1] : null;
})));
