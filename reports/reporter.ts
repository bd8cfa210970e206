import type { Result } from '../spec/types/documents.js';

/** Context of a report beside the result. */
export interface ReportContext {
  readonly colors: boolean;
  /** Folder of the result document, as the user would type it. */
  readonly out: string;
  /** Values that `--adapter` takes for adapters that are not built in, by adapter id. */
  readonly sources: Readonly<Record<string, string>>;
  /** Start of a command line of ours that works where the report is shown; default: `npx attention-cts`. */
  readonly command?: string;
  /** Command line that goes on with a run of which checks were not run; absent if nobody can. */
  readonly resume?: string;
  /** True if a report for a terminal leaves nothing out. */
  readonly verbose?: boolean;
  /** Width of the terminal that shows the report, in characters; absent if it is not known. */
  readonly columns?: number;
  /** Question that each property asks, by its name; a property that is missing is called by its name. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface Reporter {
  readonly name: string;
  /** Description of the report for the help of the command line. */
  readonly title: string;
  /** Formats the whole report as text that ends in a newline. */
  report(result: Result, context: ReportContext): string;
}

/** Reporter whose report is several files in a folder. */
export interface FolderReporter {
  readonly name: string;
  /** Description of the report for the help of the command line. */
  readonly title: string;
  /** Text of each file by its path below the folder, with `/` between its parts. */
  files(result: Result, context: ReportContext): Readonly<Record<string, string>>;
}

/** Reporter that is imported when it is asked for. */
export interface ReporterEntry {
  readonly title: string;
  readonly load: () => Promise<Reporter | FolderReporter>;
}
