import { floorLimits } from '../../../generators/dims/floors.js';
import { hashText } from '../../../generators/lib/seeds.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { hashOf } from '../../../spec/lib/hash.js';
import { createLibrary } from '../../../spec/library.js';
import { drawnAxesOf, ownAxesThat, tiesOf, usedAxes, withSizes } from '../../../spec/operator/axes.js';
import { carriedState } from '../../../spec/operator/carried-state.js';
import { differentiableInputs, inputsOf } from '../../../spec/operator/facts.js';
import { smallestSizes } from '../../../spec/operator/sample-sizes.js';
import type { Dims, Operator } from '../../../spec/types/documents.js';
import type { Check } from '../../../suites/contract/check.js';
import type { Property } from '../../../suites/contract/property.js';
import { planChecks } from '../../../suites/plan/plan.js';
import { usualProfiles } from '../../../suites/plan/profile-checks.js';
import { propertyNamed } from '../../../suites/properties/index.js';
import { CaseStream, otherCases } from '../../../suites/runner/run/case-stream.js';
import { drawPredicates, holds, type Predicate, textOf } from './predicates.js';

/** Kernels of an operator for each seed, and the share of all of them that is found. */
const KERNELS = 40;
const leastShare = 0.95;
const library = createLibrary();

/** Checks that hold every element to the exact one: a wrong call of theirs is found. */
const judgedByValue = ['oracle', 'gradient', 'cache-history', 'chunked-prefill'];

/** Operators with a state, a cache or a list of indices. */
function statefulOperators(): Operator[] {
  return [...library.operators.values()].filter(
    (operator) =>
      operator.family === 'cache' ||
      carriedState(operator) !== undefined ||
      Object.values(inputsOf(operator)).some(({ kind }) => kind === 'index'),
  );
}

/**
 * Kernels of every operator with a state, a cache or a list that are right except where a predicate over their sizes holds, 40 for each seed: how
 * many a default run finds, told from the sizes that it asks for. @returns what is wrong, in words.
 */
export function familiesFound(seeds: readonly number[]): string[] {
  const operators = statefulOperators();
  const wrong: string[] = [];
  for (const seed of seeds) {
    let all = 0;
    let found = 0;
    for (const operator of operators) {
      const asked = askedSizes(operator, seed);
      const drawn = predicatesOf(operator, seed);
      const missed = drawn.filter((predicate) => !asked.some((dims) => holds(predicate, dims)));
      all += drawn.length;
      found += drawn.length - missed.length;
      const where = missed.length === 0 ? '' : `; not where ${missed.map(textOf).join('; ')}`;
      console.log(`  seed ${seed}, ${operator.name}: ${drawn.length - missed.length} of ${drawn.length} found${where}`);
    }
    console.log(`  seed ${seed}: ${found} of ${all} kernels of ${operators.length} operators are found`);
    if (found < leastShare * all) wrong.push(`seed ${seed}: only ${found} of ${all} kernels are found`);
  }
  return wrong;
}

/** Sizes of the calls of a default run of a kernel that claims the operator with all its options and gradients. */
function askedSizes(operator: Operator, seed: number): Dims[] {
  const capabilities = resolveCapabilities(
    {
      operators: [operator.name],
      dtypes: ['f32'],
      options: [...Object.keys(operator.options ?? {}), ...Object.keys(operator.optional ?? {})],
      gradients: differentiableInputs(operator),
      masks: ['full', 'causal'],
    },
    operator.name,
  );
  const claims = Claims.of(library, capabilities);
  const filter = judgedByValue.map((property) => `${operator.name}*/*/${property}/f32`);
  const checks = planChecks(usualProfiles(library), { id: 'mine', claims }, { runs: 50, filter, speed: 'slow' });
  const sizes = new Map<string, Dims>();
  for (const check of checks)
    if (check.unsupported === undefined) for (const dims of drawnSizes(check, claims, seed)) sizes.set(JSON.stringify(dims), dims);
  return [...sizes.values()];
}

function* drawnSizes(check: Check, claims: Claims, seed: number): Generator<Dims> {
  const property = propertyNamed(check.property) as Property;
  const arbitrary = caseArbitrary(claims, { ...check, needs: property.needs });
  const stream = new CaseStream(arbitrary, hashText(seed, check.id), property, claims, otherCases(arbitrary, check));
  for (let index = 0; index < check.cases; index++) for (const call of stream.draw(index)?.calls ?? []) yield call.case.dims;
}

/** Predicates over the axes that an operator has: sizes of its own axes are drawn from theirs, and none asks for more than a case may cost. */
function predicatesOf(operator: Operator, seed: number): Predicate[] {
  const used = usedAxes(operator);
  const computed = new Set(ownAxesThat(operator, 'size'));
  const own = drawnAxesOf(operator);
  const { fits } = floorLimits(operator);
  const kept: Predicate[] = [];
  for (let round = 0; kept.length < KERNELS; round++) {
    for (const predicate of drawPredicates(KERNELS, hashOf(seed, hashText(round, operator.name)))) {
      const place = hashOf(seed, round, hashText(0, textOf(predicate)));
      // one of three of an operator with axes of its own is about one of them
      const about = own.length > 0 && place % 3 === 0 ? withOwnAxis(predicate, own[(place >>> 2) % own.length], place >>> 8) : predicate;
      if (
        about.every(({ axis }) => used.has(axis) && !computed.has(axis)) &&
        canHold(operator, about) &&
        fits(sizesOf(operator, about), false)
      )
        kept.push(about);
      if (kept.length === KERNELS) break;
    }
  }
  return kept;
}

function withOwnAxis(predicate: Predicate, { name, least, most }: { name: string; least: number; most: number }, hash: number): Predicate {
  const size = least + (hash % (most - least + 1));
  return [{ axis: name, is: hash % 2 === 0 ? '=' : '>=', size }, ...predicate.slice(1)];
}

/** The smallest sizes for which a predicate holds, where it can. */
function sizesOf(operator: Operator, predicate: Predicate): Dims {
  let dims = smallestSizes(operator);
  for (const { axis, size } of predicate) dims = withSizes(operator, { dims, options: {} }, [axis], size);
  return dims;
}

/** Tells whether the predicate holds for some sizes: axes may be tied. */
function canHold(operator: Operator, predicate: Predicate): boolean {
  return (
    holds(predicate, sizesOf(operator, predicate)) &&
    !tiesOf(operator).some((pair) => pair.every((axis) => predicate.some((c) => c.axis === axis)))
  );
}
