/** No case fits a request under an implementation's claims: the check is unsupported, for this reason. */
export class Undrawable extends Error {
  override readonly name = 'Undrawable';
}
