import { CommanderError } from 'commander';
import pc from 'picocolors';
import { exitCodes } from '../exit-code.js';
import { useColors } from './colors.js';

/** By name, not class: their modules bring the validators along, which `--help` has no need of. */
const usageErrors = new Set(['UsageError', 'DocumentError', 'UnknownAdapter']);

/**
 * Says what went wrong: one message for a fault of the user's, with the stack for one of ours.
 * @returns the exit code.
 */
export function reportError(error: unknown, write: (text: string) => void): number {
  // commander has written its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.passed : exitCodes.usage;
  const label = pc.createColors(useColors(process.stderr)).red('error:');
  if (error instanceof Error && usageErrors.has(error.name)) {
    write(`${label} ${error.message}\n`);
    return exitCodes.usage;
  }
  write(`${label} this is a fault of attention-cts itself\n${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCodes.noJudgement;
}
