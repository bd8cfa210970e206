import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DocumentError } from '../../spec/lib/documents.js';
import { loadConfig } from '../../suites/config.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

describe('configuration', () => {
  it('is empty where there is no file', async () => {
    expect(await loadConfig(folder)).toEqual({});
  });

  it.each([
    ['attn-cts.config.json', '{"runs": 7}'],
    ['attn-cts.config.js', 'export default { runs: 7 };'],
    ['attn-cts.config.mjs', 'export default { runs: 7 };'],
    ['attn-cts.config.ts', 'const runs: number = 7;\nexport default { runs };'],
  ])('is read from %s', async (name, text) => {
    write(name, text);
    expect(await loadConfig(folder)).toEqual({ runs: 7 });
  });

  it.each([
    ['attn-cts.config.json', '{"runs": 0}', /at \$\.runs: found 0/],
    ['attn-cts.config.json', '{"adapter": "reference"}', /at \$\.adapter: this key is not known here/],
    ['attn-cts.config.json', '{"dialect": {"causal": "top"}}', /at \$\.dialect\.causal: found "top", allowed: "bottom-right", "top-left"/],
    ['attn-cts.config.json', 'runs: 7', /this is not JSON/],
    ['attn-cts.config.ts', 'export default {', /importing it failed/],
    ['attn-cts.config.mjs', 'export const runs = 7;', /no default export/],
    ['attn-cts.config.mjs', 'export default () => ({ runs: 7 });', /at \$: found .*must be object/],
  ])('%s with a fault is refused (%#)', async (name, text, message) => {
    write(name, text);
    const error = await loadConfig(folder).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DocumentError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(new RegExp(`^${name}: `));
  });

  it('is one file', async () => {
    write('attn-cts.config.json', '{}');
    write('attn-cts.config.js', 'export default {};');
    await expect(loadConfig(folder)).rejects.toThrow('found attn-cts.config.js and attn-cts.config.json: keep one of them');
  });
});
