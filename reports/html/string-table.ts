/** Unique texts; the first is empty. */
export class StringTable {
  readonly texts: string[] = [''];
  private readonly places = new Map<string, number>([['', 0]]);

  indexOf(text: string): number {
    const known = this.places.get(text);
    if (known !== undefined) return known;
    this.places.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}
