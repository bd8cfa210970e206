import { expect, it } from 'vitest';
import { LineChild, type LineChildEvents } from '../../../adapters/system/line-child.js';

/** Starts a Node program, and collects what is told of it. */
function start(program: string, command = process.execPath) {
  const told: unknown[] = [];
  const tell =
    (name: keyof LineChildEvents) =>
    (...details: unknown[]): void => {
      told.push([name, ...details]);
    };
  const child = new LineChild(
    [command, '-e', program],
    { line: tell('line'), longLine: tell('longLine'), notStarted: tell('notStarted'), exited: tell('exited'), ended: tell('ended') },
    { env: { WORD: 'given' }, keptOfStderr: 10, lastWords: 500, signal: 'SIGKILL' },
  );
  return { child, told };
}

it('tells the lines of a child, then its end; half a line and the end of stderr are kept', async () => {
  const { child, told } = start(
    'console.error("0123456789 the end"); process.stdin.once("data", (line) => { process.stdout.write(JSON.parse(line).say + process.env.WORD + "\\nhalf"); process.exitCode = 3; process.stdin.destroy(); });',
  );
  child.hold(true);
  child.tell({ say: 'a ' });
  await child.ended;
  expect(told).toEqual([
    ['line', 'a given'],
    ['exited', 3, null],
    ['ended', 3, null],
  ]);
  expect([child.unfinished(), child.printed()]).toEqual(['half', '9 the end']);
});

it('ends a child by a signal, or when nothing more is written to it', async () => {
  const waits = 'process.stdin.on("data", () => {})';
  const [killed, closed] = [start(waits), start(waits)];
  for (const { child } of [killed, closed]) child.hold(true);
  killed.child.kill('SIGTERM');
  closed.child.close();
  await Promise.all([killed.child.ended, closed.child.ended]);
  expect(killed.told.at(-1)).toEqual(['ended', null, 'SIGTERM']);
  expect(closed.told.at(-1)).toEqual(['ended', 0, null]);
});

it('tells that a command cannot be started', async () => {
  const { child, told } = start('', '/no/such/command');
  await child.ended;
  expect(told).toEqual([['notStarted', expect.objectContaining({ code: 'ENOENT' })]]);
});
