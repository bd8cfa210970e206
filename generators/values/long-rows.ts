import type { InputFacts } from '../../spec/operator/facts.js';
import type { DType } from '../../spec/tensor/dtype.js';
import type { Case } from '../../spec/types/documents.js';
import { classWriter, isCodebook } from './codebook/codebook.js';
import { countingIn, switchWriter } from './counted/counting.js';
import type { RowWriter } from './draw-rows.js';
import { storedNumbers } from './stored-input.js';
import { signatureWriter } from './targeted/signatures.js';
import type { Targeting } from './targeted/targeting.js';
import { transformOf } from './transform.js';
import type { WholeDims } from './whole-dims.js';

/** Returns what a distribution of long sequences writes into drawn rows of an input; undefined where they stay as drawn. */
export function longWriter(c: Case, dims: WholeDims, name: string, targeting: Targeting | undefined): RowWriter | undefined {
  if (targeting) return signatureWriter(c, dims, targeting, name);
  if (isCodebook(c)) return classWriter(c, dims, name);
  const counting = countingIn(c, dims);
  return counting && switchWriter(c, dims, counting, name);
}

/**
 * Returns the storage type of an input whose rows can be drawn one by one, as they are stored; undefined where something is done to the whole: a change, a view of
 * one batch entry, poison, a scale per head.
 */
export function rowType(c: Case, name: string, facts: Pick<InputFacts, 'stored'>): DType | undefined {
  const { values, block, views = {} } = c;
  if (block || values.poison || transformOf(values).length > 0) return undefined;
  if (Object.values(views).some((view) => view?.step === 0)) return undefined;
  const dtype = storedNumbers(c, name, facts);
  return dtype === 'f8e4m3' || dtype === 'f8e5m2' ? undefined : dtype;
}
