import { fc, test } from '@fast-check/vitest';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { sweepSvg } from '../../reports/svg/sweep.js';
import { timelineSvg } from '../../reports/svg/timeline.js';
import { bytesText, countText, percentText, secondsText } from '../../spec/lib/units.js';

const bars = (svg: string) => parseHTML(svg).document.querySelectorAll('[aria-label="bar"] rect');

describe('a timeline', () => {
  const text = { title: 'a < b & "c"', lines: ['one'], seconds: 1e-3 };

  it('has a bar for each computation, and one for waiting that goes on', () => {
    const svg = timelineSvg({
      ...text,
      ranks: 2,
      intervals: [
        { rank: 0, from: 0, to: 5e-4, kind: 'forward' },
        { rank: 0, from: 5e-4, to: 1e-3, kind: 'forward' },
        { rank: 1, from: 0, to: 5e-4, kind: 'wait' },
        { rank: 1, from: 5e-4, to: 1e-3, kind: 'wait' },
      ],
    });
    expect(bars(svg)).toHaveLength(3);
    expect(svg).toContain('a &lt; b &amp; "c"');
  });

  it('shows some ranks of a large world, the first and the last among them', () => {
    const intervals = Array.from({ length: 1024 }, (_, rank) => ({ rank, from: 0, to: 1e-3, kind: 'forward' as const }));
    const svg = timelineSvg({ ...text, ranks: 1024, intervals });
    expect(bars(svg)).toHaveLength(64);
    expect(svg).toContain('64 of the 1024 ranks are shown');
    for (const rank of ['0', '1023']) expect(svg).toContain(`>${rank}</text>`);
  });
});

describe('a sweep', () => {
  it('has a mark for each point, and a cell for each winner', () => {
    const points = [8, 16].flatMap((ranks) => [64, 128].map((tokens) => ({ scheme: 'ring', ranks, tokens, share: 0.5 })));
    const winners = points.map(({ scheme, ranks, tokens }) => ({ scheme, ranks, tokens }));
    const schemes = ['ring', 'ulysses'];
    const sweep = { title: 't', lines: [], schemes, ranks: [8, 16], tokens: [64, 128], points, winners };
    const { document } = parseHTML(sweepSvg(sweep));
    expect(document.querySelectorAll('[aria-label="cell"] rect')).toHaveLength(4);
    expect(document.querySelectorAll('[aria-label="dot"] path, [aria-label="dot"] circle')).toHaveLength(4 + schemes.length);
  });
});

describe('units', () => {
  it('suit the number', () => {
    expect([64, 1000, 65536, 1048576, 1572864].map(countText)).toEqual(['64', '1000', '64K', '1M', '1536K']);
    expect([0, 2.5e-6, 0.0258, 1.5, 250].map(secondsText)).toEqual(['0 µs', '2.50 µs', '25.8 ms', '1.50 s', '250 s']);
    expect([0, 999, 33.6e6, 80e9].map(bytesText)).toEqual(['0 B', '999 B', '33.6 MB', '80.0 GB']);
    expect(percentText(0.5333)).toBe('53.3 %');
  });

  test.prop([fc.double({ min: 0, max: 1e30, noNaN: true })])('are found for any number', (value) => {
    for (const text of [secondsText(value), bytesText(value)]) expect(text).toMatch(/^[\d.e+]+ \S+$/);
  });
});
