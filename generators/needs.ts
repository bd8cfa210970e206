import type { Distribution, DType, Limits, Parallel, Speed } from '../spec/types/documents.js';

/** What a property asks of the cases drawn for it. */
export interface CaseNeeds {
  /** The backward pass will be called. */
  readonly gradients?: boolean;
  /** Fixed distributions; otherwise all are drawn. */
  readonly distributions?: readonly Distribution[];
  /** Prefer rows in which one key has all the weight. */
  readonly oneHot?: boolean;
  /** No score options (scale, softcap, alibi, bias, sink), g drawn: what is read out is the mask alone. */
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
  /** Multiply-adds that one case may cost, where that is not the usual limit. */
  readonly work?: number;
  /** Calls that a case takes: they share the work of one case. */
  readonly calls?: number;
  /**
   * Forward passes that the calls of a case come to, a backward pass counted as three: they share what a case of production sizes may cost.
   * Absent: none is drawn.
   */
  readonly passes?: number;
  /** Limits on the sizes, beside the implementation's. */
  readonly limits?: Limits;
  /** One or two sizes at 2ᵏ or next to it, up to 2¹⁶ + 1, and the others small. */
  readonly boundaries?: boolean;
  /** The sizes and document lengths of long-context training, scaled, of which a few rows are judged. */
  readonly longContext?: boolean;
  /** The batch size will be changed: no mask but padding says anything for each batch entry. */
  readonly batches?: boolean;
  /** Of a scheme: cases that its needs exclude. */
  readonly unmet?: boolean;
  /** Of a scheme: masks whose balance its document declares, and tokens that need no padding. */
  readonly balanced?: boolean;
  /**
   * Draw `history`: a cache in pages, and all that may be done with it; or appends to one, contiguous or in pages where they are claimed.
   */
  readonly history?: 'pages' | 'appends';
}

/** Something a case may have beyond the plain form. */
export const features = ['grouped', 'cross', 'wide-v', 'softcap', 'sink', 'alibi', 'bias', 'composed', 'packed', 'all'] as const;
export type Feature = (typeof features)[number];

/** What a check draws its cases for. */
export interface DrawRequest {
  readonly operator: string;
  readonly feature?: Feature;
  /** A mask's name, or `any`. */
  readonly mask: string;
  readonly dtype: DType;
  /** The scheme on whose ranks it is computed. */
  readonly scheme?: string;
  /** On how many; 1 to 8 where absent. */
  readonly ranks?: readonly number[];
  /** How its ranks talk, where not by the simulated transport. */
  readonly transport?: Parallel['transport'];
  readonly needs: CaseNeeds;
  /** How fast the implementation is: so large may cases of production sizes be. Absent: none is drawn. */
  readonly speed?: Speed;
}

/** Whether everything that is claimed is drawn together: in +all, and where a property has one check that draws its masks. */
export function drawsEverything({ feature, mask }: DrawRequest): boolean {
  return feature === 'all' || (feature === undefined && mask === 'any');
}
