/** Receives the exit code of a finished command. */
export type Finish = (code: number) => void;
