import type { FolderReporter, Reporter } from './reporter.js';

export type { FolderReporter, ReportContext, Reporter } from './reporter.js';

export interface ReporterEntry {
  readonly title: string;
  readonly load: () => Promise<Reporter | FolderReporter>;
}

/** Every reporter by name, imported where it is asked for. */
export const reporters: Readonly<Record<string, ReporterEntry>> = {
  terminal: { title: 'a summary for a terminal', load: async () => (await import('./terminal.js')).terminal },
  json: { title: 'the result document', load: async () => (await import('./json.js')).json },
  junit: { title: 'JUnit XML', load: async () => (await import('./junit.js')).junit },
  tap: { title: 'TAP 13', load: async () => (await import('./tap.js')).tap },
  markdown: { title: 'Markdown, for the summary of a CI job', load: async () => (await import('./markdown.js')).markdown },
  github: { title: 'annotations of GitHub Actions', load: async () => (await import('./github.js')).github },
  sarif: { title: 'SARIF 2.1.0, for code scanning', load: async () => (await import('./sarif.js')).sarif },
  csv: { title: 'a support matrix, for a spreadsheet', load: async () => (await import('./csv.js')).csv },
  badges: {
    title: 'a folder (badges=DIR): SVG, shields.io endpoints, and their Markdown',
    load: async () => (await import('./badges.js')).badges,
  },
};
