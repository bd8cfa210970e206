/** Names of adapters without their flag, then those of `--adapter`. */
export function withNamed<F extends { readonly adapter?: string[] }>(named: readonly string[], flags: F): F {
  return named.length === 0 ? flags : { ...flags, adapter: [...named, ...(flags.adapter ?? [])] };
}
