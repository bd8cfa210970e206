import { describe, expect, it } from 'vitest';
import { ProgressLine } from '../../../suites/cli/progress.js';

const step = (done: number) => ({ done, total: 100, adapter: 'mine', check: 'softmax/causal/oracle/f32', cases: done * 50 });
function record(isTTY: boolean) {
  const written: string[] = [];
  let time = 0;
  const line = new ProgressLine({ isTTY, columns: 40, write: (text) => void written.push(text) }, () => time);
  return { written, line, pass: (milliseconds: number) => (time += milliseconds) };
}

describe('progress', () => {
  it('redraws one line on a terminal, no wider than it, and clears it', () => {
    const { written, line, pass } = record(true);
    line.update(step(0));
    pass(50);
    line.update(step(1));
    pass(60);
    line.update(step(2));
    line.end();
    expect(written).toEqual([
      '\r\x1b[2K0 %  0/100 checks  0 cases  0 s  mine::',
      '\r\x1b[2K2 %  2/100 checks  100 cases  0 s  mine',
      '\r\x1b[2K',
    ]);
  });

  it('writes whole lines elsewhere, now and then', () => {
    const { written, line, pass } = record(false);
    line.update(step(0));
    pass(6000);
    line.update(step(50));
    line.update(step(51));
    pass(6000);
    line.update(step(90));
    line.end();
    expect(written).toEqual([
      '50 %  50/100 checks  2500 cases  6 s  mine::softmax/causal/oracle/f32\n',
      '90 %  90/100 checks  4500 cases  12 s  mine::softmax/causal/oracle/f32\n',
    ]);
  });
});
