import { isShapeOnly, type Tensor } from '../../../../spec/tensor/tensor.js';
import type { Communicator } from '../../communicator.js';
import { copyOf } from '../copy.js';
import { bytesOf, Ledger } from '../ledger.js';
import { RankCommunicator } from '../rank-communicator.js';
import { PeerFailed, SchemeFailed } from '../scheme-failed.js';
import { describeWait } from '../waits.js';
import { EventQueue } from './event-queue.js';
import { InFlightMessage, type Sender } from './in-flight-message.js';
import type { Fabric } from './link.js';
import type { VirtualMachine } from './machine.js';
import type { VirtualMessage } from './mailbox.js';
import { AllPorts } from './ports.js';
import { VirtualRank } from './rank.js';
import type { Interval } from './timeline.js';

/**
 * Simulates all ranks of a job on one virtual clock. A message leaves when its sender's port is
 * free, reaches the receiver's port `alpha` later, and occupies each port for `beta` times its
 * bytes. Ports and devices work concurrently. Simultaneous events happen in insertion order, so
 * that runs are reproducible.
 */
export class VirtualWorld {
  readonly events = new EventQueue();
  readonly ledger: Ledger;
  readonly bytesByLink = new Map<string, Map<string, number>>();
  readonly ranks: readonly VirtualRank[];
  readonly intervals: Interval[] = [];
  messages = 0;
  failure: SchemeFailed | undefined;
  private readonly fabric: Fabric;
  /** List of all ranks, shared to save memory. */
  private readonly everyone: readonly number[];
  private readonly ended: (string | undefined)[];
  private running: number;

  /** @param recorded true to keep the intervals, which are many in a large world. */
  constructor(
    readonly size: number,
    readonly machine: VirtualMachine,
    readonly recorded = false,
  ) {
    this.ledger = new Ledger(size);
    const { ledger, bytesByLink } = this;
    this.fabric = { ledger, machine, bytesByLink, ports: new AllPorts(size) };
    this.ended = new Array(size).fill(undefined);
    this.running = size;
    this.everyone = Array.from({ length: size }, (_, rank) => rank);
    this.ranks = Array.from({ length: size }, (_, rank) => new VirtualRank(rank, this));
  }

  /** Returns results by rank. @throws {SchemeFailed} if ranks fail, deadlock, or leave messages. */
  async run<T>(program: (comm: Communicator, rank: VirtualRank) => Promise<T>): Promise<T[]> {
    const results = new Array<T>(this.size);
    for (const rank of this.ranks) {
      void this.start(rank, program).then(
        (result) => {
          results[rank.rank] = result;
          rank.endPhase();
          this.running--;
        },
        (error: Error) => {
          this.running--;
          this.ended[rank.rank] = error.message;
          this.fail('threw', `rank ${rank.rank} failed: ${error.message}`);
        },
      );
    }
    await this.untilAllEnd();
    if (this.failure) throw new SchemeFailed(this.failure.how, this.failure.message, this.ended);
    return results;
  }

  send(rank: VirtualRank, to: number, channel: string, tensors: readonly Tensor[], sender: Sender): void {
    this.messages++;
    const link = rank.linkTo(to, this.fabric);
    const known = rank.received(tensors);
    const bytes = known ? known.bytes : bytesOf(tensors);
    link.count(bytes);
    // Tensors without data cannot be changed by the sender, so they need no copy.
    const bare = known?.bare || tensors.every(isShapeOnly);
    const message = new InFlightMessage(link, channel, bare ? (tensors as Tensor[]) : tensors.map(copyOf), bare, bytes, sender, this);
    const { cost, ports, from } = link;
    if (!cost || !ports) {
      this.events.at(rank.now, message);
      return;
    }
    const { sending } = ports;
    const leaves = Math.max(rank.now, sending[from]);
    sending[from] = leaves + cost.beta * bytes;
    if (this.recorded)
      this.intervals.push({ rank: from, from: leaves, to: sending[from], kind: 'send', label: `${cost.name} to rank ${to}` });
    this.events.at(leaves + cost.alpha, message);
  }

  arrive(message: InFlightMessage): boolean {
    const rank = this.ranks[message.link.to];
    const sent = message.sender.arrived();
    rank.held.arrive(message);
    const receiver = rank.mailbox.put(message);
    return receiver ? rank.receives(message, receiver) || sent : sent;
  }

  private async start<T>(rank: VirtualRank, program: (comm: Communicator, rank: VirtualRank) => Promise<T>): Promise<T> {
    return program(new RankCommunicator(rank, this.everyone), rank);
  }

  private async untilAllEnd(): Promise<void> {
    await this.turns();
    if (this.running > 0) return;
    while (this.events.next());
    const left = this.ranks.flatMap(({ rank, mailbox }) => mailbox.messages().map((message) => describe(message, rank)));
    if (left.length > 0 && !this.failure) {
      const more = left.length > 4 ? ` and ${left.length - 4} more` : '';
      this.failure = new SchemeFailed('unconsumed', `nobody received ${left.slice(0, 4).join('; ')}${more}`);
    }
  }

  /** Alternates between running ranks until they wait and advancing the clock. */
  private turns(): Promise<void> {
    return new Promise((over) => {
      let turns = 0;
      // Callbacks instead of promises: there are a million turns.
      const turn = () => {
        if (this.running === 0) return over();
        if (!this.events.next()) {
          if (this.failure) return over();
          this.fail('deadlock', this.deadlock());
        }
        // Let the event loop turn now and then.
        if (++turns % 1024 === 0) setImmediate(turn);
        else void settled.then(soon);
      };
      // a tick within a tick would run before the ranks; among their steps, it runs after them
      const soon = () => process.nextTick(turn);
      void settled.then(soon);
    });
  }

  private fail(how: string, message: string): void {
    if (this.failure) return;
    this.failure = new SchemeFailed(how, message);
    for (const { mailbox } of this.ranks) for (const receiver of mailbox.receivers()) receiver.reject(new PeerFailed(message));
  }

  private deadlock(): string {
    const waits = this.ranks.flatMap(({ rank, mailbox }) => mailbox.receivers().map((receiver) => describeWait(rank, receiver)));
    const left = this.ranks.flatMap(({ rank, mailbox }) =>
      mailbox.messages().map((message) => `${describe(message, rank)} was not received`),
    );
    return [...(waits.length > 0 ? waits : ['the ranks wait, but not for a message']), ...left].slice(0, 12).join('; ');
  }
}

function describe({ from, channel }: VirtualMessage, to: number): string {
  return `a message from rank ${from} to rank ${to} on ${channel}`;
}

const settled = Promise.resolve();
