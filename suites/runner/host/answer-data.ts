/** Outputs in a file, which is gone when everybody who keeps it has closed it. */
export interface AnswerFile {
  readonly descriptor: number;
  /** Bytes. */
  readonly length: number;
  /** Keeps the file for one user more, who closes it. */
  keep(): this;
  close(): void;
}

/** Outputs of a case: bytes, which a judge takes away, or a file where they are large. */
export type AnswerData = ArrayBuffer | AnswerFile;

/** Fills an array with the bytes of a file from a place on. @throws {Error} if the file ends before. */
export type ReadBytes = (out: Uint8Array, from: number) => void;

export function isFile(data: object): data is AnswerFile {
  return 'descriptor' in data;
}

/** What judges are sent of the outputs of a case: the bytes, or the descriptor of the file. */
export function sentData(data: AnswerData): ArrayBuffer | number {
  return isFile(data) ? data.descriptor : data;
}

/** A copy of outputs that stays when a judge has taken them away, or they are closed. */
export function keptData(data: AnswerData): AnswerData {
  return isFile(data) ? data.keep() : data.slice(0);
}

/** Ends the use of outputs. */
export function closeData(data: AnswerData): void {
  if (isFile(data)) data.close();
}
