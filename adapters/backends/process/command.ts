import { existsSync } from 'node:fs';
import { parseArgsStringToArgv } from 'string-argv';

/** A command's words, as a shell splits them. Where the whole command came in quotes of its own, those are taken off first. */
export function splitCommand(command: string): string[] {
  const words = parseArgsStringToArgv(command);
  const [only] = words;
  const quotedTwice = words.length === 1 && /\s/.test(only) && !existsSync(only);
  return quotedTwice ? parseArgsStringToArgv(only) : words;
}
