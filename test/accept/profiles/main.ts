import { profiles } from './profiles.js';

/** `node --import jiti/register test/accept/profiles/main.ts [CASES] [SEED]` */
const { wrong } = await profiles(Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 0));
console.log(wrong.length === 0 ? '  no false alarm, and every worse kernel is found' : `  ${wrong.join('\n  ')}`);
process.exitCode = wrong.length === 0 ? 0 : 1;
