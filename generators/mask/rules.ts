import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import { denseAxes } from '../../spec/claims/dense-shapes.js';
import { memoised } from '../../spec/lib/memoised.js';
import { drawnMasks } from '../../spec/mask/drawn.js';
import { listedMasks } from '../../spec/operator/facts.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Expression, MaskSpec, Operator } from '../../spec/types/documents.js';
import type { MaskRule } from '../lib/case-space.js';

/** Bits for the axes other than n that a mask varies along. */
export const BATCH = 1;
export const HEAD = 2;
const QUERY = 4;

/** Masks that the operator has and the implementation accepts, simplest first. */
export function servableMasks(library: SpecLibrary, operator: Operator, capabilities: FullCapabilities): MaskRule[] {
  const named = [...capabilities.masks, ...(listedMasks(operator) ?? [])];
  const known = drawnMasks(library, named).map((name) =>
    maskRule(library.masks.get(name) as MaskSpec, isNamed(operator, capabilities, name)),
  );
  const simplest = ['full', 'causal'].flatMap((name) => known.filter((rule) => rule.name === name));
  const rest = known.filter((rule) => !simplest.includes(rule));
  return [...simplest, ...rest].filter(
    (rule) => belongsTo(operator, rule.name) && (rule.named || denseFit(capabilities, rule.axes) !== 'none'),
  );
}

const USUAL = 9;

/** Weights of masks, with rare masks reduced. */
export function maskWeights(rules: readonly MaskRule[], weightOf: (rule: MaskRule) => number): number[] {
  const usual = rules.some(({ rare }) => rare) ? USUAL : 1;
  return rules.map((rule) => (rule.rare ? 1 : usual * weightOf(rule)));
}

/** Finds a claimed dense shape that varies along these axes: for any b, only for b = 1, or none. */
export function denseFit(capabilities: FullCapabilities, axes: number): 'any' | 'one-batch' | 'none' {
  if (capabilities.denseMask === false) return 'none';
  const shapes = axesOfShapes(capabilities);
  const holds = (needed: number) => shapes.some((shape) => (needed & ~shape) === 0);
  return holds(axes) ? 'any' : holds(axes & ~BATCH) ? 'one-batch' : 'none';
}

/** True if one claimed shape has the axes of all claimed shapes. */
export function hasLargestShape(capabilities: FullCapabilities): boolean {
  const shapes = axesOfShapes(capabilities);
  return shapes.includes(shapes.reduce((all, shape) => all | shape));
}

function axesOfShapes({ denseMaskShapes }: FullCapabilities): number[] {
  return denseMaskShapes.map(denseAxes).map(({ b, heads, m }) => (b ? BATCH : 0) | (heads ? HEAD : 0) | (m ? QUERY : 0));
}

/** True if the mask travels by name: the operator lists it, or the capabilities do. */
function isNamed(operator: Operator, capabilities: FullCapabilities, name: string): boolean {
  return (listedMasks(operator) ?? capabilities.masks).includes(name);
}

function belongsTo(operator: Operator, name: string): boolean {
  return listedMasks(operator)?.includes(name) ?? true;
}

function maskRule(spec: MaskSpec, named: boolean): MaskRule {
  return { ...ruleOf(spec), named };
}

const ruleOf: (spec: MaskSpec) => Omit<MaskRule, 'named'> = memoised((spec: MaskSpec) => {
  const parameters = Object.entries(spec.parameters ?? {});
  const names = namesIn(spec.visible);
  const perBatch = names.has('b') || Object.entries(spec.tables ?? {}).some(([table, { rule }]) => rule === 'lengths' && names.has(table));
  return {
    name: spec.name,
    square: spec.square === true,
    parameters,
    divisors: new Set(parameters.flatMap(([, { multipleOf }]) => multipleOf ?? [])),
    axes: (perBatch ? BATCH : 0) | (names.has('h') ? HEAD : 0) | (names.has('i') ? QUERY : 0),
    rare: spec.rare === true,
    tables: spec.tables !== undefined,
    pairsOfBlocks: Object.values(spec.tables ?? {}).some(({ rule }) => rule === 'blocks'),
  };
});

function namesIn(expression: Expression, names = new Set<string>()): Set<string> {
  if (typeof expression === 'string') names.add(expression);
  if (Array.isArray(expression)) for (const part of expression) namesIn(part, names);
  return names;
}
