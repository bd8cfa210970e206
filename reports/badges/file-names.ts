/** Returns file names of letters, digits and `. + @ -`, unique without regard to case. */
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
