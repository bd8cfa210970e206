import { allowedBy, atMost, isAllowed } from '../../../generators/lib/limits.js';
import { mixes } from '../../../spec/program/mixes.js';
import { type Tensors, tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case, Mask } from '../../../spec/types/documents.js';
import type { Property } from '../../contract/property.js';
import { sameAnswers } from '../lib/same-answers.js';

const MORE = 4;

/** The first entry has the same bits in any batch; elements are a hash of their indices. */
export const batchInvariant: Property = {
  name: 'batch-invariant',
  title: 'a batch entry gives the same bits alone and among others',
  perMask: false,
  perFeature: false,
  needs: { calls: 5, batches: true, limits: { b: { min: 2 } }, passes: 6 },
  unsupported: ({ batchInvariant: claimed, deterministic, limits }, operator) => {
    if (operator && mixes(operator, 'b')) return 'by its formula a batch entry depends on the other entries';
    if (!claimed) return 'batch invariance is not claimed';
    if (!deterministic.forward) return 'batchInvariant promises the same bits, and deterministic.forward = false takes the promise back';
    if (typeof limits.b === 'string' || Object.values(limits).includes('=b')) return 'its limits tie the batch size to another axis';
    return isAllowed(allowedBy(limits.b), 1) ? undefined : 'its limits allow no batch entry alone';
  },
  calls: (c, { capabilities: { limits } }) => {
    const more = atMost(allowedBy(limits.b), MORE * c.dims.b) ?? c.dims.b;
    return [...new Set([1, c.dims.b, more])].map((b) => ({ command: 'forward', case: withBatch(c, b) }));
  },
  judge: (context) => {
    const { calls, results } = context;
    for (let call = 1; call < calls.length; call++) {
      const { b } = calls[call].case.dims;
      const failure = sameAnswers(
        context,
        { first: 0, before: results[0], after: firstEntry(results[call]) },
        {
          class: 'batch-invariant',
          call,
          describe: (place, alone, among) => `${place} is ${alone} alone, and ${among} as the first of ${b} batch entries`,
        },
      );
      if (failure) return failure;
    }
    return { status: 'pass' };
  },
};

function withBatch(c: Case, b: number): Case {
  return { ...c, dims: { ...c.dims, b }, mask: withLengths(c.mask, b) };
}

function withLengths(mask: Mask, b: number): Mask {
  if ('and' in mask) return { and: mask.and.map((part) => withLengths(part, b)) };
  if ('or' in mask) return { or: mask.or.map((part) => withLengths(part, b)) };
  if ('not' in mask) return { not: withLengths(mask.not, b) };
  if ('heads' in mask) return { heads: mask.heads.map((part) => withLengths(part, b)) };
  const lengths = mask.name === 'padding' ? mask.parameters?.lengths : undefined;
  if (!Array.isArray(lengths)) return mask;
  return { ...mask, parameters: { ...mask.parameters, lengths: Array.from({ length: b }, (_, entry) => lengths[entry % lengths.length]) } };
}

function firstEntry(outputs: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, t]) => {
      const values = valuesOf(t);
      return [name, tensor('f64', [1, ...t.shape.slice(1)], Float64Array.from(values.subarray(0, values.length / t.shape[0])))];
    }),
  );
}
