import { jointLayout } from '../../../parallel/collectives/joint-tokens.js';
import { headSharingProgram } from '../../../parallel/programs/head-sharing.js';
import { ringProgram } from '../../../parallel/programs/ring.js';
import { mutantsOf } from '../lib/mutant.js';
import { communicatorWith, faultyRanks } from './faulty.js';

/** Mutants of joint attention, which has its text tokens on every rank. */
export const jointMutants = mutantsOf('Shard layout', [
  {
    id: 'ring-joint-text-with-every-block',
    title: 'the keys of the text go round with those of the image, so that every rank’s copy counts',
    imitates: 'replicated text tokens rotated as sharded ones in a ring: sgl-project/sglang, pull request 33327',
    fault: { programs: [{ ...ringProgram('ring-joint'), solve: (_, world) => jointLayout(world) }] },
  },
  {
    id: 'ulysses-joint-text-of-every-rank',
    title: 'the text is sent from rows to heads as the image is, so that every rank’s copy counts',
    imitates: 'text joined to the image before the all-to-all rather than after it',
    fault: {
      programs: [
        {
          ...headSharingProgram('ulysses-joint', ({ ranks }) => ({ heads: ranks, rings: [], headFirst: true })),
          solve: (_, world) => jointLayout(world),
        },
      ],
    },
  },
  {
    id: 'ring-joint-gradient-of-own-queries',
    title: 'gradients of the text are those that each rank has found, without the sum over ranks',
    imitates: 'replicated inputs whose gradients are taken to be replicated too',
    fault: faultyRanks('ring-joint', ({ comm }) => ({ comm: communicatorWith(comm, { allReduce: async (tensors) => [...tensors] }) }), [
      'backward',
    ]),
  },
]);
