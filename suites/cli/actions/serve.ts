import { once } from 'node:events';
import { exitCodes } from '../../lib/exit-code.js';
import { servePage } from '../../serve/server.js';

export interface ServeFlags {
  readonly port?: number;
}

/** Runs `attn-cts serve` until interrupted. @returns the exit code. */
export async function serveAction({ port = 0 }: ServeFlags): Promise<number> {
  const server = await servePage(port);
  process.stdout.write(`${server.url}\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.close();
  return exitCodes.passed;
}
