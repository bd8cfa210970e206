/** Seconds of CPU time of a call: other processes may run meanwhile. */
export function cpuOf(run: () => void): number {
  const begun = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}
