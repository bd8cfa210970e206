import { Stop } from '../../backends/python/environment/uv.js';

interface Released {
  readonly releases: Readonly<Record<string, readonly { readonly yanked: boolean }[]>>;
}

/** Returns the final versions of a package of PyPI, the oldest first. @throws {Stop} without the network. */
export async function releasedVersions(name: string): Promise<string[]> {
  const address = `https://pypi.org/pypi/${name}/json`;
  let found: Released;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(30_000) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    found = (await response.json()) as Released;
  } catch (error) {
    throw new Stop(`${address} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return finalVersions(
    Object.entries(found.releases).flatMap(([version, files]) => (files.some(({ yanked }) => !yanked) ? [version] : [])),
  );
}

/** Leaves out development and candidate versions; sorts by their numbers, of which a missing one is 0. */
export function finalVersions(versions: readonly string[]): string[] {
  return versions.filter((version) => /^\d+(\.\d+)*(\.post\d+)?$/.test(version)).sort(compareVersions);
}

export function compareVersions(a: string, b: string): number {
  const [x, y] = [a, b].map((version) => version.replace('.post', '.').split('.').map(Number));
  const at = Array.from({ length: Math.max(x.length, y.length) }, (_, i) => i).find((i) => (x[i] ?? 0) !== (y[i] ?? 0));
  return at === undefined ? 0 : (x[at] ?? 0) - (y[at] ?? 0);
}
