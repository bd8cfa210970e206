import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

interface Proof {
  readonly title: string;
  /** @returns what is wrong, in words. */
  run(): Promise<readonly string[]>;
}

const { positionals, values: chosen } = parseArgs({
  allowPositionals: true,
  options: {
    adapter: { type: 'string', multiple: true },
    filter: { type: 'string', multiple: true },
    seed: { type: 'string' },
    mutant: { type: 'string', multiple: true },
    profile: { type: 'string', multiple: true },
    tokens: { type: 'string' },
    sources: { type: 'string' },
    only: { type: 'string', multiple: true },
    help: { type: 'boolean', short: 'h' },
  },
});
const count = positionals.find((argument) => /^\d+$/.test(argument));
const runs = Number(count ?? 1000);
const seeds = chosen.seed === undefined ? [0, 1, 2, 3, 4] : [Number(chosen.seed)];

const help = `Usage: npm run accept [-- NAME… RUNS]

The long proofs, all of them or those named. RUNS are the cases of a check that are tried for false alarms, or those of a document.

  --adapter <a>   of the false alarms: the adapter (repeatable)
  --filter <f>    of the false alarms: the checks, as in run (repeatable)
  --profile <p>   of the false alarms: the profile (repeatable); of long, RUNS are the cases of all checks
  --tokens <n>    of the false alarms over long sequences: their keys, such as 1M
  --sources <dir> of sources and tests: a folder of checkouts, OWNER/NAME each, for code that no registry has
  --only <name>   of sources: the source, or the document; of tests: the project (repeatable)
  --seed <n>      of the false alarms: the seed, so that several runs are parts of a whole; of power: the only seed
  --mutant <id>   of minimal and power: the mutant (repeatable)

Proofs:`;

// a proof imports what it needs when it is run: all of them together take ten seconds to import
const proofs: Readonly<Record<string, Proof>> = {
  faults: { title: 'The planted faults, on three seeds', run: faultsOnSeeds },
  power: {
    title: 'Mutants of the reference kernel and of schemes, on five seeds',
    run: async () => (await import('./power.js')).powerOnSeeds(seeds, chosen.mutant),
  },
  paths: {
    title:
      'Kernels that are wrong for some sizes only, on each of three seeds: 200 of softmax, 40 of every operator with a state, a cache or a list',
    run: async () => [
      ...(await (await import('./paths/paths.js')).pathsFound([0, 1, 2], 20)),
      ...(await import('./paths/families.js')).familiesFound([0, 1, 2]),
    ],
  },
  worth: {
    title: 'What each property finds alone, on three seeds',
    run: async () => (await import('./worth.js')).worthOfProperties([0, 1, 2]),
  },
  minimal: {
    title: 'Twelve searches for each fault that does not depend on data',
    run: async () => (await import('./minimal.js')).minimalCases(chosen.mutant),
  },
  rules: { title: 'The rules that others use', run: async () => (await (await import('./rules/main.js')).rulesTable()).wrong },
  documents: {
    title: 'Both forms of every operator document, and its gradients',
    run: async () => (await import('./documents.js')).documentsHold(Number(count ?? 500)),
  },
  dialects: { title: 'The dialect of every backend', run: async () => (await (await import('./dialects.js')).dialectTable()).wrong },
  findings: {
    title: 'The smallest case of each known failure of a third party, called again',
    run: async () => (await import('./findings.js')).findingsAgain(),
  },
  package: {
    title: 'The package as others use it: its types, Node 20, 22 and 24, Vitest 3 and 4',
    run: async () => (await import('./package.js')).packageHolds(),
  },
  processes: {
    title: "A stranger's kernel behind the process protocol, and processes that misbehave",
    run: async () => {
      const { processFaults, processGivenUp, processMisdeeds } = await import('./process-faults.js');
      return [...(await processFaults(0)), ...(await processMisdeeds()), ...(await processGivenUp())];
    },
  },
  hostile: {
    title: 'Spoiled documents of every kind, 10,000 each, and commands on them',
    run: async () => (await import('./hostile.js')).hostileDocuments(10_000),
  },
  sources: {
    title: 'Documents and the code that their authors or maintainers published; RUNS are the cases of a check',
    run: async () => {
      const { holdSources } = await import('./sources/sources.js');
      const asked = { only: chosen.only ?? [], seed: seeds[0] as number, runs: Number(count ?? 4) };
      const rows = await holdSources({ ...asked, ...(chosen.sources !== undefined && { checkouts: chosen.sources }) });
      console.log((await import('./sources/table.js')).sourcesTable(rows));
      return rows.flatMap(({ document, source, wrong }) => (wrong === undefined ? [] : [`${document}, ${source.id}: ${wrong}`]));
    },
  },
  tests: {
    title: 'Public test files whose assertions are judged by bounds',
    run: async () => {
      const { existingTable, runExistingTests } = await import('./existing-tests/existing-tests.js');
      const rows = await runExistingTests({ only: chosen.only ?? [], ...(chosen.sources !== undefined && { checkouts: chosen.sources }) });
      console.log(existingTable(rows));
      return rows.flatMap(({ wrong }) => wrong);
    },
  },
  watch: {
    title: 'A model of transformers whose calls of attention are judged, with and without a fault',
    run: async () => (await import('./watched/watched.js')).watchedModel(),
  },
  hunt: { title: 'What a guided search finds, beside as many drawn cases', run: async () => (await import('./hunt.js')).whatHuntsFind() },
  kills: { title: 'A run that is killed thirty times and gone on with', run: async () => (await import('./kills.js')).killedRuns(30) },
  shards: { title: 'Three shards and one run', run: async () => (await import('./shards.js')).mergedShards() },
  flashinfer: { title: 'Every Solution and every clean reference of FlashInfer among the fixtures', run: flashinferFixtures },
  simulate: {
    title: 'Simulated schemes keep the published order',
    run: async () => {
      const { markdown, wrong } = await (await import('./simulate.js')).simulateTable();
      console.log(markdown);
      return wrong;
    },
  },
  timings: {
    title: 'A kernel timed against itself ten times, and kernels that lie about time',
    run: async () => (await import('./timings.js')).timings(10),
  },
  seeds: { title: 'Correct kernels, on twenty seeds', run: async () => (await import('./seeds.js')).correctOnSeeds() },
  alarms: {
    title: `False alarms on right kernels and schemes at ${runs} cases a check`,
    run: async () => (await (await import('./false-alarms.js')).falseAlarms(runs, chosen)).alarms,
  },
  numeric: {
    title: 'Kernels that round exactly as a numeric profile says, over 100,000 cases each, and worse ones',
    run: async () => (await (await import('./profiles/profiles.js')).profiles(100_000)).wrong,
  },
};

/** Runs the tests of Solutions and references whole: minutes for each. */
async function flashinferFixtures(): Promise<string[]> {
  const suite = fileURLToPath(new URL('../../dist/suites/cli/main.js', import.meta.url));
  const { findPython } = await import('../../adapters/backends/python/interpreter.js');
  const python = await findPython(['numpy', 'pytest', 'torch']);
  const { status } = spawnSync(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'test_every.py'], {
    cwd: fileURLToPath(new URL('../adapters/backends/python/flashinfer', import.meta.url)),
    env: { ...process.env, ATTN_FLASHINFER: 'all', ATTN_CTS: `"${process.execPath}" "${suite}"` },
    stdio: 'inherit',
  });
  return status === 0 ? [] : ['a Solution or a reference has another verdict than it should'];
}

/** One after the other: a planted fault is named by the environment. */
async function faultsOnSeeds(): Promise<string[]> {
  const { plantedFaults } = await import('./faults.js');
  const missed: string[] = [];
  for (const seed of [0, 1, 2]) missed.push(...(await plantedFaults(seed)).missed);
  return missed;
}

if (chosen.help) {
  console.log([help, ...Object.entries(proofs).map(([name, { title }]) => `  ${name.padEnd(10)} ${title}`)].join('\n'));
  process.exit();
}
const named = positionals.filter((argument) => !/^\d+$/.test(argument));
const unknown = named.find((name) => !Object.hasOwn(proofs, name));
if (unknown) {
  console.error(`There is no proof "${unknown}". There are ${Object.keys(proofs).join(', ')}.`);
  process.exit(2);
}
const begun = Date.now();
const summary: string[] = [];
for (const [name, { title, run }] of Object.entries(proofs)) {
  if (named.length > 0 && !named.includes(name)) continue;
  console.log(`\n${title}:`);
  const wrong = await run();
  for (const line of wrong) console.log(`  WRONG ${line}`);
  summary.push(`${name} ${wrong.length === 0 ? 'holds' : `${wrong.length} wrong`}`);
  if (wrong.length > 0) process.exitCode = 1;
}
console.log(`\n${Math.round((Date.now() - begun) / 1000)} s; ${summary.join(', ')}`);
