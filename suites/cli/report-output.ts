import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ReportContext, type Reporter, reporters } from '../../reports/index.js';
import type { Result } from '../../spec/types/documents.js';
import { nearest } from '../nearest.js';
import { UsageError } from '../usage-error.js';
import { useColors } from './colors.js';

/** A reporter and where its report goes: a file, or standard output. */
export interface ReportOutput {
  readonly reporter: Reporter;
  readonly file?: string;
}

/**
 * `--reporter R[=FILE]`, each reporter imported: a misspelt one is found before the run.
 * @throws {UsageError}
 */
export async function openReporters(flags: readonly string[]): Promise<ReportOutput[]> {
  const outputs = await Promise.all(flags.map(openReporter));
  const printed = outputs.filter((o) => o.file === undefined).map((o) => o.reporter.name);
  if (printed.length > 1) {
    throw new UsageError(
      `--reporter: ${printed.join(' and ')} would all go to standard output; give all but one a file, such as ${printed[1]}=report.txt`,
    );
  }
  return outputs;
}

async function openReporter(flag: string): Promise<ReportOutput> {
  const [, name, file] = /^([^=]*)(?:=(.*))?$/s.exec(flag) as RegExpExecArray;
  if (!Object.hasOwn(reporters, name)) {
    throw new UsageError(
      `--reporter: found "${name}", allowed: ${nearest(name, Object.keys(reporters), Number.POSITIVE_INFINITY).join(', ')}`,
    );
  }
  if (file === '') throw new UsageError(`--reporter: found "${flag}", must name a file after =`);
  return { reporter: await reporters[name](), ...(file !== undefined && { file }) };
}

/** Writes each report to its file, or prints it; colours only on a terminal. */
export function writeReports(outputs: readonly ReportOutput[], result: Result, context: Omit<ReportContext, 'colors'>): void {
  for (const { reporter, file } of outputs) {
    const colors = file === undefined && useColors(process.stdout);
    const text = reporter.report(result, { ...context, colors });
    if (file === undefined) {
      process.stdout.write(text);
      continue;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
