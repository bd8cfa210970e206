import type { Result } from '../../spec/types/documents.js';
import { judgeAdapters } from '../judge-adapters.js';
import { misbehaves, misdeeds } from '../kernels/misbehaves.js';
import { numpyFaults, numpyFlash } from '../kernels/numpy-flash.js';

/** A stranger's kernel behind the process protocol at the default budget: it passes as it is, and each of its faults is found. @returns what went wrong. */
export async function processFaults(seed: number): Promise<string[]> {
  const wrong: string[] = [];
  const clean = await judge([numpyFlash()], seed, []);
  const alarms = clean.checks.filter((c) => c.verdict !== 'pass' && c.verdict !== 'unsupported');
  console.log(`  numpy_flash.py: ${alarms.length === 0 ? 'passes' : `FAILS ${alarms.map((c) => c.id).join(' ')}`}`);
  if (alarms.length > 0) wrong.push('numpy_flash.py failed');
  for (const fault of Object.keys(numpyFaults)) {
    const { checks } = await judge([numpyFlash('--fault', fault)], seed, []);
    const failures = checks.filter((c) => c.verdict === 'fail');
    if (failures.length === 0) wrong.push(`numpy_flash.py --fault ${fault} was missed`);
    console.log(`  --fault ${fault}: ${failures.length === 0 ? 'MISSED' : `${failures.length} checks fail, such as ${failures[0].id}`}`);
  }
  return wrong;
}

/** Every way in which a process can misbehave, in one caseLoop. @returns what went wrong. */
export async function processMisdeeds(): Promise<string[]> {
  const sources = misdeeds.map(({ way }) => `process:python3 ${misbehaves} ${way}`);
  const { checks, complete } = await judge(sources, 0, ['softmax/full/oracle/f32']);
  const wrong = misdeeds.flatMap(({ way, verdict, failureClass, says }, i) => {
    const { verdict: found, class: foundClass, failure } = checks[i];
    const right = found === verdict && foundClass === failureClass && (!says || says.test(failure?.message ?? ''));
    console.log(`  ${way}: ${found} ${foundClass ?? ''}${right ? '' : `, where ${verdict} ${failureClass} was due: ${failure?.message}`}`);
    return right ? [] : [`a process that does ${way} got ${found} ${foundClass}`];
  });
  return complete ? wrong : [...wrong, 'the run did not complete'];
}

function judge(adapters: string[], seed: number, filter: string[]): Promise<Result> {
  return judgeAdapters({ adapters, profiles: ['training'], filter, seed, runs: 50 });
}
