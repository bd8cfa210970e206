import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMask } from '../../../../spec/mask/compile/compile.js';
import { maskSvg } from '../../../../spec/mask/print/svg.js';
import { maskText } from '../../../../spec/mask/print/text.js';
import type { Mask } from '../../../../spec/types/documents.js';
import { compileByName, library, problemOf, rowsOf } from '../library.js';
import { masks } from '../masks.js';

describe('maskText', () => {
  it('draws a cell as a character', () => {
    fc.assert(
      fc.property(masks, ({ mask, problem }) => {
        const compiled = compileMask(library, mask, problem);
        expect(maskText(compiled, 0, 0)).toBe(rowsOf(compiled).join('\n').replaceAll('x', '█').replaceAll('.', '·'));
      }),
      { numRuns: 60 },
    );
  });

  it('shades a large mask, and hides neither a lone cell nor a lone gap', () => {
    const corner: Mask = {
      and: [
        { name: 'sliding-window', parameters: { left: 0, right: 0 } },
        { name: 'padding', parameters: { lengths: [1], side: 'right' } },
      ],
    };
    const linesOf = (mask: Mask) => maskText(compileMask(library, mask, problemOf({ m: 1000, n: 1000 })), 0, 0).split('\n');
    const rest = new Array(47);
    expect(linesOf(corner)).toEqual([`░${'·'.repeat(95)}`, ...rest.fill('·'.repeat(96))]);
    expect(linesOf({ not: corner })).toEqual([`▓${'█'.repeat(95)}`, ...rest.fill('█'.repeat(96))]);
  });

  it('shades by the share of cells that are visible', () => {
    const weight = ['·', '░', '▒', '▓', '█'];
    const lines = maskText(compileByName('causal', undefined, { m: 960, n: 960 }), 0, 0).split('\n');
    const sum = [...lines.join('')].reduce((total, c) => total + weight.indexOf(c) / 4, 0);
    expect(sum / (48 * 96)).toBeCloseTo(0.5, 1);
  });
});

describe('maskSvg', () => {
  it('fills the area, once', () => {
    fc.assert(
      fc.property(masks, ({ mask, problem }) => {
        const compiled = compileMask(library, mask, problem);
        const svg = maskSvg(compiled, 0, 0, 'mask');
        const cell = 480 / Math.max(problem.m, problem.n);
        const drawn = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"\/>/g)].map((found) =>
          found.slice(1).map((x) => Math.round(Number(x) / cell)),
        );
        const cells = Array.from({ length: problem.m }, () => new Array<number>(problem.n).fill(0));
        for (const [x, y, width, height] of drawn) for (let i = y; i < y + height; i++) for (let j = x; j < x + width; j++) cells[i][j]++;
        expect(cells.map((row) => row.map((times) => '.x?'[Math.min(times, 2)]).join(''))).toEqual(rowsOf(compiled));
      }),
      { numRuns: 60 },
    );
  });

  it('stands alone, with its title escaped and its axes labelled', () => {
    const svg = maskSvg(compileByName('causal', undefined), 0, 0, 'a <b> & "c"');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).toContain('<title>a &lt;b&gt; &amp; &quot;c&quot;</title>');
    expect(svg).toContain('>keys 0 … 3<');
    expect(svg).toContain('>queries 3 … 0<');
  });

  it('merges rows that see the same', () => {
    const rectangles = (n: number) =>
      maskSvg(compileByName('document', { lengths: [n / 2, n / 2] }, { m: n, n }), 0, 0, '').match(/<rect x=/g)?.length;
    expect(rectangles(4096)).toBe(2);
  });
});
