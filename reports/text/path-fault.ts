/** Returns the reason not to open a document's path, which must stay below the document. */
export function pathFault(path: string): string | undefined {
  if (/^[A-Za-z][\w+.-]*:/.test(path)) return 'must be a relative path, not a drive or an address';
  if (/[\\\p{Cc}]/u.test(path)) return 'must hold no backslash and no control character';
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return 'must be a relative path that stays below the document';
  }
  return undefined;
}
