/** Nameless file of outputs, deleted when all its users have closed it. */
export interface AnswerFile {
  readonly descriptor: number;
  readonly length: number;
  keep(): this;
  close(): void;
}

/** Outputs of a case: bytes to transfer to a judge or, if large, a file. */
export type AnswerData = ArrayBuffer | AnswerFile;

/** Fills an array from a file, from an offset on. @throws {Error} if the file is too short. */
export type ReadBytes = (out: Uint8Array, from: number) => void;

export function isFile(data: object): data is AnswerFile {
  return 'descriptor' in data;
}

/** Form sent to judges: bytes, or the descriptor of a file. */
export function sentData(data: AnswerData): ArrayBuffer | number {
  return isFile(data) ? data.descriptor : data;
}

/** Copy that survives the transfer to a judge. */
export function keptData(data: AnswerData): AnswerData {
  return isFile(data) ? data.keep() : data.slice(0);
}

/** Ends one use of outputs. */
export function closeData(data: AnswerData): void {
  if (isFile(data)) data.close();
}
