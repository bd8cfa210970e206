import { describe, expect, test } from 'vitest';
import { title } from '../../backend.js';
import { browserHere } from '../../browser.js';
import { OpenedSites } from './opened-sites.js';

const it = browserHere();
const failing = `#/check?adapter=mine&id=${encodeURIComponent('softmax/causal/oracle/f32')}`;

describe.skipIf(it.missing)(title('the report site in Chromium, from disk', it), () => {
  const site = new OpenedSites(['made-up', 'swept', 'history', 'one', 'noisy', 'timings']);

  test('lists the implementations, sorted and filtered, and keeps that in the address', async () => {
    await site.open('made-up');
    const names = () => site.page.getByRole('rowheader').getByRole('link').allTextContents();
    expect(await site.status()).toBe('2 of 2 implementations');
    expect(await names()).toEqual(['reference', 'mine']);
    await site.page.getByRole('button', { name: 'Score' }).click();
    expect(await names()).toEqual(['mine', 'reference']);
    expect(await site.page.getByRole('columnheader', { name: 'Score' }).getAttribute('aria-sort')).toBe('descending');
    expect(site.page.url()).toContain('sort=-score');
    const row = site.page.getByRole('row', { name: /^mine/ });
    expect(await row.textContent()).toContain('≠ causal=top-left');
    await site.page.getByLabel('Show').selectOption('right');
    expect(await names()).toEqual(['reference']);
    await site.page.reload();
    expect(await names()).toEqual(['reference']);
    await site.page.getByLabel('Show').selectOption('');
    await site.page.getByLabel('Search implementations').fill('MINE');
    expect(await names()).toEqual(['mine']);
    expect(site.faults).toEqual([]);
  });

  test('has a page of each implementation: badges to copy, causes with why and pictures, what fails here alone, history', async () => {
    await site.open('made-up');
    await site.page.getByRole('rowheader').getByRole('link', { name: 'mine' }).click();
    await site.page.getByRole('heading', { name: 'mine', exact: true }).waitFor();
    expect(await site.page.evaluate(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0))).toBe(true);
    await site.page.getByText('Markdown of these badges').first().click();
    expect(await site.page.getByRole('group', { name: 'Markdown of these badges' }).textContent()).toMatch(/^\[!\[core@1 · mine: /);
    const cause = site.page.getByRole('article').filter({ hasText: 'The mask is transposed' });
    expect(await cause.getByRole('link', { name: 'The finding' }).getAttribute('href')).toBe('../FINDINGS.md#transposed');
    expect(await cause.getByRole('img').count()).toBeGreaterThan(0);
    await site.page.goto(site.addressOf('history'));
    await site.page.getByRole('rowheader').getByRole('link').first().click();
    await site.page.getByRole('heading', { name: 'History: 2 results' }).waitFor();
    expect(site.faults).toEqual([]);
  });

  test('has a page of each operator, mask and scheme, with who passes', async () => {
    await site.open('made-up', { hash: '#/documents' });
    await site.page.getByRole('link', { name: 'causal', exact: true }).click();
    await site.page.getByRole('heading', { name: 'A query sees a key where' }).waitFor();
    expect(await site.page.getByRole('img', { name: /^causal: 12 by 12 cells/ }).count()).toBe(1);
    expect(await site.page.getByRole('row', { name: 'reference' }).textContent()).toContain('✓');
    await site.page.goto(`${site.page.url().split('#')[0]}#/document?kind=operator&name=softmax`);
    await site.page.getByText('Σ_j p_ij v_j').waitFor();
    expect(site.faults).toEqual([]);
  });

  test('of timings alone opens with them, and lists no page of results', async () => {
    await site.open('timings');
    expect(await site.page.getByRole('navigation').getByRole('link').allTextContents()).toEqual(['Timings', 'Schemes']);
    await site.page.getByRole('heading', { name: 'bench.json' }).waitFor();
    expect(await site.page.locator('#made').textContent()).toBe('Made 2026-01-02 by attention-cts');
    await site.page.getByRole('link', { name: 'Schemes' }).click();
    await site.page.getByText('No scheme was judged for this report.').waitFor();
    expect(site.faults).toEqual([]);
  });

  test('filters by search and choice, and keeps them in the address', async () => {
    await site.open('made-up', { hash: '#/matrix' });
    expect(await site.status()).toBe('12 of 12 checks, 2 of 2 implementations');
    await site.page.getByLabel('Search checks').fill('causal grad');
    expect(await site.status()).toMatch(/^1 of 12 checks/);
    expect(await site.page.getByRole('rowheader', { name: 'softmax/causal/gradient/f32' }).count()).toBe(1);
    await site.page.getByLabel('Verdict').selectOption('unsupported');
    await site.page.getByRole('combobox', { name: /^Implementation/ }).selectOption('mine');
    expect(site.page.url()).toContain('#/matrix?search=causal+grad&verdict=unsupported&adapter=mine');
    await site.page.reload();
    expect(await site.status()).toBe('1 of 12 checks, 1 of 2 implementations');
    await site.page.getByLabel('Search checks').fill('no such check');
    expect(await site.page.getByRole('main').textContent()).toContain('No check matches these filters');
    expect(site.faults).toEqual([]);
  });

  test('puts together what nobody claims, and says what failures have in common', async () => {
    await site.open('one', { hash: '#/matrix' });
    const groups = () => site.page.getByRole('rowheader').allTextContents();
    expect(await groups()).toEqual(['▸ softmax 3', '▸ claimed by none 2']);
    await site.page.getByRole('button', { name: /claimed by none/ }).click();
    expect((await groups()).slice(2)).toEqual(['linear/full/oracle/f32', 'efficient/full/oracle/f32']);
    await site.page.getByLabel('Verdict').selectOption('unsupported');
    expect((await groups()).slice(0, 2)).toEqual(['▸ softmax 1', '▸ linear 1']);
    await site.page.getByRole('navigation').getByRole('link', { name: 'Features' }).click();
    await site.page.getByText('No implementation claims: linear, efficient.').waitFor();
    await site.page.getByRole('navigation').getByRole('link', { name: 'Failures' }).click();
    await site.page.getByText('2 failures of 1 cause').waitFor();
    await site.page.getByRole('heading', { name: 'the diagonal is hidden' }).waitFor();
    expect(site.faults).toEqual([]);
  });

  test('opens groups, walks by arrow keys, shows a check, and goes back to where it was', async () => {
    await site.open('made-up', { hash: '#/matrix?group=property' });
    await site.page.getByRole('button', { name: /oracle/ }).click();
    expect(site.page.url()).toContain('open=oracle');
    await site.page.getByRole('button', { name: /oracle/ }).focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'Enter']) await site.page.keyboard.press(key);
    await site.page.getByRole('heading', { name: 'softmax/causal/oracle/f32' }).waitFor();
    expect(site.page.url()).toContain(failing);
    await site.page.goBack();
    await site.page.getByRole('rowheader', { name: 'softmax/causal/oracle/f32' }).waitFor();
    expect(site.page.url()).toContain('group=property&open=oracle');
  });

  test('shows a failure whole: what to paste, its case, its worst element, its pictures', async () => {
    await site.open('made-up', { hash: '#/failures?verdict=failing' });
    expect(await site.status()).toBe('2 failures of 2 causes');
    await site.page.getByText('The check that fails').first().click();
    await site.page.getByRole('link', { name: 'softmax/causal/oracle/f32' }).click();
    await site.page.getByRole('heading', { name: 'softmax/causal/oracle/f32' }).waitFor();
    const text = (await site.page.getByRole('main').textContent()) ?? '';
    for (const part of [
      'o is not a number',
      'a row without keys is divided by zero',
      'npx attention-cts replay out/failure.json',
      'm=1 n=2',
      '"left":0',
      'it said so',
    ]) {
      expect(text).toContain(part);
    }
    expect(await site.page.getByRole('link', { name: 'failure.json' }).getAttribute('href')).toBe('failures/0-0/failure.json');
    expect(await site.page.getByRole('img', { name: 'Mask expected: 2 by 2 cells, 3 of them visible' }).count()).toBe(1);
    expect(await site.page.getByRole('img', { name: 'Error ÷ bound: 1 by 3 cells, 2 of them beyond the bound' }).count()).toBe(1);
    await site.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await site.page.getByRole('button', { name: /^Copy/ }).first().click();
    await site.page.getByText(/^(Copied|Selected: copy it)/).waitFor();
    expect(site.faults).toEqual([]);
  });

  test('has every page, at phone width too, without the page itself scrolling sideways', async () => {
    await site.open('made-up', { colorScheme: 'dark', width: 390 });
    for (const [name, says] of [
      ['Operators, masks, schemes', 'Scaled dot-product attention'],
      ['Features', 'core@1'],
      ['Dialects', '≠ top-left'],
      ['Accuracy', '✗ '],
      ['Timings', 'Software devices'],
      ['Schemes', 'too few heads'],
      ['Power', 'The suite finds 1 of 1 kernels'],
      ['Environment', 'Not available on this machine'],
      ['Failures', 'lse is off'],
    ]) {
      await site.page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
      await site.page.getByRole('main').getByText(says).first().waitFor();
      expect(await site.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name).toBe(true);
    }
    expect(site.faults).toEqual([]);
  });

  test('shows times with what is likely around them, none of a wrong answer, and software devices apart', async () => {
    await site.open('made-up', { hash: '#/timings' });
    const row = (name: string) => site.page.getByRole('row', { name });
    await site.page.getByText('Fastest: ').first().waitFor();
    for (const folded of await site.page.getByText(/^All \d+ timings?$/).all()) await folded.click();
    expect(await row('reference@9.9.9 causal 256').textContent()).toContain('×1.51.4 – 1.6');
    expect(await row('reference@9.9.9 causal 512').textContent()).toContain('✗ no time: wrong answer');
    expect(await row('ring (stranger)').textContent()).toContain('0.751');
    expect(await site.page.getByRole('img', { name: 'Ratio to mine' }).count()).toBe(1);
    const charts = site.page.getByRole('img', { name: /^Median over length.*causal/ });
    expect(await charts.count()).toBe(2);
    await site.page.getByText('Without a time: 2').click();
    await site.page.getByText('reference@9.9.9: no time: wrong answer: o is off by 3 times the bound').waitFor();
    await site.page.getByRole('link', { name: 'mine' }).first().click();
    await site.page.getByRole('heading', { name: 'mine' }).waitFor();
    expect(site.faults).toEqual([]);
  });

  test('names no fastest kernel where the time of another is not published', async () => {
    await site.open('noisy', { hash: '#/timings' });
    await site.page.getByText('times are not published').waitFor();
    await site.page
      .getByText(/^All \d+ timings?$/)
      .first()
      .waitFor();
    expect(await site.page.getByText('Fastest: ').count()).toBe(0);
    expect(site.faults).toEqual([]);
  });

  test('draws times over a parameter that flags gave, peak memory, and how a scheme scales', async () => {
    await site.open('swept', { hash: '#/timings' });
    await site.page.getByText('Fastest: ').first().waitFor();
    for (const folded of await site.page.getByText(/^All \d+ timings?$/).all()) await folded.click();
    const panels = (name: RegExp) => site.page.getByRole('img', { name });
    await panels(/^Median over left/)
      .first()
      .waitFor();
    expect(await panels(/^Median over left/).count()).toBe(1);
    // a distribution of lengths is no number to draw over
    expect(await panels(/^Median over lengths/).count()).toBe(0);
    expect(await panels(/^Peak memory over length/).count()).toBeGreaterThan(0);
    expect(await panels(/^Time over number of ranks/).count()).toBe(1);
    await site.page.getByRole('heading', { name: /^Scaling: / }).waitFor();
    expect(site.faults).toEqual([]);
  });
});
