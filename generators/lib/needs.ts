import type { Distribution, DType, Limits, Parallel, Speed } from '../../spec/types/documents.js';

/** Requirements of a property on its cases. */
export interface CaseNeeds {
  readonly gradients?: boolean;
  /** Distributions to draw from; all of them if absent. */
  readonly distributions?: readonly Distribution[];
  /** Prefer rows in which one key has all the weight. */
  readonly oneHot?: boolean;
  /** Draw g but no score options, for properties that read out the mask alone. */
  readonly plainScores?: boolean;
  readonly split?: boolean;
  /** Draw `views`, or another claimed layout. */
  readonly views?: boolean;
  /** Prefer masks that leave a row without keys. */
  readonly emptyRows?: boolean;
  /** Prefer masks that leave a key unseen by a whole group. */
  readonly hiddenKeys?: boolean;
  /** Draw `values.transform`: the change between calls. */
  readonly changes?: boolean;
  /** Draw no option that bounds scores or adds a weight beside them (softcap, sink). */
  readonly shifts?: boolean;
  /** Most multiply-adds of one case, instead of the usual limit. */
  readonly work?: number;
  readonly calls?: number;
  /** Forward passes of a case; a backward pass counts as three. Required for production cases. */
  readonly passes?: number;
  /** The last cases of a check are at floors (`dims/floors.ts`). */
  readonly floors?: boolean;
  readonly limits?: Limits;
  /** Draw one or two sizes near 2ᵏ, up to 2¹⁶ + 1, and small other sizes. */
  readonly boundaries?: boolean;
  /** Draw scaled sizes and document lengths of long-context training, with a few judged rows. */
  readonly longContext?: boolean;
  /** Draw lengths at which counters, offsets and splits overflow, with a target for each row. */
  readonly targeted?: boolean;
  /** The batch size will change: only padding may differ between batch entries. */
  readonly batches?: boolean;
  /** Draw cases that the scheme's needs exclude. */
  readonly unmet?: boolean;
  /** Draw masks with a balance in the scheme's document, and token counts without padding. */
  readonly balanced?: boolean;
  /** Draw `history`: any operation on pages, or appends to a contiguous cache or pages. */
  readonly history?: 'pages' | 'appends';
  readonly reuse?: boolean;
}

/** Features that a case may have beyond the plain form. */
export const features = ['grouped', 'cross', 'wide-v', 'softcap', 'sink', 'alibi', 'bias', 'composed', 'packed', 'all'] as const;
export type Feature = (typeof features)[number];

/** Settings of a run that affect drawing. */
export interface DrawSettings {
  /** Numbers of ranks. If absent, 1 to 8, or all that an adapter claims for its scheme. */
  readonly ranks?: readonly number[];
  readonly transport?: Parallel['transport'];
  /** Speed of the implementation. If absent, no production case is drawn. */
  readonly speed?: Speed;
  /** Number of shapes that all checks share, for kernels that compile per shape. */
  readonly shapes?: number;
  /** Number of keys of cases with targets. If absent, a length is drawn. */
  readonly tokens?: number;
}

/** Picks the settings of drawing from a run's settings. */
export function drawSettings({ ranks, transport, speed, shapes, tokens }: DrawSettings): DrawSettings {
  return { ranks, transport, speed, shapes, tokens };
}

/** Request for the cases of a check. */
export interface DrawRequest extends DrawSettings {
  readonly operator: string;
  readonly feature?: Feature;
  /** Name of a mask, or `any`. */
  readonly mask: string;
  readonly dtype: DType;
  readonly scheme?: string;
  readonly needs: CaseNeeds;
}

/** True if everything claimed is drawn together: in `+all`, and in plain checks of any mask. */
export function drawsEverything({ feature, mask }: DrawRequest): boolean {
  return feature === 'all' || (feature === undefined && mask === 'any');
}
