import type { Random } from 'fast-check';
import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import { fixedOptions } from '../../spec/claims/fixed.js';
import { blocksOf, mayDiffer, usedAxes } from '../../spec/operator/axes.js';
import { listedMasks } from '../../spec/operator/facts.js';
import { isStreamed } from '../../spec/oracle/softmax-form.js';
import { costOf } from '../../spec/program/cost.js';
import type { Operator } from '../../spec/types/documents.js';
import type { Budget, FloorLimits } from '../lib/case-space.js';
import { allowedBy, atMost } from '../lib/limits.js';
import type { DrawRequest } from '../lib/needs.js';
import { hashText } from '../lib/seeds.js';
import { isAffordable, TERM } from './budget.js';

/** Size that a check always reaches: faults lie beyond a first chunk, tile, page or group. */
export interface Floor {
  readonly axis: string;
  readonly least: number;
  readonly most: number;
  /** True if the other axes have production sizes as far as affordable; else they are small. */
  readonly production?: boolean;
  /** Option that sets the block size of the axis. A floor's case has its first value. */
  readonly option?: string;
}

/** Value of the flat field `production` in a case at a floor. */
export const AT_FLOOR = 2;

/** Tokens per chunk or tile, if the operator's document names none. */
const chunks = [64, 128];

/** Production sizes for interpreted programs, which have too few cases to meet them by chance. */
const production: Readonly<Record<string, readonly number[]>> = {
  d: [128, 64, 256, 192, 96, 80, 112, 576],
  e: [128, 192, 256, 96],
  b: [8, 5],
  hk: [8, 16, 32],
  n: [512, 1024, 2048, 256, 4096],
  m: [512, 256, 1024, 4096],
};

/** Lengths at which windows, counters and splits of long contexts have ended. */
const long = [2000, 4000];
const BEYOND = 300;

type FloorRequest = Pick<DrawRequest, 'needs' | 'mask' | 'dtype'> & {
  readonly [Key in 'feature' | 'scheme' | 'shapes']?: DrawRequest[Key] | undefined;
};

/** Largest block size without floors: small cases already have five blocks. */
const SMALL = 6;

/** Floors around blocks of `size`: size − 1, size, size + 1, 2·size + 1, and one up to 5·size. */
function around(axis: string, size: number, option?: string): Floor[] {
  if (size <= SMALL) return [];
  const by = option === undefined ? {} : { option };
  const one = (exact: number) => ({ axis, least: exact, most: exact, ...by });
  return [one(2 * size + 1), { axis, least: 2 * size + 1, most: 5 * size, ...by }, one(size + 1), one(size), one(size - 1)];
}

/**
 * Floors of a check, most telling first: around each block size of the operator's document, around
 * 64 and 128 tokens, and beyond 2,000 and 4,000 keys (and 2,000 queries, if m may differ from n).
 */
export function floorsOf(operator: Operator, capabilities: FullCapabilities, request: FloorRequest): Floor[] {
  const { needs, scheme, shapes } = request;
  if (!needs.floors || scheme !== undefined || shapes !== undefined) return [];
  const used = usedAxes(operator);
  const fixed = fixedOptions(capabilities, operator);
  const named = blocksOf(operator).flatMap(({ axis, size, option }) => {
    const value = option === undefined ? size : (fixed[option] ?? size);
    return typeof value === 'number' ? around(axis, value, option) : [];
  });
  const tokens = used.has('n') ? 'n' : used.has('m') ? 'm' : undefined;
  const lengths = tokens === undefined ? [] : long.map((length) => ({ axis: tokens, least: length + 1, most: length + BEYOND }));
  const queries = tokens === 'n' && mayDiffer(operator, 'm', 'n') ? [{ axis: 'm', least: long[0] + 1, most: long[0] + BEYOND }] : [];
  const unnamed = tokens === undefined || named.some(({ axis }) => axis === tokens) ? [] : chunks.flatMap((size) => around(tokens, size));
  const sizes = [...named, ...unnamed];
  const all = [...sizes.slice(0, 2), ...lengths.slice(0, 1), ...sizes.slice(2), ...queries, ...lengths.slice(1)];
  const kept = (floors: readonly Floor[]) => distinct(floors.flatMap((floor) => within(floor, capabilities)));
  if (isStreamed(operator)) return kept(all);
  const further = productionFloors(operator, request);
  return isPlain(operator, request) ? kept([...all, ...further]) : [...some(kept(all), request), ...kept(further)];
}

/** Production sizes for the plain check of an operator, and free lengths for `+cross`. */
function productionFloors(operator: Operator, request: FloorRequest): Floor[] {
  const used = usedAxes(operator);
  const whole = request.feature === 'cross';
  if (!whole && !isPlain(operator, request)) return [];
  const square = !used.has('n') || !used.has('m') || !mayDiffer(operator, 'm', 'n');
  const lengths = square ? (used.has('n') ? ['n'] : ['m']) : [];
  const wide = used.has('d') ? [] : ['e'];
  const plain = ['d', 'b', 'hk', ...wide, ...lengths];
  const asks = (axis: string) => used.has(axis) && (whole ? !square && (axis === 'm' || axis === 'n') : plain.includes(axis));
  const sizes = Object.entries(production).filter(([axis]) => asks(axis));
  const most = Math.max(0, ...sizes.map(([, each]) => each.length));
  return Array.from({ length: most }, (_, place) =>
    sizes.flatMap(([axis, each]) => (place < each.length ? [{ axis, least: each[place], most: each[place], production: true }] : [])),
  ).flat();
}

function isPlain(operator: Operator, { mask, feature }: FloorRequest): boolean {
  return feature === undefined && (mask === 'any' || mask === (listedMasks(operator)?.[0] ?? 'full'));
}

/** Floors of a check with a feature or another mask: the first two, and one chosen by hash. */
function some(floors: readonly Floor[], { mask, feature, dtype }: FloorRequest): Floor[] {
  const others = floors.slice(2);
  const one = hashText(0, `${mask}+${feature}/${dtype}`) % Math.max(1, others.length);
  return [...floors.slice(0, 2), ...others.slice(one, one + 1)];
}

/** Clips a floor to the limits; takes the largest allowed size below if no size is left. */
function within(floor: Floor, { limits }: FullCapabilities): Floor[] {
  const allowed = allowedBy(limits[floor.axis]);
  const most = atMost(allowed, floor.most);
  if (most === undefined) return [];
  return [{ ...floor, least: Math.min(most, Math.max(floor.least, allowed.min)), most }];
}

function distinct(floors: readonly Floor[]): Floor[] {
  return [...new Map(floors.map((floor) => [JSON.stringify(floor), floor])).values()];
}

/** Size of a floor's case along its axis. */
export function drawFloorSize(random: Random, { least, most }: Floor): number {
  return random.nextInt(least, most);
}

/** Most elements of all terms of a program in a floor's case: usual, and with a long sequence. */
const COST = 6e6;
const LONG_COST = 5e7;

/** Limits for a streamed softmax: tenths of a second, even if slow. */
const streamed: Budget = { work: 8e7, elements: 6e6, judged: 3e6, sampled: true };

export function floorLimits(operator: Operator): FloorLimits {
  if (isStreamed(operator)) return { fits: (dims, dense, share) => isAffordable(dims, streamed, dense, share), budget: streamed };
  const cost = costOf(operator);
  return { fits: (dims, _, share = 1) => cost(dims, TERM) <= share * (Math.max(dims.m, dims.n) > long[0] / 2 ? LONG_COST : COST) };
}
