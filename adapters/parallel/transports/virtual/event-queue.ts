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

/** Linked list of all events of one time, which is emptied when that time comes. */
class EventBucket {
  private first: TimedEvent | undefined;
  private last: TimedEvent | undefined;

  constructor(
    readonly time: number,
    event: TimedEvent,
  ) {
    this.first = this.last = event;
  }

  add(event: TimedEvent): void {
    if (this.last) this.last.following = event;
    this.last = event;
  }

  /**
   * Empties the bucket, so that it keeps no events in memory: old tables of a Map that has grown
   * may keep buckets alive.
   * @returns the first event, linked to the others.
   */
  take(): TimedEvent | undefined {
    const { first } = this;
    this.first = this.last = undefined;
    return first;
  }
}

/**
 * Queue of future events on one clock, in seconds. Events of one time happen in the order in which
 * they were added.
 */
export class EventQueue {
  now = 0;
  private readonly buckets = new TinyQueue<EventBucket>([], (x, y) => x.time - y.time);
  private readonly byTime = new Map<number, EventBucket>();

  /**
   * Adds an event.
   * @param time not before now.
   * @param event must not be in a queue.
   */
  at(time: number, event: TimedEvent): void {
    event.following = undefined;
    const known = this.byTime.get(time);
    if (known) known.add(event);
    else this.begin(new EventBucket(time, event));
  }

  /**
   * Advances the clock until an event lets a program go on.
   * @returns whether there was such an event.
   */
  next(): boolean {
    for (let bucket = this.buckets.pop(); bucket; bucket = this.buckets.pop()) {
      this.byTime.delete(bucket.time);
      this.now = bucket.time;
      let woken = false;
      for (let now = bucket.take(); now; ) {
        // An event may be added again when it happens.
        const { following }: TimedEvent = now;
        if (now.happen()) woken = true;
        now = following;
      }
      if (woken) return true;
    }
    return false;
  }

  private begin(bucket: EventBucket): void {
    this.byTime.set(bucket.time, bucket);
    this.buckets.push(bucket);
  }
}
