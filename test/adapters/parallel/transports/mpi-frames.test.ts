import { fc, it } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  decodeCommand,
  decodeMessage,
  decodeReports,
  encodeCommand,
  encodeMessage,
  encodeReports,
} from '../../../../adapters/parallel/transports/mpi/frames.js';
import { wordLine, wordOf } from '../../../../adapters/parallel/transports/mpi/lines.js';
import { deathOf } from '../../../../adapters/parallel/transports/mpi/ranks.js';
import type { RankReport } from '../../../../adapters/parallel/transports/transport.js';
import { tensorOf } from '../../../../spec/tensor/tensor.js';
import { parallelCase, setupOf } from './support.js';

const tensors = fc.array(
  fc
    .tuple(fc.constantFrom('f64', 'f32', 'bf16', 'i32'), fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 5 }))
    .map(([dtype, values]) => tensorOf(dtype, [1, values.length], values)),
  { maxLength: 12 },
);

describe('what crosses between processes', () => {
  it.prop([tensors, fc.string(), fc.nat()])('is a message as it was', (sent, channel, sequence) => {
    const message = { channel, sequence, tensors: sent };
    expect(decodeMessage(encodeMessage(message))).toEqual(message);
  });

  it('is a command as it was', () => {
    const c = parallelCase({ n: 4 }, { scheme: 'ring', ranks: 2 });
    const job = { call: { case: c, tensors: { q: tensorOf('f32', [1, 1, 1, 2], [1, 2]) } }, backward: true };
    expect(decodeCommand(encodeCommand({ job }))).toEqual({ job });
    const setup = setupOf('reference');
    expect(decodeCommand(encodeCommand({ setup }))).toEqual(JSON.parse(JSON.stringify({ setup })));
    expect(decodeCommand(encodeCommand({}))).toEqual({});
  });

  it.each([undefined, { dq: [1], dk: [2], dv: [] }, { dq: [1], dk: [2], dv: [3], dsink: [4] }])(
    'is a report with gradients %j',
    (given) => {
      const gradients = given && {
        dq: Float64Array.from(given.dq),
        dk: Float64Array.from(given.dk),
        dv: Float64Array.from(given.dv),
        ...('dsink' in given && { dsink: Float64Array.from(given.dsink as number[]) }),
      };
      const report: RankReport = {
        result: { o: Float64Array.of(0.1, -0), lse: Float64Array.of(-Infinity), area: 7, ...(gradients && { gradients }) },
        sent: Float64Array.of(8, 0),
        received: Float64Array.of(0, 8),
        messages: 3,
        nanoseconds: 12_345,
      };
      expect(decodeReports(encodeReports([report, report]))).toEqual([report, report]);
    },
  );
});

describe('what ranks print', () => {
  it('holds their words apart from whatever their kernels print', () => {
    const lines = `half a line${wordLine({ done: true })}more`.split('\n');
    expect(lines.map(wordOf)).toEqual([undefined, { done: true }, undefined]);
  });
});

describe('how a rank died, in the words of mpirun', () => {
  it.each([
    [
      'prterun noticed that process rank 2 with PID 4321 on node vm exited on\nsignal 11 (Segmentation fault).',
      'rank 2 died: by signal 11 (Segmentation fault)',
    ],
    [
      'prterun detected that one or more processes exited with non-zero status,\nthus causing the job to be terminated. The first process to do so was:\n\n   Process name: [prterun-vm-1@1,3]\n   Exit code:    5',
      'rank 3 died: exited with code 5',
    ],
    ['There are not enough slots available', undefined],
  ])('%j', (stderr, death) => {
    expect(deathOf(stderr)).toBe(death);
  });
});
