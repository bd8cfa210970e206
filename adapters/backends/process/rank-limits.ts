/** How the end of a job is named of which some rank did not answer in time: a timeout, not a crash. */
export const rankTimeout = 'timeout';
/** Milliseconds for a job to say which rank that was, once its time is over. */
export const rankGrace = 2000;
