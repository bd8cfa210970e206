import { transformOf } from '../../../generators/values/transform.js';
import type { Case } from '../../../spec/types/documents.js';
import type { JudgeContext, Judgement } from '../../contract/property.js';
import { identical } from '../../judging/bits.js';
import { asStateful, judgeOne } from './repeated.js';

const STALE = 'its output is kept from an earlier call, found by the shape, the address or a few elements of its inputs';

/** Judges a call with new inputs, which must not repeat another call's output. */
export function judgeUnseen(context: JudgeContext, call: number): Judgement {
  const { calls } = context;
  const { command } = calls[call];
  const before = calls.findIndex((other, at) => at < call && other.command === command && sameOutputs(context, at, call));
  const stale = before >= 0;
  if (command === 'backward' && !stale) return { status: 'pass' };
  const judgement = judgeOne(context, call);
  // gradients wrong in both calls are wrong, not stale
  if (judgement.status !== 'fail' || !stale || judgeOne(context, before).status === 'fail')
    return command === 'backward' ? { status: 'pass' } : judgement;
  const names = differing(context, before, call);
  const other = names.length === 0 ? 'other inputs' : `another ${names.join(' and another ')}`;
  return asStateful(
    judgement,
    `call ${call + 1} gives the output of call ${before + 1}, which had ${other}: ${judgement.message}`,
    names.length === 0 ? STALE : `its output is kept from an earlier call, or does not depend on all of ${names.join(' and ')}`,
  );
}

function differing({ calls }: JudgeContext, before: number, call: number): string[] {
  const [a, b] = [calls[before].case, calls[call].case];
  const list = (c: Case) => transformOf(c.values).flatMap((change) => ('change' in change ? [change.change] : []));
  const inputs = list(b).slice(list(a).length);
  const options = Object.keys(b.options).filter((name) => a.options[name] !== b.options[name]);
  const changed = [...inputs, ...options];
  if (JSON.stringify(a.mask) !== JSON.stringify(b.mask)) changed.push('mask');
  if (JSON.stringify(a.packed) !== JSON.stringify(b.packed)) changed.push('cu_q', 'cu_k');
  return a.values.seed === b.values.seed ? changed : [];
}

function sameOutputs({ results, calls }: JudgeContext, a: number, b: number): boolean {
  const sizes = (call: number) => JSON.stringify(calls[call].case.dims);
  return sizes(a) === sizes(b) && identical(results[a], results[b]);
}
