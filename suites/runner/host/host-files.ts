/** Numbers of a host's open files. Messages go by pipes of our own: what a kernel writes there is read as a stranger's. */
export const files = {
  /** Messages from the runner. */
  toHost: 3,
  /** Says which case is under way, read when the host has died. */
  progress: 4,
  /** Messages to the runner. */
  fromHost: 5,
} as const;

/** Argument of a host whose calls are timed. */
export const timedHost = 'timed';
