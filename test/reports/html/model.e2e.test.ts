import { describe, expect, it } from 'vitest';
import { badgeFilesIn } from '../../../reports/html/badge-files.js';
import { embeddedDocument } from '../../../reports/html/embed.js';
import { siteData } from '../../../reports/html/model.js';
import { Report } from '../../../reports/html/site/report.js';
import type { SiteData, SiteIndex } from '../../../reports/html/site-data.js';
import { dataScripts } from '../../../reports/html/write-site.js';
import { isFailure } from '../../../reports/result/result.js';
import { checkDocument } from '../../../spec/lib/documents.js';
import type { Result } from '../../../spec/types/documents.js';
import { check, madeUp } from '../made-up.js';
import { madeUpBench } from '../made-up-bench.js';
import { simulated } from './made-up-simulation.js';
import { largeResult, sourceOf } from './sources.js';

const options = { title: 'Made up', made: new Date('2026-01-02T03:04:05Z') };

/** Pages' view of the data that a browser has after it ran the scripts. */
function opened(data: SiteData): Report {
  const window: { attentionCtsReport?: SiteIndex; attentionCtsParts?: Record<string, unknown> } = {};
  for (const text of Object.values(dataScripts(data))) new Function('window', text)(window);
  return new Report(window.attentionCtsReport as SiteIndex, async (name) => window.attentionCtsParts?.[name]);
}

describe('the data of a site', () => {
  const data = siteData([sourceOf(madeUp, { replay: 'npx attention-cts replay x' })], options);
  const report = opened(data);
  const at = async (key: string, id: string) => ({
    details: await report.details(report.implementation(key)),
    check: report.index.ids.indexOf(id),
  });

  it('has the files of a failure that gets the hint of another one', async () => {
    const text = 'a scale of 2';
    const failing = (id: string, more: object) =>
      check('mine', id, {
        verdict: 'fail',
        class: 'value',
        failure: { ...madeUp.checks.find((c) => c.failure)?.failure, hint: undefined, explanations: [{ text }], ...more } as never,
      });
    const told = failing('softmax/causal/oracle/f32', { hint: `the output matches ${text}` });
    const untold = failing('softmax/full/oracle/f32', { explanations: [{ text }, { text: 'another' }] });
    const mine = { ...madeUp, adapters: [{ ...madeUp.adapters[0], id: 'mine' }], checks: [told, untold] };
    const own = opened(siteData([sourceOf(mine, { replay: 'npx attention-cts replay x' })], options));
    const details = await own.details(0);
    for (const { id } of [told, untold]) {
      const failure = details.failure(own.index.ids.indexOf(id));
      expect([failure?.replay, failure?.summary.hint]).toEqual(['npx attention-cts replay x', told.failure?.hint]);
    }
  });

  it('gives back every check as it was', async () => {
    for (const c of madeUp.checks) {
      const { details, check: place } = await at(c.adapter, c.id);
      expect(details.check(place)).toMatchObject({
        verdict: c.verdict,
        cases: c.cases,
        milliseconds: c.milliseconds,
        class: c.class ?? '',
        reason: c.reason ?? '',
        expected: c.expected === true,
        surprising: c.expected === false,
      });
    }
    const { details, check: place } = await at('reference', 'softmax/any/strided/f32');
    expect(details.check(place)).toBeUndefined();
  });

  it('keeps coverage and errors, with few digits', async () => {
    const statistics = {
      elements: 12,
      undecided: 0,
      maxOverBound: 0.123456,
      histogram: [12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      maxUlp: 'Infinity',
    };
    const open = { ...statistics, undecided: 3, because: ['a divisor may be 0', 'a number may overflow'] };
    const checks = [check('mine', 'a/b/c/f32', { coverage: { tail: 3, 'b>1': 2 }, error: { o: statistics as never, lse: open as never } })];
    const one = opened(siteData([sourceOf({ ...madeUp, checks })], options));
    expect((await one.details(one.implementation('mine'))).check(0)).toMatchObject({
      coverage: 'tail 3, b>1 2',
      errors: [
        { output: 'o', maxOverBound: 0.123, maxUlp: 'Infinity', elements: 12, because: '' },
        { output: 'lse', elements: 12, undecided: 3, because: 'a divisor may be 0, or a number may overflow' },
      ],
    });
  });

  it('has a failure where there is one, with its case, without its folder', async () => {
    const { details, check: place } = await at('mine', 'softmax/causal/oracle/f32');
    const failure = details.failure(place);
    expect(failure).toMatchObject({
      replay: 'npx attention-cts replay x',
      summary: { actual: 'NaN', hint: 'a row without keys is divided by zero' },
    });
    expect(failure?.described).toContain('m=1 n=2');
    expect(failure?.summary).not.toHaveProperty('folder');
    expect(data.parts.implementations.flatMap(({ failures }) => failures)).toHaveLength(madeUp.checks.filter((c) => c.failure).length);
  });

  it('tells the same adapter of two results apart, and says which axes of its dialect deviate', () => {
    const newer = { ...madeUp, adapters: madeUp.adapters.map((a) => ({ ...a, version: a.version && '2.0.0' })) };
    const two = siteData([sourceOf(madeUp), sourceOf(newer), sourceOf(newer)], options).index;
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
    const { dialect } = report.index.implementations[report.implementation('mine')];
    expect([dialect.causal.deviates, dialect.lseBase.deviates]).toEqual([true, true]);
    expect(report.index.implementations[0].dialect.causal.deviates).toBe(false);
  });

  it('knows which checks a profile asks for', () => {
    const core = report.index.profiles.find((p) => p.name === 'core@1');
    const asked = report.index.ids.filter((_, i) => core?.checks[i] === '1');
    expect(asked).toContain('softmax/full/oracle/f32');
    expect(asked).not.toContain('softmax/causal/gradient/f32');
  });

  it('sums errors by implementation, dtype and output', () => {
    const large = siteData([sourceOf(largeResult(2, 40))], options);
    const checks = largeResult(2, 40).checks.filter((c) => c.adapter === 'adapter-0' && c.id.endsWith('/f16') && c.error);
    const row = large.parts.accuracy.sums.find((a) => a.implementation === 0 && a.dtype === 'f16' && a.output === 'o');
    expect(row?.elements).toBe(checks.reduce((sum, c) => sum + (c.error?.o.elements ?? 0), 0));
    expect(row?.histogram[0]).toBe(900 * checks.length);
    expect(row?.maxOverBound).toBe(Math.max(...checks.map((c) => Number(c.error?.o.maxOverBound))));
  });

  it('calls a candidate of a bench as the results do, where they have that version', () => {
    const two = siteData([sourceOf(madeUp)], { ...options, benches: [{ file: 'b.json', bench: madeUpBench }] });
    const [bench] = two.parts.benches;
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
    const { simulations: all } = siteData([], { ...options, simulations: [{ file: 's.json', simulations }] }).parts;
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
    const { numerics, warnings } = siteData([sourceOf({ ...madeUp, adapters, checks })], options).parts.accuracy;
    expect(numerics.map(({ dtype, lines }) => [dtype, lines.products, lines.probabilities])).toEqual([
      ['f32', 'tf32', 'accumulate'],
      ['f16', 'tf32', 'storage'],
    ]);
    expect(warnings).toEqual([{ implementation: 0, output: 'o', kind: 'bias', ratio: -0.4, text: 'by -0.4', check: 1, checks: 2 }]);
  });

  it('tells two kernels of one id and version apart by their files', () => {
    const of = (source: string): Result => ({
      ...madeUp,
      adapters: [{ ...madeUp.adapters[1], version: null, capabilities: { dtypes: ['f32'], operators: ['softmax'], source } }],
    });
    const keys = (...sources: Parameters<typeof siteData>[0]) => siteData(sources, options).index.implementations.map(({ key }) => key);
    expect(keys(sourceOf(of('kernels/a.py:3')), sourceOf(of('kernels/b.py:3')))).toEqual(['mine (a.py:3)', 'mine (b.py:3)']);
    // of one file the results differ
    const runs = ['old/result.json', 'new/result.json'].map((file) => sourceOf(of('a.py:3'), {}, file));
    expect(keys(...runs)).toEqual(['mine (old)', 'mine (new)']);
    expect(keys(sourceOf(of('a.py:3')), sourceOf(of('a.py:3')))).toEqual(['mine', 'mine#2']);
  });

  it('lists the checks that one implementation fails and every other one passes', () => {
    const checks = (['mine', 'reference', 'absent'] as const).flatMap((adapter) => [
      check(adapter, 'a/b/alone/f32', { verdict: adapter === 'mine' ? 'crash' : adapter === 'absent' ? 'unsupported' : 'pass' }),
      check(adapter, 'a/b/both/f32', { verdict: adapter === 'absent' ? 'pass' : 'fail' }),
      check(adapter, 'a/b/nobody/f32', { verdict: adapter === 'mine' ? 'fail' : 'unsupported' }),
    ]);
    const { index } = siteData([sourceOf({ ...madeUp, checks })], options);
    const alone = Object.fromEntries(index.implementations.map((one) => [one.key, one.alone.map((at) => index.ids[at])]));
    expect(alone).toEqual({ mine: ['a/b/alone/f32'], reference: [], absent: [] });
  });

  it('keeps the versions of an adapter as its history, the oldest first', () => {
    const of = (version: string): Result => ({ ...madeUp, adapters: madeUp.adapters.map((a) => ({ ...a, version })) });
    const { parts } = siteData([sourceOf(of('4.22.0')), sourceOf(of('4.9.0'))], options);
    expect(parts.implementations[0].history.map(({ version }) => version)).toEqual(['4.9.0', '4.22.0']);
    expect(data.parts.implementations[0].history).toEqual([]);
  });

  it('publishes no time whose spread is over 10 %', () => {
    const noisy = madeUpBench.timings.map((timing) =>
      timing.latency ? { ...timing, latency: { ...timing.latency, mad: 0.2 * timing.latency.p50 } } : timing,
    );
    const benches = [{ file: 'b.json', bench: { ...madeUpBench, timings: noisy } }];
    const { timings } = siteData([sourceOf(madeUp)], { ...options, benches }).parts.benches[0];
    expect(timings.some(({ latency, ratio, rate, ranks }) => latency ?? ratio ?? rate ?? ranks)).toBe(false);
    expect(timings.filter(({ spread }) => spread !== undefined)).toHaveLength(noisy.filter(({ latency }) => latency).length);
  });

  it('publishes no ratio whose interval is over 10 % to either side', () => {
    const wide = madeUpBench.timings.map((timing) =>
      timing.ratio ? { ...timing, ratio: { ...timing.ratio, high: 2 * timing.ratio.p50 } } : timing,
    );
    const { timings } = siteData([sourceOf(madeUp)], {
      ...options,
      benches: [{ file: 'b.json', bench: { ...madeUpBench, timings: wide } }],
    }).parts.benches[0];
    expect(timings.some(({ ratio }) => ratio)).toBe(false);
    expect(timings.filter(({ latency }) => latency)).toHaveLength(wide.filter(({ latency }) => latency).length);
  });

  it('has a page of each operator, mask and scheme that checks are about', () => {
    const checks = [check('mine', 'softmax/causal/oracle/f32', {}), check('mine', 'softmax/full/single-device/f32@ring', {})];
    const draw = { kind: 'weights', title: 'w', down: 'query', across: 'key', rows: 1, columns: 1, of: [1, 1], cells: '9' } as const;
    const { documents } = siteData([sourceOf({ ...madeUp, checks })], { ...options, drawOperator: () => draw }).parts;
    expect(documents.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['operator softmax', 'mask causal', 'mask full', 'scheme ring']);
    const [softmax, causal, , ring] = documents;
    expect(softmax.picture).toEqual(draw);
    expect(softmax.sections.map(({ title }) => title)).toEqual(expect.arrayContaining(['Formula', 'Laws', 'Program']));
    expect(causal.picture?.cells.slice(0, 12)).toBe('400000000000');
    expect(ring.picture?.cells.slice(0, 24)).toBe('4'.repeat(6) + '0'.repeat(18));
    expect(ring.source[0].url).toMatch(/^https:/);
  });

  it('says what the site says in a document for others', () => {
    const document = embeddedDocument(data);
    expect(checkDocument('implementations', document, 'implementations.json')).toBe(document);
    const [mine] = document.implementations.filter(({ adapter }) => adapter === 'mine');
    const own = madeUp.checks.filter(({ adapter }) => adapter === 'mine');
    expect(mine.checks.pass).toBe(own.filter(({ verdict }) => verdict === 'pass').length);
    expect(mine.checks.fail).toBe(own.filter(isFailure).length);
    expect(mine.causes.flatMap(({ checks }) => checks).sort()).toEqual(
      own
        .filter(isFailure)
        .map(({ id }) => id)
        .sort(),
    );
    expect(mine.page).toBe('index.html#/implementation?adapter=mine');
    const files = badgeFilesIn(data.index);
    for (const { badge, endpoint } of mine.profiles)
      for (const path of [badge, endpoint]) expect(files).toHaveProperty([decodeURIComponent(path)]);
  });

  it('lets no text end the script or its line', () => {
    const hostile = '</script><!--\u2028\u2029"\\';
    const hard = siteData([sourceOf(madeUp, { printed: hostile })], { ...options, title: hostile });
    for (const text of Object.values(dataScripts(hard)))
      for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^[^<\u2028\u2029]*;$/);
    expect(opened(hard).index.title).toBe(hostile);
  });

  it('of 20 adapters with 2,000 checks each needs little before its first page', () => {
    const scripts = dataScripts(siteData([sourceOf(largeResult(20, 2000))], options));
    expect(scripts['data.js'].length).toBeLessThan(4e5);
    expect(Object.values(scripts).reduce((sum, { length }) => sum + length, 0)).toBeLessThan(5e6);
  });
});
