import { isShapeOnly, type Tensor } from '../../../spec/tensor/tensor.js';
import type { Communicator } from '../communicator.js';
import { copyOf } from '../copy.js';
import { Ledger } from '../ledger.js';
import { RankCommunicator } from '../rank-communicator.js';
import { PeerFailed, SchemeFailed } from '../scheme-failed.js';
import { describeWait } from '../waits.js';
import { Agenda } from './agenda.js';
import type { VirtualMachine } from './machine.js';
import type { Letter } from './mailbox.js';
import { AllPorts } from './ports.js';
import { VirtualRank } from './rank.js';
import type { Interval } from './timeline.js';
import { type Sender, Travel } from './travel.js';

/** Messages of this phase make groups, which outlive a call: they take no time. */
const SETUP = 'setup';

/**
 * All ranks of a job on one virtual clock. A message leaves when its sender's port of the link's class is free, comes to the receiver's port
 * `alpha` later, and occupies each for `beta` times its bytes; a send is over when its message has arrived. Ports and devices
 * work side by side: what overlaps is what the program lets overlap. The same job takes the same time again: things of one time come in the order in which they were begun.
 */
export class VirtualWorld {
  readonly agenda = new Agenda();
  readonly ledger: Ledger;
  /** Bytes by phase and class of link. */
  readonly bytesByLink = new Map<string, Map<string, number>>();
  readonly ranks: readonly VirtualRank[];
  readonly intervals: Interval[] = [];
  messages = 0;
  failure: SchemeFailed | undefined;
  private readonly ports: AllPorts;
  private readonly ended: (string | undefined)[];
  private running: number;

  /** @param recorded keeps the intervals: many, in a large world. */
  constructor(
    readonly size: number,
    readonly machine: VirtualMachine,
    readonly recorded = false,
  ) {
    this.ledger = new Ledger(size);
    this.ports = new AllPorts(size);
    this.ended = new Array(size).fill(undefined);
    this.running = size;
    this.ranks = Array.from({ length: size }, (_, rank) => new VirtualRank(rank, this));
  }

  /**
   * Runs a program on every rank. @returns their results, by rank.
   * @throws {SchemeFailed} where a rank throws, where all wait for messages that nobody sends, or where messages are left over.
   */
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

  /** @param sender is told when they have arrived. */
  send(rank: VirtualRank, to: number, channel: string, tensors: readonly Tensor[], sender: Sender): void {
    const { agenda } = this;
    const from = rank.rank;
    this.messages++;
    const bytes = this.ledger.add(rank.phase, from, to, tensors);
    // without data nothing can be changed behind the receiver's back
    const copies = tensors.every(isShapeOnly) ? (tensors as Tensor[]) : tensors.map(copyOf);
    if (to === from || rank.phase === SETUP) {
      agenda.at(rank.now, new Travel(from, to, channel, copies, bytes, sender, agenda, this.arrive));
      return;
    }
    const { alpha, beta, name } = this.machine.link(from, to);
    const { sending, receiving } = this.ports.of(name);
    const seconds = beta * bytes;
    const leaves = Math.max(rank.now, sending[from]);
    sending[from] = leaves + seconds;
    this.count(rank.phase, name, bytes);
    if (this.recorded)
      this.intervals.push({ rank: from, from: leaves, to: leaves + seconds, kind: 'send', label: `${name} to rank ${to}` });
    agenda.at(leaves + alpha, new Travel(from, to, channel, copies, bytes, sender, agenda, this.arrive, receiving, seconds));
  }

  private async start<T>(rank: VirtualRank, program: (comm: Communicator, rank: VirtualRank) => Promise<T>): Promise<T> {
    return program(new RankCommunicator(rank), rank);
  }

  private async untilAllEnd(): Promise<void> {
    for (let turns = 1; ; turns++) {
      await turn(turns);
      if (this.running === 0) break;
      if (this.agenda.next()) continue;
      if (this.failure) return;
      this.fail('deadlock', this.deadlock());
    }
    // what nobody waits for arrives too
    while (this.agenda.next());
    const left = this.ranks.flatMap(({ rank, mailbox }) => mailbox.letters().map((letter) => describe(letter, rank)));
    if (left.length > 0 && !this.failure) {
      const more = left.length > 4 ? ` and ${left.length - 4} more` : '';
      this.failure = new SchemeFailed('unconsumed', `nobody received ${left.slice(0, 4).join('; ')}${more}`);
    }
  }

  private readonly arrive = (letter: Travel): void => {
    const { mailbox, held } = this.ranks[letter.to];
    letter.sender.arrived();
    held.arrive(letter);
    const receiver = mailbox.put(letter);
    if (!receiver) return;
    held.receive(letter);
    receiver.resolve(letter.tensors);
  };

  private count(phase: string, link: string, bytes: number): void {
    let links = this.bytesByLink.get(phase);
    if (!links) {
      links = new Map();
      this.bytesByLink.set(phase, links);
    }
    links.set(link, (links.get(link) ?? 0) + bytes);
  }

  /** Ends the job: every rank that waits is told why. */
  private fail(how: string, message: string): void {
    if (this.failure) return;
    this.failure = new SchemeFailed(how, message);
    for (const { mailbox } of this.ranks) for (const receiver of mailbox.receivers()) receiver.reject(new PeerFailed(message));
  }

  private deadlock(): string {
    const waits = this.ranks.flatMap(({ rank, mailbox }) => mailbox.receivers().map((receiver) => describeWait(rank, receiver)));
    const left = this.ranks.flatMap(({ rank, mailbox }) => mailbox.letters().map((letter) => `${describe(letter, rank)} was not received`));
    return [...(waits.length > 0 ? waits : ['ranks wait for something that is no message']), ...left].slice(0, 12).join('; ');
  }
}

function describe({ from, channel }: Letter, to: number): string {
  return `a message from rank ${from} to rank ${to} on ${channel}`;
}

/** Lets every rank go on until it waits; now and then, whatever else the process has to do. */
function turn(number: number): Promise<void> {
  return new Promise((resolve) => {
    if (number % 1024 === 0) setImmediate(resolve);
    else process.nextTick(resolve);
  });
}
