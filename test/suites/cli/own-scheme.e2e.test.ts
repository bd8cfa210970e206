import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadPrograms } from '../../../adapters/parallel/job/load-programs.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import { readSpecFolder } from '../../../suites/lib/spec-folder.js';
import { runKernels } from '../runner/run-kernels.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const folder = here('../../kernels/own-scheme');

describe("a scheme of one's own", () => {
  it('is judged as ours are', async () => {
    const documents = readSpecFolder(folder);
    const result = await runKernels([], {
      adapters: ['reference'],
      profiles: ['parallel'],
      schemes: ['gather'],
      documents,
      filter: ['**/f32@gather'],
      runs: 4,
    });
    const asked = result.checks.filter(({ verdict }) => verdict !== 'unsupported');
    expect(asked.map(({ id, verdict, reason, failure }) => [id, verdict, reason ?? failure?.message])).toEqual(
      asked.map(({ id }) => [id, 'pass', undefined]),
    );
    expect(new Set(asked.map(({ id }) => id.split('/')[2])).size).toBe(8);
  }, 60_000);

  it('is what the documentation shows', () => {
    const page = readFileSync(here('../../../docs/guide/schemes.md'), 'utf8');
    for (const file of ['gather.json', 'gather.mjs']) expect(page).toContain(readFileSync(`${folder}/schemes/${file}`, 'utf8').trim());
  });

  it('needs a program beside its document', async () => {
    const [{ value }] = readSpecFolder(folder);
    const load = loadPrograms([{ kind: 'scheme', document: '/nowhere/gather.json', value }]);
    await expect(load).rejects.toThrow(DocumentError);
    await expect(load).rejects.toThrow(
      'no program of the scheme was found beside the document; it must be the default export of /nowhere/gather.mjs',
    );
  });
});
