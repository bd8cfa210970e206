import { CommanderError } from 'commander';
import pc from 'picocolors';
import { clip, plainText } from '../../reports/text/plain-text.js';
import { describeSystemError, isSystemError } from '../../spec/lib/system-error.js';
import { exitCodes } from '../lib/exit-code.js';
import { useColors } from './colors.js';

/** By name, not class: their modules bring the validators along, which `--help` has no need of. */
const usageErrors = new Set(['UsageError', 'DocumentError', 'UnknownAdapter']);

/** Largest length of a message: it may quote foreign text. */
const longest = 4000;

/**
 * Prints an error: one message for a user's fault, with the stack for the suite's.
 * @returns the exit code.
 */
export function reportError(error: unknown, write: (text: string) => void): number {
  // commander has written its own message.
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

/** Returns the message of an error in one text, without its stack. */
export function messageOf(error: unknown): string {
  if (error instanceof CommanderError) return nameFirst(error.message).replace(/^error: /, '');
  const told = error instanceof Error ? error.message : String(error);
  return usageMessage(error) ?? `this is a fault of attention-cts itself: ${told}`;
}

/** `--runs: found "x", must be …` in place of commander's "option '--runs <n>' argument 'x' is invalid. found "x", must be …". */
export function nameFirst(message: string): string {
  return message.replace(/option '(--[\w-]+) [^']*' argument '.*?' is invalid\. (?=found |it is called )/s, '$1: ');
}

/**
 * Returns the message of an error that a user can mend, or undefined for a fault of the suite.
 * System refusals are always the latter.
 */
function usageMessage(error: unknown): string | undefined {
  if (isSystemError(error)) return describeSystemError(error);
  return error instanceof Error && usageErrors.has(error.name) ? error.message : undefined;
}
