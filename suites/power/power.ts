import { Worker } from 'node:worker_threads';
import type { Mutant } from '../../adapters/controls/mutants/lib/mutant.js';
import { compiledFile } from '../../adapters/system/compiled-file.js';
import { youngMemory } from '../lib/engine.js';
import type { MutantResult, PowerBudget } from './judge-mutant.js';

/** Mutants that one property kills. */
interface PropertyPower {
  readonly property: string;
  readonly kills: readonly string[];
  /** Mutants that no other property kills. */
  readonly alone: readonly string[];
}

/** Kills by property, from results of a run with `matrix`. */
export function matrixOf(results: readonly MutantResult[], properties: readonly string[]): PropertyPower[] {
  const faulty = results.filter(({ equivalent }) => equivalent === undefined);
  return properties.map((property) => {
    const killed = faulty.filter(({ killers = [] }) => killers.includes(property));
    return {
      property,
      kills: killed.map(({ id }) => id),
      alone: killed.filter(({ killers = [] }) => killers.length === 1).map(({ id }) => id),
    };
  });
}

export interface PowerOptions extends PowerBudget {
  readonly mutants: readonly Pick<Mutant, 'id'>[];
  readonly jobs: number;
}

/** Judges mutants in threads; results keep the order. */
export async function power(
  options: PowerOptions,
  onMutant: (result: MutantResult) => void,
  onBegin: (id: string) => void = () => {},
): Promise<MutantResult[]> {
  const { mutants, jobs, ...budget } = options;
  const results = new Array<MutantResult>(mutants.length);
  let next = 0;
  const work = async () => {
    const worker = new Worker(compiledFile('suites/power/power-worker.js'), {
      workerData: budget satisfies PowerBudget,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: youngMemory },
    });
    try {
      for (let at = next++; at < mutants.length; at = next++) {
        onBegin(mutants[at].id);
        results[at] = await ask(worker, mutants[at].id);
        onMutant(results[at]);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, mutants.length) }, work));
  return results;
}

/** @throws {Error} if the thread fails: a fault of the suite. */
function ask(worker: Worker, id: string): Promise<MutantResult> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(new Error(`mutant ${id}: ${error.message}`, { cause: error }));
    const settle = (result: MutantResult) => {
      worker.off('error', fail);
      resolve(result);
    };
    worker.once('message', settle);
    worker.once('error', fail);
    worker.postMessage(id);
  });
}
