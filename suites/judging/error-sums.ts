import type { ErrorSums, MeanSums } from '../contract/error-sums.js';
/** Sums of error ÷ bound over elements within their bound. */
export interface CallErrors {
  elements: number;
  absolute: number;
  squares: number;
  /** Signed sums: `upwards` is positive above the expected value, `outwards` away from zero. */
  upwards: number;
  outwards: number;
}

export function noErrors(): CallErrors {
  return { elements: 0, absolute: 0, squares: 0, upwards: 0, outwards: 0 };
}

/** Adds the sums of another part of the output. */
export function addErrors(into: CallErrors, from: CallErrors): void {
  into.elements += from.elements;
  into.absolute += from.absolute;
  into.squares += from.squares;
  into.upwards += from.upwards;
  into.outwards += from.outwards;
}

/** Error sums of one call. @param textbook errors of a textbook implementation, if computed. */
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
