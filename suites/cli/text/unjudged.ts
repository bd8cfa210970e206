import { clip } from '../../../reports/text/plain-text.js';
import { unjudged } from '../../../reports/verdict/verdict.js';
import { verdictText } from '../../../reports/verdict/verdict-text.js';
import { version } from '../../lib/version.js';
import { messageOf } from '../errors.js';

const longest = 1000;

/** Prints the verdict of a `judge --json` that an error ended early. */
export function printUnjudged(error: unknown): void {
  print(messageOf(error), 'Mend what the error names, and give the command again.');
}

/** Prints the verdict of a `judge --json` that was interrupted early. */
export function printInterrupted(): void {
  print('interrupted', 'Give the command again; with --resume it goes on from there.');
}

function print(error: string, next: string): void {
  process.stdout.write(verdictText(unjudged(version, clip(error, longest), next)));
}
