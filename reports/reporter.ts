import type { Result } from '../spec/types/documents.js';

/** What a reporter may know beside the result. */
export interface ReportContext {
  readonly colors: boolean;
  /** The folder of the result document, as one would type it. */
  readonly out: string;
  /** What `--adapter` takes, for adapters that are no built-ins, by id. */
  readonly sources: Readonly<Record<string, string>>;
}

export interface Reporter {
  readonly name: string;
  readonly title: string;
  /** The whole report as text, ending in a newline. */
  report(result: Result, context: ReportContext): string;
}
