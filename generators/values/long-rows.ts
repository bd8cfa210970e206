import type { Case } from '../../spec/types/documents.js';
import { classWriter, isCodebook } from './codebook/codebook.js';
import { countingIn, switchWriter } from './counted/counting.js';
import type { RowWriter } from './draw-rows.js';
import { signatureWriter } from './targeted/signatures.js';
import type { Targeting } from './targeted/targeting.js';
import type { WholeDims } from './whole-dims.js';

/** Writer of a long-sequence distribution into drawn rows; undefined if an input stays as drawn. */
export function longWriter(c: Case, dims: WholeDims, name: string, targeting: Targeting | undefined): RowWriter | undefined {
  if (targeting) return signatureWriter(c, dims, targeting, name);
  if (isCodebook(c)) return classWriter(c, dims, name);
  const counting = countingIn(c, dims);
  return counting && switchWriter(c, dims, counting, name);
}
