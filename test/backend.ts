import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Adapter } from '../adapters/adapter.js';
import type { Kernel } from '../adapters/kernel.js';
import { loadAdapter } from '../adapters/load.js';

/** A backend of this machine, or why there is none and what would mend it. */
export interface Backend {
  readonly missing?: string;
}

/** Set where everything must be there: then absence fails instead of skipping. */
const required = process.env.ATTN_REQUIRE_BACKENDS === '1';

/** An adapter of this machine with its kernel, which is its user's to dispose of. */
export interface Opened extends Backend {
  readonly adapter: Adapter;
  readonly kernel: Kernel;
}

/** Backends that a test file of this process has opened: the next one need not open them again to know. */
const ofProcess = globalThis as { attnCtsBackends?: Map<string, Backend> };
const known = ofProcess.attnCtsBackends ?? new Map<string, Backend>();
ofProcess.attnCtsBackends = known;

/**
 * Tells whether a built-in adapter opens here. `describe.skipIf(it.missing)(title('…', it), …)` then skips, and says with which remedy.
 * @throws {Error} where it does not open and ATTN_REQUIRE_BACKENDS is 1.
 */
export async function backend(id: string): Promise<Backend> {
  const found = known.get(id);
  if (found) return found;
  const here = await opened(id);
  if ('kernel' in here) await here.kernel[Symbol.asyncDispose]();
  const result = here.missing === undefined ? {} : { missing: here.missing };
  known.set(id, result);
  return result;
}

/** As `backend`, with the kernel left open, where another start would take seconds. */
export async function opened(id: string): Promise<Backend | Opened> {
  try {
    const adapter = await loadAdapter(id);
    return { adapter, kernel: await adapter.open() };
  } catch (error) {
    return absent(id, error instanceof Error ? error.message : String(error));
  }
}

/** True if a command is on this machine. */
export function program(command: string, remedy: string): Backend {
  const found = command.includes('/') ? existsSync(command) : spawnSync('which', [command]).status === 0;
  return found ? {} : absent(command, `${command} is not installed (${remedy})`);
}

/** A title that carries the remedy where its tests are skipped. */
export function title(text: string, { missing }: Backend): string {
  return missing === undefined ? text : `${text} [skipped: ${missing}]`;
}

/** What is not on this machine, and why. @throws {Error} where everything must be there. */
export function absent(what: string, why: string): Backend {
  if (required) throw new Error(`${what} must be on this machine (ATTN_REQUIRE_BACKENDS=1): ${why}`);
  return { missing: why };
}
