import picomatch from 'picomatch';

/** A test of (adapter id, check id). */
export type CheckMatcher = (adapter: string, check: string) => boolean;

/** `*` within a segment, `**` over segments, {a,b} alternatives. */
export function globMatcher(glob: string): (text: string) => boolean {
  if (glob === '') return (text) => text === '';
  return picomatch(glob, { nobracket: true, noextglob: true, nonegate: true, dot: true });
}

/** A glob over check ids, with an optional `adapter::` in front, itself a glob. */
export function checkMatcher(glob: string): CheckMatcher {
  const at = glob.indexOf('::');
  const check = globMatcher(at < 0 ? glob : glob.slice(at + 2));
  if (at < 0) return (_, id) => check(id);
  const adapter = globMatcher(glob.slice(0, at));
  return (name, id) => adapter(name) && check(id);
}
