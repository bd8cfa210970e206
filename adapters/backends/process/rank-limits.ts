/** Kind of failure of a job with a rank that does not answer in time. */
export const rankTimeout = 'timeout';
/** Milliseconds after the time limit for a job to name the late rank. */
export const rankGrace = 2000;
