import type { BenchSource } from '../../reports/bench/reporter.js';
import { benchReporters } from '../../reports/bench/reporters.js';
import { printable } from '../../reports/text/plain-text.js';
import { requireFile, writeFor } from '../lib/files.js';
import { parseReporters } from './report-output.js';

/** Writes timings by `--reporter R[=FILE]`, or prints them. @throws {UsageError} */
export async function writeBenchReports(flags: readonly string[], sources: readonly BenchSource[], title: string): Promise<void> {
  const outputs = parseReporters(flags, Object.keys(benchReporters));
  for (const { file } of outputs) if (file !== undefined) requireFile('--reporter', file);
  const shown = sources.map(printable);
  for (const { name, file } of outputs) {
    const report = await benchReporters[name].load();
    const text = report(shown, title);
    if (file === undefined) process.stdout.write(text);
    else writeFor('--reporter', file, text);
  }
}
