import { checkSource } from '../../../adapters/load.js';
import { jsonText, plainText } from '../../../reports/text/plain-text.js';
import { unavailableText } from '../../../spec/lib/unavailable.js';
import { exitCodes } from '../../lib/exit-code.js';
import { requireFile, writeFor } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { probeAdapter } from '../../probe/probe.js';
import { defaults } from '../defaults.js';
import { probeText } from '../text/probe.js';

export interface ProbeFlags {
  readonly adapter?: string;
  readonly json?: boolean;
  readonly write?: string;
  readonly timeout?: number;
  readonly startTimeout?: number;
  readonly python?: string;
}

/** Runs `attn-cts probe`. @returns the exit code: 3 if the start or an inference failed. */
export async function probeAction({ adapter, json, write, timeout, startTimeout, python }: ProbeFlags): Promise<number> {
  if (adapter === undefined) throw new UsageError('--adapter: name what to probe, such as npx attention-cts probe ./kernel.ts');
  checkSource(adapter);
  if (write !== undefined) requireFile('--write', write);
  const probed = await probeAdapter(adapter, {
    timeout: timeout ?? defaults.timeout,
    startTimeout: startTimeout ?? defaults.startTimeout,
    load: { python },
  });
  if (probed.state === 'unavailable') {
    process.stderr.write(`${plainText(`${adapter} is unavailable: ${unavailableText(probed)}`)}\n`);
    return exitCodes.inconclusive;
  }
  const { probe } = probed;
  process.stdout.write(json ? jsonText(probe) : probeText(probe));
  if (write !== undefined) {
    writeFor('--write', write, `${JSON.stringify(probe.dialect, null, 2)}\n`);
    for (const { axis, status, reason } of probe.axes)
      if (status === 'not-inferred') process.stderr.write(`${plainText(`${axis} is not declared in ${write}: ${reason}`)}\n`);
  }
  return probe.axes.some(({ status }) => status === 'not-inferred') ? exitCodes.inconclusive : exitCodes.passed;
}
