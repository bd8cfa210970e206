/** Σ x and Σ x² over calls; x is the mean of one call. */
export interface MeanSums {
  sum: number;
  squares: number;
}

/** Error sums for warnings. They count calls: the elements of one call are not independent. */
export interface ErrorSums {
  calls: number;
  elements: number;
  /** Σ (error ÷ bound)² over all elements. */
  squares: number;
  /** Sums over calls of the mean signed error ÷ bound. */
  upwards: MeanSums;
  outwards: MeanSums;
  /** Σ |error| ÷ bound of the kernel and a textbook implementation, where both computed a call. */
  compared: { calls: number; elements: number; kernel: number; textbook: number };
}
