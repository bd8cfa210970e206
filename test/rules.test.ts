import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Case } from '../adapters/adapter.js';
import type { Call } from '../adapters/kernel.js';
import { judgeByRules } from './accept/rules/by-rules.js';
import { judgeBySuite } from './accept/rules/by-suite.js';
import { correct, type Fault, faults, floats, forward } from './accept/rules/faulty.js';
import { exact, lowPrecision, toBf16 } from './accept/rules/references.js';
import { allclose, type Draw, flashInferBench, normalisedError, rules, solExecBench, twiceLowPrecision } from './accept/rules/rules.js';
import { tableOf } from './accept/rules/table.js';
import { writeSection } from './accept/written-section.js';
import { write } from './kernels/numbers.js';

const faultNamed = (title: string) => faults.find((fault) => fault.title === title) as Fault;

/** One head. @param q [m, d]. @param k [n, d]. @param v [n, 1]. */
function callOf(mask: 'full' | 'causal', q: number[][], k: number[][], v: number[], scale?: number): Call {
  const [m, n, d] = [q.length, k.length, q[0].length];
  const c: Case = {
    operator: 'softmax',
    dims: { b: 1, hk: 1, g: 1, m, n, d, e: 1 },
    mask: { name: mask },
    options: scale === undefined ? {} : { scale },
    dtype: 'bf16',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 0 },
  };
  const tensor = (rows: number[][]) => write('bf16', [1, 1, rows.length, rows[0].length], Float32Array.from(rows.flat()));
  return { case: c, tensors: { q: tensor(q), k: tensor(k), v: tensor(v.map((x) => [x])) } };
}

function outputsOf(call: Call, fault: Fault = correct): { o: number[]; lse: number[] } {
  const { o, lse } = forward(call, fault);
  return { o: [...floats(o)], lse: Array.from(lse.data as Float32Array) };
}

const waves = (rows: number, d: number) => Array.from({ length: rows }, (_, i) => Array.from({ length: d }, (_, x) => Math.sin(3 * i + x)));
const queries = waves(2, 4);
const keys = waves(250, 4);
const values = keys.map((_, j) => Math.cos(5 * j));
const firstKeys = (count: number) => callOf('full', queries, keys.slice(0, count), values.slice(0, count));
const whole = firstKeys(keys.length);

describe('the references', () => {
  it('are softmax attention, one of them rounded', () => {
    const call = callOf('full', [[1]], [[1], [0]], [3, 1], Math.log(3));
    expect(exact(call).o[0]).toBeCloseTo(2.5, 12);
    expect(exact(call).lse[0]).toBeCloseTo(Math.log(4), 12);
    expect(Math.abs(lowPrecision(call).o[0] - 2.5)).toBeLessThanOrEqual(4 * 2 ** -8 * 2.5);
    expect(lowPrecision(whole).o).toEqual(lowPrecision(whole).o.map(toBf16));
    expect(lowPrecision(whole).o).not.toEqual(exact(whole).o.map(toBf16));
  });

  it('see what the causal mask shows', () => {
    expect([...exact(callOf('causal', [[0], [0]], [[1], [1], [1]], [3, 1, 8])).o]).toEqual([2, 4]);
  });
});

describe('the kernel', () => {
  test.each(['full', 'causal'] as const)('is exact but for the rounding of weights and outputs (%s)', (mask) => {
    const call = callOf(mask, queries, keys, values);
    const { o, lse } = outputsOf(call);
    const right = exact(call);
    // weights and output: half an ulp of bf16 each, of values that are at most 1; the LSE is summed in f32
    o.forEach((x, i) => {
      expect(Math.abs(x - right.o[i])).toBeLessThanOrEqual(2 ** -8);
    });
    lse.forEach((x, i) => {
      expect(Math.abs(x - right.lse[i])).toBeLessThanOrEqual(2 * keys.length * 2 ** -24);
    });
  });

  test.each([
    ['last key dropped', 249],
    ['last per cent dropped', 247],
  ])('with "%s" reads %i of 250 keys', (title, count) => {
    expect(outputsOf(whole, faultNamed(title))).toEqual(outputsOf(firstKeys(count)));
    expect(outputsOf(whole, faultNamed(title))).not.toEqual(outputsOf(whole));
  });

  it('with "one extra key" reads the next query’s key too, where there is one', () => {
    const call = callOf('causal', [queries[0], queries[0]], keys, values);
    const [right, wrong] = [outputsOf(call), outputsOf(call, faultNamed('one extra key'))];
    expect(wrong).toEqual({ o: [right.o[1], right.o[1]], lse: [right.lse[1], right.lse[1]] });
    expect(right.lse[0]).not.toBe(right.lse[1]);
  });

  it('with "scale × 0.9" scales so', () => {
    const scaled = callOf('full', queries, keys, values, 0.5 * 0.9);
    expect(outputsOf(whole, faultNamed('scale × 0.9'))).toEqual(outputsOf(scaled));
    expect(outputsOf(scaled)).not.toEqual(outputsOf(whole));
  });

  it('with "LSE off by ln 2" is off by that', () => {
    const [right, wrong] = [outputsOf(whole), outputsOf(whole, faultNamed('LSE off by ln 2'))];
    expect(wrong.o).toEqual(right.o);
    wrong.lse.forEach((x, i) => {
      expect(x - right.lse[i]).toBeCloseTo(Math.LN2, 6);
    });
  });

  it('with "one tile not rescaled" is wrong where the third has a new largest score, and only there', () => {
    const peakAt = (key: number) => {
      const k = Array.from({ length: 200 }, (_, j) => [j === key ? 8 : 0]);
      return callOf(
        'full',
        [[1]],
        k,
        k.map(([x]) => x / 8),
      );
    };
    const fault = faultNamed('one tile not rescaled');
    for (const key of [0, 127, 192]) expect(outputsOf(peakAt(key), fault)).toEqual(outputsOf(peakAt(key)));
    const third = peakAt(128);
    expect(outputsOf(third).o[0]).toBeCloseTo(Math.exp(8) / (199 + Math.exp(8)), 2);
    // the 128 keys before it weigh as much as the peak
    expect(outputsOf(third, fault).o[0]).toBeCloseTo(1 / (129 + 71 * Math.exp(-8)), 4);
  });
});

describe('the rules', () => {
  const draw = (o: number[], reference: number[], more: { lse?: number[]; exactLse?: number[]; lowPrecision?: number[] } = {}): Draw => ({
    o,
    lse: more.lse ?? [],
    exact: { o: Float64Array.from(reference), lse: Float64Array.from(more.exactLse ?? []) },
    lowPrecision: more.lowPrecision ?? reference,
  });

  it('pass what is exact, and no NaN', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 90 }), fc.nat(), (o, at) => {
        for (const { passes } of rules) {
          expect(passes(draw(o, o))).toBe(true);
          expect(passes(draw(o.with(at % o.length, NaN), o))).toBe(false);
        }
      }),
    );
  });

  it('FlashInfer-Bench: an element fails by absolute and relative error together, in o or LSE', () => {
    expect(flashInferBench(draw([0.5], [0.491]))).toBe(true); // relative 0.018
    expect(flashInferBench(draw([5.04], [5]))).toBe(true); // absolute 0.04
    expect(flashInferBench(draw([0.52, 1], [0.5, 1]))).toBe(false);
    expect(flashInferBench(draw([1], [1], { lse: [9.7], exactLse: [9] }))).toBe(false);
    expect(flashInferBench(draw([1], [NaN]))).toBe(true);
    expect(flashInferBench(draw([1], [1], { lse: [-Infinity], exactLse: [-Infinity] }))).toBe(false);
  });

  it('SOL-ExecBench: one element in a hundred may be anything', () => {
    const zeros = new Array<number>(100).fill(0);
    expect(solExecBench(draw(zeros.with(3, 50), zeros))).toBe(true);
    expect(solExecBench(draw(zeros.with(3, 50).with(4, 0.02), zeros))).toBe(false);
    expect(solExecBench(draw([0.009, 1.019], [0, 1]))).toBe(true);
    expect(solExecBench(draw([1], [1], { lse: [9.7], exactLse: [9] }))).toBe(false);
  });

  it('allclose: every element of o, whatever the LSE', () => {
    expect(allclose(draw([0.009, 1.019], [0, 1]))).toBe(true);
    expect(allclose(draw([0.011, 1], [0, 1]))).toBe(false);
    expect(allclose(draw([1], [1], { lse: [9.7], exactLse: [9] }))).toBe(true);
  });

  it('normalised MSE: a wrong row drowns in the others', () => {
    const ones = new Array<number>(3000).fill(1);
    expect(normalisedError(draw(ones.with(7, 2), ones))).toBe(true);
    expect(normalisedError(draw(ones.with(7, 2).with(8, 2), ones))).toBe(false);
  });

  it('twice the low-precision error: by the largest of each, from the reference as bf16', () => {
    expect(twiceLowPrecision(draw([1.25, 4], [1, 4], { lowPrecision: [1, 4.125] }))).toBe(true);
    expect(twiceLowPrecision(draw([1.5, 4], [1, 4], { lowPrecision: [1, 4.125] }))).toBe(false);
    expect(twiceLowPrecision(draw([1], [1.001]))).toBe(true);
  });
});

describe('kernels of 256 keys', () => {
  it('are told apart by the rules that see the fault', () => {
    const fault = faultNamed('LSE off by ln 2');
    const rejected = judgeByRules(256, [correct, fault]);
    expect(Object.fromEntries([...rejected].map(([rule, titles]) => [rule, [...titles]]))).toEqual({
      'flashinfer-bench': [fault.title],
      'sol-execbench': [fault.title],
      allclose: [],
      nmse: [],
      'twice-low-precision': [],
    });
  });

  it('are judged by this suite’s own checks', async () => {
    const right = await judgeBySuite(256, correct, 2);
    expect(right.failure).toBeUndefined();
    expect(right.checks).toBeGreaterThan(3);
    expect(right.cases).toBeGreaterThan(right.checks);
    const { failure } = await judgeBySuite(256, faultNamed('LSE off by ln 2'), 2);
    expect(failure).toMatchObject({ class: 'lse-merge' });
  });
});

describe('the table', () => {
  it('has the faults that each judge misses, and its false alarms', () => {
    const cell = (n: number, found: string[], alarm: boolean) => ({ n, found: new Set(found), alarm });
    const lines = [
      { judge: 'A', cells: [cell(256, ['x', 'y'], false), cell(65536, ['y'], true)] },
      { judge: 'B', cells: [cell(256, ['x', 'y'], false), cell(65536, [], false)] },
    ];
    expect(tableOf(lines, ['x', 'y']).split('\n')).toEqual([
      'Faults: **a** x, **b** y.',
      '',
      '| found by | N = 256 | N = 65,536 | false alarms |',
      '| --- | --- | --- | --- |',
      '| A | 2/2 | 1/2, not a | at N = 65,536 |',
      '| B | 2/2 | 0/2 | none |',
    ]);
  });
});

describe('a measured section', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'attn-section-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is replaced between its markers, once', () => {
    const file = join(folder, 'replaced.md');
    writeFileSync(
      file,
      'before\n<!-- generated: power -->\nold\n<!-- end: power -->\nafter\n<!-- generated: rules -->\n<!-- end: rules -->\n',
    );
    expect(writeSection('power', '\nnew\n\nlines $& $1\n', file)).toBe(true);
    expect(writeSection('power', 'new\n\nlines $& $1', file)).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe(
      'before\n<!-- generated: power -->\nnew\n\nlines $& $1\n<!-- end: power -->\nafter\n<!-- generated: rules -->\n<!-- end: rules -->\n',
    );
  });

  test.each([
    ['', '<!-- generated: power -->'],
    ['<!-- generated: power -->', '<!-- end: power -->'],
    ['<!-- end: power -->\n<!-- generated: power -->', '<!-- end: power -->'],
  ])('whose marker is missing (%j) is an error that names it', (text, marker) => {
    const file = join(folder, 'missing.md');
    writeFileSync(file, text);
    expect(() => writeSection('power', 'new', file)).toThrow(marker);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
