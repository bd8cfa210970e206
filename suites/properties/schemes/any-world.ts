import { decodeFailure } from '../../../adapters/parallel/job/job-failure.js';
import { ownOf, whyUndocumented } from '../../../spec/claims/adapter-scheme.js';
import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import { unmetNeed } from '../../../spec/scheme/world.js';
import { worldFor } from '../../../spec/scheme/world-for.js';
import type { JudgeContext, Judgement, Property } from '../../contract/property.js';
import { judgeCall } from '../lib/compare-call.js';
import { firstFailure } from '../lib/first-failure.js';
import { bothPasses, onRanks } from '../lib/parallel.js';

const WORLDS = 8;

function worldsOf(capabilities: FullCapabilities): readonly number[] {
  return ownOf(capabilities)?.worlds.slice(0, WORLDS) ?? Array.from({ length: WORLDS }, (_, x) => x + 1);
}

/** 1 to 8 ranks, both passes: right where the scheme's needs are met, refused otherwise. */
export const anyWorld: Property = {
  name: 'any-world',
  title: 'the scheme is right on every number of ranks, and refuses a case that does not meet its needs',
  perMask: false,
  perFeature: false,
  perScheme: true,
  outcomes: true,
  needs: { gradients: true, calls: WORLDS },
  cases: 12,
  unsupported: () => undefined,
  calls: (c, { capabilities }) => worldsOf(capabilities).flatMap((ranks) => bothPasses(onRanks(c, { ranks }), capabilities)),
  judge: (context) => firstFailure(context.calls.keys(), (call) => judgeWorld(context, call)),
};

function judgeWorld(context: JudgeContext, call: number): Judgement {
  const c = context.calls[call].case;
  const ranks = c.parallel?.ranks ?? 1;
  const unmet = unmetNeed(worldFor(context.claims.library, c), c.mask);
  const outcome = decodeFailure(context.results[call]);
  const fail = (name: string, message: string): Judgement => ({ status: 'fail', class: name, message, call });
  if (outcome && 'failed' in outcome) return fail(outcome.failed.how, `on ${ranks} ranks: ${outcome.failed.message}`);
  if (outcome && unmet === undefined) return fail('refused', `${ranks} ranks meet every need, and were refused: ${outcome.refused}`);
  // an undocumented scheme may accept more
  const needs = whyUndocumented(context.claims.capabilities) === undefined;
  if (!outcome && unmet !== undefined && needs) return fail('refusal', `${ranks} ranks were accepted, although ${unmet}`);
  if (outcome) return { status: 'pass' };
  const judgement = judgeCall(context, call);
  return judgement.status === 'fail' ? { ...judgement, message: `on ${ranks} ranks: ${judgement.message}` } : judgement;
}
