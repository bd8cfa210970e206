import { transformOf, untransformed } from '../../../generators/values/transform.js';
import type { Case, Change, Mask } from '../../../spec/types/documents.js';
import type { CallSpec, Judgement, Property } from '../../contract/property.js';
import { firstFailure } from '../lib/first-failure.js';
import { judgeRepeated } from '../lib/repeated.js';
import { judgeUnseen } from '../lib/unseen.js';
import { afterEach } from './stateless.js';

/** Replays of a captured call, with changed numbers in the same buffers, are right. */
export const captured: Property = {
  name: 'captured',
  title: 'a call that is captured once is right in every replay, whatever its buffers hold by then',
  perMask: false,
  perFeature: false,
  needs: { calls: 10, changes: true, passes: 12 },
  unsupported: (capabilities) => (capabilities.captured ? undefined : 'capture and replay are not claimed'),
  calls: (c) => casesOf(c).map((subject): CallSpec => ({ command: 'forward', case: subject, captured: true })),
  judge: (context) => {
    const first = untransformed(context.case);
    return firstFailure(context.calls.entries(), ([call, { case: subject }]) =>
      asCaptured(isSame(subject, first) && call > 0 ? judgeRepeated(context, 0, call) : judgeUnseen(context, call)),
    );
  },
};

function casesOf(drawn: Case): Case[] {
  const c = untransformed(drawn);
  const other: Case = { ...c, values: { ...c.values, seed: c.values.seed + 1 } };
  const listed = transformOf(drawn.values).filter((change) => isInTensors(change, c));
  const changes = listed.length > 0 ? listed : transformOf({ ...c.values, changed: true });
  return [c, other, c, ...afterEach(c, changes), c];
}

/** True if a change affects the tensors of a forward call only, and not their shapes. */
function isInTensors(change: Change, c: Case): boolean {
  if (!('change' in change) || change.change === 'do' || change.change === 'dlse') return false;
  if (!('to' in change)) return true;
  return change.change === 'mask' && isSameButTables(change.to as Mask, c.mask);
}

function isSameButTables(a: Mask, b: Mask): boolean {
  const withoutLists = (mask: Mask) => JSON.stringify(mask, (_, value) => (isListOfNumbers(value) ? value.length : value));
  return withoutLists(a) === withoutLists(b);
}

function isListOfNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((x) => typeof x === 'number');
}

function isSame(a: Case, b: Case): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const KEPT =
  'a replay keeps data of the captured call that it must read anew: lengths, a table or a plan that were read on the host, or a buffer of its own';

function asCaptured(judgement: Judgement): Judgement {
  if (judgement.status !== 'fail' || judgement.class !== 'stateless') return judgement;
  return { ...judgement, class: 'captured', hint: KEPT };
}
