/** Σ x and Σ x² over calls, where x is the mean of one call. */
export interface MeanSums {
  sum: number;
  squares: number;
}

/** Error sums of many calls, from which warnings are made. Calls are independent, the elements of one call are not: calls are counted. */
export interface ErrorSums {
  calls: number;
  elements: number;
  /** Σ (error ÷ bound)² over all elements. */
  squares: number;
  /** Sums over the calls of each call's mean signed error ÷ bound. */
  upwards: MeanSums;
  outwards: MeanSums;
  /** Σ |error| ÷ bound of the kernel and of a textbook implementation, over the calls that the latter computed too. */
  compared: { calls: number; elements: number; kernel: number; textbook: number };
}
