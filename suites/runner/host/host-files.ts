/** File descriptors of a host. Separate pipes carry its messages, which are untrusted. */
export const files = {
  toHost: 3,
  /** Notes the current case, read after the host's death. */
  progress: 4,
  fromHost: 5,
} as const;

/** Argument of a host with timed calls. */
export const timedHost = 'timed';
