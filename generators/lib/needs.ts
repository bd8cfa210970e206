import type { Distribution, DType, Limits, Parallel, Speed } from '../../spec/types/documents.js';

/** Requirements of a property on the cases that are drawn for it. */
export interface CaseNeeds {
  /** The backward pass will be called. */
  readonly gradients?: boolean;
  /** Distributions to draw from; all of them if absent. */
  readonly distributions?: readonly Distribution[];
  /** Prefer rows in which one key has all the weight. */
  readonly oneHot?: boolean;
  /** Draw no score options (scale, softcap, alibi, bias, sink), but draw g, for properties that read out the mask alone. */
  readonly plainScores?: boolean;
  /** Draw `split`. */
  readonly split?: boolean;
  /** Draw `views`, or another layout that is claimed. */
  readonly views?: boolean;
  /** Prefer masks that leave a row without keys. */
  readonly emptyRows?: boolean;
  /** Prefer masks that leave a key unseen by a whole group. */
  readonly hiddenKeys?: boolean;
  /** Draw `values.transform`: what is changed from one call to the next. */
  readonly changes?: boolean;
  /** No option by which scores have a limit, or compete with something that is no score. */
  readonly shifts?: boolean;
  /** Largest number of multiply-adds of one case, if it is not the usual limit. */
  readonly work?: number;
  /** Number of calls that a case takes, which share the work of one case. */
  readonly calls?: number;
  /**
   * Number of forward passes in the calls of a case, with a backward pass counted as three. They share the cost limit of a case of
   * production sizes. If absent, no case of production sizes is drawn.
   */
  readonly passes?: number;
  /** The last cases of a check have the sizes that every check must reach (`space/floors.ts`). */
  readonly floors?: boolean;
  /** Limits on the sizes, in addition to the implementation's. */
  readonly limits?: Limits;
  /** One or two sizes at 2ᵏ or next to it, up to 2¹⁶ + 1, and the others small. */
  readonly boundaries?: boolean;
  /** The sizes and document lengths of long-context training, scaled, of which a few rows are judged. */
  readonly longContext?: boolean;
  /** Lengths at which counters, offsets and splits overflow, with a target for each row, so that every element is judged. */
  readonly targeted?: boolean;
  /** The batch size will be changed, so that padding is the only mask drawn that may differ between batch entries. */
  readonly batches?: boolean;
  /** Draw cases that the scheme's needs exclude. */
  readonly unmet?: boolean;
  /** Draw masks whose balance the scheme's document declares, and numbers of tokens that need no padding. */
  readonly balanced?: boolean;
  /**
   * Draw `history`: `pages` for a paged cache with every operation; `appends` for appends only, to a contiguous cache or to claimed pages.
   */
  readonly history?: 'pages' | 'appends';
  /** Draw a schedule of reuse as `history`. */
  readonly reuse?: boolean;
}

/** Features that a case may have beyond the plain form. */
export const features = ['grouped', 'cross', 'wide-v', 'softcap', 'sink', 'alibi', 'bias', 'composed', 'packed', 'all'] as const;
export type Feature = (typeof features)[number];

/** Settings of a run by which cases are drawn. */
export interface DrawSettings {
  /** Numbers of ranks to draw from. If absent, 1 to 8, or all that an adapter claims for its own scheme. */
  readonly ranks?: readonly number[];
  /** Transport between the ranks, if it is not the simulated one. */
  readonly transport?: Parallel['transport'];
  /** Speed of the implementation, which limits cases of production sizes. If absent, none is drawn. */
  readonly speed?: Speed;
  /** Number of shapes from which all checks draw: for kernels that compile for each. If absent, each case has a shape of its own. */
  readonly shapes?: number;
  /** Number of keys of cases with targets. If absent, a length is drawn. */
  readonly tokens?: number;
}

/** Picks the settings of drawing from all those of a run. */
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
  /** Scheme on whose ranks the case is computed. */
  readonly scheme?: string;
  readonly needs: CaseNeeds;
}

/** Tells whether everything that is claimed is drawn together: in `+all`, and in a check without a feature that draws its masks. */
export function drawsEverything({ feature, mask }: DrawRequest): boolean {
  return feature === 'all' || (feature === undefined && mask === 'any');
}
