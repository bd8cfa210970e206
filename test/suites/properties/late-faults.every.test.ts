import { describe, expect, it } from 'vitest';
import { programKernel } from '../../../adapters/controls/second-form/program-kernel.js';
import type { Kernel } from '../../../adapters/kernel.js';
import { hashText } from '../../../generators/lib/seeds.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Problem } from '../../../spec/problem.js';
import type { Capabilities, Operator } from '../../../spec/types/documents.js';
import type { Check } from '../../../suites/contract/check.js';
import type { Property } from '../../../suites/contract/property.js';
import { planChecks } from '../../../suites/plan/plan.js';
import { usualProfiles } from '../../../suites/plan/profile-checks.js';
import { propertyNamed } from '../../../suites/properties/index.js';
import { InProcessJudge, InProcessSupervisor } from '../../../suites/runner/in-process.js';
import { CaseLoop } from '../../../suites/runner/run/case-loop.js';
import { CaseRunner } from '../../../suites/runner/run/case-runner.js';
import { CaseStream, otherCases } from '../../../suites/runner/run/case-stream.js';
import { asksAll, firstOf } from '../../some.js';
import { library } from './on-kernel.js';

type Sizes = Readonly<Record<string, number>>;

/** A kernel that is right but where this holds: a later chunk, tile, page or window has a fault that the first has not. */
interface LateFault {
  readonly operator: string;
  readonly what: string;
  /** @param token place of the row along the axis of tokens. */
  readonly wrong: (dims: Sizes, token: number) => boolean;
}

const after = (operator: string, tokens: number): LateFault => ({
  operator,
  what: `token ${tokens} and later`,
  wrong: (_, token) => token >= tokens,
});
const beyond = (operator: string, axis: string, size: number): LateFault => ({
  operator,
  what: `more than ${size} along ${axis}`,
  wrong: (dims) => dims[axis] > size,
});

const faults: readonly LateFault[] = [
  ...['gated-delta', 'kda', 'gdn-2', 'rwkv-7', 'gla', 'simple-gla', 'mamba-2', 'rg-lru', 'delta'].map((name) => after(name, 64)),
  ...['gated-delta', 'kda', 'gla', 'mamba-2', 'retention', 'linear-causal'].map((name) => after(name, 128)),
  ...['retention', 'linear-causal', 'linear-decay'].map((name) => after(name, 2000)),
  ...['nvfp4-cache', 'mxfp8-cache', 'q8-0-cache', 'q4-0-cache'].map((name) => beyond(name, 'd', 64)),
  beyond('mla-fp8', 'c', 128),
  beyond('mla', 'n', 2000),
  beyond('block-lists', 'n', 130),
  beyond('fp8-cache', 'n', 2000),
  beyond('gathered', 'n', 130),
  ...['gdn-packed', 'kda-packed'].map((name) => after(name, 64)),
  beyond('scaled-cache-by-token', 'n', 256),
];

const right = ['gated-delta', 'kda', 'rwkv-7', 'gla', 'mamba-2', 'retention', 'nvfp4-cache', 'mla-fp8', 'block-lists', 'gdn-packed'];

const operatorNamed = (name: string) => library.operators.get(name) as Operator;

function kernelOf(name: string, wrong: LateFault['wrong'] = () => false) {
  const operator = operatorNamed(name);
  const axes = operator.outputs.o;
  const place = axes.includes('n') ? axes.indexOf('n') : axes.indexOf('m');
  const answer = ({ case: { dims } }: Problem, outputs: Readonly<Record<string, { readonly value: Float64Array }>>) => {
    const sizes = dims as unknown as Sizes;
    const inner = axes.slice(place + 1).reduce((product, axis) => product * sizes[axis], 1);
    outputs.o.value.forEach((x, i, all) => {
      if (wrong(sizes, Math.floor(i / inner) % sizes[axes[place]])) all[i] = 1.5 * x + 0.5;
    });
    return outputs;
  };
  return programKernel([operator], { answer: answer as never });
}

/** How the checks of the values of an operator end, as a default run asks them: its plain one and, unless that fails, the one of other numbers of queries. */
async function judged(name: string, seed: number, wrong?: LateFault['wrong']): Promise<string> {
  const { options, optional } = operatorNamed(name);
  const declared: Capabilities = {
    operators: [name],
    dtypes: ['f32'],
    options: [...Object.keys(options ?? {}), ...Object.keys(optional ?? {})],
  };
  const claims = Claims.of(library, resolveCapabilities(declared, name));
  const judge = new InProcessJudge();
  judge.register('mine', declared);
  const filter = [`${name}/*/oracle/f32`, `${name}+cross/*/oracle/f32`];
  const checks = planChecks(usualProfiles(library), { id: 'mine', claims }, { runs: 50, filter, speed: 'slow' });
  const asked = checks.filter(({ unsupported }) => unsupported === undefined);
  const [plain, cross] = [asked.find(({ feature }) => feature === undefined) as Check, asked.find(({ feature }) => feature === 'cross')];
  const ends = await endOf(plain, claims, judge, seed, kernelOf(name, wrong));
  return ends === 'pass' && cross ? endOf(cross, claims, judge, seed, kernelOf(name, wrong)) : ends;
}

async function endOf(check: Check, claims: Claims, judge: InProcessJudge, seed: number, kernel: Kernel): Promise<string> {
  const property = propertyNamed('oracle') as Property;
  const arbitrary = caseArbitrary(claims, check.request);
  const { cases } = check;
  const stream = new CaseStream(arbitrary, hashText(seed, check.id), property, claims, otherCases(arbitrary, check));
  const runner = new CaseRunner('mine', property, claims, new InProcessSupervisor(claims, kernel), judge);
  const tally = await new CaseLoop(
    runner,
    stream,
    check.id,
    undefined,
    () => undefined,
    () => {},
  ).run(cases);
  return tally.failure?.failed.verdict ?? (tally.decided >= cases / 2 ? 'pass' : 'undecided');
}

/** One seed of each, another in turn. */
const seedOf = (place: number) => (asksAll ? place % 5 : 0);

describe('a default run', () => {
  it.each(
    firstOf(
      faults.map((fault, place) => [fault.operator, fault.what, place] as const),
      4,
    ),
  )('finds %s wrong at %s', { timeout: 120_000 }, async (name, _, place) => {
    expect(await judged(name, seedOf(place), faults[place].wrong)).toBe('fail');
  });

  it.each(
    firstOf(
      right.map((name, place) => [name, place] as const),
      2,
    ),
  )('passes a right kernel of %s', { timeout: 120_000 }, async (name, place) => {
    expect(await judged(name, seedOf(place))).toBe('pass');
  });
});
