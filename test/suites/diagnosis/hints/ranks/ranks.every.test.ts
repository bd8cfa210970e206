import { expect, it } from 'vitest';
import { fewOf } from '../../../../some.js';
import { schemeFailure } from '../../scheme-failure.js';

const ring = 'softmax/causal/single-device/f32@ring';
const zigzag = 'softmax/causal/single-device/f32@ring-zigzag';

it.each(
  fewOf<[mutant: string, check: string, said: string]>(
    [
      ['ring-merge-unweighted', ring, 'partial results of the ranks that are averaged, not weighted by their LSEs'],
      ['ring-gradients-not-home', 'softmax/full/single-device/f32@ring', 'dk and dv that are those of the next rank'],
      ['ring-last-hop-skipped', ring, 'ranks that do not see the keys of the next rank'],
      ['zigzag-columns-not-permuted', zigzag, 'a mask whose columns are taken to lie in the order of the shards'],
      ['ring-merge-base-2', ring, 'partial results of the ranks that are merged by LSEs in base e as if their base were 2'],
      ['ring-own-block-twice', ring, 'ranks whose own keys count twice'],
      ['ring-buffers-never-swapped', ring, 'ranks that compute every block with their own keys and values'],
      ['ring-stale-keys-backward', ring, 'a backward pass whose ranks compute every block with their own keys and values'],
      ['ring-local-outputs-backward', ring, "a backward pass over the o and the LSE of each rank's own block of keys"],
      ['lss-gradients-averaged', 'softmax/causal/single-device/f32@lss', 'dk and dv that are the mean over the ranks rather than the sum'],
      [
        'all-gather-gradients-of-own-queries',
        'softmax/causal/single-device/f32@all-gather-zigzag',
        "dk and dv of the queries of the key's own rank alone, without the sum over the ranks",
      ],
      ['ring-gradients-in-one-buffer', ring, 'the sum of dk and dv, as of one buffer'],
      [
        'ring-document-boundary-lost',
        'softmax/document/single-device/f32@ring',
        "a mask that is applied to each rank's own block of keys alone",
      ],
      ['zigzag-contiguous-inverse', zigzag, 'outputs that are put together in the order of the shards'],
    ],
    4,
  ),
)('a scheme with a fault is told what its ranks compute: %s', async (mutant, check, said) => {
  expect((await schemeFailure(mutant, check))?.hint).toBe(`the output matches ${said}`);
});
