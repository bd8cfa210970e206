/** Adds the adapters named without a flag in front of the `--adapter` ones. */
export function withNamed<F extends { readonly adapter?: string[] }>(named: readonly string[], flags: F): F {
  return named.length === 0 ? flags : { ...flags, adapter: [...named, ...(flags.adapter ?? [])] };
}
