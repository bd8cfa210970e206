import { parentPort, workerData } from 'node:worker_threads';
import type { Unavailable } from '../kernel.js';
import { PeerFailed, SchemeFailed } from '../parallel/transports/scheme-failed.js';
import type { RankSetup } from '../parallel/transports/transport.js';
import { WireEndpoint, type WireMessage } from '../parallel/transports/wire-endpoint.js';
import type { FromRank, RankAnswer, ToRank } from '../parallel/transports/workers/protocol.js';
import { type OpenRank, openRank, runOpenRank } from './open-rank.js';

// Thread of one rank.

const say = (message: FromRank): void => parentPort?.postMessage(message);

let open: OpenRank | undefined;
let endpoint: WireEndpoint | undefined;

// failed programs leave unawaited receives; in a running program, a rejection is a failure
process.on('unhandledRejection', (error) => endpoint?.fail(error instanceof Error ? error : new Error(String(error))));

async function run({ rank, call, backward, ports }: Extract<ToRank, { type: 'job' }>): Promise<RankAnswer> {
  const here = new WireEndpoint(rank, ports.length, (to, message) => {
    const memory = message.tensors.map(({ data }) => data.buffer as ArrayBuffer);
    ports[to]?.postMessage(message, memory);
  });
  endpoint = here;
  ports.forEach((port, from) => {
    port?.on('message', (message: WireMessage) => here.deliver(from, message));
  });
  try {
    open ??= await openRank(workerData as RankSetup);
    say({ type: 'open' });
    return { type: 'done', report: await runOpenRank(open, call, backward, here) };
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'Unavailable')
      return { type: 'unavailable', reason: (error as Unavailable).reason, remedy: (error as Unavailable).remedy };
    const waits = here.waits();
    here.fail(new PeerFailed(message));
    return { type: 'failed', how: error instanceof SchemeFailed ? error.how : 'threw', message, waits };
  } finally {
    endpoint = undefined;
    for (const port of ports) port?.close();
  }
}

parentPort?.on('message', async (message: ToRank) => {
  if (message.type === 'abort') endpoint?.fail(new PeerFailed(message.message));
  else say(await run(message));
});
