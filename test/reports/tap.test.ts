import { describe, expect, it } from 'vitest';
import { tap } from '../../reports/tap.js';
import type { Result } from '../../spec/types/documents.js';
import { hostileResult, hostileTexts } from './hostile.js';
import { context, madeUp } from './made-up.js';

interface Point {
  readonly ok: boolean;
  readonly title: string;
  readonly directive: string;
  readonly diagnostic: string[];
}

/** Test points, read by the grammar of TAP 13: a version, points in order with a block of YAML each at most, comments, a plan. */
function points(result: Result): Point[] {
  const found: Point[] = [];
  const [version, ...lines] = tap.report(result, context).trimEnd().split('\n');
  expect(version).toBe('TAP version 13');
  let plan = -1;
  for (let i = 0; i < lines.length; i++) {
    const point = /^(not )?ok (\d+) - ((?:[^#\\]|\\.)*?)(?: # (TODO|SKIP)(.*))?$/.exec(lines[i]);
    if (point) {
      const diagnostic: string[] = [];
      if (lines[i + 1] === '  ---') {
        for (i += 2; lines[i] !== '  ...'; i++) diagnostic.push(lines[i]);
        for (const line of diagnostic) expect(line).toMatch(/^( {4}|$)/);
      }
      expect(Number(point[2])).toBe(found.push({ ok: !point[1], title: point[3], directive: point[4] ?? '', diagnostic }));
      continue;
    }
    const [, count] = /^1\.\.(\d+)$/.exec(lines[i]) ?? [];
    if (count !== undefined) plan = Number(count);
    else expect(lines[i]).toMatch(/^#/);
  }
  expect(plan).toBe(found.length);
  return found;
}

describe('TAP report', () => {
  it('has a point for each check, TODO where it failed as expected, SKIP where it was not asked', () => {
    const all = points(madeUp);
    const count = (ok: boolean, directive: string) => all.filter((p) => p.ok === ok && p.directive === directive).length;
    expect(all).toHaveLength(madeUp.checks.length);
    // value, crash, unexpected pass, vacuous · lse · 5 unsupported, not-run, unavailable
    expect([count(true, ''), count(false, ''), count(false, 'TODO'), count(true, 'SKIP')]).toEqual([4, 4, 1, 7]);
  });

  it('gives reasons, and what failed', () => {
    const text = tap.report(madeUp, context);
    expect(text).toContain('# TODO expected failure: lse is off\n');
    expect(text).toContain('# SKIP unsupported: gradients are not claimed\n');
    expect(points(madeUp)[4].diagnostic.join('\n')).toContain('message: o is not a number');
  });

  it('has a point for an adapter whose checks are not even known', () => {
    const [only, ...more] = points({ ...madeUp, checks: [] });
    expect([only.title, only.directive, more.length]).toEqual(['absent::open', 'SKIP', 0]);
  });

  it.each(Object.entries(hostileTexts))('is not forged by %s', (_, text) => {
    const all = points(hostileResult(text));
    expect(all.map((p) => [p.ok, p.directive])).toEqual([
      [false, ''],
      [false, 'TODO'],
      [false, ''],
      [false, ''],
      [true, 'SKIP'],
      [true, ''],
      [true, 'SKIP'],
    ]);
  });
});
