import type { Hypothesis } from '../../contract/diagnosis.js';
import { among } from '../../diagnosis/hints/diagnosis.js';
import { alikeKind, type Failed } from '../run/outcome.js';

/** Like failures of a kernel for which explanations are searched in vain, before the search is left out. */
const MOST_VAIN = 3;
/** Like failures of a kernel that are made as small as they can be, before less time is spent on each. */
const MOST_SMALL = 3;

/** What earlier failures of a kernel tell of one like them. */
export interface EarlierFailures {
  /** Hypotheses that explain other failures of the kernel. */
  readonly likely: readonly Hypothesis[];
  /** True if no explanation of failures like it was found, as often as it is looked for. */
  readonly inVain: boolean;
  /** Keeps what explains the failure: an empty list where nothing was found. */
  learn(explaining: readonly Hypothesis[]): void;
}

/**
 * The failures of a run's adapters that were met. A process that does the same wrong thing in every check is searched for its
 * smallest case, and for an explanation, a few times. Which checks these are depends on those that come first; their verdicts do not.
 */
export class KnownFailures {
  private readonly met = new Set<string>();
  private readonly likes = new Map<string, number>();
  private readonly explaining = new Map<string, Hypothesis[]>();
  private readonly vain = new Map<string, number>();
  private readonly stateless = new Set<string>();

  /** Meets a crash or a refusal. @returns whether one like it was met before. From then on it was. */
  meet(adapter: string, failed: Failed): boolean {
    // numbers in a refusal are those of the case
    const kind = alikeKind(failed, failed.message.replace(/\d+/g, '0'));
    if (kind === undefined) return false;
    const key = `${adapter} ${kind}`;
    const known = this.met.has(key);
    this.met.add(key);
    return known;
  }

  /** Counts a wrong answer. @returns whether several like it were made small before. */
  isUsual(adapter: string, failed: Failed): boolean {
    return count(this.likes, likeKey(adapter, failed)) > MOST_SMALL;
  }

  /**
   * Asks whether a failure depends on the cases before it, unless one like it did not.
   * @param ask tells it, which takes another process of the kernel.
   */
  async isKept(adapter: string, failed: Failed, ask: () => Promise<boolean>): Promise<boolean> {
    const key = likeKey(adapter, failed);
    if (this.stateless.has(key)) return false;
    const kept = await ask();
    if (!kept) this.stateless.add(key);
    return kept;
  }

  /** Returns what earlier failures of an adapter tell of this one. */
  earlier(adapter: string, failed: Failed): EarlierFailures {
    const key = likeKey(adapter, failed);
    return {
      likely: this.explaining.get(adapter) ?? [],
      inVain: (this.vain.get(key) ?? 0) >= MOST_VAIN,
      learn: (explaining) => {
        if (explaining.length === 0) count(this.vain, key);
        const known = this.explaining.get(adapter) ?? [];
        this.explaining.set(adapter, [...known, ...explaining.filter((x) => !among(known, x))]);
      },
    };
  }
}

/** Name that failures alike have in common: the class, and the output; which of the gradients of q, k and v is furthest off differs from case to case. */
function likeKey(adapter: string, { verdict, class: failureClass, output = '' }: Failed): string {
  return [adapter, verdict, failureClass, /^d[qkv]$/.test(output) ? 'd' : output].join(' ');
}

function count(counts: Map<string, number>, key: string): number {
  const counted = (counts.get(key) ?? 0) + 1;
  counts.set(key, counted);
  return counted;
}
