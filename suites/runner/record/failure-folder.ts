import { createHash } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../../adapters/system/make-folder.js';
import type { Capabilities, Failure, FailureAdapter } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import { forFlag } from '../../lib/files.js';
import { version } from '../../lib/version.js';
import type { ExaminedFailure, FailureKeeper } from '../run/check-context.js';
import { elementOf } from '../run/outcome.js';

/** Adapter of a failure document. */
export interface FailingAdapter extends Omit<FailureAdapter, 'capabilities'> {
  readonly capabilities: Capabilities;
  readonly environment: Readonly<Record<string, string>>;
}

/** Folder of a check's failure, relative to the result. */
export function failureFolder(adapter: string, check: string): string {
  return `failures/${fileName(adapter)}/${fileName(check)}`;
}

/** Most bytes of a file name, with room for suffixes on any file system. */
const longestName = 200;

/** Safe file name; a hash replaces the end of a long one. */
function fileName(name: string): string {
  const safe = name.replaceAll(/[^\w.+@-]/g, '_').replaceAll('..', '__');
  if (safe.length <= longestName) return safe;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${safe.slice(0, longestName - hash.length - 1)}-${hash}`;
}

/** Writes failure folders: failure.json and safetensors. */
export class FailureWriter implements FailureKeeper {
  constructor(
    private readonly out: string,
    private readonly spec: Readonly<Record<string, string>>,
    private readonly adapterNamed: (id: string) => FailingAdapter,
  ) {}

  /** Returns the folder, relative to the result. @throws {UsageError} if it cannot be written. */
  write(...failure: Parameters<FailureKeeper['write']>): Promise<string> {
    return forFlag('--out', () => this.writeFolder(...failure));
  }

  private async writeFolder(check: Check, failure: ExaminedFailure): Promise<string> {
    const relative = failureFolder(check.adapter, check.id);
    const folder = join(this.out, relative);
    // aside: a folder appears whole or not at all
    const aside = `${folder}.new`;
    await rm(aside, { recursive: true, force: true });
    makeFolder(aside);
    // without tensors, e.g. after an oracle error, the document alone is replayed
    const { shown: _, ...files } = failure.files ?? {};
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(aside, `${name}.safetensors`), bytes, { flush: true });
    const document = this.documentOf(check, failure);
    await writeFile(join(aside, 'failure.json'), `${JSON.stringify(document, null, 2)}\n`, { flush: true });
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
    return relative;
  }

  private documentOf(check: Check, { case: c, failed, reproduced, worst, call, files, passesWith }: ExaminedFailure): Failure {
    const { environment, ...adapter } = this.adapterNamed(check.adapter);
    const { verdict, class: failureClass, printed } = failed;
    return {
      format: 1,
      check: check.id,
      adapter,
      case: c,
      verdict,
      ...(failureClass !== undefined && { class: failureClass }),
      ...elementOf(failed),
      ...(passesWith && { passesWith }),
      ...(call && { call }),
      ...(files && { layout: 'bhld' }),
      ...(worst && { worst }),
      reproduced,
      ...(printed && { stderr: printed }),
      suite: version,
      spec: { ...this.spec },
      environment: { ...environment },
    };
  }
}
