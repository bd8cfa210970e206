import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws whole numbers below `limit`, the same for the same seed. */
export type Draw = (limit: number) => number;

export function drawFrom(seed: number): Draw {
  const generator = xoroshiro128plus(seed);
  return (limit) => (generator.next() >>> 0) % limit;
}

/** Stands for a value nested 20,000 levels deep, which cannot be written by JSON.stringify itself. */
const deepMark = '"@deep@"';
const deepValues = [`${'['.repeat(20_000)}${']'.repeat(20_000)}`, `${'{"a":'.repeat(20_000)}0${'}'.repeat(20_000)}`];

const foreignKeys = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '0',
  '',
  '$ref',
  'a/b~c',
  '\u202E',
  'x'.repeat(500),
];

/** Values that belong nowhere, or are too much anywhere. */
const strangeValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 53,
  5e-324,
  'NaN',
  'Infinity',
  '',
  ' ',
  '\n',
  '.',
  '..',
  '../../../../etc/passwd',
  '/etc/passwd',
  '.git/hooks',
  'failures/../../x',
  'failures/x\0y',
  'C:\\windows',
  'file:///etc/passwd',
  '\u001B]0;owned\u0007\u001B[2J\u009B31m\u202E',
  '\uD800',
  '__proto__',
  'constructor',
  '$(id) `id` %x',
  '=cmd()',
  '<script>alert(1)</script>',
  '*'.repeat(200),
  '*a'.repeat(60),
  '{a,b}'.repeat(40),
  '('.repeat(500),
  ' '.repeat(100_000),
  'x'.repeat(100_000),
  'a/b/c/d',
  '#'.repeat(50),
  [],
  {},
  [[]],
  [null],
  { name: 'full' },
  ['+', 1, 2],
  ['/', 1, 0],
  '@deep@',
];

type Place = { readonly of: Record<string, unknown> | unknown[]; readonly key: string };

/** Chooses a place of the document, the further in the rarer. */
function placeIn(document: unknown, draw: Draw): Place | undefined {
  let place: Place | undefined;
  let at = document;
  while (typeof at === 'object' && at !== null) {
    const keys = Object.keys(at);
    if (keys.length === 0 || (place && draw(4) === 0)) break;
    place = { of: at as Place['of'], key: keys[draw(keys.length)] };
    at = valueAt(place);
  }
  return place;
}

function valueAt({ of, key }: Place): unknown {
  return (of as Record<string, unknown>)[key];
}

/** Characters of a value that is there many times. */
const mostCharacters = 500_000;

/** Sets a key whatever it is called: `__proto__` is a key of the document, not its prototype. */
function put(of: Place['of'], key: string, value: unknown): void {
  Object.defineProperty(of, key, { value, enumerable: true, configurable: true, writable: true });
}

function remove({ of, key }: Place): void {
  if (Array.isArray(of)) of.splice(Number(key), 1);
  else delete of[key];
}

type Mutation = (place: Place, draw: Draw, document: unknown) => void;

function replaceAlike({ of, key }: Place, draw: Draw): void {
  const type = typeof valueAt({ of, key });
  const alike = strangeValues.filter((value) => typeof value === type);
  if (type !== 'object' && alike.length > 0) put(of, key, alike[draw(alike.length)]);
}

const mutations: readonly Mutation[] = [
  (place) => remove(place),
  // twice
  ({ of, key }, draw) => {
    const value = structuredClone(valueAt({ of, key }));
    if (Array.isArray(of)) of.splice(Number(key), 0, value);
    else put(of, foreignKeys[draw(foreignKeys.length)], value);
  },
  // many times
  ({ of, key }, draw) => {
    const value = valueAt({ of, key });
    const length = JSON.stringify(value)?.length ?? 0;
    const count = Math.min([3, 100, 5000][draw(3)], Math.floor(mostCharacters / (length + 1)));
    if (Array.isArray(of)) of.splice(Number(key), 0, ...Array.from({ length: count }, () => value));
    else
      put(
        of,
        key,
        Array.from({ length: count }, () => value),
      );
  },
  // swapped with another
  (place, draw, document) => {
    const other = placeIn(document, draw);
    if (!other) return;
    const [a, b] = [structuredClone(valueAt(place)), structuredClone(valueAt(other))];
    put(place.of, place.key, b);
    put(other.of, other.key, a);
  },
  ({ of, key }, draw) => put(of, key, strangeValues[draw(strangeValues.length)]),
  ({ of, key }, draw) => put(of, key, strangeValues[draw(strangeValues.length)]),
  ({ of }, draw) => {
    const value = structuredClone(strangeValues[draw(strangeValues.length)]);
    if (Array.isArray(of)) of.push(value);
    else put(of, foreignKeys[draw(foreignKeys.length)], value);
  },
  // another of its type, which the schema may allow
  replaceAlike,
  replaceAlike,
  replaceAlike,
  // under another key
  (place, draw) => {
    if (Array.isArray(place.of)) return;
    const value = valueAt(place);
    remove(place);
    put(place.of, foreignKeys[draw(foreignKeys.length)], value);
  },
  // wrapped
  ({ of, key }, draw) => {
    const value = valueAt({ of, key });
    put(of, key, draw(2) === 0 ? [value] : { value });
  },
  // a number near it, a text like it
  ({ of, key }, draw) => {
    const value = valueAt({ of, key });
    if (typeof value === 'number') put(of, key, [value + 1, value - 1, -value, value * 1000, value * 1e9, value / 3][draw(6)]);
    else if (typeof value === 'string') {
      const at = draw(value.length + 1);
      const inside = ['/', '..', '*', '\u0000', '\u001B[31m', '@', '+', '"', '\\', '\u2028', 'é'][draw(11)];
      put(of, key, value.slice(0, at) + inside + value.slice(at + draw(2)));
    } else if (typeof value === 'boolean') put(of, key, !value);
  },
];

/** Damage to the text itself. */
function tear(text: string, draw: Draw): string {
  const at = draw(text.length + 1);
  switch (draw(4)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + draw(5));
    case 2:
      return text.slice(0, at) + ['"', '{', '}', '[', ']', ',', ':', '\\', '\u0000', '1e999', '\uFEFF'][draw(11)] + text.slice(at);
    default:
      return text + text;
  }
}

/** Makes a document into one that a stranger, a fault of a disk or malice might have made: one to three changes, as text. */
export function mutate(document: unknown, draw: Draw): string {
  const changed = { root: structuredClone(document) };
  for (let left = [1, 1, 1, 2, 3][draw(5)]; left > 0; left--) {
    // the root itself, once in a while
    const place = draw(50) === 0 ? { of: changed as Record<string, unknown>, key: 'root' } : placeIn(changed.root, draw);
    if (place) mutations[draw(mutations.length)](place, draw, changed.root);
  }
  const text = (JSON.stringify(changed.root) ?? '').replaceAll(deepMark, () => deepValues[draw(deepValues.length)]);
  return draw(12) === 0 ? tear(text, draw) : text;
}
