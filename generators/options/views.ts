import type { Random } from 'fast-check';
import { DocumentError } from '../../spec/lib/document-error.js';
import type { Layout, View, Views } from '../../spec/types/documents.js';
import { type Flat, viewed } from '../lib/flat.js';
import type { Field, Part } from '../lib/part.js';
import { chance, pick, weighted } from '../lib/random.js';

/** Steps between rows, simplest first: dense, every second row, all entries shared, every third. */
const steps = [1, 2, 0, 3];

/** Memory orders of a layout's four axes; the first is the layout itself. */
const orders = { bhld: permutations('bhld'), blhd: permutations('blhd') };

function permutations(letters: string): string[] {
  if (letters.length < 2) return [letters];
  return [...letters].flatMap((first) => permutations(letters.replace(first, '')).map((rest) => first + rest));
}

function drawViews(random: Random, layouts: number, strided: boolean, flat: Record<string, number>): void {
  // without strides, only another layout than the usual one can be drawn
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

/** Views that differ from contiguous ones, or undefined. @param gradients adds a view of `do`. */
function viewsOf(flat: Flat, layout: Layout, gradients: boolean): Views | undefined {
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

/** Replaces all views by an offset of one element in one tensor; tries the last tensor first. */
function* otherViews(flat: Flat): Generator<Flat> {
  const none = Object.fromEntries(viewed.flatMap((t) => ['step', 'order', 'pad', 'offset'].map((kind) => [`${kind}.${t}`, 0])));
  if (Object.keys(none).every((name) => flat[name] === 0)) return;
  for (const t of [...viewed].reverse()) {
    const other: Flat = { ...flat, ...none, [`offset.${t}`]: 1 };
    if (Object.keys(none).every((name) => other[name] === flat[name])) return;
    yield other;
  }
}

/** Memory layout of tensors: another layout, or strides and offsets. */
export const views: Part = {
  fields: {
    form: viewed.flatMap((t): Field[] => [
      [`step.${t}`, 0, true],
      [`order.${t}`, 0, true],
      [`pad.${t}`, 0],
      [`offset.${t}`, 0],
    ]),
  },
  isDrawn: ({ request }) => request.needs.views === true,
  draw: (random, { layouts, capabilities }, flat) => drawViews(random, layouts.length, capabilities.strided, flat),
  addTo(c, { capabilities: { strided, gradients } }, flat) {
    const found = strided ? viewsOf(flat, c.layout, gradients.length > 0) : undefined;
    if (found) c.views = found;
  },
  smaller: otherViews,
  validate({ views: all = {}, layout }, document) {
    for (const [name, { order }] of Object.entries(all)) {
      if (order === undefined || [...order.replace('e', 'd')].sort().join() === [...layout].sort().join()) continue;
      throw new DocumentError(document, `$.views.${name}.order`, `found "${order}", must be a permutation of "${layout}"`);
    }
  },
  labels({ views: all = {} }) {
    const labels = new Set<string>();
    for (const { order, pad, step, offset } of Object.values(all)) {
      if (order !== undefined) labels.add('views:order');
      if (pad !== undefined) labels.add('views:pad');
      if (step !== undefined) labels.add(step === 0 ? 'views:shared' : 'views:step');
      if (offset !== undefined) labels.add('views:offset');
    }
    return [...labels];
  },
};
