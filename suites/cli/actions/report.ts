import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { compiledFile } from '../../../adapters/system/compiled-file.js';
import { makeFolder } from '../../../adapters/system/make-folder.js';
import type { BenchSource } from '../../../reports/bench/reporter.js';
import { readBench } from '../../../reports/files/read-bench.js';
import type { KnownOf } from '../../../reports/html/causes.js';
import { type DrawOperator, pictureTokens } from '../../../reports/html/documents.js';
import { siteData } from '../../../reports/html/model.js';
import { weightLevel } from '../../../reports/html/picture-levels.js';
import { readSource } from '../../../reports/html/read-source.js';
import { isReplaceable, writeSite } from '../../../reports/html/write-site.js';
import { type DocumentKind, parseDocument } from '../../../spec/lib/documents.js';
import { createLibrary } from '../../../spec/library.js';
import { exampleParameters } from '../../../spec/mask/example-parameters.js';
import { printMask } from '../../../spec/mask/print/print.js';
import type { Documents, Mask } from '../../../spec/types/documents.js';
import { operatorPicture } from '../../documents/picture.js';
import { pictureMask } from '../../documents/small-case.js';
import { exitCodes, isFailing } from '../../lib/exit-code.js';
import { forFlag, readTextFor, requireFolder } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { expectationLookup, parseExpectations } from '../../plan/expectations.js';
import { parseAdapterSources } from '../adapter-sources.js';
import { writeBenchReports } from '../bench-report.js';
import { defaults } from '../defaults.js';

/** Draws the weight of each key for each query of an operator, under a mask that suits it. */
function operatorDrawer(): DrawOperator {
  const library = createLibrary();
  return (operator) => {
    const name = pictureMask(operator);
    const spec = library.masks.get(name);
    const parameters = spec && exampleParameters(spec, undefined, pictureTokens);
    const mask: Mask = { name, ...(parameters && { parameters }) };
    const picture = operatorPicture(library, library.operators.get(operator.name) ?? operator, { mask, tokens: pictureTokens });
    if (!picture) return undefined;
    const { title, rows, columns, cells } = picture;
    return {
      kind: 'weights',
      title: `${title}, mask ${printMask(mask)}`,
      down: 'query',
      across: 'key',
      rows,
      columns,
      of: [rows, columns],
      cells: Array.from(cells, weightLevel).join(''),
    };
  };
}

export interface ReportFlags {
  readonly out?: string;
  readonly title?: string;
  readonly adapter?: string[];
  readonly expectations?: string;
  readonly power?: string;
  readonly bench?: string[];
  readonly reporter?: string[];
  readonly simulate?: string[];
  readonly files: boolean;
}

/** Runs `attn-cts report`. @returns the exit code. @throws {UsageError} @throws {DocumentError} */
export async function reportAction(files: readonly string[], flags: ReportFlags): Promise<number> {
  checkSources(files, flags);
  if (flags.reporter !== undefined) {
    await writeBenchReports(flags.reporter, await readBenches(flags), flags.title ?? 'Timings of attention kernels');
    return exitCodes.passed;
  }
  const out = flags.out ?? defaults.site;
  checkFolder(out);
  const adapters = parseAdapterSources(flags.adapter);
  const power = flags.power === undefined ? undefined : readDocument('power', '--power', flags.power);
  const sources = [];
  for (const [run, file] of files.entries()) sources.push(await readSource(file, { adapters, copy: flags.files, run }));
  const knownOf = flags.expectations === undefined ? undefined : knownFailures(flags.expectations, out);
  const benches = await readBenches(flags);
  const simulations = (flags.simulate ?? []).map((file) => ({ file, simulations: readDocument('simulations', '--simulate', file) }));
  const data = siteData(sources, {
    title: flags.title ?? 'Attention conformance report',
    made: new Date(),
    benches,
    simulations,
    ...(power && { power }),
    ...(knownOf && { knownOf }),
    drawOperator: operatorDrawer(),
  });
  const copies = sources.flatMap((source) => source.copies);
  forFlag('--out', () => makeFolder(dirname(resolve(out))));
  await forFlag('--out', () => writeSite(resolve(out), compiledFile('reports/html/served'), data, copies));
  process.stdout.write(`${join(out, 'index.html')}\n`);
  return exitCodes.passed;
}

async function readBenches({ bench: files = [] }: ReportFlags): Promise<BenchSource[]> {
  const benches: BenchSource[] = [];
  for (const file of files) benches.push({ file, bench: await readBench(file) });
  return benches;
}

/** @throws {UsageError} without a document to report, or if flags exclude each other. */
function checkSources(files: readonly string[], { bench, simulate, reporter, out }: ReportFlags): void {
  if (files.length === 0 && bench === undefined && simulate === undefined) {
    throw new UsageError(`nothing to report; name a result, such as ${defaults.out}/result.json, or --bench FILE for timings alone`);
  }
  if (reporter === undefined) return;
  if (files.length > 0) {
    throw new UsageError('--reporter: writes timings alone; leave out the results, or --reporter for a site of both');
  }
  if (bench === undefined) throw new UsageError('--reporter: writes timings; add --bench FILE, the bench.json of attn-cts bench');
  if (out !== undefined) throw new UsageError('--out: --reporter writes no site; name a file after it, such as --reporter csv=timings.csv');
}

/** @throws {UsageError} unless the folder is new, empty or a report. */
function checkFolder(out: string): void {
  requireFolder('--out', dirname(out));
  if (!existsSync(out)) return;
  const free = forFlag('--out', () => statSync(out).isDirectory() && isReplaceable(readdirSync(out)));
  if (!free) throw new UsageError(`--out: "${out}" exists and is not a report; name a new or empty folder, or an earlier report`);
}

/** @throws {UsageError} if the file is missing. */
function readDocument<K extends DocumentKind>(kind: K, flag: string, file: string): Documents[K] {
  if (!existsSync(file)) throw new UsageError(`${flag}: no such file: ${file}`);
  return parseDocument(kind, readTextFor(flag, file), file);
}

/** Looks up failures in an expectations file, with its links relative to the site. */
function knownFailures(file: string, out: string): KnownOf {
  if (!existsSync(file)) throw new UsageError(`--expectations: no such file: ${file}`);
  const entries = parseExpectations(readTextFor('--expectations', file), file);
  const lookups = new Map<string, ReturnType<typeof expectationLookup>>();
  const toFolder = relative(resolve(out), dirname(resolve(file))).replaceAll(sep, '/');
  return ({ adapter, run }, { id, verdict, class: failureClass, failure }) => {
    if (!failure || !isFailing(verdict)) return undefined;
    const { platform = process.platform, arch = process.arch, ...rest } = adapter.environment;
    const lookup = lookups.get(`${run} ${adapter.id}`) ?? expectationLookup(entries, () => ({ platform, arch, ...rest }));
    lookups.set(`${run} ${adapter.id}`, lookup);
    const entry = lookup.match(adapter.id, id, verdict, failureClass, failure.case);
    if (!entry) return undefined;
    const { why, link, finding } = entry;
    return {
      why,
      ...(link !== undefined && { link }),
      ...(finding !== undefined && { finding: `${toFolder === '' ? '.' : toFolder}/${finding}` }),
    };
  };
}
