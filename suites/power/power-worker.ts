import { parentPort, workerData } from 'node:worker_threads';
import { mutantOf } from '../../adapters/controls/mutants/named.js';
import { createLibrary } from '../../spec/library.js';
import { collectOldObjectsLate, optimiseLate } from '../lib/engine.js';
import { MutantJudge, type PowerBudget } from './judge-mutant.js';

// Thread that judges mutants, kernel and judge in one.

collectOldObjectsLate();
optimiseLate();
const judge = new MutantJudge(createLibrary(), workerData as PowerBudget);

parentPort?.on('message', async (id: string) => {
  const mutant = mutantOf(id);
  if (!mutant) throw new RangeError(`there is no mutant ${id}`);
  parentPort?.postMessage(await judge.run(mutant));
});
