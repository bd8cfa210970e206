import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { benchCsv } from '../../../reports/bench/csv.js';
import { benchMarkdown } from '../../../reports/bench/markdown.js';
import { benchSvg } from '../../../reports/bench/svg.js';
import { printable } from '../../../reports/text/plain-text.js';
import type { Bench } from '../../../spec/types/documents.js';
import { hostileTexts } from '../hostile.js';
import { caseOf, madeUpBench, sweptBench, timing, without } from '../made-up-bench.js';

const source = (bench: Bench, file = 'bench.json') => ({ file, bench });
const made = [source(madeUpBench)];

/** The made-up timings with every text that is not bound by the schema replaced. */
function hostile(text: string): Bench {
  const adapters = [{ id: text, title: text, version: text, environment: { [text]: text }, software: true }];
  const other = { ...caseOf(text, 512), parallel: { scheme: text, ranks: 2 } };
  const timings = [
    timing(text, 2, { warnings: [text], swept: { [text]: text } }),
    timing(text, 2, { case: other }),
    without(text, 'failed', text, { case: caseOf(text, 1024) }),
    without(text, 'skipped', text, { case: caseOf(text, 2048) }),
  ];
  return printable({ ...madeUpBench, started: text, machine: { cpu: text, cores: text }, baseline: text, adapters, timings });
}

describe('timings as CSV', () => {
  const rowsOf = (bench: Bench) => {
    const [head, ...rows] = benchCsv([source(bench)], '')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    return rows.map((row) => Object.fromEntries(row.map((cell, x) => [head[x], cell])));
  };

  it('have a row each, with empty cells for figures that are missing', () => {
    const rows = rowsOf(madeUpBench);
    expect(rows).toHaveLength(madeUpBench.timings.length);
    expect(rows[0]).toMatchObject({
      file: 'bench.json',
      adapter: 'mine',
      version: '1.2.3',
      mask: 'causal',
      tokens: '256',
      p50_ms: '2',
      ratio: '',
    });
    expect(rows[2]).toMatchObject({ adapter: 'reference', ratio: '1.5', ratio_low: '1.4', ratio_high: '1.6' });
    expect(rows[3]).toMatchObject({ verdict: 'wrong', reason: 'o is off by 3 times the bound', p50_ms: '' });
    expect(rows[5]).toMatchObject({ scheme: 'ring', ranks: '2', mean_rank_ms: '0.75', software: 'no' });
    expect(rows[6]).toMatchObject({ adapter: 'soft', software: 'yes' });
    expect(rowsOf(sweptBench)[1]).toMatchObject({ swept: 'left=64 lengths=pile', peak_bytes: '65000000' });
  });

  it('run no formula of a spreadsheet', () => {
    expect(benchCsv([source(hostile('=HYPERLINK("http://x","y")'))], '')).toContain(`"'=HYPERLINK(""http://x"",""y"")"`);
  });
});

describe('timings as Markdown', () => {
  it('have a table for each setting, the notes of its cells, and lists of the rest', () => {
    const text = benchMarkdown(made, 'Two kernels');
    expect(text).toMatch(/^# Two kernels\n\n## <code>bench\.json<\/code>\n\n2026-01-02, on a made-up processor, 2 cores\n/);
    expect(text).toContain('| mask | tokens | mine | reference | stranger | soft &#42; |');
    expect(text).toMatch(/\| causal \| 512 \| 8 ms .* \| WRONG \|/);
    expect(text).toContain('&#42; a software device&#58; do not rank it against real ones');
    expect(text).toContain('### Without a time\n\n- <code>reference&#58; wrong&#58; o is off by 3 times the bound');
    expect(text).toContain('### Noted');
  });

  it('have a section for each document', () => {
    const text = benchMarkdown([source(madeUpBench, 'a.json'), source(sweptBench, 'b.json')], 'x');
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, head]) => head)).toEqual(['<code>a.json</code>', '<code>b.json</code>']);
    expect(text).toContain('causal left=64 lengths=pile');
  });
});

describe('timings as SVG', () => {
  const drawn = (svg: string, kind: string) => parseHTML(svg).document.querySelectorAll(`[aria-label="${kind}"] > *`).length;

  it('have a panel for each problem, and a mark with its spread for each time', () => {
    const svg = benchSvg(made, 'Two kernels');
    expect(svg).toMatch(/^<svg /);
    const timed = madeUpBench.timings.filter(({ latency }) => latency).length;
    const candidates = ['mine', 'reference', 'ring (stranger)', 'soft *'];
    expect(drawn(svg, 'dot')).toBe(timed + candidates.length);
    expect(drawn(svg, 'rule')).toBe(timed);
    for (const name of candidates) expect(svg).toContain(`>${name}</text>`);
    expect(svg).toContain('causal, forward, f32, batch 1');
    expect(svg).toContain('5 ms');
    expect(svg).toContain('* a software device');
  });

  it('say so where no problem has a time, and name the documents if there are several', () => {
    const none = { ...madeUpBench, timings: [without('mine', 'failed', 'it crashed')] };
    expect(benchSvg([source(none)], 'x')).toContain('no problem has a time');
    expect(benchSvg([source(none, 'a.json'), source(madeUpBench, 'b.json')], 'x')).toContain('b.json: causal, forward');
  });

  it.each([1e-6, 0.5, 1e9])('have an axis for times of about %s ms', (p50) => {
    const bench = { ...madeUpBench, timings: [timing('mine', p50), timing('mine', p50 * 1e6, { case: caseOf('causal', 512) })] };
    expect(benchSvg([source(bench)], 'x')).toMatch(/>1(000)*0* ms<|>1e[-+]?\d+ ms</);
    expect(benchSvg([source({ ...bench, timings: bench.timings.slice(0, 1) })], 'x')).not.toContain('NaN');
  });
});

describe.each(Object.entries(hostileTexts))('timings with %s', (_, text) => {
  const sources = [source(hostile(text), text)];

  it('break out of no format', () => {
    expect(benchCsv(sources, text)).not.toMatch(/(^|,)[=+@]/m);
    expect(benchMarkdown(sources, text)).not.toMatch(/<(?!\/?code>)|\]\(|^::|^@|javascript:/m);
    const svg = benchSvg(sources, text);
    expect(parseHTML(svg).document.querySelectorAll('script, img, a')).toHaveLength(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
    expect(svg).not.toMatch(/[\u0000-\u0008\u001B\u202E]/);
  });
});
