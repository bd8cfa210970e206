import TinyQueue from 'tinyqueue';

/** Event, and a node in the linked list of events of one time, because there are millions. */
export abstract class TimedEvent {
  following: TimedEvent | undefined;

  abstract happen(): boolean;
}

class EventBucket {
  private last: TimedEvent;

  /** @param order order in which buckets of one time began. */
  constructor(
    readonly time: number,
    readonly order: number,
    private readonly first: TimedEvent,
  ) {
    this.last = first;
  }

  add(event: TimedEvent): void {
    this.last.following = event;
    this.last = event;
  }

  happen(): boolean {
    let woken = false;
    for (let now: TimedEvent | undefined = this.first; now; ) {
      // an event may be added again when it happens
      const { following }: TimedEvent = now;
      if (now.happen()) woken = true;
      now = following;
    }
    return woken;
  }
}

/** Number of recent times to search: ranks in step add events for a few times in turns. */
const RECENT = 4;

/** Queue of events on one clock, in seconds. Events of one time happen in insertion order. */
export class EventQueue {
  now = 0;
  private readonly buckets = new TinyQueue<EventBucket>([], (x, y) => x.time - y.time || x.order - y.order);
  private readonly recent: (EventBucket | undefined)[] = new Array(RECENT).fill(undefined);
  private begun = 0;

  /** Adds an event that is in no queue, at a time that is not before now. */
  at(time: number, event: TimedEvent): void {
    event.following = undefined;
    const { recent } = this;
    for (let x = 0; x < RECENT; x++) {
      const bucket = recent[x];
      if (bucket !== undefined && bucket.time === time) {
        bucket.add(event);
        return;
      }
    }
    const bucket = new EventBucket(time, this.begun++, event);
    recent[bucket.order % RECENT] = bucket;
    this.buckets.push(bucket);
  }

  /** Advances the clock until a program can go on; returns false if no event remains. */
  next(): boolean {
    const { buckets } = this;
    for (let bucket = buckets.peek(); bucket; bucket = buckets.peek()) {
      this.now = bucket.time;
      const before = this.begin();
      let woken = false;
      for (; bucket && bucket.time === this.now && bucket.order < before; bucket = buckets.peek()) {
        buckets.pop();
        if (bucket.happen()) woken = true;
      }
      if (woken) return true;
    }
    return false;
  }

  /** Lets events that are added for the current time happen later; returns their first order. */
  private begin(): number {
    const { recent } = this;
    for (let x = 0; x < RECENT; x++) if (recent[x]?.time === this.now) recent[x] = undefined;
    return this.begun;
  }
}
