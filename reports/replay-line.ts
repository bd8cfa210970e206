import type { ReportContext } from './reporter.js';

/** The line to paste: a built-in adapter is in the document, any other must be named. */
export function replayLine(adapter: string, folder: string, context: ReportContext): string {
  const source = Object.hasOwn(context.sources, adapter) ? ` --adapter ${quote(context.sources[adapter])}` : '';
  return `attn-cts replay ${fileOf(context, `${folder}/failure.json`)}${source}`;
}

/** A file of the run's folder, to paste. */
export function fileOf({ out }: ReportContext, name: string): string {
  return quote(`${out.replace(/\/+$/, '')}/${name}`);
}

/** As a POSIX shell reads it. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
