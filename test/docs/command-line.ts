import { runProgram } from '../../dist/suites/cli/program.js';

/** Runs a command of the suite in this process. @returns what it prints. @throws {Error} with what it says on stderr, if its exit code is another than 0. */
export async function printed(...args: readonly string[]): Promise<string> {
  const said = { stdout: '', stderr: '' };
  const streams = ['stdout', 'stderr'] as const;
  const originals = streams.map((name) => process[name].write);
  for (const name of streams) {
    process[name].write = ((chunk: string | Uint8Array) => {
      said[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return true;
    }) as typeof process.stdout.write;
  }
  try {
    const exit = await runProgram(args);
    if (exit !== 0) throw new Error(`attn-cts ${args.join(' ')}: ${said.stderr.trim()}`);
    return said.stdout;
  } finally {
    for (const [at, name] of streams.entries()) process[name].write = originals[at];
  }
}
