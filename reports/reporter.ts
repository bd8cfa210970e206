import type { Result } from '../spec/types/documents.js';

/** What a reporter may know beside the result. */
export interface ReportContext {
  readonly colors: boolean;
  /** The folder of the result document, as one would type it. */
  readonly out: string;
  /** What `--adapter` takes, for adapters that are no built-ins, by id. */
  readonly sources: Readonly<Record<string, string>>;
  /** What each property asks, by name; one that is missing is called by its name. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface Reporter {
  readonly name: string;
  /** What it writes, for the command line. */
  readonly title: string;
  /** The whole report as text, ending in a newline. */
  report(result: Result, context: ReportContext): string;
}

/** A reporter of several files, which are written to a folder. */
export interface FolderReporter {
  readonly name: string;
  /** What it writes, for the command line. */
  readonly title: string;
  /** The text of each file by its path below the folder, `/` between its parts. */
  files(result: Result, context: ReportContext): Readonly<Record<string, string>>;
}

/** A reporter that is imported where it is asked for. */
export interface ReporterEntry {
  readonly title: string;
  readonly load: () => Promise<Reporter | FolderReporter>;
}
