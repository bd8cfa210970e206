import { describe, expect, it } from 'vitest';
import { csv } from '../../reports/csv.js';
import { subjectsOf, supportOf } from '../../reports/result/support.js';
import { hostileResult, hostileTexts } from './hostile.js';
import { check, context, madeUp } from './made-up.js';

/** RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('support matrix', () => {
  it('has a row for each implementation and a column for each subject', () => {
    const [head, ...rows] = parse(csv.report(madeUp, context));
    const cell = (adapter: string, column: string) => rows.find((r) => r[0] === adapter)?.[head.indexOf(column)];
    expect(rows.map((r) => r.slice(0, 4))).toEqual([
      ['reference', '1.2.3', 'cpu', ''],
      ['mine', '1.2.3', 'cpu', ''],
      ['absent', '', '', 'the package absent is not installed'],
    ]);
    expect(head.slice(4, 8)).toEqual(['operator softmax', 'dtype f32', 'mask full', 'mask causal']);
    const masks = ['full', 'causal', 'document', 'document-causal'].map((mask) => cell('mine', `mask ${mask}`));
    expect(masks).toEqual(['right', 'wrong', 'right', 'unsupported']);
    expect([cell('mine', 'property lse-merge'), cell('reference', 'mask document')]).toEqual(['unjudged', '']);
  });

  it('tells what a check is about', () => {
    expect(subjectsOf('softmax+sink/any/gradient/bf16@ring')).toEqual([
      'operator softmax',
      'feature sink',
      'property gradient',
      'dtype bf16',
      'scheme ring',
    ]);
  });

  it('calls wrong what fails as expected, and right only what passed', () => {
    const one = (verdict: 'pass' | 'fail' | 'unsupported' | 'error', expected?: boolean) => check('a', 'b', { verdict, expected });
    expect(supportOf([one('pass'), one('fail', true)])).toBe('wrong');
    expect(supportOf([one('pass'), one('unsupported')])).toBe('right');
    expect(supportOf([one('pass'), one('error')])).toBe('unjudged');
    expect(supportOf([one('unsupported')])).toBe('unsupported');
    expect(supportOf([])).toBeUndefined();
  });

  it.each(Object.entries(hostileTexts))('holds %s in a cell, and no formula', (_, text) => {
    const rows = parse(csv.report(hostileResult(text), context));
    expect(rows.map((r) => r.length)).toEqual(rows.map(() => rows[0].length));
    expect(rows).toHaveLength(3);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t]/);
  });
});
