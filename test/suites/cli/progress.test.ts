import { describe, expect, it } from 'vitest';
import { ProgressLine } from '../../../suites/cli/progress.js';

const step = (done: number) => ({
  done,
  total: 100,
  adapter: 'mine',
  check: 'softmax/causal/oracle/f32',
  cases: done * 50,
  failed: done === 0 ? 0 : 3,
});
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
      '\r\x1b[2K0 %  0/100 checks  0 failed  0 s  mine:',
      // the first that is judged is shown at once
      '\r\x1b[2K1 %  1/100 checks  3 failed  0 s  mine:',
      '\r\x1b[2K',
    ]);
  });

  it('writes whole lines elsewhere, now and then', () => {
    const { written, line, pass } = record(false);
    line.update(step(0));
    pass(12_000);
    line.update(step(50));
    line.update(step(51));
    pass(12_000);
    line.update(step(90));
    line.end();
    expect(written).toEqual([
      '50 %  50/100 checks  3 failed  12 s, about 10 s left  mine::softmax/causal/oracle/f32\n',
      '90 %  90/100 checks  3 failed  24 s, about 3 s left  mine::softmax/causal/oracle/f32\n',
    ]);
  });

  it('shows the first check that is judged at once, and keeps notes above the live line', () => {
    const plain = record(false);
    plain.line.update(step(1));
    plain.line.update(step(2));
    plain.line.note('mine: 1 of 2 passed');
    expect(plain.written).toEqual(['1 %  1/100 checks  3 failed  0 s  mine::softmax/causal/oracle/f32\n', 'mine: 1 of 2 passed\n']);
    const live = record(true);
    live.line.update(step(1));
    live.line.note('mine: 1 of 2 passed');
    live.line.end();
    expect(live.written.slice(1)).toEqual(['\r\x1b[2K', 'mine: 1 of 2 passed\n']);
  });

  it('estimates by the pace since it was restarted', () => {
    const { written, line, pass } = record(false);
    pass(60_000);
    line.restart();
    pass(10_000);
    line.update(step(10));
    pass(90_000);
    line.update(step(11));
    expect(written.map((text) => /s, (.*) left/.exec(text)?.[1])).toEqual(['about 90 s', 'about 14 min']);
  });
});
