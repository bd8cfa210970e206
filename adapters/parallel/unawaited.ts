/** A promise that a program may never await: where it fails the transport ends the job, and says why; the process goes on. */
export function unawaited<T>(promise: Promise<T>): Promise<T> {
  promise.catch(nobody);
  return promise;
}

const nobody = () => {};
