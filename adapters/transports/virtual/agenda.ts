import TinyQueue from 'tinyqueue';

/** Something that is going to happen: an object, since there are millions. */
export interface Happening {
  happen(): void;
}

interface Moment {
  readonly time: number;
  readonly happenings: Happening[];
}

/** What is going to happen, on one clock in seconds. Things of one time come in the order in which they were put down. */
export class Agenda {
  now = 0;
  private readonly moments = new TinyQueue<Moment>([], (x, y) => x.time - y.time);
  private readonly byTime = new Map<number, Moment>();

  /** @param time not before now. */
  at(time: number, happening: Happening): void {
    const known = this.byTime.get(time);
    if (known) {
      known.happenings.push(happening);
      return;
    }
    const moment = { time, happenings: [happening] };
    this.byTime.set(time, moment);
    this.moments.push(moment);
  }

  /** Turns the clock to the next time at which something happens, and lets it. @returns whether there was any. */
  next(): boolean {
    const moment = this.moments.pop();
    if (!moment) return false;
    this.byTime.delete(moment.time);
    this.now = moment.time;
    for (const happening of moment.happenings) happening.happen();
    return true;
  }
}
