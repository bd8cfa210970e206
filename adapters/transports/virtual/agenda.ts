import TinyQueue from 'tinyqueue';

/** Something that is going to happen: an object, since there are millions, and a link in the list of those of one time. */
export abstract class Happening {
  following: Happening | undefined;

  /** @returns whether a program can go on by it. */
  abstract happen(): boolean;
}

/** All that happens at one time, first and last of a list. */
interface Moment {
  readonly time: number;
  readonly first: Happening;
  last: Happening;
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
    if (known) {
      known.last.following = happening;
      known.last = happening;
      return;
    }
    const moment = { time, first: happening, last: happening };
    this.byTime.set(time, moment);
    this.moments.push(moment);
  }

  /** Turns the clock on until something happens by which a program can go on. @returns whether there was any. */
  next(): boolean {
    for (let moment = this.moments.pop(); moment; moment = this.moments.pop()) {
      this.byTime.delete(moment.time);
      this.now = moment.time;
      let woken = false;
      for (let now: Happening | undefined = moment.first; now; ) {
        // what happens may be put down again
        const { following }: Happening = now;
        if (now.happen()) woken = true;
        now = following;
      }
      if (woken) return true;
    }
    return false;
  }
}
