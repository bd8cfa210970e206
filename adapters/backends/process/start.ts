import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { Capabilities, Operator, ProcessAdapter, ProcessStartCommand } from '../../../spec/types/documents.js';
import { Crashed, Unavailable } from '../../kernel.js';
import { ChildProgram, NotStarted } from './child-program.js';
import { type ProcessMessage, quote, readMessage } from './messages.js';

type ProcessOperators = NonNullable<ProcessStartCommand['operators']>;

/** Parts of a document that a kernel does not need. */
const leftOut: ReadonlySet<string> = new Set(['$schema', 'program', 'second', 'laws', 'source']);

/** Operators to send at the start: all but softmax, without programs, to keep the line short. */
function operatorsToSend(known?: ReadonlyMap<string, Operator>): ProcessOperators {
  const operators = known ? [...known.values()] : operatorDocuments;
  const others = operators.filter(({ name }) => name !== plainOperator.name);
  return Object.fromEntries(others.map((operator) => [operator.name, withoutProgram(operator)]));
}

function withoutProgram(operator: Operator): Record<string, unknown> {
  return Object.fromEntries(Object.entries(operator).filter(([key]) => !leftOut.has(key)));
}

export interface ProcessOptions {
  /** Folder for files of calls; by default in memory if there is room. */
  readonly tmp?: string;
  /** Time limit of a call of several ranks, in milliseconds. */
  readonly timeout?: number;
  /** Operator documents to send; default: the built-in ones. */
  readonly operators?: ReadonlyMap<string, Operator>;
  readonly env?: Readonly<Record<string, string>>;
  /** Name of the process in messages, e.g. `process:"./serve"`. */
  readonly what: string;
  readonly remedy?: string;
}

/** Process, and its answer to `start`. */
export interface Started {
  readonly program: ChildProgram;
  readonly answer: {
    readonly adapter: ProcessAdapter;
    readonly capabilities: Capabilities;
    readonly environment: Readonly<Record<string, string>>;
  };
}

/** Starts a process and sends `start`. @throws {Unavailable} without a valid answer. */
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
    line = await program.ask({ cmd: 'start', protocol: 1, operators: operatorsToSend(options.operators) });
  } catch (error) {
    if (error instanceof NotStarted) throw unavailable(`does not start: ${error.message}`, options.remedy ?? error.remedy);
    if (error instanceof Crashed) throw unavailable(`did not answer "start": it ${error.message}`);
    throw error;
  }
  let said: ProcessMessage<'processStart'>;
  try {
    said = readMessage('processStart', line, 'its start answer');
    // rules that the schema cannot express
    if (said.message.capabilities) resolveCapabilities(said.message.capabilities, 'its capabilities');
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const problem = `gave no valid start answer: ${error.message}; it said ${quote(line)}`;
    throw unavailable(problem, 'correct its answer to "start"; stdout is for answers only, so print everything else to stderr');
  }
  const { message, unknown } = said;
  if (message.unavailable) throw unavailable(`is unavailable: ${message.unavailable.reason}`, message.unavailable.remedy ?? remedy);
  const { adapter, capabilities, environment = {} } = message;
  if (!adapter || !capabilities)
    throw unavailable('gave no valid start answer: the answer needs "adapter" and "capabilities", or "unavailable"');
  const shown = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)]));
  if (unknown.length > 0)
    shown.warning = [...(shown.warning ? [shown.warning] : []), `unknown keys in its start answer: ${unknown.join(', ')}`].join('; ');
  return { program, answer: { adapter, capabilities, environment: shown } };
}
