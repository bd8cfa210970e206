import { decodeFailure } from '../../../adapters/parallel/job/job-failure.js';
import { ownOf } from '../../../spec/claims/adapter-scheme.js';
import type { Fault } from '../../../spec/types/documents.js';
import type { JudgeContext, Judgement, Property } from '../../contract/property.js';
import { judgeCall } from '../lib/compare-call.js';
import { firstFailure } from '../lib/first-failure.js';
import { onRanks } from '../lib/parallel.js';

const kinds: readonly Fault['kind'][] = ['drop', 'duplicate', 'kill', 'delay'];

/** Allowed ends of a job after each fault. A late message must not end it. */
const ends: Readonly<Record<Fault['kind'], readonly string[]>> = {
  drop: ['lost', 'deadlock'],
  duplicate: ['duplicate', 'unconsumed'],
  kill: ['died'],
  delay: [],
};

/** A fault ends in an error that names its cause on every rank, never in a hang. */
export const fault: Property = {
  name: 'fault',
  title: 'a lost or doubled message or a dead rank ends in an error, a late message in the right result',
  perMask: false,
  perFeature: false,
  perScheme: true,
  simulatedOnly: true,
  outcomes: true,
  needs: { distributions: ['normal'], calls: 8 },
  cases: 25,
  unsupported: (claims) => (ownOf(claims) ? 'the suite cannot lose its messages' : undefined),
  calls: (c) => kinds.map((kind) => ({ command: 'forward', case: onRanks(c, { fault: { kind, message: c.values.seed } }) })),
  judge: (context) => firstFailure(kinds.entries(), ([call, kind]) => judgeFault(context, call, kind)),
};

function judgeFault(context: JudgeContext, call: number, kind: Fault['kind']): Judgement {
  const outcome = decodeFailure(context.results[call]);
  const message = context.case.values.seed;
  const fail = (text: string): Judgement => ({ status: 'fail', class: 'fault', message: text, call });
  if (outcome && 'refused' in outcome) return fail(`refused: ${outcome.refused}`);
  if (!outcome && context.results[call].messages?.data[0] === 0) return { status: 'pass' };
  if (kind === 'delay') return outcome ? fail(`message ${message} came late: ${outcome.failed.message}`) : judgeCall(context, call);
  if (!outcome) return fail(`${kind} of message ${message}: the job still gave a result`);
  const { how, message: said } = outcome.failed;
  return ends[kind].includes(how) ? { status: 'pass' } : fail(`${kind} of message ${message} ended as "${how}": ${said}`);
}
