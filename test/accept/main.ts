import { falseAlarms } from './false-alarms.js';
import { plantedFaults } from './faults.js';
import { powerOnSeeds } from './power.js';
import { processFaults, processMisdeeds } from './process-faults.js';
import { profiles } from './profiles/profiles.js';

/** The long proofs: `npm run accept [-- RUNS]`. */
const runs = Number(process.argv[2] ?? 1000);
const begun = Date.now();

console.log('The planted faults, on three seeds:');
let missed = 0;
for (const seed of [0, 1, 2]) {
  console.log(` seed ${seed}`);
  const tally = await plantedFaults(seed);
  missed += tally.missed.length;
  console.log(`  ${tally.found} found, missed: ${tally.missed.join(', ') || 'none'}`);
}

console.log('\nMutants of the reference kernel, on five seeds:');
const unpowered = await powerOnSeeds([0, 1, 2, 3, 4]);
console.log(`  ${unpowered.join('; ') || 'each is killed, but those declared equivalent'}`);

console.log("\nA stranger's kernel behind the process protocol:");
const wrong = await processFaults(0);
console.log('\nProcesses that misbehave, in one campaign:');
wrong.push(...(await processMisdeeds()));
console.log(`  ${wrong.join('; ') || 'each gets its verdict'}`);

console.log(`\nFalse alarms of the reference adapters at ${runs} cases a check:`);
const alarms = await falseAlarms(runs);
console.log(`  seed ${alarms.seed}: ${alarms.cases} cases, ${alarms.alarms.length} false alarms`);

console.log('\nKernels that round exactly as a numeric profile says, over 100,000 cases each, and worse ones:');
const misjudged = (await profiles(100_000)).wrong;
console.log(`  ${misjudged.join('; ') || 'no false alarm, and every worse kernel is found'}`);

const seconds = Math.round((Date.now() - begun) / 1000);
console.log(
  `\n${seconds} s; ${missed} faults missed, ${unpowered.length} mutants judged wrongly, ${wrong.length} processes judged wrongly, ${alarms.alarms.length} false alarms, ${misjudged.length} numeric profiles judged wrongly`,
);
process.exitCode = missed + unpowered.length + wrong.length + alarms.alarms.length + misjudged.length === 0 ? 0 : 1;
