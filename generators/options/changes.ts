import type { Random } from 'fast-check';
import { type FullCapabilities, isFixed } from '../../spec/claims/capabilities.js';
import { sizingOptions } from '../../spec/operator/axes.js';
import { differentiableInputs } from '../../spec/operator/facts.js';
import type { Case, Change, Operator } from '../../spec/types/documents.js';
import { canChange, type TableName, tables } from '../history/other-tables.js';
import { isPaged } from '../history/pages.js';
import { play } from '../history/play.js';
import type { ChangeRule, OptionRule } from '../lib/case-space.js';
import { counts, type Flat } from '../lib/flat.js';
import { chance } from '../lib/random.js';

/** Largest `change` field of a mask; value − 1 is the neighbour to try first. */
const MASK_STEPS = 4;

/** Per cent of cases with a change of each kind: more for inputs that few cases have. */
const shares: Readonly<Record<ChangeRule['kind'], number>> = { input: 34, optional: 60, mask: 40, cotangent: 50, option: 40, table: 50 };

/** Changes that a call may have, each a flat field, the same for every case of an operator. */
export function changeRules(operator: Operator, capabilities: FullCapabilities, options: readonly OptionRule[]): ChangeRule[] {
  const { gradients, commands, pages } = capabilities;
  const backward = commands.includes('backward') && gradients.some((name) => name !== 'dlse') && differentiableInputs(operator).length > 0;
  const rule = (kind: ChangeRule['kind']) => (name: string) => ({
    name,
    kind,
    values: options.find((option) => option.name === name)?.values ?? [],
  });
  const sizing = sizingOptions(operator);
  const isGiven = (name: string) => !isFixed(capabilities, name);
  return [
    ...Object.keys(operator.inputs).filter(isGiven).map(rule('input')),
    ...Object.keys(operator.optional ?? {})
      .filter(isGiven)
      .map(rule('optional')),
    rule('mask')('mask'),
    ...(backward ? ['do', ...(gradients.includes('dlse') ? ['dlse'] : [])].map(rule('cotangent')) : []),
    ...Object.keys(operator.options ?? {})
      .filter((name) => !sizing.includes(name))
      .map(rule('option')),
    ...(pages ? tables.map(rule('table')) : []),
  ].slice(0, counts.changes);
}

export function drawChanges(random: Random, rules: readonly ChangeRule[], flat: Record<string, number>): void {
  rules.forEach(({ kind }, place) => {
    const most = kind === 'mask' ? MASK_STEPS : 1;
    flat[`change${place}`] = chance(random, shares[kind], 100) ? random.nextInt(1, most) : 0;
  });
}

/** Forces a change of the mask, which in a packed case is a change of the lengths. */
export function changeLengths(rules: readonly ChangeRule[], flat: Record<string, number>): void {
  const place = rules.findIndex(({ kind }) => kind === 'mask');
  if (place >= 0) flat[`change${place}`] = Math.max(1, flat[`change${place}`]);
}

/** Forces changes of the block table and of the lengths in it. */
export function changeTables(rules: readonly ChangeRule[], flat: Record<string, number>): void {
  for (const [place, { kind }] of rules.entries()) if (kind === 'table') flat[`change${place}`] = 1;
}

/** Changes of a flat case. @param otherMask mask or lengths of a neighbour; undefined if dense. */
export function changesOf(
  rules: readonly (ChangeRule | undefined)[],
  flat: Flat,
  c: Case,
  otherMask: ((other: Flat) => Pick<Case, 'mask' | 'packed'>) | undefined,
): Change[] {
  return rules.flatMap((rule, place) => {
    const step = flat[`change${place}`];
    return step === 0 || !rule ? [] : changeBy(rule, step, flat, c, otherMask);
  });
}

function changeBy(
  { name, kind, values }: ChangeRule,
  step: number,
  flat: Flat,
  c: Case,
  otherMask: Parameters<typeof changesOf>[3],
): Change[] {
  switch (kind) {
    case 'input':
    case 'cotangent':
      return [{ change: name }];
    case 'optional':
      return c.options[name] === true ? [{ change: name }] : [];
    case 'mask':
      return otherMask ? maskChange(c, flat, step - 1, otherMask) : [{ change: name }];
    case 'table':
      return isPaged(c) && canChange(play(c.history), name as TableName) ? [{ change: name }] : [];
    case 'option': {
      const value = c.options[name];
      const next = values[(values.indexOf(value) + 1) % values.length];
      return typeof value === 'number' && typeof next === 'number' && next !== value ? [{ change: name, to: next }] : [];
    }
  }
}

/** Mask or packed lengths of the first neighbour that differs, searched from index `from` on. */
function maskChange(c: Case, flat: Flat, from: number, otherMask: (other: Flat) => Pick<Case, 'mask' | 'packed'>): Change[] {
  const near = neighbours(flat);
  for (let at = 0; at < near.length; at++) {
    const { mask, packed } = otherMask(near[(from + at) % near.length]);
    if (packed && JSON.stringify(packed) !== JSON.stringify(c.packed)) return [{ change: 'packed', to: packed }];
    if (JSON.stringify(mask) !== JSON.stringify(c.mask)) return [{ change: 'mask', to: mask }];
  }
  return [];
}

/** Flat cases with one mask parameter or length larger by one, or smaller by one. */
function neighbours(flat: Flat): Flat[] {
  const fields = [
    ...Array.from({ length: counts.masks }, (_, mask) => [0, 1].map((slot) => `parameter${mask}.${slot}`)).flat(),
    'document0',
    'document1',
    'keys0',
    'packedKeys0',
    'packedQueries0',
  ];
  return [1, -1].flatMap((step) =>
    fields.flatMap((field) => (flat[field] + step >= 0 ? [{ ...flat, [field]: flat[field] + step } as Flat] : [])),
  );
}
