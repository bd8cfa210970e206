import type { Result } from '../spec/types/documents.js';

/** Context of a report. */
export interface ReportContext {
  readonly colors: boolean;
  /** Folder of the result document, as the user would type it. */
  readonly out: string;
  /** Values of `--adapter` by adapter id, for adapters that are not built in. */
  readonly sources: Readonly<Record<string, string>>;
  /** Prefix of command lines that works where the report is shown; default: `npx attention-cts`. */
  readonly command?: string;
  /** Command line that resumes an unfinished run; absent if it cannot resume. */
  readonly resume?: string;
  /** True if a report for a terminal omits no part. */
  readonly verbose?: boolean;
  readonly columns?: number;
  /** Question of each property by name; default: its name. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface Reporter {
  readonly name: string;
  readonly title: string;
  /** Formats the whole report as text that ends in a newline. */
  report(result: Result, context: ReportContext): string;
}

/** Reporter that writes several files to a folder. */
export interface FolderReporter {
  readonly name: string;
  readonly title: string;
  /** Returns the text of each file by its path below the folder, with `/` as separator. */
  files(result: Result, context: ReportContext): Readonly<Record<string, string>>;
}

/** Reporter that is imported on demand. */
export interface ReporterEntry {
  readonly title: string;
  readonly load: () => Promise<Reporter | FolderReporter>;
}
