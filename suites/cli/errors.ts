import { CommanderError } from 'commander';
import pc from 'picocolors';
import { clip, plainText } from '../../reports/text/plain-text.js';
import { describeSystemError, isSystemError } from '../../spec/lib/system-error.js';
import { exitCodes } from '../lib/exit-code.js';
import { useColors } from './colors.js';

/** Compared by name: importing the classes would load the validators, which slows `--help`. */
const usageErrors = new Set(['UsageError', 'DocumentError', 'UnknownAdapter']);

const longest = 4000;

/** Prints an error, with its stack if it is a fault of the suite. @returns the exit code. */
export function reportError(error: unknown, write: (text: string) => void): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.passed : exitCodes.usage;
  const label = pc.createColors(useColors(process.stderr)).red('error:');
  const say = (text: string) => write(`${label} ${plainText(text)}\n`);
  const message = usageMessage(error);
  if (message !== undefined) {
    say(clip(message, longest));
    return exitCodes.usage;
  }
  say(`this is a fault of attention-cts itself\n${error instanceof Error ? error.stack : String(error)}`);
  return exitCodes.inconclusive;
}

/** Returns an error's message without its stack. */
export function messageOf(error: unknown): string {
  if (error instanceof CommanderError) return nameFirst(error.message).replace(/^error: /, '');
  const told = error instanceof Error ? error.message : String(error);
  return usageMessage(error) ?? `this is a fault of attention-cts itself: ${told}`;
}

/** Shortens commander's "option '--runs <n>' argument 'x' is invalid. …" to "--runs: …". */
export function nameFirst(message: string): string {
  return message.replace(/option '(--[\w-]+) [^']*' argument '.*?' is invalid\. (?=found |it is called )/s, '$1: ');
}

/** Message for an error that the user can fix, including refusals of the system; else undefined. */
function usageMessage(error: unknown): string | undefined {
  if (isSystemError(error)) return describeSystemError(error);
  return error instanceof Error && usageErrors.has(error.name) ? error.message : undefined;
}
