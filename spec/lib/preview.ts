/** Shows a value in an error message: JSON of at most `most` characters. */
export function preview(value: unknown, most = 60): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    // cyclic values and bigints have no JSON
    text = typeof value;
  }
  return text.length > most ? `${text.slice(0, most - 3)}…` : text;
}
