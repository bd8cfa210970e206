import { describe, expect, it } from 'vitest';
import { attentionWith, faultyRanks } from '../../../adapters/controls/mutants/schemes/faulty.js';
import type { AttentionBlock } from '../../../adapters/parallel/blocks/local-attention.js';
import { parallelCall } from '../../../adapters/parallel/job/parallel-call.js';
import type { SchemeProgram } from '../../../adapters/parallel/program.js';
import { problemOf } from '../../../generators/problem.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { Claims } from '../../../spec/claims/claims.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Case, Distribution } from '../../../spec/types/documents.js';
import { judgeCase } from '../../../suites/properties/lib/judge-case.js';
import { longSingleDevice } from '../../../suites/properties/schemes/single-device.js';
import { claims, library, referenceWith } from './on-kernel.js';

const kernel = referenceWith();
const whole = Claims.of(library, claims({ gradients: ['q', 'k', 'v'] }));

/** A long case on four ranks, scaled down: its inputs, and how they are judged, are those of any length. */
function caseOf(scheme: string, distribution: Distribution, dtype: Case['dtype']): Case {
  return {
    operator: 'softmax',
    dims: { b: 1, hk: 1, g: 4, m: 256, n: 256, d: 32, e: 4 },
    mask: { name: 'causal' },
    options: {},
    dtype,
    layout: 'bhld',
    parallel: { scheme, ranks: 4 },
    values: { distribution, seed: 8 },
  };
}

async function judged(c: Case, programs?: readonly SchemeProgram[]) {
  const own = whole.forScheme(c.parallel?.scheme) as Claims;
  const results: Tensors[] = [];
  for (const { case: of, command } of longSingleDevice.calls(c, own)) {
    const call = { case: of, tensors: tensorsOf(own, of, command) };
    results.push(await parallelCall(library, kernel, whole.capabilities, call, command === 'backward', undefined, programs));
  }
  expect(problemOf(own, c).focus ?? problemOf(own, c).counts).toBeDefined();
  return judgeCase(longSingleDevice, { claims: own, problemOf, expectationOf, undiagnosed: true }, c, results).judgement;
}

/** Keys of the third block and of every later one are those of the block before. */
const reuses = faultyRanks('ring', ({ attention }) => {
  let [visits, before] = [0, undefined as AttentionBlock | undefined];
  const reused = (block: AttentionBlock): AttentionBlock => {
    const kept = before;
    before = block;
    return ++visits > 2 && kept ? { ...block, k: kept.k, v: kept.v } : block;
  };
  return { attention: attentionWith(attention, { forward: (block) => attention.forward(reused(block)) }) };
});

describe('long inputs on ranks', () => {
  it.each([
    ['ring', 'targeted', 'f32'],
    ['ring-zigzag', 'targeted', 'bf16'],
    ['ulysses', 'targeted', 'f32'],
    ['ring-striped', 'counted', 'bf16'],
  ] as const)('%s: is a single device, with %s inputs in %s', async (scheme, distribution, dtype) => {
    expect(await judged(caseOf(scheme, distribution, dtype))).toMatchObject({ status: 'pass' });
  });

  it.each(['targeted', 'counted'] as const)('fail a ring that uses a block of keys twice, with %s inputs', async (distribution) => {
    expect(await judged(caseOf('ring', distribution, 'f32'), reuses.programs)).toMatchObject({ status: 'fail' });
  });
});
