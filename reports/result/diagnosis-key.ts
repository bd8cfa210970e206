/** Drops details of the case; hints about one declaration or dialect are equal. */
export function diagnosisKey(hint: string): string {
  const advice = /\bdeclare it with (.+?)(?: \(|$)/m.exec(hint)?.[1];
  const dialect = /\bthe dialect (\S+=\S+?)(?:[;:,]|$)/m.exec(hint)?.[1];
  return (
    advice ??
    (dialect && `--dialect ${dialect}`) ??
    // open sizes differ between cases, too
    withoutNumbers(hint.replaceAll(/\S+/g, (word) => (word.split('/', 4).length > 3 ? '…' : word))).replaceAll(/#(?: or #)+/g, '#')
  );
}

/** Replaces each number or index by `#`. */
export function withoutNumbers(text: string): string {
  return text.replaceAll(numbers, '#').replaceAll(/\[[#, ]*\]/g, '[#]');
}

const numbers = /-?\b(?:\d[\d.e+-]*|Infinity|NaN)/g;
