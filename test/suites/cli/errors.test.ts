import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { UnknownAdapter } from '../../../adapters/load.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import { reportError } from '../../../suites/cli/errors.js';
import { UsageError } from '../../../suites/lib/usage-error.js';

function report(error: unknown): { code: number; text: string } {
  let text = '';
  const code = reportError(error, (t) => {
    text += t;
  });
  return { code, text };
}

describe('errors', () => {
  it.each([
    new UsageError('no such file'),
    new DocumentError('case', '$.dims.m', 'found 0, must be >= 1'),
    new UnknownAdapter('refrence', ['reference']),
  ])('%s is one message, exit 2', (error) => {
    expect(report(error)).toEqual({ code: 2, text: `error: ${error.message}\n` });
  });

  it('what commander has said already is not said again', () => {
    expect(report(new CommanderError(1, 'commander.unknownOption', 'unknown'))).toEqual({ code: 2, text: '' });
    expect(report(new CommanderError(0, 'commander.help', '(outputHelp)'))).toEqual({ code: 0, text: '' });
  });

  it('a fault of ours shows its stack and is inconclusive', () => {
    const { code, text } = report(new TypeError('x is not a function'));
    expect(code).toBe(3);
    expect(text).toMatch(/fault of attention-cts itself\nTypeError: x is not a function\n {4}at /);
    expect(report('thrown')).toEqual({ code: 3, text: 'error: this is a fault of attention-cts itself\nthrown\n' });
  });
});
