/** Counted in a check's coverage: cases on several ranks of which only the outputs of rank 0 were seen. */
export const rankZeroAlone = 'rank-0-alone';
