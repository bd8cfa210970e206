/** Error if no case fits a request under an implementation's claims: the check is unsupported. */
export class Undrawable extends Error {
  override readonly name = 'Undrawable';
}
