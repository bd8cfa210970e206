/** Sums over the elements of one call's output that lie within a bound, of error ÷ bound. */
export interface CallErrors {
  elements: number;
  absolute: number;
  squares: number;
  /** Of signed errors, positive upwards, and positive away from zero. */
  upwards: number;
  outwards: number;
}

/** Over calls: Σ x and Σ x² of a mean that each has. */
export interface MeanSums {
  sum: number;
  squares: number;
}

/** What warnings are drawn from. The elements of one call are not independent, calls are: these are counted. */
export interface ErrorSums {
  calls: number;
  elements: number;
  /** Σ (error ÷ bound)² over all elements. */
  squares: number;
  /** Of each call's mean signed error ÷ bound. */
  upwards: MeanSums;
  outwards: MeanSums;
  /** Of the calls that a textbook implementation was given too: Σ |error| ÷ bound of the kernel, and of the textbook implementation. */
  compared: { calls: number; elements: number; kernel: number; textbook: number };
}

export function noErrors(): CallErrors {
  return { elements: 0, absolute: 0, squares: 0, upwards: 0, outwards: 0 };
}

/** @param textbook errors of a textbook implementation on the same call, where it was asked. */
export function sumsOf({ elements, absolute, squares, upwards, outwards }: CallErrors, textbook?: CallErrors): ErrorSums {
  const mean = (sum: number): MeanSums =>
    elements === 0 ? { sum: 0, squares: 0 } : { sum: sum / elements, squares: (sum / elements) ** 2 };
  return {
    calls: elements === 0 ? 0 : 1,
    elements,
    squares,
    upwards: mean(upwards),
    outwards: mean(outwards),
    compared: textbook
      ? { calls: 1, elements, kernel: absolute, textbook: textbook.absolute }
      : { calls: 0, elements: 0, kernel: 0, textbook: 0 },
  };
}

export function addSums(x: ErrorSums, y: ErrorSums): ErrorSums {
  const means = (a: MeanSums, b: MeanSums): MeanSums => ({ sum: a.sum + b.sum, squares: a.squares + b.squares });
  return {
    calls: x.calls + y.calls,
    elements: x.elements + y.elements,
    squares: x.squares + y.squares,
    upwards: means(x.upwards, y.upwards),
    outwards: means(x.outwards, y.outwards),
    compared: {
      calls: x.compared.calls + y.compared.calls,
      elements: x.compared.elements + y.compared.elements,
      kernel: x.compared.kernel + y.compared.kernel,
      textbook: x.compared.textbook + y.compared.textbook,
    },
  };
}
