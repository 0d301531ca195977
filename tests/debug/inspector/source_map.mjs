// The source map of a world, from both sides: the line at an offset, and the offsets at which a line begins.
//
// The first is also what Node's SourceMap says, which comes from the source of Chromium's DevTools. They must agree.
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename } from 'node:path';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The fields of a mapping: ECMA-426, "Base64 VLQ". */
function fields(segment) {
  const numbers = [];
  let value = 0;
  let shift = 0;
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) * 2 ** shift;
    shift += 5;
    if (bits < 32) {
      numbers.push(value % 2 ? -Math.floor(value / 2) : value / 2);
      value = shift = 0;
    }
  }
  return numbers;
}

/** [{begin, file, line}] of a source map, by offset; a place without a source has the file null. */
function readPlaces({ mappings, sources }) {
  let [begin, source, line] = [0, 0, 0];
  const known = mappings.split(',').map((segment) => {
    const [column, file, more] = fields(segment);
    begin += column;
    source += file ?? 0;
    line += more ?? 0;
    return file === undefined ? { begin, file: null, line: 0 } : { begin, file: basename(sources[source]), line: line + 1 };
  });
  return [{ begin: 0, file: null, line: 0 }, ...known];
}

export const same = (one, other) => one.file === other.file && one.line === other.line;

export class WorldMap {
  constructor(file) {
    const map = JSON.parse(readFileSync(file, 'utf8'));
    this.places = readPlaces(map);
    this.byDevTools = new SourceMap(map);
  }

  /** The place that an offset lies in. */
  placeAt(offset) {
    let [low, high] = [0, this.places.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      [low, high] = this.places[middle].begin <= offset ? [middle, high] : [low, middle];
    }
    const found = this.places[low];
    const { originalSource, originalLine } = this.byDevTools.findEntry(0, offset);
    const theirs = originalSource ? { file: basename(originalSource), line: originalLine + 1 } : { file: null, line: 0 };
    if (!same(found, theirs)) {
      throw new Error(`at ${offset} we read ${JSON.stringify(found)}, and Node reads ${JSON.stringify(theirs)}`);
    }
    return found;
  }

  /** Where the code of a line begins. */
  beginsOf(wanted) {
    return this.places.filter((place, i) => same(place, wanted) && !(i && same(this.places[i - 1], wanted)));
  }
}
