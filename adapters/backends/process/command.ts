import { existsSync } from 'node:fs';
import { parseArgsStringToArgv } from 'string-argv';

/** Splits a command into words like a shell, after removing quotes around the whole command. */
export function splitCommand(command: string): string[] {
  const words = parseArgsStringToArgv(command);
  const [only] = words;
  const quotedTwice = words.length === 1 && /\s/.test(only) && !existsSync(only);
  return quotedTwice ? parseArgsStringToArgv(only) : words;
}
