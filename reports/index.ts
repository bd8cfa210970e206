// Generated from reports by `npm run generate`. Do not edit.
import type { ReporterEntry } from './reporter.js';

/** Every reporter by name, imported where it is asked for. */
export const reporters: Readonly<Record<string, ReporterEntry>> = {
  badges: {
    title: 'a folder (badges=DIR): SVG, shields.io endpoints, and their Markdown',
    load: async () => (await import('./badges/index.js')).badges,
  },
  csv: { title: 'a support matrix, for a spreadsheet', load: async () => (await import('./csv.js')).csv },
  github: { title: 'annotations of GitHub Actions', load: async () => (await import('./github.js')).github },
  json: { title: 'the result document', load: async () => (await import('./json.js')).json },
  junit: { title: 'JUnit XML', load: async () => (await import('./junit.js')).junit },
  markdown: { title: 'Markdown, for the summary of a CI job', load: async () => (await import('./markdown/index.js')).markdown },
  sarif: { title: 'SARIF 2.1.0, for code scanning', load: async () => (await import('./sarif.js')).sarif },
  tap: { title: 'TAP 13', load: async () => (await import('./tap.js')).tap },
  terminal: { title: 'a summary for a terminal', load: async () => (await import('./terminal/index.js')).terminal },
  verdict: {
    title: 'a verdict of at most 200 lines of JSON, for a program or an agent',
    load: async () => (await import('./verdict/index.js')).verdict,
  },
};
