import type { BenchReport } from './reporter.js';

interface BenchReporter {
  readonly title: string;
  readonly load: () => Promise<BenchReport>;
}

/** Reporters of timings alone by name, imported where one is asked for. */
export const benchReporters: Readonly<Record<string, BenchReporter>> = {
  csv: { title: 'a row for each timing, for a spreadsheet', load: async () => (await import('./csv.js')).benchCsv },
  markdown: { title: 'tables, for the summary of a CI job', load: async () => (await import('./markdown.js')).benchMarkdown },
  svg: { title: 'a picture: times over the length, with their spread', load: async () => (await import('./svg.js')).benchSvg },
};
