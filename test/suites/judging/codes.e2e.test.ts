import { describe, expect, it } from 'vitest';
import type { Adapter } from '../../../adapters/adapter.js';
import { loadSecondForm } from '../../../adapters/controls/second-form/index.js';
import type { Kernel } from '../../../adapters/kernel.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import type { CodeFormat } from '../../../spec/tensor/code-format.js';
import { tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Operator } from '../../../spec/types/documents.js';
import { compareCodes } from '../../../suites/judging/codes.js';
import { everyProperty, judgeOperators } from '../judge-operators.js';

const writers = operatorDocuments.filter(({ codes }) => codes);
const writer = writers.find(({ codes }) => codes?.o === 'e4m3') as Operator;

/** Compares one code with another that is expected. */
function placesOver(format: CodeFormat, actual: number, expected: number, bound = 0) {
  const answer = tensor('u8', [1], Uint8Array.of(actual));
  const right = { shape: [1], value: Float64Array.of(expected), bound: Float64Array.of(bound) };
  const comparison = compareCodes({ output: 'o', actual: answer, expected: right, class: 'value' } as never, format);
  return { fails: comparison.worst !== undefined, undecided: comparison.statistics.undecided };
}

describe('an output that is codes', () => {
  it('is the code itself, or one within the bound', () => {
    expect(placesOver('e4m3', 0x58, 0x58)).toEqual({ fails: false, undecided: 0 });
    expect(placesOver('e4m3', 0x59, 0x58)).toEqual({ fails: true, undecided: 0 });
    expect(placesOver('e4m3', 0x59, 0x58, 1)).toEqual({ fails: false, undecided: 1 });
    expect(placesOver('e4m3', 0x5a, 0x58, 1)).toEqual({ fails: true, undecided: 1 });
  });

  it('has the sign of a zero', () => {
    expect(placesOver('e4m3', 0x80, 0).fails).toBe(true);
    expect(placesOver('e2m1', 8, 0).fails).toBe(true);
    expect(placesOver('e4m3', 0x80, 0, 1).fails).toBe(false);
  });

  it('may be any pattern of NaN, and none in the place of a number', () => {
    expect(placesOver('e4m3', 0xff, 0x7f).fails).toBe(false);
    expect(placesOver('e4m3', 0x7e, 0x7f).fails).toBe(true);
    expect(placesOver('e4m3', 0x7f, 0x7e).fails).toBe(true);
  });
});

describe('a kernel that writes codes', async () => {
  const secondForms: Adapter = await loadSecondForm({});
  /** Judges the second form of a writer with its codes changed, in place. */
  async function judged(change: (codes: Uint8Array) => unknown) {
    const right = await secondForms.open();
    const kernel: Kernel = {
      ...right,
      forward: async (call) => {
        const { o, ...others } = await right.forward(call);
        const codes = Uint8Array.from(valuesOf(o));
        change(codes);
        return { ...others, o: tensor('u8', o.shape, codes) };
      },
    };
    const told = await judgeOperators(secondForms, kernel, [everyProperty([writer.name])], {
      runs: 4,
      filter: [`${writer.name}/*/oracle/f32`],
    });
    return told.map(({ verdict, why }) => `${verdict} ${why ?? ''}`);
  }

  it('passes as it is', async () => {
    for (const verdict of await judged(() => {})) expect(verdict).toMatch(/^pass/);
  });

  it.each<[string, (codes: Uint8Array) => unknown]>([
    ['every code is off by one', (codes) => codes.set(codes.map((code) => code ^ 1))],
    ['zeros lose their sign', (codes) => codes.set(codes.map((code) => (code === 0x80 ? 0 : code)))],
  ])('fails if %s', async (_, change) => {
    expect((await judged(change)).some((verdict) => verdict.startsWith('fail'))).toBe(true);
  });
});
