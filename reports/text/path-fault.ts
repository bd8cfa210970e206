/**
 * Why a path in a result document may not be opened, or undefined: it is relative, with `/` between its parts, and stays below
 * the document on every system.
 */
export function pathFault(path: string): string | undefined {
  if (/^[A-Za-z][\w+.-]*:/.test(path)) return 'must be a relative path, not a drive or an address';
  if (/[\\\p{Cc}]/u.test(path)) return 'must hold no backslash and no control character';
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return 'must be a relative path that stays below the document';
  }
  return undefined;
}
