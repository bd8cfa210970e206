import { clip } from '../../../reports/text/plain-text.js';
import { unjudged } from '../../../reports/verdict/verdict.js';
import { verdictText } from '../../../reports/verdict/verdict-text.js';
import { version } from '../../lib/version.js';
import { messageOf } from '../errors.js';

const longest = 1000;

/** Prints the verdict of a `judge --json` that an error ended early. */
export function printUnjudged(error: unknown): void {
  print(messageOf(error), 'Fix what the error names, and run the command again.');
}

/** Prints the verdict of a `judge --json` that was interrupted early. */
export function printInterrupted(): void {
  print('interrupted', 'Run the command again; with --resume it continues from there.');
}

function print(error: string, next: string): void {
  process.stdout.write(verdictText(unjudged(version, clip(error, longest), next)));
}
