import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkSource } from '../../../adapters/load.js';
import { jsonText, plainText } from '../../../reports/plain-text.js';
import { exitCodes } from '../../exit-code.js';
import { probeAdapter } from '../../probe/probe.js';
import { UsageError } from '../../usage-error.js';
import { defaults } from '../defaults.js';
import { probeText } from '../probe-text.js';

export interface ProbeFlags {
  readonly adapter?: string;
  readonly json?: boolean;
  readonly write?: string;
  readonly timeout?: number;
  readonly startTimeout?: number;
  readonly python?: string;
}

/** `attn-cts probe`. @returns the exit code: 3 where it could not be started, or an axis could not be inferred. */
export async function probeAction({ adapter, json, write, timeout, startTimeout, python }: ProbeFlags): Promise<number> {
  if (adapter === undefined) throw new UsageError('--adapter: name what to probe, such as attn-cts probe ./kernel.ts');
  checkSource(adapter);
  const probed = await probeAdapter(adapter, {
    timeout: timeout ?? defaults.timeout,
    startTimeout: startTimeout ?? defaults.startTimeout,
    load: { python },
  });
  if (probed.state === 'unavailable') {
    process.stderr.write(`${plainText(`${adapter} is unavailable: ${probed.reason}; remedy: ${probed.remedy}`)}\n`);
    return exitCodes.noJudgement;
  }
  const { probe } = probed;
  process.stdout.write(json ? jsonText(probe) : probeText(probe));
  if (write !== undefined) {
    mkdirSync(dirname(write), { recursive: true });
    writeFileSync(write, `${JSON.stringify(probe.dialect, null, 2)}\n`);
  }
  return probe.axes.some(({ status }) => status === 'not-inferred') ? exitCodes.noJudgement : exitCodes.passed;
}
