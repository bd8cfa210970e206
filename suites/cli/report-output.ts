import { join } from 'node:path';
import { reporters } from '../../reports/index.js';
import type { FolderReporter, ReportContext, Reporter } from '../../reports/reporter.js';
import { nearest } from '../../spec/lib/nearest.js';
import type { Result } from '../../spec/types/documents.js';
import { requireFile, requireFolder, writeFor } from '../lib/files.js';
import { UsageError } from '../lib/usage-error.js';
import { properties } from '../properties/index.js';
import { useColors } from './colors.js';
import { defaults } from './defaults.js';
import { ownCommand } from './own-command.js';

/** A reporter, and the file or folder for its report; default: standard output. */
export interface ReportOutput {
  readonly reporter: Reporter | FolderReporter;
  readonly file?: string;
}

/** Parses `--reporter R[=FILE]`, importing each reporter, before the run. @throws {UsageError} */
export async function openReporters(flags: readonly string[]): Promise<ReportOutput[]> {
  if (flags.some((flag) => flag.split('=')[0] === 'html'))
    throw new UsageError(`--reporter: the site is made from the result: npx attention-cts report ${defaults.out}/result.json`);
  return await Promise.all(parseReporters(flags, Object.keys(reporters)).map(openReporter));
}

/** Name of a reporter, and its file; default: standard output. */
export interface ReporterFlag {
  readonly name: string;
  readonly file?: string;
}

/** Reads `--reporter R[=FILE]`. @throws {UsageError} for an unknown one, or two to standard output. */
export function parseReporters(flags: readonly string[], known: readonly string[]): ReporterFlag[] {
  const parsed = flags.map((flag) => parseReporter(flag, known));
  const printed = parsed.filter(({ file }) => file === undefined).map(({ name }) => name);
  if (printed.length > 1) {
    throw new UsageError(
      `--reporter: ${printed.join(' and ')} would all go to standard output; give all but one a file, such as ${printed[1]}=report.txt`,
    );
  }
  return parsed;
}

function parseReporter(flag: string, known: readonly string[]): ReporterFlag {
  const [, name, file] = /^([^=]*)(?:=(.*))?$/s.exec(flag) as RegExpExecArray;
  if (!known.includes(name)) {
    throw new UsageError(`--reporter: found "${name}", allowed: ${nearest(name, known, Number.POSITIVE_INFINITY).join(', ')}`);
  }
  if (file === '') throw new UsageError(`--reporter: found "${flag}", must name a file after =`);
  return { name, ...(file !== undefined && { file }) };
}

async function openReporter({ name, file }: ReporterFlag): Promise<ReportOutput> {
  const reporter = await reporters[name].load();
  if ('files' in reporter && file === undefined) {
    throw new UsageError(`--reporter: ${name} writes several files; name a folder for them, such as ${name}=${name}`);
  }
  if (file !== undefined && 'files' in reporter) requireFolder('--reporter', file);
  else if (file !== undefined) requireFile('--reporter', file);
  return { reporter, ...(file !== undefined && { file }) };
}

const titles = Object.fromEntries(properties.map(({ name, title }) => [name, title]));

/** Writes or prints the reports; with colours only on a terminal. */
export function writeReports(
  outputs: readonly ReportOutput[],
  result: Result,
  given: Omit<ReportContext, 'colors' | 'properties' | 'columns' | 'command'>,
): void {
  const command = ownCommand();
  for (const { reporter, file } of outputs) {
    const shown = file === undefined && {
      colors: useColors(process.stdout),
      ...(process.stdout.isTTY && { columns: process.stdout.columns }),
    };
    const context = { ...given, properties: titles, command, colors: false, ...shown };
    if ('files' in reporter) {
      for (const [path, text] of Object.entries(reporter.files(result, context))) writeFor('--reporter', join(file ?? '.', path), text);
    } else if (file === undefined) process.stdout.write(reporter.report(result, context));
    else writeFor('--reporter', file, reporter.report(result, context));
  }
}
