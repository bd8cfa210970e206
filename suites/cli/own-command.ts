import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { quote } from '../../reports/text/replay-line.js';

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

const names = ['attn-cts', 'attention-cts'];

/** Folders that npm adds to PATH for its children; a user's shell does not have them. */
const ofNpm = /[\\/](node_modules[\\/]\.bin|node-gyp-bin)[\\/]*$/;

/**
 * Start of a command line for this program: what the package that started it says in ATTN_CTS_COMMAND, its name if on
 * PATH, `npx`, or `node` and its path.
 */
export function ownCommand(main = process.argv[1] ?? '', folders = ancestors(process.cwd()), path = process.env.PATH ?? ''): string {
  if (process.env.ATTN_CTS_COMMAND) return process.env.ATTN_CTS_COMMAND;
  const name = names.find((each) => path.split(delimiter).some((folder) => !ofNpm.test(folder) && isProgram(join(folder, each), main)));
  if (name !== undefined) return name;
  if (folders.some((folder) => existsSync(join(folder, 'node_modules', '.bin', 'attention-cts')) || isOurs(folder)))
    return 'npx attention-cts';
  if (/[\\/]_npx[\\/]/.test(main)) return 'npx attention-cts';
  return main === '' ? 'npx attention-cts' : `node ${quote(main)}`;
}

function ancestors(folder: string): string[] {
  const all = [resolve(folder)];
  for (let at = all[0]; dirname(at) !== at; at = dirname(at)) all.push(dirname(at));
  return all;
}

/** True if a file links to this program. On Windows, npm writes a .cmd script instead of a link. */
function isProgram(file: string, main: string): boolean {
  if (process.platform === 'win32') return existsSync(`${file}.cmd`);
  try {
    return realpathSync(file) === realpathSync(main);
  } catch {
    return false;
  }
}

function isOurs(folder: string): boolean {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name === 'attention-cts';
  } catch {
    return false;
  }
}
