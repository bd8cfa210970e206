import pc from 'picocolors';
import { checkSource, isBuiltIn } from '../../../adapters/load.js';
import { failureBlock } from '../../../reports/terminal/failure.js';
import { plainText, printable } from '../../../reports/text/plain-text.js';
import { parseDocument } from '../../../spec/lib/documents.js';
import { otherVersions } from '../../../spec/library.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { CheckResult, Failure } from '../../../spec/types/documents.js';
import { loadSpec } from '../../documents/load-spec.js';
import { exitCodes, isFailing } from '../../lib/exit-code.js';
import { readTextFor } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { elementOf } from '../../runner/run/outcome.js';
import { type Replay, replayCase } from '../../runner/search/replay.js';
import { useColors } from '../colors.js';
import { defaults } from '../defaults.js';
import { failureDocument } from '../failure-document.js';

export interface ReplayFlags {
  readonly adapter?: string;
  readonly timeout?: number;
  readonly startTimeout?: number;
  readonly spec?: string[];
  readonly python?: string;
  readonly ranks?: number;
}

/** Runs `attn-cts replay FAILURE`. @returns the exit code: 0 pass, 1 fail, 3 no verdict. */
export async function replayAction(path: string, flags: ReplayFlags): Promise<number> {
  const file = failureDocument(path);
  const failure = parseDocument('failure', readTextFor('the failure', file), file);
  const source = sourceOf(failure, flags.adapter);
  const { documents, library } = loadSpec(flags.spec, new Set([failure.case.operator]));
  const replay = await replayCase(source, failure, {
    document: file,
    documents,
    timeout: flags.timeout ?? defaults.timeout,
    startTimeout: flags.startTimeout ?? defaults.startTimeout,
    load: { python: flags.python },
    ...(flags.ranks !== undefined && { ranks: flags.ranks }),
  });
  process.stdout.write(`${describe(failure, source, replay)}${changedSpecs(failure, library)}\n`);
  if (replay.verdict === 'pass') return exitCodes.passed;
  return isFailing(replay.verdict) ? exitCodes.failed : exitCodes.inconclusive;
}

/** Only built-ins start from a document alone, since it may be untrusted. */
function sourceOf({ adapter }: Failure, named: string | undefined): string {
  if (named !== undefined) {
    checkSource(named);
    return named;
  }
  if (adapter.builtIn === true && isBuiltIn(adapter.id)) return adapter.id;
  throw new UsageError(
    `this is a failure of "${adapter.id}", not a built-in adapter of this version: name it with --adapter, such as --adapter ./kernel.ts`,
  );
}

function describe(failure: Failure, source: string, replay: Replay): string {
  const { verdict, class: failureClass, reason, failure: failed, call, tensors, worst, passesWith } = replay;
  const then = plainText(`${failure.verdict}${failure.class === undefined ? '' : ` (${failure.class})`}`);
  const other = verdict === 'pass' ? `passes now; the document says ${then}` : `not the verdict of the document, which is ${then}`;
  const comparison = replay.same ? `same verdict as in the document: ${then}` : other;
  const check: CheckResult = {
    id: failure.check,
    adapter: replay.adapter?.id ?? source,
    verdict,
    ...(failureClass !== undefined && { class: failureClass }),
    ...(reason !== undefined && { reason }),
    cases: 1,
    undecided: 0,
    coverage: {},
    milliseconds: 0,
    failure: {
      case: failure.case,
      ...(failed && elementOf(failed)),
      ...(call && { call }),
      ...(tensors && { tensors }),
      ...(worst && { worst }),
      ...(passesWith && { passesWith }),
      reproduced: -1,
    },
  };
  const colors = pc.createColors(useColors(process.stdout));
  return `${failureBlock(printable(check), { colors: false, out: '', sources: {} }, colors)}\n${comparison}`;
}

function changedSpecs(failure: Failure, library: SpecLibrary): string {
  return otherVersions(failure.spec, library)
    .map(({ document, then, now = 'a version without it' }) => `\nfound by ${document} ${then}, replayed by ${now}`)
    .map(plainText)
    .join('');
}
