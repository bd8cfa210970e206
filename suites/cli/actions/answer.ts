import { createInterface } from 'node:readline';
import { exitCodes } from '../../lib/exit-code.js';
import type { Run } from '../finish.js';

/** Runs `attn-cts answer` until standard input ends. @returns the exit code. */
export async function answerAction(run: Run): Promise<number> {
  const write = process.stdout.write.bind(process.stdout);
  for await (const line of createInterface({ input: process.stdin })) write(`${JSON.stringify(await answerTo(line, run))}\n`);
  return exitCodes.passed;
}

async function answerTo(line: string, run: Run) {
  const said = { stdout: '', stderr: '' };
  const before = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const stream of ['stdout', 'stderr'] as const) {
    process[stream].write = ((text: string | Uint8Array) => {
      said[stream] += typeof text === 'string' ? text : Buffer.from(text).toString();
      return true;
    }) as typeof process.stdout.write;
  }
  try {
    return { code: await run(argumentsIn(line)), ...said };
  } catch (error) {
    return { code: exitCodes.usage, ...said, stderr: `${said.stderr}error: ${error instanceof Error ? error.message : error}\n` };
  } finally {
    process.stdout.write = before.stdout;
    process.stderr.write = before.stderr;
  }
}

/** @throws {Error} if the line is no array of texts. */
function argumentsIn(line: string): string[] {
  const found: unknown = JSON.parse(line);
  if (Array.isArray(found) && found.every((word): word is string => typeof word === 'string') && found[0] !== 'answer') return found;
  throw new Error(`found ${line.slice(0, 80)}, must be a JSON array of texts, such as ["explain", "out.safetensors"]`);
}
