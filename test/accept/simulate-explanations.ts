/** Why a share of ours is more than 10 points from the published one: what that implementation does and the simulation leaves out, or the reverse. */
export const explanations: readonly { readonly scheme: string; readonly text: string }[] = [
  {
    scheme: 'ring-striped',
    text: 'Where the keys come from a later rank, theirs leaves out the first query and the last key: 8,191 of each, which fill no whole number of tiles, so that the kernel checks the bounds of each tile; and it merges into a slice, which is copied out and in again. The document of the A100 has no rates by block size: every visible cell takes the same time, and nothing is copied.',
  },
];
