import type { Random } from 'fast-check';
import { counts, type Flat } from '../lib/flat.js';
import { chance, pick, weighted } from '../lib/random.js';
import { table } from './flat-table.js';

const sizes = ['b', 'hk', 'g', 'n', 'm', 'd', 'e'] as const;
const parts: readonly (readonly string[])[] = [
  sizes,
  ['distribution', 'seed', 'poison'],
  Array.from({ length: counts.options }, (_, i) => `option${i}`),
];
const floors = new Map(table.map(([name, floor]) => [name, floor]));

const changes: readonly (readonly [share: number, change: (random: Random, flat: Flat, other: Flat) => Flat])[] = [
  [26, changeSize],
  [
    24,
    (random, flat) => ({ ...flat, seed: chance(random, 1, 4) ? Math.max(0, flat.seed + pick(random, [-1, 1])) : random.nextInt(0, 4095) }),
  ],
  [12, (random, flat) => ({ ...flat, distribution: random.nextInt(0, 15) })],
  [12, changeOption],
  [12, changeSomething],
  [14, (random, flat, other) => ({ ...flat, ...partOf(other, pick(random, parts)) })],
];
const shares = changes.map(([share]) => share);

/** Applies one to three changes of a field, or from `other`; saturation corrects them. */
export function mutated(random: Random, flat: Flat, other: Flat): Flat {
  let changed = flat;
  for (let left = weighted(random, [0, 60, 30, 10]); left > 0; left--)
    changed = changes[weighted(random, shares)][1](random, changed, other);
  return changed;
}

/** Changes a size by one or a factor, to a tile's edge, or to 1 to 3, where bounds are small. */
function changeSize(random: Random, flat: Flat): Flat {
  const axis = pick(random, sizes);
  const size = flat[axis];
  const tile = pick(random, [8, 16, 32, 64]);
  const to = [
    size + pick(random, [-1, 1]),
    2 * size,
    size >> 1,
    tile * Math.max(1, Math.round(size / tile)) + random.nextInt(-1, 1),
    random.nextInt(1, 3),
  ];
  const value = Math.max(1, to[weighted(random, [35, 12, 18, 15, 20])]);
  const both: Flat = axis === 'n' && flat.m === flat.n ? { m: value } : axis === 'd' && flat.e === flat.d ? { e: value } : {};
  return { ...flat, [axis]: value, ...both };
}

function changeOption(random: Random, flat: Flat): Flat {
  const name = `option${random.nextInt(0, counts.options - 1)}`;
  return { ...flat, [name]: chance(random, 1, 4) ? 0 : random.nextInt(1, 9) };
}

function changeSomething(random: Random, flat: Flat): Flat {
  const names = table.map(([name]) => name);
  const used = names.filter((name) => flat[name] > (floors.get(name) ?? 0));
  const name = used.length > 0 && !chance(random, 1, 4) ? pick(random, used) : pick(random, names);
  const value = flat[name] + pick(random, [-2, -1, 1, 2, flat[name]]);
  return { ...flat, [name]: Math.max(floors.get(name) ?? 0, value) };
}

function partOf(flat: Flat, names: readonly string[]): Flat {
  return Object.fromEntries(names.map((name) => [name, flat[name]]));
}
