/** Expected hint for a mutant: every hint that is given must match it. */
export interface Truth {
  readonly says: RegExp;
  /** True if the first failing check must give the hint, whatever the seed. */
  readonly always?: true;
}

const always = (says: RegExp): Truth => ({ says, always: true });
const may = (says: RegExp): Truth => ({ says });

const keptCall = /kept from an earlier call|is kept between calls/;

/** Hint that an answer is kept between calls by everything but the named input, or that only a part of this input is read. */
const notByAllOf = (name: string) =>
  may(new RegExp(`kept from an earlier call, or does not depend on all of (.* and )?${name}( and .*)?$`));

/** Hint that the running maximum starts at this number, or at others that the cases cannot tell from it. */
const maximumFrom = (start: number) => may(new RegExp(`the running maximum starts at (-?\\d+ or )*${start}( or -?\\d+)* instead of −∞`));

/** Hint that a replay reads what it must read anew from the call that was captured. */
const capturedCall = may(/keeps data of the captured call/);

/** Expected hints by mutant. For a mutant that is not listed, no hint may be given but a sign. */
export const diagnoses: Readonly<Record<string, Truth>> = {
  'empty-row-divided': always(/emptyOutput=nan/),
  // below the cap a clipped score is the score
  'softcap-clips': may(/the output matches the case without softcap/),
  'empty-row-mean': may(/emptyOutput=mean|emptyLse=finite/),
  'empty-lse-infinite': always(/--dialect emptyLse=\+inf/),
  'empty-lse-zero': always(/--dialect emptyLse=zero/),
  // a row that ends before its first visible key is empty
  'masked-tile-ends-row': may(/every element of o is 0|every element of lse is/),
  // a packed or composed case may be right as it is
  'causal-top-left': always(/the dialect causal=top-left/),
  'causal-offset-doubled': may(/offset n − m is added twice/),
  'causal-diagonal-lost': always(/without its diagonal/),
  'causal-next-key': always(/shows the next key/),
  'causal-whole-tiles': always(/hides no key in the tile of its diagonal, with tiles of (\d+ or )*16( or \d+)* keys/),
  'causal-lost-in-decoding': may(/unmasked attention|hides no key if there are fewer queries than keys/),
  'causal-last-query-free': may(/hides no key from the last query/),
  'window-one-too-many': always(/keeps one key too many on its left/),
  'window-one-too-few': always(/--dialect window=exclusive|loses its leftmost key/),
  'window-right-ignored': always(/right side is ignored/),
  'window-symmetric': always(/right side is as wide as its left/),
  'window-zero-is-off': may(/left side is ignored|unmasked attention/),
  'window-from-tile': may(/begins at the next tile of (\d+ or )*16( or \d+)* keys/),
  // causal masks are right: where a check meets them, it is not to be declared
  'window-top-left': always(/the dialect causal=top-left/),
  'mask-of-first-entry': always(/first batch entry's mask for all/),
  'mask-of-first-head': always(/first head's mask for all/),
  'mask-head-for-entry': always(/batch and head axes swapped/),
  'mask-inverted': always(/--dialect booleanMask=drop/),
  'mask-transposed': always(/query and key axes swapped/),
  'mask-lost-with-bias': always(/unmasked attention/),
  'k-layout-ignored': may(/reads k with its head and sequence axes swapped/),
  'partial-tile-skipped': always(/(after the last whole tile of|the last tile of) (\d+ or )*16( or \d+)*/),
  'last-key-lost-when-long': always(/the last key is lost/),
  'tail-scores-kept': always(/an extra key with score 0/),
  'heads-of-96-as-64': may(/after the last multiple of (\d+ or )*64( or \d+)* are lost/),
  // what is left sees none but the lost keys
  'last-tile-of-long-rows': may(/every element of o is 0/),
  'head-tail-lost': always(/after the last multiple of (\d+ or )*8( or \d+)* are lost/),
  'v-row-length-of-k': may(/rows of V are taken to be as long as K's/),
  'v-columns-of-k': always(/columns of V beyond K's are lost/),
  'scale-from-v': always(/from the head size of V/),
  'delta-over-k-columns': always(/Δ sums do·o over as many columns as K has/),
  'heads-tiled': always(/--dialect heads=tiled/),
  'heads-one-for-all': always(/every query head reads key head 0/),
  'group-size-for-count': always(/as if the group size were the number of key heads/),
  'group-gradients-not-summed': always(/the contribution of the first query head of each group only/),
  'scale-from-padded-size': always(/padded to a multiple of (\d+ or )*8( or \d+)*/),
  'scale-ignored': always(/the case without scale/),
  'scale-missing-by-default': always(/--dialect defaultScale=1/),
  // with slopes beside the bias, the mutant caps both
  'softcap-after-bias': may(/--dialect bias=before-softcap/),
  'softcap-ignored': always(/the case without softcap/),
  'alibi-sign': always(/ALiBi with the opposite sign/),
  'alibi-symmetric': always(/--dialect alibi=distance/),
  'alibi-one-off': always(/ALiBi counted from the key after the query/),
  'bias-scaled': always(/a bias multiplied by the default scale/),
  'bias-of-first-entry': always(/reads bias of the first/),
  'sink-ignored': always(/the case without sink/),
  'sink-twice': always(/a sink counted twice/),
  'ulysses-batch-and-member-swapped': may(/batch and head axes (were )?swapped/),
  // of one key head, the first is the first batch entry's
  'apb-keys-of-the-first-head': may(/every (batch entry|head) reads score of the first/),
  'ring-source-plus-step': may(/taken for the block of the rank at the same distance on the other side/),
  'ring-own-block-twice': may(/ranks whose own keys count twice/),
  'ring-buffers-never-swapped': may(/ranks that compute every block with their own keys and values/),
  'ring-stale-keys-backward': may(/a backward pass whose ranks compute every block with their own keys and values/),
  // of two ranks, both are the other one
  'ring-gradients-not-home': may(/dk and dv that are those of the next rank/),
  'ring-last-hop-skipped': may(/do not see the keys of the next rank|see the keys of their own tokens alone/),
  'ring-merge-unweighted': may(/partial results of the ranks that are averaged/),
  'ring-merge-base-2': may(/merged by LSEs in base e as if their base were 2/),
  'ring-local-outputs-backward': may(/a backward pass over the o and the LSE of each rank's own block/),
  'ring-causal-every-hop': may(/the mask of each rank's own block of keys, used for every block/),
  'ring-document-boundary-lost': may(/a mask that is applied to each rank's own block of keys alone/),
  'zigzag-columns-not-permuted': may(/whose columns are taken to lie in the order of the shards/),
  'all-gather-keys-in-rank-order': may(/whose columns are taken to lie in the order of the shards/),
  'zigzag-contiguous-inverse': may(/put together in the order of the shards/),
  'lss-gradients-averaged': may(/dk and dv that are the mean over the ranks|every element of (dk|dv) is [\d.]+ times/),
  'all-gather-gradients-of-own-queries': may(/dk and dv of the queries of the key's own rank alone/),
  'ring-gradients-in-one-buffer': may(/the sum of dk and dv, as of one buffer/),
  'ring-sink-every-hop': may(/a sink counted twice/),
  'tree-sink-every-rank': may(/a sink counted twice/),
  'usp-sink-every-hop': may(/a sink counted twice/),
  'ring-merge-empty-nan': may(/emptyOutput=nan/),
  'ring-window-lost': may(/unmasked attention|right side is ignored|applied to each rank's own block of keys alone/),
  'ulysses-replica-gradients-dropped': may(/the first query head of each group only/),
  'lse-base-2': always(/--dialect lseBase=2/),
  'output-not-rescaled': may(/the partial output is not rescaled when a tile of (\d+ or )*16( or \d+)* keys/),
  'sum-not-rescaled': may(/the sum of the weights is not rescaled when a tile of (\d+ or )*16( or \d+)* keys/),
  'nothing-rescaled': may(/neither the output nor the sum of the weights is rescaled when a tile of (\d+ or )*16( or \d+)* keys/),
  'hidden-keys-in-maximum': may(/the maximum counts the keys that the mask hides/),
  'maximum-not-subtracted': may(/no maximum is subtracted/),
  ...Object.fromEntries([0, -100, -1000, -10000].map((start) => [`maximum-from-${-start}`, maximumFrom(start)])),
  'maximum-of-first-tile': may(/only the maximum of the first tile of (\d+ or )*16( or \d+)* keys/),
  'padded-keys-counted': may(/the rest of the last tile of (\d+ or )*16( or \d+)* keys with score 0|an extra key with score 0/),
  'last-tile-stale': may(/the rest of the last tile of (\d+ or )*16( or \d+)* keys holds keys of the tile before/),
  'one-key-too-many': may(/every query attends to one key too many/),
  'softmax-over-queries': may(/a softmax over the queries instead of the keys/),
  'layers-not-decayed': may(/the output matches the case without decay/),
  'accumulator-f16': may(/sums kept in f16/),
  'accumulator-bf16': may(/sums kept in bf16/),
  'products-tf32': may(/factors rounded to TF32/),
  'probabilities-bf16': may(/probabilities rounded to bf16/),
  'exponential-approximate': may(/an exponential that is wrong by up to (\S+ or )*0\.0001( or \S+)* of its value/),
  'partials-f16': may(/outputs kept in f16 between steps/),
  'subnormals-flushed': may(/subnormal numbers flushed/),
  'head-size-asserted': always(/claim "limits": \{"d":\{"multipleOf":8\}\}/),
  'causal-top-left-backward': may(/the dialect causal=top-left(, and also [^;]*)?; but do not declare it/),
  'lse-times-ln-2': always(/every element of lse is ln 2 times/),
  'lse-without-maximum': always(/an LSE without the maximum/),
  'lse-is-maximum': always(/the maximum instead of the LSE/),
  'lse-transposed': always(/lse would fit if its head and sequence axes were swapped/),
  'key-index-11-bits': may(/keys from 2048 on are lost|every element of o is 0/),
  'query-offset-int8': may(/offset n − m is kept in 8 bits|every element of o is 0/),
  'delta-left-out': always(/is missing from dS/),
  'dk-without-scale': always(/^dk matches a kernel that leaves the scale out of the gradient$/),
  'dq-scaled-twice': always(/^dq matches a kernel that multiplies the gradient by the scale twice$/),
  'dlse-ignored': always(/ignores the gradient of the LSE/),
  'dk-of-first-entry': always(/adds dk of every batch entry to the first one/),
  'dsink-sign': may(/every element of dsink is −1 times/),
  // NaN in rows that see nothing, among others
  'masked-tile-nan': may(/emptyOutput=nan|sees none of the first 16( or \d+)* keys is NaN/),
  // both match in the smallest case: a row that sees nothing but the sink, and a row whose only score lies below −10,000
  'sink-of-maximum-0': may(/lseSink=excluded, and also the case without sink/),
  'mask-added-10000': may(/running maximum starts at .*-10000 instead of −∞/),
  // p·0, and a mask that is added: NaN shows through both
  'hidden-values-weighed': may(/maskedNaN=leaks/),
  'mask-added-to-scores': may(/maskedNaN=leaks/),
  'dbias-scaled': may(/every element of dbias is 1\.01 times/),
  'softcap-ignored-backward': always(/the case without softcap/),
  'softcap-lost-with-window': always(/the case without softcap/),
  'sink-lost-with-shared-heads': always(/the case without sink/),
  // its gradient may be missed first
  'alibi-lost-with-sink': may(/the case without alibi/),
  'scale-lost-with-softcap': always(/the case without scale/),
  // where every row ends before the next tile, it sees its own key alone
  'window-edge-by-a-tile': may(/begins at the next tile of|left side is as wide as its right/),
  // its weights are those of the rounded LSE, whatever their sum
  'ring-merge-overflow': may(/weights exp\(s − LSE\) of an LSE rounded to f32/),
  'window-lost-in-decoding': may(/left side is ignored|unmasked attention/),
  'heads-tiled-with-odd-groups': always(/the dialect heads=tiled(:|;|$)/),
  'output-cached-by-shape': may(keptCall),
  'output-cached-by-pointer': may(keptCall),
  'output-cached-by-elements': may(keptCall),
  'output-cached-by-signs': always(keptCall),
  ...Object.fromEntries(
    ['q', 'k', 'v', 'mask', 'bias', 'alibi', 'sink', 'scale', 'softcap', 'block_table', 'cache_lengths'].map((name) => [
      `output-cached-without-${name.replace('_', '-')}`,
      notByAllOf(name),
    ]),
  ),
  'output-cached-without-documents': notByAllOf('cu_q'),
  'gradients-cached-without-do': notByAllOf('do'),
  'right-for-20-calls': may(/the last key is lost|is kept between calls|every element of o is 0/),
  'zeros-after-20-calls': may(/every element of (o|lse) is 0|is kept between calls/),
  zeros: always(/every element of (o|lse) is 0/),
  constant: always(/every element of (o|lse) is 0\.5/),
  'queries-ignored': always(/Q is ignored/),
  // it does nothing to fewer than three tiles: documents are cut as by tiles of twice the size
  'last-tile-skipped': may(/(after the last whole tile of|the last tile of) (\d+ or )*(16|32)( or \d+)*/),
  'lse-zero': always(/every element of lse is 0/),
  'leaks-declared': always(/--dialect maskedNaN=shielded/),
  'weights-an-ulp-off': always(/equal weights are not equal/),
  'softcap-slope-left-out': always(/leaves out the derivative of the softcap/),
  'linear-decay-once-too-often': may(/every element of o is [\d.]+ times/),
  'longnet-branches-averaged': may(/every element of lse is/),
  'ring-padding-visible': may(/an extra key with score 0/),
  // all of the own block is seen, where it is all there is
  'star-own-block-whole': may(/unmasked attention/),
  // every segment is placed as the first
  'lss-segment-from-zero': may(/the first query's mask for all/),
  'pages-in-pairs': notByAllOf('block_table'),
  // pages that lie in order are the first one's, of every batch entry
  'table-ignored': may(/keys and values of the first|does not depend on all of block_table/),
  'table-of-first-entry': may(/keys and values of the first|does not depend on all of block_table/),
  'length-of-first-entry': notByAllOf('cache_lengths'),
  'partial-page-dropped': may(/last page of a sequence is skipped/),
  'cached-prefix-ignored': may(/as if the call had appended no keys/),
  'new-keys-unseen': may(/reads the cache before the call's tokens are appended/),
  'documents-ignored': always(/packed documents are one sequence/),
  'document-first-key-lost': may(/the first key is lost/),
  'document-next-key-seen': may(/attends to the first key of the next one/),
  'longest-document-as-length': may(/as many keys as the longest/),
  'query-bounds-for-keys': may(/the bounds of packed documents along the queries/),
  'empty-documents-shift-keys': may(/documents without queries are skipped/),
  'offset-of-first-document': may(/causal offset n − m of the first/),
  'packed-softcap-lost': may(/the case without softcap/),
  'packed-lse-transposed': may(/lse would fit if its head and sequence axes were swapped/),
  'captured-lengths-kept': capturedCall,
  'captured-table-kept': capturedCall,
  'captured-mask-kept': capturedCall,
  'captured-inputs-copied': capturedCall,
  'always-finite': always(/--dialect emptyLse=zero/),
};

/** Hint that tells what the wrong output shows by itself, in the words of suites/diagnosis/hints/signs: it holds wherever it is given, whatever the fault. */
const sign =
  /^(every element of \w+ is -?[\d.e+∞-]+$|the wrong elements of \w+ all belong to tokens of (the last rank|rank \d+); those|the gradients are those of a right backward pass over the .* of the kernel's own forward pass)/;

/** Tells whether a hint may be given of a mutant. */
export function maySay(id: string, hint: string): boolean {
  return sign.test(hint) || diagnoses[id]?.says.test(hint) === true;
}
