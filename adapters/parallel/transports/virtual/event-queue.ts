import TinyQueue from 'tinyqueue';

/**
 * Event that will happen at some time. It is an object, since there are millions, and itself a node
 * in the linked list of the events of one time.
 */
export abstract class TimedEvent {
  following: TimedEvent | undefined;

  /**
   * Makes the event happen.
   * @returns whether a program can go on.
   */
  abstract happen(): boolean;
}

/** Linked list of events of one time. */
class EventBucket {
  private last: TimedEvent;

  /** @param order in which the buckets of one time were begun. */
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

  /** Makes the events happen. @returns whether one of them lets a program go on. */
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

/** Times that events were added for last: ranks that go in step add theirs for a few times in turns. */
const RECENT = 4;

/**
 * Queue of future events on one clock, in seconds. Events of one time happen in the order in which
 * they were added.
 */
export class EventQueue {
  now = 0;
  private readonly buckets = new TinyQueue<EventBucket>([], (x, y) => x.time - y.time || x.order - y.order);
  private readonly recent: (EventBucket | undefined)[] = new Array(RECENT).fill(undefined);
  private begun = 0;

  /**
   * Adds an event.
   * @param time not before now.
   * @param event must not be in a queue.
   */
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

  /**
   * Advances the clock until an event lets a program go on.
   * @returns whether there was such an event.
   */
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

  /** Begins the time that is now: what is added for it from here on happens after the programs have gone on. @returns the order of its first bucket. */
  private begin(): number {
    const { recent } = this;
    for (let x = 0; x < RECENT; x++) if (recent[x]?.time === this.now) recent[x] = undefined;
    return this.begun;
  }
}
