import { availableParallelism } from 'node:os';
import { mutants } from '../../dist/adapters/controls/mutants/index.js';
import { power } from '../../dist/suites/power/power.js';
import { dialectTable } from './dialects.js';
import { optionsTable } from './options-table.js';
import { powerTable } from './power-table.js';
import { writeSection } from './readme.js';
import { rulesTable } from './rules/main.js';
import { simulateTable } from './simulate.js';

/** Measures what the README's generated sections say, and writes them: `npm run readme [-- SECTION…]`. */
const sections: Readonly<Record<string, () => Promise<string>>> = {
  options: async () => optionsTable(),
  power: async () => powerTable(await power({ mutants, seed: 0, runs: 50, jobs: availableParallelism() }, () => {})),
  rules: async () => (await rulesTable()).markdown,
  dialects: async () => (await dialectTable()).markdown,
  simulate: async () => (await simulateTable()).markdown,
};

const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(sections)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const changed = writeSection(name, await measure());
  console.log(`${name}: ${changed ? 'written' : 'as it was'}`);
}
