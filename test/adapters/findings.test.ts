import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../spec/types/documents.js';

const read = (file: string) => readFileSync(new URL(`../../adapters/${file}`, import.meta.url), 'utf8');

/** Anchor of a heading, as GitHub makes it. */
function anchorOf(heading: string): string {
  const kept = heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '');
  return kept.trim().replaceAll(' ', '-');
}

describe('known failures', () => {
  it('lead to a heading of what is written of them', () => {
    const entries = JSON.parse(read('expectations.json')) as Expectation[];
    for (const { finding } of entries) {
      const [file, anchor] = (finding ?? '').split('#');
      const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading));
      expect(headings).toContain(anchor);
    }
  });
});
