import type { Reporter } from './reporter.js';

export type { ReportContext, Reporter } from './reporter.js';

/** Every reporter by name, imported where it is asked for. */
export const reporters: Readonly<Record<string, () => Promise<Reporter>>> = {
  terminal: async () => (await import('./terminal.js')).terminal,
  json: async () => (await import('./json.js')).json,
  junit: async () => (await import('./junit.js')).junit,
};
