import { describe, expect, it } from 'vitest';
import { Claims } from '../../../spec/claims/claims.js';
import type { Case } from '../../../spec/types/documents.js';
import { visibility } from '../../../suites/properties/kernel/visibility.js';
import { capabilitiesOf, caseOf, diagnosed, judge, kernelAfter, kernelOf, library, maskFrom, rightKernel } from './support.js';

const visible = { values: { distribution: 'visibility' as const, seed: 3 } };
const causal = caseOf({ ...visible, mask: { name: 'causal' }, sizes: { m: 5, n: 7 } });

/** A kernel that sees through another mask. */
const seeing = (visibleKey: (i: number, j: number, offset: number) => boolean) =>
  kernelOf((p) => ({ mask: maskFrom(p.case, (_b, _h, i, j) => visibleKey(i, j, p.case.dims.n - p.case.dims.m)) }));

describe('visibility', () => {
  it('reads every column once where n is small', () => {
    expect(visibility.calls(causal, Claims.of(library, capabilitiesOf())).map((call) => call.case.values.columns)).toEqual([0, 3, 6]);
  });

  it('reads the first, the last and some columns between where n is large', () => {
    const columns = (seed: number) => {
      const c: Case = caseOf({ values: { distribution: 'visibility', seed }, sizes: { n: 4096, e: 8 } });
      return visibility.calls(c, Claims.of(library, capabilitiesOf())).map((call) => (call.case.values.columns as number) / 8);
    };
    for (const seed of [0, 1, 2, 3]) {
      const read = columns(seed);
      expect(read).toHaveLength(8);
      expect([read[0], read[7]]).toEqual([0, 511]);
      expect(new Set(read).size).toBe(8);
      expect(read).toEqual([...read].sort((a, b) => a - b));
    }
    expect(columns(0)).not.toEqual(columns(1));
  });

  it('passes a right kernel, with grouped heads and empty rows too', () => {
    expect(judge(visibility, rightKernel, causal)).toEqual({ status: 'pass' });
    for (const emptyOutput of ['zero', 'nan', 'mean'] as const) {
      const c = caseOf({ ...visible, mask: { name: 'causal' }, sizes: { m: 7, n: 5, g: 2 }, dialect: { emptyOutput } });
      expect(judge(visibility, rightKernel, c)).toEqual({ status: 'pass' });
    }
  });

  it('names the first key that is seen and must not be', () => {
    const judgement = judge(
      visibility,
      seeing((i, j, offset) => j <= i + offset + 1),
      causal,
    );
    expect(judgement).toMatchObject({ status: 'fail', class: 'visibility', output: 'o', index: [0, 0, 0, 0], call: 1 });
    expect(judgement).toHaveProperty('message', expect.stringContaining('query 0 attends to key 3, which causal masks (batch 0, head 0)'));
    expect(judgement).toHaveProperty('message', expect.stringContaining('16 keys wrongly visible, 0 wrongly hidden'));
  });

  it('names the first key that is not seen and must be', () => {
    const judgement = judge(
      visibility,
      seeing((i, j, offset) => j < i + offset),
      causal,
    );
    expect(judgement).toMatchObject({ class: 'visibility' });
    expect(judgement).toHaveProperty('message', expect.stringContaining('query 0 does not attend to key 2, which causal shows'));
  });

  it('names a call in which values are wrong before one in which the LSE alone is', () => {
    const wrong = kernelAfter((output, x, _, call) => (call === 0 && output === 'lse' ? x + 1 : call === 1 && output === 'o' ? x * 2 : x));
    expect(judge(visibility, wrong, causal)).toMatchObject({ class: 'value', output: 'o', call: 1 });
  });

  it('says which dialect would explain what is seen', () => {
    const judgement = diagnosed(
      visibility,
      seeing((i, j) => j <= i),
      causal,
    );
    expect(judgement).toHaveProperty('hint', expect.stringContaining('--dialect causal=top-left '));
  });

  it('tells key heads apart', () => {
    const c = caseOf({ ...visible, sizes: { hk: 2, g: 2 } });
    const judgement = diagnosed(
      visibility,
      kernelOf((p) => ({ dialect: { ...p.dialect, heads: 'tiled' } })),
      c,
    );
    expect(judgement).toMatchObject({ class: 'value', hint: expect.stringContaining('--dialect heads=tiled ') });
  });

  it('never passes NaN, nor a row without keys that is not what the dialect says', () => {
    expect(
      judge(
        visibility,
        kernelAfter((output, x, at) => (output === 'o' && at === 0 ? NaN : x)),
        causal,
      ),
    ).toMatchObject({ class: 'nan' });
    const c = caseOf({ ...visible, mask: { name: 'causal' }, sizes: { m: 7, n: 5 } });
    expect(
      judge(
        visibility,
        kernelOf((p) => ({ dialect: { ...p.dialect, emptyOutput: 'mean' } })),
        c,
      ),
    ).toMatchObject({ class: 'empty-row' });
  });
});
