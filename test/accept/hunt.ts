import { adapterOf } from '../../dist/adapters/controls/mutants/lib/adapter.js';
import type { Mutant } from '../../dist/adapters/controls/mutants/lib/mutant.js';
import type { Arithmetic } from '../../dist/adapters/controls/reference/arithmetic/arithmetic.js';
import { float32Fused } from '../../dist/adapters/controls/reference/arithmetic/float32-fused.js';
import { loadAdapter } from '../../dist/adapters/load.js';
import { caseSeed, drawCase } from '../../dist/generators/lib/seeds.js';
import { caseArbitrary } from '../../dist/generators/whole/case.js';
import { resolveCapabilities } from '../../dist/spec/claims/capabilities.js';
import { Claims } from '../../dist/spec/claims/claims.js';
import { createLibrary } from '../../dist/spec/library.js';
import type { Property } from '../../dist/suites/contract/property.js';
import { propertyNamed } from '../../dist/suites/properties/index.js';
import { InProcessJudge, InProcessSupervisor } from '../../dist/suites/runner/in-process.js';
import { CaseRunner } from '../../dist/suites/runner/run/case-runner.js';
import { claimedCalls } from '../../dist/suites/runner/run/case-stream.js';
import { hunt } from '../../dist/suites/runner/search/hunt.js';
import { ratioOf } from '../../suites/runner/search/hunt.js';
import { numpyFlash } from '../kernels/numpy-flash.js';

const seeds = [0, 1];
const library = createLibrary();
const { fround } = Math;

/** Kernels without a fault: a hunt finds none, and comes nearer to the bounds. */
const correct = ['reference', 'native', numpyFlash()];

/** The reference kernel with another exponential. */
const exponential = (of: (x: number) => number): Partial<Arithmetic> => ({
  exponentials: (x, count, shift, out) => {
    let sum = 0;
    for (let t = 0; t < count; t++) {
      out[t] = fround(of(fround(x[t] - shift)));
      sum = fround(sum + out[t]);
    }
    return sum;
  },
});

/** The reference kernel whose scores are changed. */
const scores = (of: (score: number, depth: number) => number): Partial<Arithmetic> => ({
  dots: (x, xAt, y, yAt, rows, count, depth, out) => {
    float32Fused.dots(x, xAt, y, yAt, rows, count, depth, out);
    for (let t = 0; t < count; t++) out[t] = fround(of(out[t], depth));
  },
});

/** Faults of numbers alone. `found`: by a hunt on every seed, and not by as many drawn cases. */
const faults: readonly { readonly id: string; readonly arithmetic: Partial<Arithmetic>; readonly found?: true }[] = [
  { id: 'last-channels-two-ulp', arithmetic: scores((s, d) => (d % 4 ? s * (1 + 2 ** -22) : s)), found: true },
  { id: 'scores-an-ulp-off', arithmetic: scores((s) => s * (1 + 2 ** -23)) },
  { id: 'ln2-to-six-digits', arithmetic: exponential((x) => 2 ** fround(x / 0.693147)) },
  { id: 'exp-off-by-1e-6', arithmetic: exponential((x) => Math.exp(x) * (1 + 1e-6 * Math.sin(16 * x))) },
  { id: 'exp-off-by-2e-6', arithmetic: exponential((x) => Math.exp(x) * (1 + 2e-6 * Math.sin(16 * x))) },
];

type Source = Awaited<ReturnType<typeof loadAdapter>>;

/**
 * Measures a hunt: by how much it raises the largest error ÷ bound of correct kernels over as many drawn cases, and which faults of numbers it
 * finds that these miss. @returns what is wrong, in words: an alarm, or a hunt that is no better than drawing.
 */
export async function whatHuntsFind(cases = 1200): Promise<string[]> {
  const wrong: string[] = [];
  for (const source of correct) {
    const adapter = await loadAdapter(source, {});
    const results = await onSeeds(adapter, cases);
    report(adapter.id, results);
    if (results.some(({ drawn, hunted }) => drawn.failure ?? hunted.failure)) wrong.push(`${adapter.id}: a false alarm`);
    const mean = (of: 'drawn' | 'hunted') => results.reduce((sum, result) => sum + result[of].ratio, 0) / results.length;
    if (!(mean('hunted') > mean('drawn'))) wrong.push(`${adapter.id}: a hunt comes no nearer to the bounds than drawn cases`);
  }
  for (const { id, arithmetic, found } of faults) {
    const results = await onSeeds(faulty(id, arithmetic), cases);
    report(id, results);
    if (found && !results.every(({ drawn, hunted }) => hunted.failure && !drawn.failure)) wrong.push(`${id}: not found by a hunt alone`);
  }
  return wrong;
}

function faulty(id: string, arithmetic: Partial<Arithmetic>): Source {
  const mutant: Mutant = { id, class: 'Numerics', title: id, imitates: id, fault: { float32: { ...float32Fused, ...arithmetic } } };
  return adapterOf(mutant);
}

interface Found {
  readonly cases: number;
  readonly ratio: number;
  readonly failure?: string;
}

/** On each seed, what drawn cases come to and what a hunt of as many does. */
async function onSeeds(adapter: Source, cases: number): Promise<{ drawn: Found; hunted: Found }[]> {
  const capabilities = resolveCapabilities(adapter.capabilities, adapter.id);
  const kernel = await adapter.open();
  const judge = new InProcessJudge();
  judge.register(adapter.id, adapter.capabilities);
  const supervisor = new InProcessSupervisor(Claims.of(library, capabilities), kernel);
  const runner = new CaseRunner(adapter.id, propertyNamed('oracle') as Property, Claims.of(library, capabilities), supervisor, judge);
  const request = { operator: 'softmax', mask: 'any', feature: 'all', dtype: 'f32', needs: runner.property.needs } as const;
  const arbitrary = caseArbitrary(Claims.of(library, capabilities), request);
  const results = [];
  try {
    for (const seed of seeds) {
      const drawn = await draw(arbitrary, runner, seed, cases);
      const found = await hunt(arbitrary, runner, { seed, cases, milliseconds: 600_000, stop: () => undefined, expected: () => undefined });
      const { cases: tried, maxOverBound } = found.hunt;
      const failure = found.failure && { failure: found.failure.failed.message };
      results.push({ drawn, hunted: { cases: tried, ratio: Number(maxOverBound), ...failure } });
    }
  } finally {
    await kernel[Symbol.asyncDispose]();
  }
  return results;
}

async function draw(arbitrary: ReturnType<typeof caseArbitrary>, runner: CaseRunner, seed: number, cases: number): Promise<Found> {
  let ratio = 0;
  for (let index = 0; index < cases; index += 8) {
    const batch = Array.from({ length: 8 }, (_, x) => drawCase(arbitrary, caseSeed(seed, index + x, 0)).value).flatMap((c) => {
      const calls = claimedCalls(runner.property, c, runner.claims);
      return calls ? [{ case: c, calls }] : [];
    });
    const { outcomes, segments } = await runner.judge(batch, await runner.call(batch), { each: true });
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.status === 'failed') return { cases: index + i, ratio, failure: outcome.message };
      if (outcome.status === 'pass') ratio = Math.max(ratio, ratioOf(segments[i]));
    }
  }
  return { cases, ratio };
}

function report(id: string, results: readonly { drawn: Found; hunted: Found }[]): void {
  const show = ({ cases, ratio, failure }: Found) => `${ratio.toFixed(2)}${failure ? `, then a failure after ${cases}: ${failure}` : ''}`;
  for (const [i, { drawn, hunted }] of results.entries())
    console.log(`  ${id}, seed ${seeds[i]}: drawn ${show(drawn)}; hunted ${show(hunted)}`);
}
