import { evaluateExpression } from '../expression/evaluate.js';
import { memoised } from '../lib/memoised.js';
import type { AxisRule, Case, Dims, Expression, Operator } from '../types/documents.js';
import { declaredAxes, ownAxes } from './facts.js';

/** Extra axis of an operator that is drawn independently. */
export interface DrawnAxis {
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

/** Most independently drawn axes of an operator: a case holds no more. */
export const mostDrawnAxes = 6;

const usual = { least: 1, most: 5 } as const;

function ruleOf({ axes }: Pick<Operator, 'axes'>, axis: string): AxisRule | undefined {
  return axes && Object.hasOwn(axes, axis) ? axes[axis] : undefined;
}

/** Extra axes that are drawn independently. */
export function drawnAxesOf(operator: Operator): DrawnAxis[] {
  return ownAxes(operator).flatMap((name) => {
    const rule = ruleOf(operator, name);
    if (rule === undefined) return { name, ...usual };
    return 'draw' in rule ? { name, least: rule.draw[0], most: rule.draw[1] } : [];
  });
}

/** Extra axes with a rule of this kind. */
export function ownAxesThat(operator: Operator, kind: 'same' | 'size'): string[] {
  return ownAxes(operator).filter((name) => kind in (ruleOf(operator, name) ?? {}));
}

/** Pairs of axes that always have equal sizes. */
export const tiesOf: (operator: Operator) => readonly (readonly [string, string])[] = memoised((operator: Operator) => {
  const pairs = (operator.tied ?? []).map(([x, y]): [string, string] => [x, y]);
  const same = ownAxesThat(operator, 'same').map((name): [string, string] => [(ruleOf(operator, name) as { same: string }).same, name]);
  return [...pairs, ...same];
});

/** Sizes of a case with one new size for some axes and their ties; computed axes follow. */
export function withSizes(
  operator: Operator,
  { dims, options }: Pick<Case, 'dims' | 'options'>,
  axes: readonly string[],
  size: number,
): Dims {
  const changed = Object.fromEntries(tiedTo(operator, axes).map((axis) => [axis, size]));
  return withComputedAxes(operator, { ...dims, ...changed }, options);
}

/** Axes and all axes tied to them. */
export function tiedTo(operator: Operator, axes: readonly string[]): string[] {
  const changed = new Set(axes);
  const ties = tiesOf(operator);
  for (let known = 0; known < changed.size; ) {
    known = changed.size;
    for (const pair of ties) if (pair.some((axis) => changed.has(axis))) for (const axis of pair) changed.add(axis);
  }
  return [...changed];
}

/** Tells if the operator has both axes and their sizes may differ. */
export function mayDiffer(operator: Operator, x: string, y: string): boolean {
  const used = new Set([...Object.values(declaredAxes(operator)), ...Object.values(operator.outputs)].flat());
  return used.has(x) && used.has(y) && !tiesOf(operator).some((pair) => pair.includes(x) && pair.includes(y));
}

/** Adds the sizes of computed axes, from the other sizes and the case's options. */
export function withComputedAxes(operator: Operator, dims: Dims, options: Readonly<Record<string, unknown>>): Dims {
  const computed = ownAxesThat(operator, 'size');
  if (computed.length === 0) return dims;
  const all: Record<string, number> = { ...dims };
  const numberOf = (name: string): number => {
    if (name.startsWith('#')) return all[name.slice(1)];
    const option = name.slice(1);
    const given = options[option];
    if (typeof given === 'number') return given;
    const fallback = operator.options?.[option].default;
    return fallback === null || fallback === undefined ? Number.NaN : evaluateExpression(fallback, numberOf);
  };
  for (const axis of computed) all[axis] = evaluateExpression((ruleOf(operator, axis) as { size: AxisSize }).size, numberOf);
  return all as Dims;
}

/** Axes in the rules of computed axes: for example the axis of values packed into bytes. */
export function sizingAxes(operator: Operator): string[] {
  const rules = JSON.stringify(ownAxesThat(operator, 'size').map((axis) => ruleOf(operator, axis)));
  return [...rules.matchAll(/"#([a-z0-9]+)"/g)].map(([, axis]) => axis);
}

/** Axes of the inputs, and axes that other sizes are computed from. */
export function usedAxes(operator: Operator): ReadonlySet<string> {
  return new Set([...Object.values(declaredAxes(operator)).flat(), ...sizingAxes(operator)]);
}

/** Blocks that divide an axis: chunks, tiles, groups. */
export interface Blocks {
  readonly axis: string;
  /** Elements per block; the default if an option sets it. */
  readonly size: number | Expression;
  readonly option?: string;
}

/** Blocks in the rules of computed axes: ⌈#axis / size⌉, also of smaller blocks. */
export const blocksOf: (operator: Operator) => readonly Blocks[] = memoised((operator: Operator) => {
  const found = new Map<string, Blocks>();
  const divided = (name: string): Blocks | undefined => {
    const rule = ruleOf(operator, name);
    if (rule === undefined || !('size' in rule)) return undefined;
    const [, of, by] = /^\["-",0,\["floor",\["\/",\["-",0,"#([a-z0-9]+)"\],(.+)\]\]\]$/.exec(JSON.stringify(rule.size)) ?? [];
    if (of === undefined) return undefined;
    const option = /^"\$(\w+)"$/.exec(by)?.[1];
    const size = option === undefined ? Number(/^(?:\["min","#\w+",)?(\d+)\]?$/.exec(by)?.[1]) : operator.options?.[option].default;
    if (size === null || size === undefined || Number.isNaN(size)) return undefined;
    const inner = divided(of);
    if (inner === undefined) return { axis: of, size, ...(option !== undefined && { option }) };
    return typeof size === 'number' && typeof inner.size === 'number' ? { ...inner, size: size * inner.size } : undefined;
  };
  for (const name of ownAxesThat(operator, 'size')) {
    const blocks = divided(name);
    if (blocks) found.set(JSON.stringify(blocks), blocks);
  }
  return [...found.values()];
});

/** Rule of a computed axis as JSON. */
export function sizeRuleOf(operator: Operator, axis: string): string {
  return JSON.stringify((ruleOf(operator, axis) as { size: AxisSize } | undefined)?.size);
}

/** Options in the rules of computed axes: a new value changes the shapes of a case. */
export function sizingOptions(operator: Operator): string[] {
  const sizes = JSON.stringify(ownAxesThat(operator, 'size').map((axis) => ruleOf(operator, axis)));
  return Object.keys(operator.options ?? {}).filter((name) => sizes.includes(JSON.stringify(`$${name}`)));
}

type AxisSize = Parameters<typeof evaluateExpression>[0];
