/** A name of a file for each text: letters, digits and `. + @ -`, no two alike even where capitals do not count. */
export function fileNames(texts: readonly string[]): string[] {
  const taken = new Set<string>();
  return texts.map((text) => {
    const safe = text
      .replaceAll(/[^\w.+@-]/g, '_')
      .replace(/^\./, '_')
      .slice(0, 100);
    let name = safe;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${safe}-${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
