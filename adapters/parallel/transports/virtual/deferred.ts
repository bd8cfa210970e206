/** Promise with the functions that settle it. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

type Settle = Pick<Deferred<never>, 'resolve' | 'reject'>;

let resolveLast: Settle['resolve'];
let rejectLast: Settle['reject'];
// One executor for all promises: closures would be a tenth of a simulation's memory traffic.
const capture = (resolve: (value: never) => void, reject: (error: Error) => void) => {
  resolveLast = resolve;
  rejectLast = reject;
};

export function deferred<T>(): Deferred<T> {
  const promise = new Promise<T>(capture as never);
  return { promise, resolve: resolveLast as Deferred<T>['resolve'], reject: rejectLast };
}
