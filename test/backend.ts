import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { loadAdapter } from '../adapters/load.js';

/** A backend of this machine, or why there is none and what would mend it. */
export interface Backend {
  readonly missing?: string;
}

/** Set where everything must be there: then absence fails instead of skipping. */
const required = process.env.ATTN_REQUIRE_BACKENDS === '1';

/**
 * True if a built-in adapter opens here. `describe.skipIf(it.missing)(title('…', it), …)` then skips, and says with which remedy.
 * @throws {Error} where it does not open and ATTN_REQUIRE_BACKENDS is 1.
 */
export async function backend(id: string): Promise<Backend> {
  try {
    const adapter = await loadAdapter(id);
    const kernel = await adapter.open();
    await kernel[Symbol.asyncDispose]();
    return {};
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

function absent(what: string, why: string): Backend {
  if (required) throw new Error(`${what} must be on this machine (ATTN_REQUIRE_BACKENDS=1): ${why}`);
  return { missing: why };
}
