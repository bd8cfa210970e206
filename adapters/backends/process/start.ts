import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { DocumentError } from '../../../spec/documents.js';
import type { Capabilities, ProcessAdapter } from '../../../spec/types/documents.js';
import { Crashed, Unavailable } from '../../kernel.js';
import { ChildProgram, NotStarted } from './child-program.js';
import { type Message, quote, readMessage } from './messages.js';

/** How a process is started, and what to say of it. */
export interface ProcessOptions {
  /** Where the files of its calls go; by default in memory where there is room. */
  readonly tmp?: string;
  /** Milliseconds that a call of several ranks may take, once they have started. */
  readonly timeout?: number;
  /** Beside our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What to call it in messages, such as `process:"./serve"`. */
  readonly what: string;
  /** The step that mends it where it does not start, if that is known. */
  readonly remedy?: string;
}

/** A process that has answered `start`. */
export interface Started {
  readonly program: ChildProgram;
  readonly answer: {
    readonly adapter: ProcessAdapter;
    readonly capabilities: Capabilities;
    readonly environment: Readonly<Record<string, string>>;
  };
}

/** @throws {Unavailable} with what was seen as the reason. */
export async function startProtocol(argv: readonly string[], options: ProcessOptions): Promise<Started> {
  const { what, env = {}, remedy = 'see what it printed, or run the command by hand and type {"cmd":"start","protocol":1}' } = options;
  const program = new ChildProgram(argv, env);
  const unavailable = (problem: string, mend = remedy): Unavailable => {
    program.kill();
    const printed = program.printed();
    return new Unavailable(`${what} ${problem}${printed && `; it printed: ${printed}`}`, mend);
  };
  let line: string;
  try {
    line = await program.ask({ cmd: 'start', protocol: 1 });
  } catch (error) {
    if (error instanceof NotStarted) throw unavailable(`does not start: ${error.message}`, options.remedy ?? error.remedy);
    if (error instanceof Crashed) throw unavailable(`did not answer "start": it ${error.message}`);
    throw error;
  }
  let said: Message<'processStart'>;
  try {
    said = readMessage('processStart', line, 'its start answer');
    // what the schema cannot say
    if (said.message.capabilities) resolveCapabilities(said.message.capabilities, 'its capabilities');
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const problem = `gave no valid start answer: ${error.message}; it said ${quote(line)}`;
    throw unavailable(problem, 'mend what it answers to "start"; stdout carries nothing else: print to stderr');
  }
  const { message, unknown } = said;
  if (message.unavailable) throw unavailable(`is unavailable: ${message.unavailable.reason}`, message.unavailable.remedy ?? remedy);
  const { adapter, capabilities, environment = {} } = message;
  if (!adapter || !capabilities) throw unavailable('gave no valid start answer: it needs "adapter" and "capabilities", or "unavailable"');
  const shown = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)]));
  if (unknown.length > 0) shown.warning = `unknown keys in its start answer: ${unknown.join(', ')}`;
  return { program, answer: { adapter, capabilities, environment: shown } };
}
