import { powerOnSeeds } from './test/accept/power.js';
console.log(await powerOnSeeds(process.argv.slice(2).map(Number)));
