import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutants } from '../../dist/adapters/controls/mutants/index.js';
import { checkDocument } from '../../dist/spec/lib/documents.js';
import { power } from '../../dist/suites/power/power.js';
import { powerDocument } from '../../dist/suites/power/summary.js';
import type { Power } from '../../spec/types/documents.js';
import { dialectTable } from './dialects.js';
import { failureShown } from './failure-shown.js';
import { powerTable } from './power-table.js';
import { rulesTable } from './rules/main.js';
import { simulateTable } from './simulate.js';
import { holdSources } from './sources/sources.js';
import { sourcesTable } from './sources/table.js';
import { writeSection } from './written-section.js';

interface MeasuredSection {
  /** Files of the repository that show it, between its markers. */
  readonly files: readonly string[];
  measure(): Promise<string>;
}

const { positionals: wanted, values: given } = parseArgs({
  allowPositionals: true,
  options: { power: { type: 'string' }, sources: { type: 'string' } },
});

/**
 * Measures what the README and pages of the documentation show of runs, and writes it there: `npm run readme [-- SECTION…]`. Judging all mutants takes
 * half an hour: `--power FILE` takes what `attn-cts power --json` printed. `--sources DIR` is the folder of checkouts for code that no registry has.
 */
const sections: Readonly<Record<string, readonly MeasuredSection[]>> = {
  failure: [
    {
      files: ['README.md', 'docs/index.md'],
      measure: async () => failureShown({ adapter: 'onnxruntime-webgpu-gqa', filter: 'softmax+softcap/any/oracle/f32' }),
    },
    {
      files: ['docs/quick-start/index.md'],
      measure: async () =>
        failureShown({
          adapter: './test/kernels/faulty.ts',
          filter: 'softmax/causal/visibility/f32',
          env: { ATTN_FAULT: 'diagonal-dropped' },
        }),
    },
  ],
  power: [
    {
      files: ['docs/guide/strength.md'],
      measure: async () => powerTable(given.power === undefined ? await measuredPower() : checkedPower(given.power)),
    },
  ],
  rules: [{ files: ['docs/guide/strength.md', 'docs/guide/tolerances.md'], measure: async () => (await rulesTable()).markdown }],
  dialects: [{ files: ['docs/guide/strength.md'], measure: async () => (await dialectTable()).markdown }],
  sources: [{ files: ['docs/guide/sources.md'], measure: async () => sourcesTable(await holdSources(sourcesAsked())) }],
  simulate: [{ files: ['docs/guide/schemes.md'], measure: async () => (await simulateTable()).markdown }],
};

function sourcesAsked(): Parameters<typeof holdSources>[0] {
  return { only: [], seed: 0, runs: 2, ...(given.sources !== undefined && { checkouts: given.sources }) };
}

async function measuredPower(): Promise<Power> {
  return powerDocument(await power({ mutants, seed: 0, runs: 50, jobs: availableParallelism() }, () => {}));
}

function checkedPower(file: string): Power {
  return checkDocument('power', JSON.parse(readFileSync(file, 'utf8')), file);
}

for (const [name, places] of Object.entries(sections)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const { files, measure } of places) {
    const measured = await measure();
    for (const file of files) {
      const changed = writeSection(name, measured, fileURLToPath(new URL(`../../${file}`, import.meta.url)));
      console.log(`${name} in ${file}: ${changed ? 'written' : 'as it was'}`);
    }
  }
}
