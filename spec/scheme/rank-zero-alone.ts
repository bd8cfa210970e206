/** Coverage label: cases on several ranks with outputs of rank 0 only. */
export const rankZeroAlone = 'rank-0-alone';
