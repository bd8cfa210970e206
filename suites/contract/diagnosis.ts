/** Hypothesis that a wrong output is the right answer to another problem. */
export interface Hypothesis {
  /** Completes "the output matches …". */
  readonly text: string;
  /** Number that `{}` in the text stands for. */
  readonly size?: number;
  /** The one gradient that it explains; absent: all outputs. */
  readonly output?: string | undefined;
  /** How to declare it: a dialect flag with the check to rerun, or a capabilities entry. */
  readonly declare?: string;
  /** It bounds errors without giving values, so an exact hypothesis that holds is likelier. */
  readonly bounded?: true;
}

/** Positions of the wrong elements of one output. */
export interface Places {
  readonly wrong: number;
  readonly text: string;
}

/** Diagnosis of one failing case. */
export interface Diagnosis {
  /** Hypotheses that explain the outputs; undefined if the case is too large to test. */
  readonly answers: readonly Hypothesis[] | undefined;
  /** Names of the wrong gradients, if every hypothesis was tested. */
  readonly wrong?: readonly string[];
  /** Hypotheses that the case can neither confirm nor refute. */
  readonly untold?: readonly Hypothesis[];
  /** Hypotheses given for confirmation that do not apply to the case. */
  readonly beside?: readonly Hypothesis[];
  /** Conspicuous features of the wrong output, as sentences. */
  readonly signs: readonly string[];
  /** Number of expected differences that an answer explains. */
  readonly explained?: number;
  readonly places?: Places;
}
