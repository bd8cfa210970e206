import TinyQueue from 'tinyqueue';

/** Something that is going to happen: an object, since there are millions, and a cost in the list of those of one time. */
export abstract class TimedEvent {
  following: TimedEvent | undefined;

  /** @returns whether a program can go on by it. */
  abstract happen(): boolean;
}

/** All that happens at one time: a list, taken out when its time has come. */
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

  /** @returns the first of them. The bucket keeps none: tables that a Map has outgrown keep buckets in memory, and all that these would hold. */
  take(): TimedEvent | undefined {
    const { first } = this;
    this.first = this.last = undefined;
    return first;
  }
}

/** What is going to happen, on one clock in seconds. Things of one time come in the order in which they were put down. */
export class EventQueue {
  now = 0;
  private readonly buckets = new TinyQueue<EventBucket>([], (x, y) => x.time - y.time);
  private readonly byTime = new Map<number, EventBucket>();

  /** @param time not before now. @param event that is on no events. */
  at(time: number, event: TimedEvent): void {
    event.following = undefined;
    const known = this.byTime.get(time);
    if (known) known.add(event);
    else this.begin(new EventBucket(time, event));
  }

  /** Turns the clock on until something happens by which a program can go on. @returns whether there was any. */
  next(): boolean {
    for (let bucket = this.buckets.pop(); bucket; bucket = this.buckets.pop()) {
      this.byTime.delete(bucket.time);
      this.now = bucket.time;
      let woken = false;
      for (let now = bucket.take(); now; ) {
        // what happens may be put down again
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
