import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../adapters/kernel.js';
import type { SpecDocument } from '../../spec/library.js';
import { readSpecFolder } from '../../suites/lib/spec-folder.js';
import { headless, headlessCapabilities, maskedLinear, maskedLinearCapabilities, mla, mlaCapabilities } from '../kernels/own-operators.js';
import { type SigmoidSteps, sigmoidCapabilities, sigmoidKernel } from '../kernels/sigmoid.js';
import { asksAll, firstOf, runsOf } from '../some.js';
import { everyProperty, judgeOperators } from './judge-operators.js';

const { fround } = Math;
const documents = readSpecFolder(join(import.meta.dirname, '../kernels/own-operators'));
const adapter = { id: 'sigmoid', capabilities: sigmoidCapabilities };

const judged = (steps: Partial<SigmoidSteps>, runs: number, filter?: readonly string[]) =>
  judgeOperators(adapter, sigmoidKernel(steps), [...documents, everyProperty(['my-sigmoid'])], { runs, ...(filter && { filter }) });

describe('sigmoid attention, a document in a folder of specs', () => {
  it('has a right kernel that passes every check: every mask, composed ones, options, m ≠ n, rows without keys', async () => {
    const told = await judged({}, runsOf(1, 3));
    expect(told.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported')).toEqual([]);
    const passed = told.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
    for (const id of [
      'my-sigmoid/full/oracle/f32',
      'my-sigmoid/block-sparse/oracle/f32',
      'my-sigmoid/document-causal/gradient/f32',
      'my-sigmoid+composed/any/oracle/f32',
      'my-sigmoid+composed/any/gradient/f32',
      'my-sigmoid+cross/any/oracle/f32',
      'my-sigmoid+grouped/any/gradient/f32',
      'my-sigmoid+all/any/oracle/f32',
      'my-sigmoid+all/any/gradient/f32',
      'my-sigmoid/padding/visibility/f32',
      'my-sigmoid/any/empty-row/f32',
      'my-sigmoid/any/non-interference/f32',
      'my-sigmoid/any/stateless/f32',
      'my-sigmoid/any/chunked-prefill/f32',
    ])
      expect(passed).toContain(id);
    const why = Object.fromEntries(told.map((t) => [t.id, t.why]));
    expect(why['my-sigmoid/any/lse-merge/f32']).toMatch(/LSE is not claimed|no softmax over the keys/);
    expect(why['my-sigmoid/any/dyadic-exact/f32']).toMatch(/not the mean/);
    // conventions are of softmax: none is asked of another operator
    expect(Object.keys(why).filter((id) => id.includes('/dialect/'))).toEqual([]);
  }, 240_000);

  const derivatives: [string, SigmoidSteps['gradient']][] = [
    ['σ(1 − σ)', (w, dw) => fround(fround(dw * w) * fround(1 - w))],
    ['σ/(1 + eˢ)', (w, dw, s) => fround(fround(dw * w) * fround(1 / fround(1 + fround(Math.exp(s)))))],
  ];

  it.each(firstOf(derivatives, 1))(
    'has right kernels with the derivative %s, which is 0 in float32 where the scores are large',
    async (_, gradient) => {
      const told = await judged({ gradient }, 10, ['my-sigmoid*/*/gradient/f32']);
      expect(told.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported')).toEqual([]);
      expect(told.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(10);
    },
    240_000,
  );

  const faults: [string, Partial<SigmoidSteps>, string][] = [
    ['a hidden key that counts', { masked: false }, 'my-sigmoid/causal/{oracle,visibility}/f32'],
    ['a derivative 0.01 % too large', { gradient: (w, dw) => 1.0001 * w * (1 - w) * dw }, 'my-sigmoid/full/gradient/f32'],
    ['a weight of half the slope', { weight: (s) => 1 / (1 + Math.exp(-s / 2)) }, 'my-sigmoid/full/oracle/f32'],
    ['no weight below −30', { weight: (s) => (s < -3 ? 0 : 1 / (1 + Math.exp(-s))) }, 'my-sigmoid/full/oracle/f32'],
    ['a gradient without 1 − σ', { gradient: (w, dw) => w * dw }, 'my-sigmoid/full/gradient/f32'],
    ['a gradient without σ', { gradient: (w, dw) => (1 - w) * dw }, 'my-sigmoid/full/gradient/f32'],
    ['a derivative of 0 from a score of 4 on', { gradient: (w, dw, s) => (s > 4 ? 0 : w * (1 - w) * dw) }, 'my-sigmoid/full/gradient/f32'],
  ];

  it.each(firstOf(faults, 1))('fails %s', async (_, steps, filter) => {
    const told = await judged(steps, 20, [filter]);
    expect(told.some(({ verdict }) => verdict.startsWith('fail'))).toBe(true);
  });
});

/** Lists the kernel's checks that neither pass nor are left out for a reason. */
async function troubles(
  capabilities: typeof sigmoidCapabilities,
  kernel: Kernel,
  runs: number,
  own: readonly SpecDocument[] = documents,
  filter?: readonly string[],
): Promise<string[]> {
  const id = capabilities.operators[0];
  const told = await judgeOperators({ id, capabilities }, kernel, [...own, everyProperty([id])], { runs, ...(filter && { filter }) });
  if (filter === undefined) expect(told.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(20);
  return told
    .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported')
    .map(({ id: check, verdict, why }) => `${check}: ${verdict} ${why}`);
}

describe('other operators of one’s own', () => {
  it.skipIf(!asksAll)(
    'has a row without keys as its document says, or not judged where it says nothing',
    async () => {
      expect(await troubles(maskedLinearCapabilities, maskedLinear(NaN), 2)).toEqual([]);
      const ofRows = ['**/{oracle,empty-row}/*'];
      expect(
        (await troubles(maskedLinearCapabilities, maskedLinear(0), 2, documents, ofRows)).some((check) =>
          /empty-row.*empty-row/.test(check),
        ),
      ).toBe(true);
      const silent = documents.map((document) => {
        const { emptyRow: _, ...value } = document.value as Record<string, unknown>;
        return { ...document, value };
      });
      expect(await troubles(maskedLinearCapabilities, maskedLinear(7), 2, silent, ofRows)).toEqual([]);
    },
    120_000,
  );

  it.skipIf(asksAll)(
    'may have neither keys nor values, and inputs and axes of any name',
    async () => {
      expect(await troubles(mlaCapabilities, mla, 2)).toEqual([]);
    },
    120_000,
  );

  it.skipIf(asksAll)(
    'may have no heads: its gradients are no rows of heads, its views have three axes, and blhd leaves them as they are',
    async () => {
      expect(await troubles(headlessCapabilities, headless, 2)).toEqual([]);
    },
    120_000,
  );
});
