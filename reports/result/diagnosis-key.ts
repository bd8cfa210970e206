/**
 * A diagnosis without what differs from case to case. Those that advise the same declaration, or name the same dialect and advise against it, are one, whatever
 * they saw.
 */
export function diagnosisKey(hint: string): string {
  const advice = /\bdeclare it with (.+?)(?: \(|$)/m.exec(hint)?.[1];
  const dialect = /\bthe dialect (\S+=\S+?)(?:[;:,]|$)/m.exec(hint)?.[1];
  return (
    advice ??
    (dialect && `--dialect ${dialect}`) ??
    // of which sizes a case leaves open differs, too
    withoutNumbers(hint.replaceAll(/\S+/g, (word) => (word.split('/', 4).length > 3 ? '…' : word))).replaceAll(/#(?: or #)+/g, '#')
  );
}

/** A text with `#` for each number or index. */
export function withoutNumbers(text: string): string {
  return text.replaceAll(numbers, '#').replaceAll(/\[[#, ]*\]/g, '[#]');
}

const numbers = /-?\b(?:\d[\d.e+-]*|Infinity|NaN)/g;
