/** Receives the exit code of a finished command. */
export type Finish = (code: number) => void;

/** Runs a command line. @returns the exit code. */
export type Run = (args: readonly string[]) => Promise<number>;
