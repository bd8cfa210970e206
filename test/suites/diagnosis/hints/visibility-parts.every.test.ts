import { expect, it } from 'vitest';
import type { Call } from '../../../../adapters/kernel.js';
import { contiguous, sizeOf, type Tensor, tensor } from '../../../../spec/tensor/tensor.js';
import type { Mask, NamedMask } from '../../../../spec/types/documents.js';
import { forwardOf } from '../../properties/on-kernel.js';
import { checkedHint } from '../../runner/checked.js';

/** The call with a dense mask that shows a query the keys of its document, later ones too. */
function flagless(call: Call): Call {
  const { mask } = call.case;
  const own = call.tensors.mask as Tensor | undefined;
  if (!own || !isCausalDocument(mask)) return call;
  const document = ((mask.parameters?.lengths ?? []) as number[]).flatMap((length, at) => new Array<number>(length).fill(at));
  const { shape } = contiguous(own);
  const [m, n] = shape.slice(-2);
  const data = Uint8Array.from({ length: sizeOf(shape) }, (_, cell) => Number(document[Math.floor(cell / n) % m] === document[cell % n]));
  return { ...call, tensors: { ...call.tensors, mask: tensor('bool', shape, data) } };
}

function isCausalDocument(mask: Mask): mask is NamedMask {
  return 'name' in mask && mask.name === 'document-causal';
}

it('a causal flag that is ignored beside documents is named', async () => {
  const kernel = forwardOf((call, right) => right(flagless(call)));
  expect(await checkedHint(kernel, 'softmax/document-causal/oracle/f32')).toBe(
    'the output matches the mask without its causal part (the causal flag was probably ignored)',
  );
});
