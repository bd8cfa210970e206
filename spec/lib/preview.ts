/** A value from a document or a message as a line of an error shows it: as JSON, with "…" in place of what exceeds `most` characters. */
export function preview(value: unknown, most = 60): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    // a module may hold what JSON has no way to write
    text = typeof value;
  }
  return text.length > most ? `${text.slice(0, most - 3)}…` : text;
}
