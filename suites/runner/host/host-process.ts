import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Adapter } from '../../../adapters/adapter.js';
import type { Crashed, Kernel, Unavailable } from '../../../adapters/kernel.js';
import { loadAdapter } from '../../../adapters/load.js';
import { loadPrograms } from '../../../adapters/parallel/job/load-programs.js';
import { hasRuntimeThatEndsBadly } from '../../../adapters/system/ends-badly.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import type { CallSpec } from '../../contract/property.js';
import { collectOldObjectsLate, optimiseLate } from '../../lib/engine.js';
import { FrameReader, frameOf } from './frames.js';
import { GuardedInputs } from './guarded-inputs.js';
import { markName } from './guardian.js';
import { files, timedHost } from './host-files.js';
import { type Guard, isNamed, KernelCalls } from './kernel-calls.js';
import { onRanks } from './on-ranks.js';
import { noteCase } from './progress-file.js';
import { wasAsked } from './suite-asked.js';
import { whyTooLong } from './timing/call-memory.js';
import type { TimedCalls } from './timing/timed-calls.js';
import { type CaseReply, errorRecord, type FromHost, TensorPacker, type ToHost } from './wire.js';

// Host: calls one adapter's kernel, without an oracle. Its death loses one case.

collectOldObjectsLate();
if (process.argv[2] !== timedHost) optimiseLate();

/** Most bytes per write: a system call takes less than 2 GiB. */
const written = 1 << 30;
const flushBytes = 1 << 20;
const flushAfter = 100;
/** Milliseconds after the last message when a returned call is reported. */
const aliveAfter = 200;

/** Writes a whole message before the kernel goes on: answers survive a crash. */
function send(message: Sendable, data?: Uint8Array): void {
  for (const part of frameOf(message, data))
    for (let at = 0; at < part.length; ) at += writeSync(files.fromHost, part, at, Math.min(written, part.length - at));
}

type Sendable = { [T in FromHost['type']]: Omit<Extract<FromHost, { type: T }>, 'data'> }[FromHost['type']];

interface Open {
  readonly kernel: Kernel;
  readonly calls: KernelCalls;
  timed?: TimedCalls;
  makeTimed(): Promise<TimedCalls>;
}

let open: Open | undefined;
const inputs = new GuardedInputs();
const folder = process.env[markName];
const guard: Guard = {
  place: (tensors, kind) => inputs.place(tensors, kind),
  intrusion: () => inputs.intrusion() ?? (folder !== undefined && wasAsked(folder) ? askedTheSuite : undefined),
};
const askedTheSuite = {
  kind: 'misbehaviour',
  message: 'the kernel started the suite, which could tell it the answer: compute from the arguments alone',
} as const;
const packer = new TensorPacker();
let lastSent = 0;

async function start(message: Extract<ToHost, { type: 'start' }>): Promise<void> {
  let adapter: Adapter;
  let claims: Claims;
  const library = createLibrary(message.documents);
  try {
    adapter = await loadAdapter(message.source, { ...message.load, operators: library.operators, masks: library.masks });
    const capabilities = resolveCapabilities(message.judgedBy ?? adapter.capabilities, message.source, message.dialect);
    claims = Claims.of(library, capabilities, message.source);
    const { id, title, version = null } = adapter;
    send({ type: 'loaded', adapter: { id, title, version, capabilities: JSON.parse(JSON.stringify(adapter.capabilities)) } });
    const kernel = await adapter.open();
    const { source, load, documents, limits } = message;
    const programs = [...(adapter.programs ?? []), ...(await loadPrograms(documents))];
    const ranks = onRanks(programs, { source, load, documents, capabilities: claims.capabilities }, limits);
    open = {
      kernel,
      calls: new KernelCalls(claims, kernel, packer, guard, ranks, whyTooLong),
      makeTimed: async () => new (await import('./timing/timed-calls.js')).TimedCalls(claims, kernel, packer, ranks),
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
    send({ type: 'replies', batch, replies }, packer.take());
    replies = [];
    lastSent = performance.now();
  };
  for (let i = 0; i < cases.length; i++) {
    noteCase(files.progress, batch, i);
    replies.push(await runCase(cases[i]));
    if (packer.length >= flushBytes || performance.now() - lastSent >= flushAfter) flush();
  }
  flush();
}

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
  send({ type: 'timed', timed }, packer.take());
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

function dieOf({ how, message }: Crashed): never {
  send({ type: 'crashed', class: how, message });
  process.exit(1);
}

/** Disposes of the kernel, after work that it deferred, and exits. */
async function stop(): Promise<never> {
  await delay(0);
  await unlessGone(async () => open?.kernel[Symbol.asyncDispose]?.());
  send({ type: 'closed', ...(hasRuntimeThatEndsBadly() && { excused: true }) });
  process.exit(0);
}

async function answer(message: ToHost): Promise<void> {
  if (message.type === 'start') await start(message);
  else if (message.type === 'batch') await runBatch(message);
  else if (message.type === 'prepare') await prepare(message);
  else if (message.type === 'time') await time(message);
  else await stop();
}

/** Without its runner, a host ends its process group. */
function end(): void {
  if (process.platform === 'win32') process.exit(0);
  process.kill(-process.pid, 'SIGKILL');
}

let queue: Promise<void> = Promise.resolve();
const reader = new FrameReader((message) => {
  queue = queue.then(() => answer(message as ToHost));
}, end);
const runner = new Socket({ fd: files.toHost, readable: true, writable: false });
runner.on('data', (chunk: Buffer) => reader.add(chunk));
runner.on('error', end);
runner.on('close', end);
