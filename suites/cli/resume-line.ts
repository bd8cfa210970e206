import { quote } from '../../reports/text/replay-line.js';
import { ownCommand } from './own-command.js';

/** Command line that resumes a run, with twice the time limit and the drawn seed. */
export function resumeLine(given: readonly string[], seed: number | undefined, command = ownCommand()): string {
  const line: string[] = [];
  for (const [at, word] of given.entries()) {
    const [flag, joined] = word.split(/=(.*)/s, 2);
    const before = given[at - 1];
    if (word === '--resume') continue;
    if (flag === '--time-limit' && joined !== undefined) line.push(`--time-limit=${2 * Number(joined)}`);
    else if (before === '--time-limit') line.push(String(2 * Number(word)));
    else if (seed !== undefined && flag === '--seed' && joined !== undefined) line.push(`--seed=${seed}`);
    else if (seed !== undefined && before === '--seed') line.push(String(seed));
    else line.push(word);
  }
  return [command, ...line.map(quote), '--resume'].join(' ');
}
