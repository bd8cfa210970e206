import { checkDocument } from '../../spec/lib/documents.js';
import { parseJson } from '../../spec/lib/json.js';
import { nearestNames } from '../../spec/lib/nearest.js';
import { type Device, numericsByName, numericsOf } from '../../spec/numeric/named.js';
import type { Numerics } from '../../spec/types/documents.js';
import { UsageError } from '../lib/usage-error.js';
import { caseOfTensors, type OwnProblem } from './own-problem.js';
import { judgeSampled, type SampledVerdict } from './sampled.js';

/** Verdict by the bounds of a named numeric profile. */
export interface NumericsVerdict extends SampledVerdict {
  readonly numerics: string;
  /** Narrowest profile of the device that the outputs meet too; absent if unknown, or if it is `numerics`. */
  readonly narrower?: string;
}

/** Named profile, or one given as JSON. @throws {UsageError | DocumentError} */
export function numericsNamed(name: string): Numerics {
  if (name.startsWith('{')) return givenNumerics(name);
  const found = numericsByName.get(name);
  if (!found) throw new UsageError(`--numerics: unknown numeric profile "${name}"; ${nearestNames(name, numericsByName.keys())}`);
  return found;
}

function givenNumerics(text: string): Numerics {
  const numeric = parseJson(text, '--numerics');
  const source = [{ title: 'the command line', url: 'https://attention-cts.dev' }];
  return checkDocument('numerics', { name: 'given', version: '1.0.0', title: 'given', numeric, source }, '--numerics');
}

/**
 * Judges a user's outputs by the numeric profiles of a device for their dtype. One profile must hold
 * for all outputs; the widest one is tried first. @throws {UsageError | DocumentError}
 */
export function judgeOnDevice(own: OwnProblem, device: Device, whole: boolean): NumericsVerdict {
  const { dtype } = caseOfTensors(own);
  const [widest, ...others] = numericsOf(device, dtype).slice().reverse();
  if (!widest)
    throw new UsageError(`--device ${device}: no numeric profile is known for ${dtype}; name one by --numerics (attn-cts list numerics)`);
  const verdict = judgeSampled({ ...own, numeric: widest.numeric }, whole);
  if (!isRight(verdict)) {
    // no profile is wide in every way
    const met = firstMet(own, others, whole);
    return met ? { ...met.verdict, numerics: met.name } : { ...verdict, numerics: widest.name };
  }
  // a sample takes seconds
  const isCheap = verdict.rows.judged === verdict.rows.of;
  const narrower = isCheap ? firstMet(own, others.slice().reverse(), whole) : undefined;
  return { ...verdict, numerics: widest.name, ...(narrower && { narrower: narrower.name }) };
}

function firstMet(own: OwnProblem, profiles: readonly Numerics[], whole: boolean) {
  for (const { name, numeric } of profiles) {
    const verdict = judgeSampled({ ...own, numeric }, whole, true);
    if (isRight(verdict)) return { name, verdict };
  }
  return undefined;
}

function isRight({ judged }: SampledVerdict): boolean {
  return judged.every(({ judgement }) => judgement.status !== 'fail');
}
