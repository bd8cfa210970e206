import type { Random } from 'fast-check';
import type { Layout, View, Views } from '../../spec/types/documents.js';
import { type Flat, viewed } from '../lib/flat.js';
import { chance, pick, weighted } from '../lib/random.js';

/** Steps between rows, the simplest first: dense, every second row ours, one entry's memory for all, every third. */
const steps = [1, 2, 0, 3];

/** The memory orders of a layout's four axes; the first is the layout itself. */
const orders = { bhld: permutations('bhld'), blhd: permutations('blhd') };

function permutations(letters: string): string[] {
  if (letters.length < 2) return [letters];
  return [...letters].flatMap((first) => permutations(letters.replace(first, '')).map((rest) => first + rest));
}

/** How q, k, v, and do where the backward pass is called, lie in memory. */
export function drawViews(random: Random, layouts: number, strided: boolean, flat: Record<string, number>): void {
  // without strides, another layout than the usual one is all there is to try
  flat.layout = random.nextInt(strided || layouts === 1 ? 0 : 1, layouts - 1);
  if (!strided) return;
  for (const tensor of viewed) {
    if (chance(random, 1, 4)) continue;
    flat[`step.${tensor}`] = weighted(random, [50, 25, 15, 10]);
    flat[`order.${tensor}`] = chance(random, 1, 2) ? 0 : random.nextInt(0, 23);
    flat[`pad.${tensor}`] = chance(random, 1, 2) ? 0 : pick(random, [1, 2, 3, 4, 7, 8, 16]);
    flat[`offset.${tensor}`] = chance(random, 1, 2) ? 0 : pick(random, [1, 2, 3, 4, 5, 8, 16, 33]);
  }
}

/** Only what differs from a contiguous tensor; undefined where nothing does. @param gradients a backward pass may be called: `do` has a view too. */
export function viewsOf(flat: Flat, layout: Layout, gradients: boolean): Views | undefined {
  const views: Views = {};
  const memory = orders[layout === 'blhd' ? 'blhd' : 'bhld'];
  for (const tensor of gradients ? viewed : viewed.filter((name) => name !== 'do')) {
    const view: View = {};
    const order = Math.min(flat[`order.${tensor}`], memory.length - 1);
    const step = steps[Math.min(flat[`step.${tensor}`], steps.length - 1)];
    if (order > 0) view.order = memory[order];
    if (flat[`pad.${tensor}`] > 0) view.pad = Math.min(flat[`pad.${tensor}`], 64);
    if (step !== 1) view.step = step;
    if (flat[`offset.${tensor}`] > 0) view.offset = Math.min(flat[`offset.${tensor}`], 64);
    if (Object.keys(view).length > 0) views[tensor] = view;
  }
  return Object.keys(views).length > 0 ? views : undefined;
}
