import type { Case } from '../../spec/types/documents.js';
import type { ReportContext } from '../reporter.js';

/** Returns the command to replay a failure, with the adapter unless built in, and the ranks. */
export function replayLine(adapter: string, folder: string, context: ReportContext, of?: { id: string; case: Case }): string {
  const source = Object.hasOwn(context.sources, adapter) ? ` --adapter ${quote(context.sources[adapter])}` : '';
  const ranks = of ? ranksStarted(of) : 0;
  return `${commandOf(context)} replay ${fileOf(context, `${folder}/failure.json`)}${source}${ranks > 0 ? ` --ranks ${ranks}` : ''}`;
}

/** Largest number of ranks that `any-world` tries for built-in schemes. */
const anyWorld = 8;

/** Returns the number of threads or processes of a case, 0 if simulated. */
function ranksStarted({ id, case: { parallel } }: { id: string; case: Case }): number {
  if (!parallel || (parallel.transport ?? 'simulated') === 'simulated') return 0;
  return id.includes('/any-world/') ? Math.max(anyWorld, parallel.ranks) : parallel.ranks;
}

/** Quotes a file of the run's folder for the shell. */
export function fileOf({ out }: ReportContext, name: string): string {
  return quote(`${out.replace(/\/+$/, '')}/${name}`);
}

/** Quotes for a POSIX shell. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Prefix of command lines that works where the report is shown. */
export function commandOf({ command = 'npx attention-cts' }: ReportContext): string {
  return command;
}
