import { describe, expect, it } from 'vitest';
import { conclude } from '../../../suites/judging/conclude.js';
import { noErrors } from '../../../suites/judging/error-sums.js';
import { noStatistics, StatisticsCollector } from '../../../suites/judging/statistics.js';

const counts = (elements: number, undecided: number) => ({
  output: 'o',
  statistics: { ...noStatistics(), elements, undecided },
  errors: noErrors(),
});
const worst = { class: 'value', output: 'o', index: [1, 2], expected: 1, actual: -0, bound: 0.25, ratio: 4 };

describe('conclude', () => {
  it('is undecided where more than a tenth of all elements have no finite bound', () => {
    const verdict = (elements: number, undecided: number) =>
      conclude([counts(elements, undecided), counts(0, 0)], new StatisticsCollector(), 0, () => ({})).status;
    expect(verdict(90, 10)).toBe('pass');
    expect(verdict(89, 11)).toBe('undecided');
    expect(verdict(0, 0)).toBe('pass');
  });

  it('fails a wrong element however many are undecided, with its numbers as JSON has them', () => {
    const judgement = conclude([{ ...counts(1, 99), worst }], new StatisticsCollector(), 3, () => ({ hint: 'a hint' }));
    expect(judgement).toMatchObject({ status: 'fail', class: 'value', actual: '-0', bound: 0.25, call: 3, hint: 'a hint' });
    expect(judgement).toHaveProperty('message', 'o[1, 2] is -0, expected 1 within 0.25: off by 4 times the bound');
  });

  it('adds up the statistics of every output', () => {
    const statistics = new StatisticsCollector();
    conclude([counts(3, 0), counts(4, 0), { ...counts(5, 0), output: 'lse' }], statistics, 0, () => ({}));
    expect(statistics.outputs.o.elements).toBe(7);
    expect(statistics.outputs.lse.elements).toBe(5);
  });

  it('asks why elements are undecided where some are, and names each cause once', () => {
    const statistics = new StatisticsCollector();
    const because = (cause: string) => () => [cause, 'a divisor may be 0'];
    const unasked = () => {
      throw new Error('asked');
    };
    conclude(
      [
        { ...counts(9, 1), because: because('b') },
        { ...counts(9, 0), because: unasked },
      ],
      statistics,
      0,
      () => ({}),
    );
    conclude([{ ...counts(9, 1), because: because('a') }], statistics, 0, () => ({}));
    expect(statistics.outputs.o.because).toEqual(['a', 'a divisor may be 0', 'b']);
  });
});
