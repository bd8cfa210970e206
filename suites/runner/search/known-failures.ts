import type { Hypothesis } from '../../contract/diagnosis.js';
import { among } from '../../diagnosis/hints/diagnosis.js';
import { alikeKind, type Failed } from '../run/outcome.js';

/** Failed explanations of similar failures, before the search is skipped. */
const MOST_VAIN = 3;
/** Similar failures to shrink fully. */
const MOST_SMALL = 3;

/** Knowledge from a kernel's earlier failures. */
export interface EarlierFailures {
  readonly likely: readonly Hypothesis[];
  /** True if similar failures were often searched without success. */
  readonly inVain: boolean;
  /** Keeps explaining hypotheses; an empty list counts as a failed search. */
  learn(explaining: readonly Hypothesis[]): void;
}

/** Earlier failures of a run: a fault in every check is shrunk and explained a few times only. */
export class KnownFailures {
  private readonly met = new Set<string>();
  private readonly likes = new Map<string, number>();
  private readonly explaining = new Map<string, Hypothesis[]>();
  private readonly vain = new Map<string, number>();
  private readonly stateless = new Set<string>();

  /** True if a similar crash or refusal was met before. */
  meet(adapter: string, failed: Failed): boolean {
    // numbers in a refusal vary by case
    const kind = alikeKind(failed, failed.message.replace(/\d+/g, '0'));
    if (kind === undefined) return false;
    const key = `${adapter} ${kind}`;
    const known = this.met.has(key);
    this.met.add(key);
    return known;
  }

  /** True if several similar wrong answers were shrunk before. */
  isUsual(adapter: string, failed: Failed): boolean {
    return count(this.likes, likeKey(adapter, failed)) > MOST_SMALL;
  }

  /** True if a failure depends on earlier cases. @param ask tests it in a new process. */
  async isKept(adapter: string, failed: Failed, ask: () => Promise<boolean>): Promise<boolean> {
    const key = likeKey(adapter, failed);
    if (this.stateless.has(key)) return false;
    const kept = await ask();
    if (!kept) this.stateless.add(key);
    return kept;
  }

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

/** Key of similar failures: class and output. dq, dk and dv are one: the worst differs by case. */
function likeKey(adapter: string, { verdict, class: failureClass, output = '' }: Failed): string {
  return [adapter, verdict, failureClass, /^d[qkv]$/.test(output) ? 'd' : output].join(' ');
}

function count(counts: Map<string, number>, key: string): number {
  const counted = (counts.get(key) ?? 0) + 1;
  counts.set(key, counted);
  return counted;
}
