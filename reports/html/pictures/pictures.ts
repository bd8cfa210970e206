import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { CheckResult, FailureSummary } from '../../../spec/types/documents.js';
import { segmentsOf } from '../../result/result.js';
import type { Picture } from '../site-data.js';
import { type ComparedOutputs, errorPicture } from './error-picture.js';
import { maskPicture } from './mask-picture.js';
import { readoutPicture } from './readout-picture.js';

/** Draws expected mask, readout by `visibility` and error of one head; no packed sequences. */
export function picturesOf(check: CheckResult, failure: FailureSummary, inputs: Tensors, answer: ComparedOutputs | undefined): Picture[] {
  const { case: c, output, index = [] } = failure;
  if (c.layout === 'thd') return [];
  const [b = 0, head = 0] = index;
  // dk and dv are indexed by key head
  const h = output !== undefined && /^d[kv]$/.test(output) ? head * c.dims.g : head;
  const readout = answer && segmentsOf(check.id).property === 'visibility' ? readoutPicture(c, inputs, answer.actual, b, h) : undefined;
  const error = answer && output !== undefined ? errorPicture(c, answer, output, b, head) : undefined;
  return [maskPicture(c, b, h), readout, error].filter((picture) => picture !== undefined);
}
