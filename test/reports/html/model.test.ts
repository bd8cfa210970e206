import { describe, expect, it } from 'vitest';
import { dataScript } from '../../../reports/html/data-script.js';
import { siteData } from '../../../reports/html/model.js';
import { Report } from '../../../reports/html/site/report.js';
import type { SiteData } from '../../../reports/html/site-data.js';
import type { Result } from '../../../spec/types/documents.js';
import { check, madeUp } from '../made-up.js';
import { madeUpBench } from '../made-up-bench.js';
import { simulated } from './made-up-simulation.js';
import { largeResult, sourceOf } from './sources.js';

const options = { title: 'Made up', made: new Date('2026-01-02T03:04:05Z') };

/** Data that a browser has after it ran the script. */
function executed(data: SiteData): SiteData {
  const window: { attentionCtsReport?: SiteData } = {};
  new Function('window', dataScript(data))(window);
  return window.attentionCtsReport as SiteData;
}

describe('the data of a site', () => {
  const report = new Report(executed(siteData([sourceOf(madeUp, { replay: 'npx attn-cts replay x' })], options)));
  const at = (key: string, id: string) => [report.implementation(key), report.data.ids.indexOf(id)] as const;

  it('gives back every check as it was', () => {
    for (const c of madeUp.checks) {
      const view = report.check(...at(c.adapter, c.id));
      expect(view).toMatchObject({
        verdict: c.verdict,
        cases: c.cases,
        milliseconds: c.milliseconds,
        class: c.class ?? '',
        reason: c.reason ?? '',
        expected: c.expected === true,
        surprising: c.expected === false,
      });
    }
    expect(report.check(...at('reference', 'softmax/any/strided/f32'))).toBeUndefined();
  });

  it('keeps coverage and errors, with few digits', () => {
    const statistics = {
      elements: 12,
      undecided: 0,
      maxOverBound: 0.123456,
      histogram: [12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      maxUlp: 'Infinity',
    };
    const checks = [check('mine', 'a/b/c/f32', { coverage: { tail: 3, 'b>1': 2 }, error: { o: statistics as never } })];
    const one = new Report(siteData([sourceOf({ ...madeUp, checks })], options));
    expect(one.check(one.implementation('mine'), 0)).toMatchObject({
      coverage: 'tail 3, b>1 2',
      errors: [{ output: 'o', maxOverBound: 0.123, maxUlp: 'Infinity', elements: 12 }],
    });
  });

  it('has a failure where there is one, with its case, without its folder', () => {
    const failure = report.failure(...at('mine', 'softmax/causal/oracle/f32'));
    expect(failure).toMatchObject({
      replay: 'npx attn-cts replay x',
      summary: { actual: 'NaN', hint: 'a row without keys is divided by zero' },
    });
    expect(failure?.described).toContain('m=1 n=2');
    expect(failure?.summary).not.toHaveProperty('folder');
    expect(report.data.failures).toHaveLength(madeUp.checks.filter((c) => c.failure).length);
  });

  it('tells the same adapter of two results apart, and says which axes of its dialect deviate', () => {
    const newer = { ...madeUp, adapters: madeUp.adapters.map((a) => ({ ...a, version: a.version && '2.0.0' })) };
    const two = siteData([sourceOf(madeUp), sourceOf(newer), sourceOf(newer)], options);
    expect(two.implementations.map((i) => i.key)).toEqual([
      'reference@1.2.3',
      'mine@1.2.3',
      'absent',
      'reference@2.0.0',
      'mine@2.0.0',
      'absent#2',
      'reference@2.0.0#2',
      'mine@2.0.0#2',
      'absent#3',
    ]);
    expect(two.ids).toEqual([...new Set(madeUp.checks.map((c) => c.id))]);
    const { dialect } = report.data.implementations[report.implementation('mine')];
    expect([dialect.causal.deviates, dialect.lseBase.deviates]).toEqual([true, true]);
    expect(report.data.implementations[0].dialect.causal.deviates).toBe(false);
  });

  it('knows which checks a profile asks for', () => {
    const core = report.data.profiles.find((p) => p.name === 'core@1');
    const asked = report.data.ids.filter((_, i) => core?.checks[i] === '1');
    expect(asked).toContain('softmax/full/oracle/f32');
    expect(asked).not.toContain('softmax/causal/gradient/f32');
  });

  it('sums errors by implementation, dtype and output', () => {
    const large = siteData([sourceOf(largeResult(2, 40))], options);
    const checks = largeResult(2, 40).checks.filter((c) => c.adapter === 'adapter-0' && c.id.endsWith('/f16') && c.error);
    const row = large.accuracy.find((a) => a.implementation === 0 && a.dtype === 'f16' && a.output === 'o');
    expect(row?.elements).toBe(checks.reduce((sum, c) => sum + (c.error?.o.elements ?? 0), 0));
    expect(row?.histogram[0]).toBe(900 * checks.length);
    expect(row?.maxOverBound).toBe(Math.max(...checks.map((c) => Number(c.error?.o.maxOverBound))));
  });

  it('calls a candidate of a bench as the results do, where they have that version', () => {
    const two = siteData([sourceOf(madeUp)], { ...options, benches: [{ file: 'b.json', bench: madeUpBench }] });
    const [bench] = two.benches;
    expect(bench).toMatchObject({ file: 'b.json', baseline: 'mine', machine: { cores: '2' } });
    expect(bench.timings.map(({ candidate, implementation, software }) => [candidate, implementation, software])).toEqual([
      ['mine', 'mine', false],
      ['mine', 'mine', false],
      ['reference@9.9.9', undefined, false],
      ['reference@9.9.9', undefined, false],
      ['stranger', undefined, false],
      ['ring (stranger)', undefined, false],
      ['soft', undefined, true],
    ]);
    expect(bench.timings[2]).toMatchObject({ latency: { p50: 3 }, ratio: { p50: 1.5, low: 1.4, high: 1.6 }, rate: 2e6 / 3e6 });
    // a software device is not ranked against a real baseline
    expect(bench.timings[6].ratio).toBeUndefined();
    expect(bench.timings[3]).toMatchObject({ verdict: 'wrong', reason: 'o is off by 3 times the bound' });
    expect(bench.timings[3].latency).toBeUndefined();
    expect(bench.timings[5]).toMatchObject({ setting: expect.stringContaining('2 ranks'), ranks: { mean: 0.75, slowest: 1 } });
  });

  it('holds simulations of one cluster and workload together', () => {
    const simulations = [simulated('ring', 0.5), simulated('ulysses', 'too few heads'), { ...simulated('ring', 0.25), cluster: 'other' }];
    const { simulations: all } = siteData([], { ...options, simulations: [{ file: 's.json', simulations }] });
    expect(all.map(({ cluster, points, refused }) => [cluster, points.map((p) => p.share), refused])).toEqual([
      ['made up', [0.5], ['too few heads']],
      ['other', [0.25], []],
    ]);
  });

  it('says by what errors are judged, and the worst that is odd about them', () => {
    const adapters = [
      { ...madeUp.adapters[0], capabilities: { dtypes: ['f32', 'f16'], operators: ['softmax'], numeric: { products: 'tf32' } } },
    ] as Result['adapters'];
    const warning = (ratio: number) => ({ warnings: [{ output: 'o', kind: 'bias' as const, ratio, text: `by ${ratio}` }] });
    const checks = [check('reference', 'a/b/c/f32', warning(0.2)), check('reference', 'a/b/d/f32', warning(-0.4))];
    const { numerics, warnings } = siteData([sourceOf({ ...madeUp, adapters, checks })], options);
    expect(numerics.map(({ dtype, lines }) => [dtype, lines.products, lines.probabilities])).toEqual([
      ['f32', 'tf32', 'accumulate'],
      ['f16', 'tf32', 'storage'],
    ]);
    expect(warnings).toEqual([{ implementation: 0, output: 'o', kind: 'bias', ratio: -0.4, text: 'by -0.4', check: 1, checks: 2 }]);
  });

  it('lets no text end the script or its line', () => {
    const hostile = '</script><!--\u2028\u2029"\\';
    const text = dataScript(siteData([sourceOf(madeUp)], { ...options, title: hostile }));
    expect(text.trimEnd()).not.toMatch(/[<\u2028\u2029\n]/);
    expect(executed(siteData([sourceOf(madeUp)], { ...options, title: hostile })).title).toBe(hostile);
  });

  it('of 20 adapters with 2,000 checks each is under 5 MB', () => {
    const text = dataScript(siteData([sourceOf(largeResult(20, 2000))], options));
    expect(text.length).toBeLessThan(4.5e6);
  });
});
