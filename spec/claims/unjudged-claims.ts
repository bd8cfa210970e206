import { codeOf, setOf } from '../operator/facts.js';
import { operatorDocuments } from '../operators/index.js';
import type { AdapterResult, Capabilities, CheckResult, Operator, Result } from '../types/documents.js';

const judging: readonly CheckResult['verdict'][] = ['pass', 'fail', 'crash', 'timeout'];

/** Check with the parts of its id (CONTRACTS: checks). */
type Parted = CheckResult & Readonly<Record<'operator' | 'mask' | 'property' | 'dtype' | 'scheme', string>>;

function parted(check: CheckResult): Parted {
  const [computed, mask, property, last] = check.id.split('/');
  const [dtype, scheme = ''] = last.split('@');
  return { ...check, operator: computed.split('+')[0], mask, property, dtype, scheme };
}

type Claim = readonly [claim: string, judged: boolean];

/** Claims that no check judged, of adapters in `plan.whole`; empty for a shard of a run. */
export function unjudgedClaims({ plan, adapters, checks }: Pick<Result, 'plan' | 'adapters' | 'checks'>): string[] {
  const { whole = [], shard } = plan;
  if (shard !== null) return [];
  const asked = adapters.filter(({ id, capabilities, unavailable }) => whole.includes(id) && capabilities && !unavailable);
  const found = asked.map((adapter) => [adapter.id, unjudgedOf(adapter, checks)] as const).filter(([, claims]) => claims.length > 0);
  return found.flatMap(([id, claims]) => (asked.length > 1 ? claims.map((claim) => `${id}: ${claim}`) : claims));
}

function unjudgedOf({ id, capabilities }: AdapterResult, all: readonly CheckResult[]): string[] {
  const own = all.filter(({ adapter }) => adapter === id).map(parted);
  const checks = own.filter(({ verdict }) => judging.includes(verdict));
  // a run gives up a kernel that passes no check
  if (checks.every(({ verdict }) => verdict !== 'pass')) return [];
  const claims = claimsOf(capabilities as Capabilities, own, checks);
  return claims.filter(([, judged]) => !judged).map(([claim]) => claim);
}

/** @param planned checks of every verdict. @param checks judged ones. */
function claimsOf(c: Capabilities, planned: readonly Parted[], checks: readonly Parted[]): Claim[] {
  const has = (test: (check: Parted) => boolean) => checks.some(test);
  const met = (test: (label: string) => boolean) => has(({ coverage }) => Object.keys(coverage).some(test));
  const compared = new Set(checks.flatMap(({ error = {} }) => Object.keys(error)));
  // a failing check stops before later cases draw other options
  const ended = has(({ verdict }) => verdict !== 'pass');
  const isAsked = (mask: string) => planned.some((check) => check.mask === mask);
  const property = (claimed: unknown, claim: string, ...names: string[]): Claim[] =>
    claimed ? [[claim, has((check) => names.includes(check.property))]] : [];
  return [
    ...c.operators.map((name): Claim => [`operator ${name}`, has(({ operator }) => operator === name)]),
    ...c.dtypes.map((name): Claim => [`type ${name}`, has(({ dtype }) => dtype === name)]),
    ...(c.masks ?? [])
      .filter(isAsked)
      .map((name): Claim => [`mask ${name}`, has(({ mask }) => mask === name) || met((label) => label === `mask:${name}`)]),
    ...(ended
      ? []
      : (c.options ?? []).map((name): Claim => [`option ${name}`, met((label) => label === (name === 'scale' ? 'given-scale' : name))])),
    ...(c.outputs ?? []).map((name): Claim => [`output ${name}`, compared.has(name) || isOfCodes(c, name)]),
    ...gradientsOf(c).map((name): Claim => [`gradient ${name}`, compared.has(name)]),
    ...(c.gradients === true ? [['gradients', has((check) => check.property === 'gradient')] as const] : []),
    ...(c.layouts ?? [])
      .slice(1)
      .map((name): Claim => [`layout ${name}`, met((label) => label === (name === 'thd' ? 'packed' : 'other-layout'))]),
    ...(c.strided ? [['strided inputs', met((label) => label.startsWith('views:'))] as const] : []),
    ...property(c.pages, 'pages', 'cache-history', 'page-permutation'),
    ...property(c.captured, 'captured calls', 'captured'),
    ...property(c.reuse, 'reuse', 'reuse'),
    ...property(c.batchInvariant, 'batch invariance', 'batch-invariant', 'long-batch-invariant'),
    ...Object.keys(c.schemes ?? {}).map((name): Claim => [`scheme ${name} (--profile parallel)`, has(({ scheme }) => scheme === name)]),
  ];
}

function gradientsOf({ gradients }: Capabilities): string[] {
  return Array.isArray(gradients) ? gradients.filter((name) => name !== 'dlse').map((name) => `d${name}`) : [];
}

/** Tells if an output is codes or indices; also true if an operator is not built in. */
function isOfCodes({ operators }: Capabilities, output: string): boolean {
  const known = operators.flatMap((name) => operatorDocuments.find((operator) => operator.name === name) ?? []) as readonly Operator[];
  return known.length < operators.length || known.some((operator) => codeOf(operator, output) || setOf(operator, output));
}
