/** Hypothesis that a wrong output is the right answer to another problem, tested on every element of a case. */
export interface Hypothesis {
  /** Completes "the output matches …". */
  readonly text: string;
  /** Number that `{}` in the text stands for. */
  readonly size?: number;
  /** The one gradient that it is about: others may be right, or wrong in another way. Absent: about all outputs. */
  readonly output?: string | undefined;
  /** How to declare the behaviour, if it can be declared: a dialect's flag with the check that tells, or an entry of the capabilities. */
  readonly declare?: string;
  /** Says how far off outputs may be, and not what they are: another hypothesis that holds is likelier. */
  readonly bounded?: true;
}

/** Places of the wrong elements of an output of one case. */
export interface Places {
  /** Number of the wrong elements: the more there are, the more the places tell. */
  readonly wrong: number;
  readonly text: string;
}

/** Diagnosis of one failing case. */
export interface Diagnosis {
  /** Hypotheses under which the outputs would be right; undefined if the case is too large to test any. */
  readonly answers: readonly Hypothesis[] | undefined;
  /** Names of the wrong gradients of a backward pass, where every hypothesis was tested. */
  readonly wrong?: readonly string[];
  /** Hypotheses that the case can neither confirm nor refute. */
  readonly untold?: readonly Hypothesis[];
  /** Hypotheses that were to be confirmed, and are not about the case. */
  readonly beside?: readonly Hypothesis[];
  /** Conspicuous features of the wrong output, as sentences. */
  readonly signs: readonly string[];
  /** Wrong elements of the case that are expected to differ, which an answer explains. */
  readonly explained?: number;
  /** Places of the wrong elements, where they have an order that is seen. */
  readonly places?: Places;
}
