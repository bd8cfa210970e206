import TinyQueue from 'tinyqueue';

/** Something that is going to happen: an object, since there are millions, and a link in the list of those of one time. */
export abstract class Happening {
  following: Happening | undefined;

  /** @returns whether a program can go on by it. */
  abstract happen(): boolean;
}

/** All that happens at one time: a list, taken out when its time has come. */
class Moment {
  private first: Happening | undefined;
  private last: Happening | undefined;

  constructor(
    readonly time: number,
    happening: Happening,
  ) {
    this.first = this.last = happening;
  }

  add(happening: Happening): void {
    if (this.last) this.last.following = happening;
    this.last = happening;
  }

  /** @returns the first of them. The moment keeps none: tables that a Map has outgrown keep moments in memory, and all that these would hold. */
  take(): Happening | undefined {
    const { first } = this;
    this.first = this.last = undefined;
    return first;
  }
}

/** What is going to happen, on one clock in seconds. Things of one time come in the order in which they were put down. */
export class Agenda {
  now = 0;
  private readonly moments = new TinyQueue<Moment>([], (x, y) => x.time - y.time);
  private readonly byTime = new Map<number, Moment>();

  /** @param time not before now. @param happening that is on no agenda. */
  at(time: number, happening: Happening): void {
    happening.following = undefined;
    const known = this.byTime.get(time);
    if (known) known.add(happening);
    else this.begin(new Moment(time, happening));
  }

  /** Turns the clock on until something happens by which a program can go on. @returns whether there was any. */
  next(): boolean {
    for (let moment = this.moments.pop(); moment; moment = this.moments.pop()) {
      this.byTime.delete(moment.time);
      this.now = moment.time;
      let woken = false;
      for (let now = moment.take(); now; ) {
        // what happens may be put down again
        const { following }: Happening = now;
        if (now.happen()) woken = true;
        now = following;
      }
      if (woken) return true;
    }
    return false;
  }

  private begin(moment: Moment): void {
    this.byTime.set(moment.time, moment);
    this.moments.push(moment);
  }
}
