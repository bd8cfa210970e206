import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { threadTimes, timeOfBusiest } from '../../../suites/runner/host/timing/thread-times.js';

describe.skipIf(process.platform !== 'linux')('the CPU time of threads', () => {
  it('grows where one computes, whatever its program is called, and not where one sleeps', async () => {
    const busy = spawn(process.execPath, ['-e', 'process.title = "a) 1 2 (3"; process.stdout.write("."); for (;;);']);
    const asleep = spawn('sleep', ['100']);
    try {
      await once(busy.stdout, 'data');
      const pids = [busy.pid as number, asleep.pid as number];
      const before = pids.map((pid) => threadTimes([pid]));
      const spent = () => pids.map((pid, i) => timeOfBusiest(before[i] ?? new Map(), threadTimes([pid]) ?? new Map()));
      while (spent()[0] < 100) await new Promise((wait) => setTimeout(wait, 20));
      expect(spent()[1]).toBe(0);
      expect(threadTimes(pids)?.size).toBeGreaterThan(1);
    } finally {
      busy.kill('SIGKILL');
      asleep.kill('SIGKILL');
    }
  });

  it('is nothing of a process that is not there', () => {
    expect(threadTimes([2 ** 30])).toEqual(new Map());
  });

  it('counts a thread that began in between from its beginning', () => {
    expect(timeOfBusiest(new Map([['1/1', 50]]), new Map(Object.entries({ '1/1': 60, '1/2': 30 })))).toBe(30);
  });
});
