/** Adapters may be named without their flag: first those in front, then those of `--adapter`. */
export function withNamed<F extends { readonly adapter?: string[] }>(named: readonly string[], flags: F): F {
  return named.length === 0 ? flags : { ...flags, adapter: [...named, ...(flags.adapter ?? [])] };
}
