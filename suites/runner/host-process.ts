import { writeSync } from 'node:fs';
import type { Adapter, Crashed, Kernel, Unavailable } from '../../adapters/adapter.js';
import { type FullCapabilities, resolveCapabilities } from '../../adapters/capabilities.js';
import { loadAdapter } from '../../adapters/load.js';
import { loadPrograms } from '../../adapters/schemes/load-programs.js';
import { createLibrary } from '../../spec/library.js';
import type { TimedCalls } from '../bench/timed-calls.js';
import type { CallSpec } from '../properties/property.js';
import { GuardedInputs } from './guarded-inputs.js';
import { isNamed, KernelCalls } from './kernel-calls.js';
import { onRanks } from './on-ranks.js';
import { type CaseReply, errorRecord, type FromHost, TensorPacker, type ToHost } from './wire.js';

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
  readonly kernel: Kernel;
  readonly calls: KernelCalls;
  /** Made where calls are timed. */
  timed?: TimedCalls;
  makeTimed(): Promise<TimedCalls>;
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
    const kernel = await adapter.open();
    const { source, load, documents, limits } = message;
    const programs = [...(adapter.programs ?? []), ...(await loadPrograms(documents))];
    const ranks = onRanks(programs, { source, load, documents, capabilities }, limits);
    open = {
      kernel,
      calls: new KernelCalls(library, capabilities, kernel, packer, inputs, ranks),
      makeTimed: async () => new (await import('../bench/timed-calls.js')).TimedCalls(library, capabilities, kernel, packer, ranks),
    };
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

/** @returns what the kernel answered; never where it is gone. */
function runCase(calls: readonly CallSpec[]): Promise<CaseReply> {
  return unlessGone(() => (open as Open).calls.run(calls, tellAlive));
}

async function prepare({ slot, calls }: Extract<ToHost, { type: 'prepare' }>): Promise<void> {
  const { makeTimed } = open as Open;
  (open as Open).timed ??= await makeTimed();
  const fault = (open as Open).timed?.prepare(slot, calls);
  send({ type: 'prepared', ...(fault && { fault }) });
}

async function time({ slot, call, ...asked }: Extract<ToHost, { type: 'time' }>): Promise<void> {
  const timed = await unlessGone(() => ((open as Open).timed as TimedCalls).time(slot, call, asked));
  send({ type: 'timed', timed, data: packer.take() });
}

async function unlessGone<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isNamed<Crashed>(error, 'Crashed')) throw error;
    return dieOf(error);
  }
}

function tellAlive(): void {
  if (performance.now() - lastSent <= aliveAfter) return;
  send({ type: 'alive' });
  lastSent = performance.now();
}

/** Ends this process in the kernel's stead: the runner starts another. */
function dieOf({ how, message }: Crashed): Promise<never> {
  return new Promise(() => process.send?.({ type: 'crashed', class: how, message } satisfies FromHost, () => process.exit(1)));
}

let queue: Promise<void> = Promise.resolve();
process.on('message', (message: ToHost) => {
  queue = queue.then(async () => {
    if (message.type === 'start') await start(message);
    else if (message.type === 'batch') await runBatch(message);
    else if (message.type === 'prepare') await prepare(message);
    else if (message.type === 'time') await time(message);
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
