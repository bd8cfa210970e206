import { layoutFor } from '../../../adapters/parallel/job/layout.js';
import { whyUndocumented } from '../../../spec/claims/adapter-scheme.js';
import { volumeOf } from '../../../spec/scheme/volume.js';
import { worldFor } from '../../../spec/scheme/world-for.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { JudgeContext, Judgement, Property } from '../../contract/property.js';
import { bothPasses } from '../lib/parallel.js';

/** Each rank sends as many bytes as the document's volume, in both passes. */
export const ledger: Property = {
  name: 'ledger',
  title: 'each rank sends as many bytes as the document states',
  perMask: false,
  perFeature: false,
  perScheme: true,
  needs: { gradients: true, distributions: ['normal'] },
  unsupported: whyUndocumented,
  calls: (c, { capabilities }) => bothPasses(c, capabilities),
  judge: (context) => {
    for (let call = 0; call < context.calls.length; call++) {
      const judgement = judgeVolume(context, call);
      if (judgement.status !== 'pass') return judgement;
    }
    return { status: 'pass' };
  },
};

function judgeVolume({ calls, results, claims: { library, capabilities }, problem }: JudgeContext, call: number): Judgement {
  const { case: c, command } = calls[call];
  const { sent } = results[call];
  if (!sent) return { status: 'unsupported', reason: 'it does not report the bytes that its ranks send' };
  const ranks = c.parallel?.ranks ?? 1;
  const { mask } = problem(c, command === 'backward');
  const sink = command === 'backward' && c.options.sink === true && capabilities.gradients.includes('sink');
  const world = worldFor(library, c, sink);
  const expected = volumeOf(world, layoutFor(world, { library, case: c, mask }), mask, command, c.dtype);
  const actual = valuesOf(sent);
  const rank = expected.findIndex((bytes, r) => bytes !== actual[r]);
  if (rank < 0) return { status: 'pass' };
  return {
    status: 'fail',
    class: 'ledger',
    expected: expected[rank],
    actual: actual[rank],
    call,
    message: `${command}, rank ${rank} of ${ranks} sent ${actual[rank]} bytes; the document says ${expected[rank]}`,
  };
}
