import { existsSync, readFileSync } from 'node:fs';
import { parseArgsStringToArgv } from 'string-argv';
import { documentOf } from '../../../spec/claims/adapter-scheme.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import { parseJson } from '../../../spec/lib/json.js';
import { schemeDocuments } from '../../../spec/schemes/index.js';
import type { Capabilities } from '../../../spec/types/documents.js';
import type { Adapter } from '../../adapter.js';
import { Unavailable } from '../../kernel.js';
import type { LoadOptions } from '../../load-options.js';
import { checkAdapter, type IsTaken } from '../module/check-adapter.js';
import { Jobs, startJob } from './jobs.js';
import { ProcessKernel } from './kernel.js';
import type { ProcessOptions, Started } from './start.js';

/** Splits a command into words like a shell, after removing quotes around the whole command. */
export function splitCommand(command: string): string[] {
  const words = parseArgsStringToArgv(command);
  const [only] = words;
  const quotedTwice = words.length === 1 && /\s/.test(only) && !existsSync(only);
  return quotedTwice ? parseArgsStringToArgv(only) : words;
}

export type { ProcessOptions } from './start.js';

/**
 * Loads a command that speaks process protocol 1 (CONTRACTS), run without a shell.
 * @throws {Unavailable} if it is not found, or gives no valid answer to `start`.
 */
export async function loadProcess(command: string, options: LoadOptions, isTaken?: IsTaken): Promise<Adapter> {
  const what = `process:${command}`;
  const argv = splitCommand(command);
  if (argv.length === 0)
    throw new Unavailable('the adapter process: needs a command', 'name one, such as --adapter \'process:"python3 kernel.py"\'');
  const adapter = await startProcess(argv, {
    ...(options.tmp && { tmp: options.tmp }),
    ...(options.timeout && { timeout: options.timeout }),
    ...(options.operators && { operators: options.operators }),
    what,
  });
  try {
    if (command.includes('{world}') && !adapter.capabilities.schemes) {
      const reason = `the command of ${what} contains {world}, the number of ranks, but the adapter claims no "schemes"`;
      throw new Unavailable(reason, 'write a number in place of {world}, or claim "schemes"');
    }
    return checkAdapter(adapter, what, isTaken);
  } catch (error) {
    await (await adapter.open())[Symbol.asyncDispose]();
    // its capabilities are an answer, not a user's document
    if (error instanceof DocumentError) throw new Unavailable(error.message, 'correct its answer to "start"');
    throw error;
  }
}

/** Starts a process that the first `open()` uses. @throws {Unavailable} if it does not start. */
export async function startProcess(argv: readonly string[], options: ProcessOptions): Promise<Adapter> {
  let waiting: Started | undefined = await startJob(argv, 1, options);
  const { adapter } = waiting.answer;
  const { capabilities, names } = documented(waiting, options.what);
  return {
    ...adapter,
    // calls pass through files, and most programs are interpreters
    capabilities: { speed: 'slow', ...capabilities },
    open: async () => {
      const started = waiting ?? (await startJob(argv, 1, options));
      waiting = undefined;
      if (capabilities.schemes) return new Jobs(started, argv, options, names);
      // the scheme around a kernel has the time limit
      const { timeout: _, ...others } = options;
      return new ProcessKernel(started, others);
    },
  };
}

/** Capabilities, and the program's names of schemes by their names here. */
interface Documented {
  readonly capabilities: Capabilities;
  readonly names: ReadonlyMap<string, string>;
}

function documented({ program, answer }: Started, what: string): Documented {
  try {
    return withDocuments(answer.capabilities, answer.adapter.id);
  } catch (error) {
    program.kill();
    if (!(error instanceof DocumentError)) throw error;
    throw new Unavailable(`${what}: ${error.message}`, 'correct that document, or its entry in "schemes"');
  }
}

/**
 * Reads documents that `spec` names, and renames schemes named like built-in schemes.
 * @throws {DocumentError} if a document is missing or malformed.
 */
function withDocuments(capabilities: Capabilities, id: string): Documented {
  const names = new Map<string, string>();
  if (!capabilities.schemes) return { capabilities, names };
  const schemes = Object.entries(capabilities.schemes).map(([name, claim]) => {
    const document = claim.spec === undefined ? claim.document : readJson(claim.spec);
    const read = { ...claim, ...(document && { document }) };
    documentOf(name, read);
    if (!schemeDocuments.some((scheme) => scheme.name === name)) return [name, read] as const;
    const front = id.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const renamed = `${front}-${name}`;
    names.set(renamed, name);
    return [renamed, { ...read, ...(document && { document: { ...document, name: renamed } }) }] as const;
  });
  return { capabilities: { ...capabilities, schemes: Object.fromEntries(schemes) }, names };
}

function readJson(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new DocumentError(path, '$', error instanceof Error ? error.message : String(error));
  }
  // documentOf checks it against its schema
  return parseJson(text, path) as Record<string, unknown>;
}
