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

/** A process that dies whatever it is asked is given up after five checks, each of them examined. @returns what went wrong. */
export async function processGivenUp(): Promise<string[]> {
  const { checks } = await judgeAdapters({
    adapters: [`process:python3 ${misbehaves} segfault`],
    profiles: ['core'],
    seed: 0,
    runs: 6,
    jobs: 1,
  });
  const asked = checks.filter((c) => c.verdict !== 'unsupported');
  const ended = asked.filter((c) => c.verdict !== 'not-run');
  const reasons = [...new Set(asked.filter((c) => c.verdict === 'not-run').map((c) => c.reason))];
  const due = 'the adapter was given up: nothing passed, and 5 checks ended alike (crash SIGSEGV)';
  console.log(`  segfault: ${ended.length} of ${asked.length} checks, then: ${reasons.join('; ')}`);
  return [
    ...(ended.length === 5 && asked.length > 5 ? [] : [`a process that dies was asked ${ended.length} of ${asked.length} checks`]),
    ...(reasons.length === 1 && reasons[0] === due ? [] : [`a process that dies was given up by: ${reasons.join('; ')}`]),
    ...ended.flatMap(({ id, failure }) =>
      failure?.reproduced === 5 ? [] : [`${id}: the death was reproduced ${failure?.reproduced} times`],
    ),
  ];
}

function judge(adapters: string[], seed: number, filter: string[]): Promise<Result> {
  return judgeAdapters({ adapters, profiles: ['training'], filter, seed, runs: 50 });
}
