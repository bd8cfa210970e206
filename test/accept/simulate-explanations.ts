const merging =
  "Theirs casts the output of each block to f32 and merges it in several passes over memory; here a merge reads and writes everything once, at the data sheet's bandwidth.";

/** Why a share of ours is more than 10 points from the published one: what that implementation does and the simulation leaves out, or the reverse. */
export const explanations: readonly { readonly scheme: string; readonly text: string }[] = [
  {
    scheme: 'ring-striped',
    text: `${merging} Each of its blocks is half masked, and a kernel computes the tiles on the diagonal whole and keeps fewer of its multiprocessors busy at the end of a block; here masked cells are free, and every visible cell takes the same time.`,
  },
  {
    scheme: 'ring-zigzag',
    text: `${merging} Its blocks have half the rows or half the keys, at which a kernel is slower than on the 8,192 tokens of the ideal; here every visible cell takes the same time.`,
  },
  {
    scheme: 'ring-zigzag, packed',
    text: `${merging} Theirs cuts each document in chunks, here the whole packing is cut, which leaves areas unequal; on the other hand theirs has blocks of 64 to 128 rows in the shortest documents, at which a kernel is slower.`,
  },
];
