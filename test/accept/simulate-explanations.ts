/** Bytes that merging a block's output moves at least: o in f32 read and written, the block's in bf16 read; 8,192 rows of 32 heads of 128. */
const mergeBytes = 8192 * 32 * 128 * (4 + 4 + 2);
/** Vendor data, bytes per second. */
const memoryBandwidth = { h800: 3.35e12, a100: 2.039e12 };
const merges = 7;
const milliseconds = (bandwidth: number) => ((1e3 * merges * mergeBytes) / bandwidth).toFixed(1);
const merging = `Theirs merges the outputs of blocks outside of the kernel, in f32: ${merges} times ${Math.round(mergeBytes / 1e6)} MB at least, ${milliseconds(memoryBandwidth.h800)} ms of the memory of an H800 and ${milliseconds(memoryBandwidth.a100)} ms of that of an A100, beside an ideal of 13.5 ms and 21.4 ms. The simulation counts no memory traffic.`;

/** Why a share of ours is more than 10 points from the published one: what that implementation does and the simulation leaves out, or the reverse. */
export const explanations: readonly { readonly scheme: string; readonly text: string }[] = [
  {
    scheme: 'ring-striped',
    text: `${merging} Each of its blocks is half masked, and a kernel computes the tiles on the diagonal whole; here masked cells are free, and communication hides behind the blocks.`,
  },
  {
    scheme: 'ring-zigzag',
    text: `${merging} Its blocks have half the rows or half the keys, at which a kernel is slower than on the 8,192 tokens of the ideal; here every visible cell takes the same time.`,
  },
  {
    scheme: 'ring-zigzag, packed',
    text: 'Theirs cuts each document in chunks, here the whole packing is cut, which leaves areas unequal; on the other hand theirs has blocks of 64 to 128 rows in the shortest documents, at which a kernel is slower, and merges outside of the kernel as above.',
  },
];

/** Why two packed schemes may come in the other order. */
export const packedOrder =
  'Packed, all-gather comes before ring as published, and behind it here: the rank with the largest area holds both to 54 % at most, and gathers hide behind nothing. The published 57 % are above that: long rows of keys run faster than the packings on one device that set the ideal; and what slows the published ring down, seven merges outside of the kernel, takes no time here.';
