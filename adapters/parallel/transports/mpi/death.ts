/** Parses from mpirun's stderr the death of a rank that reported no reason itself, if any. */
export function deathOf(stderr: string): string | undefined {
  const text = stderr.replaceAll(/\s+/g, ' ');
  const [, rank, signal] = /process rank (\d+) with PID \d+ on node \S+ exited on signal (\d+ \([^)]*\)|\d+)/.exec(text) ?? [];
  if (rank !== undefined) return `rank ${rank} died: by signal ${signal}`;
  const [, name, code] = /Process name: \[[^\]]*,(\d+)\] Exit code: (\d+)/.exec(text) ?? [];
  return name === undefined ? undefined : `rank ${name} died: exited with code ${code}`;
}
