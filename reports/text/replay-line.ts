import type { Case } from '../../spec/types/documents.js';
import type { ReportContext } from '../reporter.js';

/**
 * The line to paste: a built-in adapter is in the document, any other must be named, and so must the number of threads or processes that the
 * case's ranks are.
 * @param of the check and the case that failed.
 */
export function replayLine(adapter: string, folder: string, context: ReportContext, of?: { id: string; case: Case }): string {
  const source = Object.hasOwn(context.sources, adapter) ? ` --adapter ${quote(context.sources[adapter])}` : '';
  const ranks = of ? ranksStarted(of) : 0;
  return `${context.command ?? 'npx attention-cts'} replay ${fileOf(context, `${folder}/failure.json`)}${source}${ranks > 0 ? ` --ranks ${ranks}` : ''}`;
}

/** Numbers of ranks that `any-world` tries of a scheme of ours, whatever the case's own. */
const anyWorld = 8;

/** How many threads or processes a case's ranks are; none where they are simulated, or where there are none. */
function ranksStarted({ id, case: { parallel } }: { id: string; case: Case }): number {
  if (!parallel || (parallel.transport ?? 'simulated') === 'simulated') return 0;
  return id.includes('/any-world/') ? Math.max(anyWorld, parallel.ranks) : parallel.ranks;
}

/** A file of the run's folder, to paste. */
export function fileOf({ out }: ReportContext, name: string): string {
  return quote(`${out.replace(/\/+$/, '')}/${name}`);
}

/** As a POSIX shell reads it. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
