import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startProcess } from '../../../../adapters/backends/process/index.js';
import { Crashed, DeviceLost, Intruded, OutOfMemory, Unavailable, Unsupported } from '../../../../adapters/kernel.js';
import { title } from '../../../backend.js';
import { interpreter, misbehaves, misdeeds, python } from '../../../kernels/misbehaves.js';
import { scratch } from '../../../suites/runner/run-kernels.js';
import { oneCall } from './one-call.js';

async function answerOf(way: string, tmp: string): Promise<unknown> {
  const adapter = await startProcess([interpreter, misbehaves, way], { tmp, what: way });
  await using kernel = await adapter.open();
  try {
    return await kernel.forward(oneCall);
  } catch (error) {
    return error;
  }
}

describe.skipIf(python.missing)(title('a process that', python), () => {
  test.each(misdeeds.map((m) => [m.way, m] as const))('does %s', async (way, { verdict, failureClass, says }) => {
    const tmp = scratch();
    const answer = await answerOf(way, tmp);
    expect(readdirSync(tmp)).toEqual([]);
    if (verdict === 'pass' || failureClass === 'dtype' || failureClass === 'shape') {
      // what it wrote, whatever that is: the judge's to say
      expect(answer).toMatchObject({ o: { dtype: failureClass === 'dtype' ? 'i32' : 'f32' } });
      return;
    }
    expect(answer).toBeInstanceOf(Error);
    expect((answer as Error).message).toMatch(says as RegExp);
    if (verdict === 'crash') {
      expect(answer).toBeInstanceOf(failureClass === 'device-lost' ? DeviceLost : Crashed);
      expect((answer as Crashed).how).toBe(failureClass);
    } else if (failureClass === 'mutated-input') expect(answer instanceof Intruded && answer.how).toBe('mutated-input');
    else if (way === 'unsupported') expect(answer).toBeInstanceOf(Unsupported);
    else expect((answer as Error).stack).toBe('at line 7');
  });

  test('has no memory left says so', async () => {
    expect(await answerOf('out-of-memory', scratch())).toBeInstanceOf(OutOfMemory);
  });

  test.each([
    ['noise-at-start', /"Loading the model \.\.\."/],
    ['dies-at-start', /did not answer "start": it exited with code 1; it printed: ImportError: libdevice\.so/],
    ['malformed-start', /gave no valid start answer: its start answer: at \$\.capabilities\.dtypes\[0\]: found "f31"/],
    ['meaningless-start', /gave no valid start answer: its capabilities: at \$\.numeric.*storage/],
    ['unavailable', /is unavailable: no device/],
  ])('does %s is unavailable, with what was seen as the reason', async (way, reason) => {
    const error = await startProcess([interpreter, misbehaves, way], { what: way }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Unavailable);
    expect((error as Unavailable).reason).toMatch(reason);
  });
});
