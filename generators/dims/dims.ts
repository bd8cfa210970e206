import { isStreamed } from '../../spec/oracle/softmax-form.js';
import type { Dims, Limits, Operator, Values } from '../../spec/types/documents.js';
import type { AxisGroup, DimRules, FloorLimits } from '../lib/case-space.js';
import type { Flat } from '../lib/flat.js';
import { type AllowedSizes, allowedBy, anySize, atLeast, atMost, intersect, saturate } from '../lib/limits.js';
import type { DrawRequest } from '../lib/needs.js';
import { Undrawable } from '../lib/undrawable.js';
import { isAffordable, rowsWithin, workOf } from './budget.js';
import { AT_FLOOR } from './floors.js';

export interface DimWishes extends Pick<DimRules, 'work' | 'production' | 'cost'> {
  readonly floors: FloorLimits;
  readonly axes: readonly string[];
  /** Flat fields of axes with another field name. */
  readonly fields: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly tied: readonly (readonly [string, string])[];
  readonly unequal: readonly (readonly [string, string])[];
  readonly further: Readonly<Record<string, AllowedSizes>>;
  /** Sizes to draw the operator's further axes from, except at floors. */
  readonly drawn: Readonly<Record<string, AllowedSizes>>;
}

/** Most multiply-adds, b·hk·g·m·n·(d + e), of a case below production size. */
export function workLimit(operator: Operator, { needs, scheme }: DrawRequest): number {
  if (needs.work !== undefined) return needs.work;
  if (!isStreamed(operator)) return 6e4;
  // the cost depends on the mask: `longFit` limits it
  if (needs.targeted) return Infinity;
  if (scheme !== undefined) return 1e5 / (needs.calls ?? 1);
  if (needs.boundaries) return 1e7;
  if (needs.longContext) return 1e9;
  // a mask is read out in several calls
  return (needs.distributions?.includes('visibility') ? 2.5e5 : 1e6) / (needs.calls ?? 1);
}

/** Most elements of all terms of a program, for operators with further axes. */
const COST = 3e5;

const giveWay = [
  ['b', 'g', 'hk'],
  ['m', 'n'],
  ['e', 'd'],
];

/** @throws {Undrawable} if the limits leave no size for an axis, or no unequal sizes if needed. */
export function dimRules({ axes, fields, limits, tied, unequal, further, drawn, work, production, floors, cost }: DimWishes): DimRules {
  const links = [...tied];
  for (const [axis, limit] of Object.entries(limits))
    if (typeof limit === 'string' && axes.includes(axis)) links.push([axis, limit.slice(1)]);
  const members = joined(axes, links);
  const groupsWithin = (...within: readonly Readonly<Record<string, AllowedSizes>>[]): AxisGroup[] =>
    members.map((together) => ({
      axes: together,
      field: fields[together[0]] ?? together[0],
      allowed: together
        .map((axis) => within.reduce((allowed, one) => intersect(allowed, one[axis] ?? anySize), allowedBy(limits[axis])))
        .reduce(intersect),
    }));
  const groups = groupsWithin(further, drawn);
  for (const group of groups) {
    if (saturate(group.allowed, 1) === undefined) throw new Undrawable(`the limits leave no size for ${group.axes.join(' = ')}`);
  }
  const rules = {
    groups,
    unequal,
    work,
    floors: { ...floors, groups: groupsWithin(further) },
    ...(production && { production }),
    ...(cost && { cost }),
  };
  const dims = toDims(rules, Object.fromEntries(groups.map(({ field }) => [field, 1])));
  for (const [x, y] of unequal) if (dims[x] === dims[y]) throw new Undrawable(`the limits leave no ${x} that differs from ${y}`);
  return rules;
}

/** Saturates flat sizes to an affordable case. @param dense a mask or bias travels as a tensor. */
export function toDims(rules: DimRules, flat: Flat, dense = false): Dims {
  const dims: Record<string, number> = { b: 1, hk: 1, g: 1, m: 1, n: 1, d: 1, e: 1 };
  for (const { axes, field, allowed } of groupsOf(rules, flat)) {
    const size = saturate(allowed, flat[field]) as number;
    for (const axis of axes) dims[axis] = size;
  }
  reduceWork(rules, dims as Dims, (d) => isWithin(rules, d, flat, dense));
  for (const [x, y] of rules.unequal) if (dims[x] === dims[y]) separate(rules, dims, x, y);
  return dims as Dims;
}

function groupsOf({ groups, floors }: DimRules, flat: Flat): readonly AxisGroup[] {
  return flat.production === AT_FLOOR ? floors.groups : groups;
}

function isWithin({ production, floors, work, cost }: DimRules, dims: Dims, flat: Flat, dense: boolean): boolean {
  if (flat.production === AT_FLOOR) return floors.fits(dims, dense);
  if (flat.production > 0 && production) return isAffordable(dims, production, dense);
  return workOf(dims) <= work && (cost === undefined || work === Infinity || cost(dims) <= COST);
}

const LONG_CONTEXT_ROWS = 16;

/** Number of judged rows, for expensive cases. */
export function rowsOf({ needs }: DrawRequest, rules: DimRules, dims: Dims, flat: Flat): Pick<Values, 'rows'> {
  if (needs.longContext) return { rows: LONG_CONTEXT_ROWS * dims.hk * dims.g };
  const budget = flat.production === AT_FLOOR ? rules.floors.budget : flat.production > 0 ? rules.production : undefined;
  const rows = budget && workOf(dims) > rules.work ? rowsWithin(dims, budget) : undefined;
  return rows === undefined ? {} : { rows };
}

/** Halves the largest axis of the first group that can shrink, until the case is affordable. */
function reduceWork(rules: DimRules, dims: Dims, affordable: (dims: Dims) => boolean): void {
  while (!affordable(dims)) {
    const smaller = giveWay.map((axes) => halved(rules, dims, axes)).find((move) => move !== undefined);
    if (smaller === undefined) return;
    Object.assign(dims, smaller);
  }
}

function halved(rules: DimRules, dims: Dims, axes: readonly string[]): Record<string, number> | undefined {
  for (const axis of [...axes].sort((x, y) => dims[y] - dims[x])) {
    const { axes: members, allowed } = groupOf(rules, axis);
    const size = atMost(allowed, dims[axis] >> 1);
    if (size !== undefined) return Object.fromEntries(members.map((member) => [member, size]));
  }
  return undefined;
}

/** Makes x and y differ: enlarges y, else x, else reduces y, else x, as the limits allow. */
function separate(rules: DimRules, dims: Record<string, number>, x: string, y: string): void {
  const [gx, gy] = [groupOf(rules, x), groupOf(rules, y)];
  if (gx === gy) return;
  const size = dims[x];
  const moves = [
    [gy, atLeast(gy.allowed, size + 1)],
    [gx, atLeast(gx.allowed, size + 1)],
    [gy, atMost(gy.allowed, size - 1)],
    [gx, atMost(gx.allowed, size - 1)],
  ] as const;
  const [group, found] = moves.find(([, to]) => to !== undefined) ?? [gx, size];
  for (const axis of group.axes) dims[axis] = found as number;
}

function groupOf(rules: DimRules, axis: string): AxisGroup {
  return rules.groups.find((group) => group.axes.includes(axis)) as AxisGroup;
}

function joined(axes: readonly string[], links: readonly (readonly [string, string])[]): string[][] {
  let groups = axes.map((axis) => [axis]);
  for (const [x, y] of links) {
    const touched = groups.filter((group) => group.includes(x) || group.includes(y));
    const merged = axes.filter((axis) => touched.some((group) => group.includes(axis)));
    groups = [...groups.filter((group) => !touched.includes(group)), merged];
  }
  return groups;
}
