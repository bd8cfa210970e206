import { writeSync } from 'node:fs';
import { type Adapter, type Crashed, type Intruded, type Kernel, type Unavailable, Unsupported } from '../../adapters/adapter.js';
import { type FullCapabilities, resolveCapabilities } from '../../adapters/capabilities.js';
import { loadAdapter } from '../../adapters/load.js';
import { tensorsOf } from '../../generators/tensors.js';
import { createLibrary, type SpecLibrary } from '../../spec/library.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { CallSpec } from '../properties/property.js';
import { GuardedInputs } from './guarded-inputs.js';
import { NotTensors, readOutputs } from './read-outputs.js';
import { type CallFault, type CaseReply, errorRecord, type FromHost, TensorPacker, type TensorRecord, type ToHost } from './wire.js';

// A host: the process that holds one adapter. It derives the tensors of a case, calls the kernel and returns what it
// answers. It knows no oracle; if it dies, one case is lost.

/** The runner's file that says which case is under way, read when this process has died. */
const progressFile = 4;
/** Replies are sent together until so many bytes or milliseconds have gathered. */
const flushBytes = 1 << 20;
const flushAfter = 100;
/** A sign of life is due at the end of a call this long after the last message. */
const aliveAfter = 200;

const send = (message: FromHost): void => {
  process.send?.(message);
};

interface Open {
  readonly library: SpecLibrary;
  readonly capabilities: FullCapabilities;
  readonly kernel: Kernel;
}

let open: Open | undefined;
const inputs = new GuardedInputs();
const packer = new TensorPacker();
const mark = new Uint32Array(2);
const markBytes = new Uint8Array(mark.buffer);
let lastSent = 0;

async function start(message: Extract<ToHost, { type: 'start' }>): Promise<void> {
  let adapter: Adapter;
  let capabilities: FullCapabilities;
  const library = createLibrary(message.documents);
  try {
    adapter = await loadAdapter(message.source, message.load);
    capabilities = resolveCapabilities(message.judgedBy ?? adapter.capabilities, message.source, message.dialect);
    const { id, title, version = null } = adapter;
    send({ type: 'loaded', adapter: { id, title, version, capabilities: JSON.parse(JSON.stringify(adapter.capabilities)) } });
    open = { library, capabilities, kernel: await adapter.open() };
    send({
      type: 'opened',
      environment: Object.fromEntries(Object.entries(open.kernel.environment ?? {}).map(([k, v]) => [k, String(v)])),
    });
  } catch (error) {
    if (isNamed<Unavailable>(error, 'Unavailable'))
      send({ type: 'unavailable', reason: String(error.reason), remedy: String(error.remedy) });
    else send({ type: 'failed', error: errorRecord(error) });
  }
}

/** By name too: a module of one's own may come with its own copy of the class. */
function isNamed<E extends Error>(error: unknown, name: string): error is E {
  return error instanceof Error && error.name === name;
}

async function runBatch({ batch, cases }: Extract<ToHost, { type: 'batch' }>): Promise<void> {
  let replies: CaseReply[] = [];
  lastSent = performance.now();
  const flush = (): void => {
    if (replies.length === 0) return;
    send({ type: 'replies', batch, replies, data: packer.take() });
    replies = [];
    lastSent = performance.now();
  };
  for (let i = 0; i < cases.length; i++) {
    mark[0] = batch;
    mark[1] = i;
    writeSync(progressFile, markBytes, 0, 8, 0);
    replies.push(await runCase(cases[i]));
    if (packer.length >= flushBytes || performance.now() - lastSent >= flushAfter) flush();
  }
  flush();
}

async function runCase(calls: readonly CallSpec[]): Promise<CaseReply> {
  const done: Record<string, TensorRecord>[] = [];
  for (const [index, call] of calls.entries()) {
    const answer = await runCall(call);
    if (isFault(answer)) return { calls: done, fault: { ...answer, call: index } };
    done.push(Object.fromEntries(Object.entries(answer).map(([name, t]) => [name, packer.add(t)])));
    if (performance.now() - lastSent > aliveAfter) {
      send({ type: 'alive' });
      lastSent = performance.now();
    }
  }
  return { calls: done };
}

type Fault = Omit<CallFault, 'call'>;

async function runCall({ command, case: c }: CallSpec): Promise<Tensors | Fault> {
  const { library, capabilities, kernel } = open as Open;
  let tensors: Tensors;
  try {
    tensors = inputs.place(tensorsOf(library, c, capabilities, command));
  } catch (error) {
    return isOutOfMemory(error) ? { kind: 'out-of-memory', message: (error as Error).message } : { kind: 'derive', ...messageOf(error) };
  }
  let outputs: Tensors;
  try {
    if (command === 'backward' && typeof kernel.backward !== 'function') throw new Unsupported('the kernel has no backward function');
    outputs = readOutputs(await (command === 'forward' ? kernel.forward({ case: c, tensors }) : kernel.backward?.({ case: c, tensors })));
  } catch (error) {
    if (isNamed<Crashed>(error, 'Crashed')) await dieOf(error);
    if (isNamed<Intruded>(error, 'Intruded')) return { kind: error.how, message: error.message };
    if (error instanceof NotTensors) return { kind: 'shape', message: error.message };
    if (isNamed<Unsupported>(error, 'Unsupported')) return { kind: 'unsupported', ...messageOf(error) };
    return { kind: isOutOfMemory(error) ? 'out-of-memory' : 'error', ...messageOf(error) };
  }
  return inputs.intrusion() ?? outputs;
}

/** Ends this process in the kernel's stead: the runner starts another. */
function dieOf({ how, message }: Crashed): Promise<never> {
  return new Promise(() => process.send?.({ type: 'crashed', class: how, message } satisfies FromHost, () => process.exit(1)));
}

function isFault(answer: Tensors | Fault): answer is Fault {
  return typeof (answer as Fault).kind === 'string';
}

function isOutOfMemory(error: unknown): error is Error {
  if (isNamed(error, 'OutOfMemory')) return true;
  return error instanceof RangeError && /allocation failed|invalid (typed )?array( buffer)? length/i.test(error.message);
}

function messageOf(error: unknown): { message: string; stack?: string } {
  const { name, message, stack } = errorRecord(error);
  return { message: message || name, ...(stack && { stack }) };
}

let queue: Promise<void> = Promise.resolve();
process.on('message', (message: ToHost) => {
  queue = queue.then(async () => {
    if (message.type === 'start') await start(message);
    else if (message.type === 'batch') await runBatch(message);
    else {
      await open?.kernel[Symbol.asyncDispose]?.();
      process.exit(0);
    }
  });
});
// without its runner a host has no purpose, and neither has what it started: it leads a process group
process.on('disconnect', () => {
  if (process.platform === 'win32') process.exit(0);
  process.kill(-process.pid, 'SIGKILL');
});
