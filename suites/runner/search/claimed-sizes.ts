import { withinLimits } from '../../../generators/lib/limits.js';
import type { Case, Dims, Limit, LimitRange, Limits } from '../../../spec/types/documents.js';
import { oracle } from '../../properties/kernel/oracle.js';
import type { CallFault } from '../host/wire.js';
import type { CalledCase, CaseRunner } from '../run/case-runner.js';
import { claimedCalls } from '../run/case-stream.js';

interface Rule {
  /** Limited axis with its limit, or another claim. */
  readonly claim: readonly [Axis, Limit] | string;
  holds(dims: Dims): boolean;
  /** Exceptions that an obedient kernel may also take. */
  spares?(dims: Dims): boolean;
}

type Axis = keyof Dims;

const axes: readonly Axis[] = ['d', 'e', 'm', 'n', 'g', 'hk', 'b'];
const multiples = [256, 128, 64, 32, 16, 8, 4, 2];
const equal: readonly (readonly [Axis, Axis])[] = [
  ['e', 'd'],
  ['m', 'n'],
];

/** Refusals; other faults are no evidence about sizes. */
const refusals: readonly CallFault['kind'][] = ['error', 'unsupported'];
/** Fewest refused and taken sizes for a rule. */
const LEAST = 3;
const MOST_RULES = 3;
const MOST_LISTED = 4;
/** Most refused cases to retry with a full mask. */
const MOST_AGAIN = 8;

/** Claim that excludes all refused sizes and no taken one, or a note that the mask decides. */
export async function claimOfSizes(runner: CaseRunner, cases: readonly Case[]): Promise<string | undefined> {
  const refused: Dims[] = [];
  const refusedCases: Case[] = [];
  const taken: Dims[] = [];
  for (let left = cases.flatMap((c) => claimed(runner, c)); left.length > 0; ) {
    const answers = await runner.call(left);
    for (const [x, answer] of answers.entries()) {
      if (answer.kind !== 'reply') continue;
      const sizes = left[x].calls.map((call) => call.case.dims);
      const { calls, fault } = answer.reply;
      taken.push(...sizes.slice(0, calls.length));
      if (!fault || !refusals.includes(fault.kind)) continue;
      refused.push(sizes[fault.call]);
      refusedCases.push(left[x].calls[fault.call].case);
    }
    // stop after a crash or timeout
    if (answers.length < left.length || answers.length === 0) break;
    left = left.slice(answers.length);
  }
  const rules = rulesOf(refused, taken);
  if (rules && (await isTakenUnmasked(runner.asking(oracle), refusedCases)))
    return 'it accepts the same sizes with the full mask: its refusals depend on the mask, which limits cannot express';
  return rules && `its refusals depend on sizes alone: if this is intended, claim ${claimsOf(rules)} in its capabilities`;
}

async function isTakenUnmasked(runner: CaseRunner, refused: readonly Case[]): Promise<boolean> {
  const masked = refused.filter(({ mask, history, parallel }) => !('name' in mask && mask.name === 'full') && !history && !parallel);
  const unmasked = masked.map((c): Case => ({ ...c, mask: { name: 'full' } })).slice(0, MOST_AGAIN);
  const called = unmasked.flatMap((c) => claimed(runner, c));
  const answers = called.length === 0 ? [] : await runner.call(called);
  return answers.some((answer) => answer.kind === 'reply' && answer.reply.fault === undefined);
}

/** Variants of a failing case with usual sizes. */
export function sizedVariants(c: Case): Case[] {
  const heads = [8, 16, 24, 32, 40, 48, 64, 96, 128, 192, 256].flatMap((d) => [{ d, e: d }, { d }, { e: d }]);
  const lengths = [1, 7, 16, 32, 48, 64, 100, 128, 256].flatMap((n) => [{ m: n, n }, { n }, { m: n }]);
  const whole = [16, 32, 64, 128].flatMap((d) => [16, 64, 128].map((n) => ({ m: n, n, d, e: d })));
  const groups = [1, 2, 3].flatMap((hk) => [1, 2].map((g) => ({ hk, g })));
  return [...heads, ...lengths, ...whole, ...groups].map((dims) => ({ ...c, dims: { ...c.dims, ...dims } }));
}

/** Case with its calls, if claimed. */
export function claimed(runner: CaseRunner, c: Case): CalledCase[] {
  if (!withinLimits(runner.claims.capabilities.limits as Limits, c.dims)) return [];
  const calls = claimedCalls(runner.property, c, runner.claims);
  return calls ? [{ case: c, calls }] : [];
}

/** Fewest, plainest rules that hold for all taken sizes and together exclude all refused ones. */
function rulesOf(refused: readonly Dims[], taken: readonly Dims[]): Rule[] | undefined {
  if (taken.length < LEAST || refused.length < LEAST) return undefined;
  const rules = rulesFor(refused, taken).filter((rule) => taken.every((dims) => rule.holds(dims) || rule.spares?.(dims)));
  const alone = [...rules, ...listsFor(taken)].find(({ holds }) => !refused.some(holds));
  if (alone) return [alone];
  for (let count = 2; count <= MOST_RULES; count++) {
    const found = together(rules, refused, count);
    if (found) return found;
  }
  return undefined;
}

/** `count` rules that each exclude enough of the rest, until all are excluded. */
function together(rules: readonly Rule[], left: readonly Dims[], count: number): Rule[] | undefined {
  if (count === 0) return left.length === 0 ? [] : undefined;
  for (const [x, rule] of rules.entries()) {
    const kept = left.filter(rule.holds);
    if (left.length - kept.length < LEAST) continue;
    const others = together(
      rules.slice(x + 1).filter((other) => canBeSaidWith(rule, other)),
      kept,
      count - 1,
    );
    if (others) return [rule, ...others];
  }
  return undefined;
}

/** True if one limits object can hold both: one limit per axis, and ranges combine. */
function canBeSaidWith({ claim }: Rule, { claim: other }: Rule): boolean {
  return typeof claim === 'string' || typeof other === 'string' || claim[0] !== other[0] || (isRange(claim[1]) && isRange(other[1]));
}

function rulesFor(refused: readonly Dims[], taken: readonly Dims[]): Rule[] {
  const same = equal.map(([x, y]): Rule => ({ claim: [x, `=${y}`], holds: (dims) => dims[x] === dims[y] }));
  // one key head broadcasts to any number of query heads
  const ungrouped: Rule = { claim: '"grouped": false', holds: ({ g }) => g === 1, spares: ({ hk }) => hk === 1 };
  const whole = axes.flatMap((axis) =>
    multiples.map((k): Rule => ({ claim: [axis, { multipleOf: k }], holds: (dims) => dims[axis] % k === 0 })),
  );
  const bounded = axes.flatMap((axis): Rule[] => {
    const sizes = taken.map((dims) => dims[axis]);
    const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
    const above = Math.min(...refused.map((dims) => dims[axis]).filter((size) => size > most));
    const largest = roundest(most, above);
    return [
      { claim: [axis, { max: largest }], holds: (dims) => dims[axis] <= largest },
      { claim: [axis, { min: least }], holds: (dims) => dims[axis] >= least },
    ];
  });
  return [...same, ungrouped, ...whole, ...bounded];
}

function listsFor(taken: readonly Dims[]): Rule[] {
  return (['d', 'e'] as const).flatMap((axis): Rule[] => {
    const sizes = [...new Set(taken.map((dims) => dims[axis]))].sort((x, y) => x - y);
    return sizes.length > MOST_LISTED ? [] : [{ claim: [axis, sizes], holds: (dims) => sizes.includes(dims[axis]) }];
  });
}

/** Largest power of two in [least, above), or `least`. */
function roundest(least: number, above: number): number {
  const power = 2 ** Math.ceil(Math.log2(least));
  return Number.isFinite(above) && power < above ? power : least;
}

function claimsOf(rules: readonly Rule[]): string {
  const limits: Record<string, Limit> = {};
  for (const { claim } of rules) {
    if (typeof claim === 'string') continue;
    const [axis, limit] = claim;
    const before = limits[axis];
    limits[axis] = isRange(before) && isRange(limit) ? { ...before, ...limit } : limit;
  }
  const others = rules.flatMap(({ claim }) => (typeof claim === 'string' ? [claim] : []));
  return [...(Object.keys(limits).length > 0 ? [`"limits": ${JSON.stringify(limits)}`] : []), ...others].join(' and ');
}

function isRange(limit: Limit | undefined): limit is LimitRange {
  return typeof limit === 'object' && !Array.isArray(limit);
}
