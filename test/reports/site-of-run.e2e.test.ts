import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CauseData, ImplementationDetails, SiteIndex } from '../../reports/html/site-data.js';
import { parseDocument } from '../../spec/lib/documents.js';
import { implementationsTable } from '../accept/implementations-table.js';
import { wrapMarkdown } from '../accept/wrap-markdown.js';
import { SiteOfRun } from './site-of-run.js';

const run = new SiteOfRun();
const site = run.folder;
let index: SiteIndex;
let parts: Record<string, unknown>;
let failures: ImplementationDetails['failures'];

beforeAll(async () => {
  await run.make();
  // its data after a browser ran its scripts
  const window: { attentionCtsReport?: SiteIndex; attentionCtsParts?: Record<string, unknown> } = {};
  for (const file of ['data.js', ...readdirSync(join(site, 'data')).map((name) => `data/${name}`)])
    new Function('window', readFileSync(join(site, file), 'utf8'))(window);
  index = window.attentionCtsReport as SiteIndex;
  parts = window.attentionCtsParts as Record<string, unknown>;
  failures = index.implementations.flatMap((_, i) => (parts[`implementation-${i}`] as ImplementationDetails).failures);
});
afterAll(() => run.remove());

describe('the site of a run', () => {
  it('has every file that a replay line or a list of files names, for others to replay', () => {
    expect(failures.length).toBeGreaterThan(0);
    for (const { replay, files } of failures) {
      const path = /replay (\S+)/.exec(replay ?? '')?.[1];
      expect(path).toBeDefined();
      const document = readFileSync(join(site, path as string), 'utf8');
      expect(() => parseDocument('failure', document, path as string)).not.toThrow();
      for (const name of files?.names ?? []) expect(existsSync(join(site, files?.folder ?? '', name)), name).toBe(true);
    }
  });

  it('has every badge that its pages show, which says what they say', () => {
    const badges = index.implementations.flatMap(({ profiles }) => profiles.flatMap(({ badge }) => badge ?? []));
    expect(badges.length).toBeGreaterThan(0);
    for (const { file, label, message, color } of badges) {
      expect(readFileSync(join(site, 'badges', `${file}.svg`), 'utf8')).toContain(`aria-label="${label}: ${message}"`);
      expect(JSON.parse(readFileSync(join(site, 'badges', `${file}.json`), 'utf8'))).toEqual({ schemaVersion: 1, label, message, color });
    }
  });

  it('leads to findings that are there', () => {
    const found = (parts.causes as CauseData[]).flatMap(({ finding }) => finding ?? []);
    expect(found.length).toBeGreaterThan(0);
    for (const address of found) expect(existsSync(join(site, address.split('#')[0])), address).toBe(true);
  });

  it('has a document for others, whose addresses are there', () => {
    const document = parseDocument('implementations', readFileSync(join(site, 'implementations.json'), 'utf8'), 'implementations.json');
    expect(document.implementations.map(({ key }) => key)).toEqual(index.implementations.map(({ key }) => key));
    for (const { page, profiles } of document.implementations) {
      expect(existsSync(join(site, page.split('#')[0])), page).toBe(true);
      for (const { badge } of profiles) expect(existsSync(join(site, decodeURIComponent(badge))), badge).toBe(true);
    }
  });
});

describe('the published report', () => {
  const read = (name: string) => readFileSync(join(import.meta.dirname, '..', '..', 'reports', 'published', name), 'utf8');

  it('has the table that its document for others gives', () => {
    const document = parseDocument('implementations', read('implementations.json'), 'implementations.json');
    expect(document.implementations.length).toBeGreaterThan(20);
    expect(read('README.md')).toContain(wrapMarkdown(implementationsTable(document)));
  });
});
