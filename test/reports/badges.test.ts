import { DOMParser } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { badgeOf } from '../../reports/badges/badge.js';
import { fileNames } from '../../reports/badges/file-names.js';
import { badges } from '../../reports/badges/index.js';
import { hostileResult, hostileTexts } from './hostile.js';
import { context, madeUp } from './made-up.js';

const tally = (counts: object) => badgeOf({ name: 'core@1', adapter: 'mine', ...counts });

describe('badges', () => {
  it('are green only where all that was asked passed, and nearly all was', () => {
    expect(tally({ pass: 412, unsupported: 18 })).toEqual({
      label: 'core@1 · mine',
      message: '412/430 · 18 unsupported',
      color: 'brightgreen',
    });
    expect(tally({ pass: 412 }).message).toBe('412/412');
    expect(tally({ pass: 89, unsupported: 11 }).color).toBe('yellow');
    expect(tally({ pass: 99, 'not-run': 1 })).toMatchObject({ message: '99/100 · 1 not judged', color: 'yellow' });
  });

  it('are red for any failure and grey where nothing was judged', () => {
    expect(tally({ pass: 97, fail: 1, crash: 1, timeout: 1 })).toMatchObject({ message: '97/100 · 3 failed', color: 'red' });
    expect(tally({ unavailable: 9 })).toMatchObject({ message: 'unavailable', color: 'lightgrey' });
    expect(tally({ error: 4, unsupported: 2 })).toMatchObject({ message: '0/6 · 4 not judged · 2 unsupported', color: 'lightgrey' });
  });

  it('are an SVG and an endpoint for each adapter and profile, and a page of them', () => {
    const files = badges.files(madeUp, context);
    expect(Object.keys(files)).toHaveLength(2 * madeUp.profiles.length + 1);
    expect(JSON.parse(files['reference-training@1.json'])).toEqual({
      schemaVersion: 1,
      label: 'training@1 · reference',
      message: '3/3',
      color: 'brightgreen',
    });
    expect(files['reference-training@1.svg']).toContain('aria-label="training@1 · reference: 3/3"');
    expect(files['badges.md']).toContain('`![attention-cts](https://img.shields.io/endpoint?url=URL/mine-core%401.json)`');
  });

  it('have file names of their own', () => {
    expect(fileNames(['a/b', 'A:b', '.hidden', '../x', 'a_b'])).toEqual(['a_b', 'A_b-2', '_hidden', '_._x', 'a_b-3']);
  });

  it.each(Object.entries(hostileTexts))('are not broken by %s', (_, text) => {
    const files = badges.files(hostileResult(text), context);
    for (const [name, content] of Object.entries(files)) {
      expect(name).toMatch(/^[\w+@-][\w.+@-]*\.(json|svg|md)$/);
      if (!name.endsWith('.svg')) continue;
      const svg = new DOMParser().parseFromString(content, 'text/xml');
      expect([...svg.querySelectorAll('*')].map((e) => e.tagName.toLowerCase())).not.toContain('img');
      expect(content).not.toMatch(/[^\P{Cc}\n]|\p{Cs}/u);
    }
  });
});
