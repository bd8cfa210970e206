import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { DocumentError } from '../spec/lib/documents.js';

/** Kind of source, and the argument of `kind:`. */
export interface KernelFile {
  readonly kind: string;
  readonly argument: string;
}

const libraries = ['.so', '.dylib', '.dll'];
/** Endings of files that need a manifest, with the kind of the manifest. */
const described: Readonly<Record<string, 'wgsl' | 'native'>> = {
  '.wgsl': 'wgsl',
  ...Object.fromEntries(
    ['.c', '.cc', '.cpp', '.cxx', '.cu', '.hip', '.rs', '.zig', ...libraries].map((ending) => [ending, 'native' as const]),
  ),
};

/** Maximum number of bytes of a manifest. */
const longest = 2 ** 20;

/**
 * Returns the kind of a kernel's file by its ending, for sources and libraries with the manifest
 * beside it; undefined for unknown endings.
 * @throws {DocumentError} if the file or its manifest is missing.
 */
export function kernelFile(source: string): KernelFile | undefined {
  if (/^[a-z]{2,}:/.test(source)) return undefined;
  const path = pythonFileOf(source) ?? source;
  const ending = extname(path).toLowerCase();
  if (ending === '.py') return { kind: 'python', argument: source };
  if (ending === '.onnx') return { kind: 'onnx', argument: source };
  if (ending === '.json') return { kind: manifestKind(path, requireFile(path)), argument: path };
  if (!Object.hasOwn(described, ending)) return undefined;
  requireFile(path);
  const kind = described[ending];
  const manifests = manifestsBeside(path, kind);
  if (manifests.length === 1) return { kind, argument: manifests[0] };
  throw new DocumentError(path, '$', manifests.length > 1 ? severalManifests(kind, manifests) : noManifest(path, kind));
}

/** Returns the file of `file.py` or `file.py:function`; undefined for any other text. */
export function pythonFileOf(target: string): string | undefined {
  return /^(.+?\.py)(?::[^:/\\]+)?$/.exec(target)?.[1];
}

function requireFile(path: string): string {
  if (!existsSync(path) || !statSync(path).isFile()) throw new DocumentError(path, '$', 'no such file');
  return path;
}

function severalManifests(kind: string, manifests: readonly string[]): string {
  return `${manifests.join(' and ')} name this file; choose one, such as --adapter ${kind}:${manifests[0]}`;
}

function noManifest(path: string, kind: 'wgsl' | 'native'): string {
  const folder = dirname(path);
  const beside = join(folder, `${basename(path, extname(path))}.json`);
  const what = kind === 'wgsl' ? 'its bindings and workgroups' : 'its function and arguments';
  return `no manifest in ${folder} names this file; it needs one that states ${what}. npx attention-cts init --kind ${kind} DIR writes an example: copy it to ${beside}, then: npx attention-cts run ${path}`;
}

function manifestKind(path: string, file: string): string {
  const kind = kindOfManifest(read(file));
  if (kind) return kind;
  throw new DocumentError(path, '$', 'this is not the manifest of a kernel: it needs "library" and "symbol", or "file" and "entry"');
}

function kindOfManifest(manifest: Manifest | undefined): 'wgsl' | 'native' | undefined {
  if (manifest?.library !== undefined || manifest?.symbol !== undefined) return 'native';
  return manifest?.file !== undefined || manifest?.bindings !== undefined ? 'wgsl' : undefined;
}

type Manifest = Readonly<Record<string, unknown>>;

function manifestsBeside(path: string, kind: 'wgsl' | 'native'): string[] {
  const folder = dirname(path);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files
    .map((name) => (folder === '.' ? name : join(folder, name)))
    .filter((file) => {
      const manifest = statSync(file).size <= longest ? read(file) : undefined;
      return kindOfManifest(manifest) === kind && namesFile(manifest as Manifest, basename(path));
    });
}

/** Returns true if a manifest names a file as source, library or word of the build command. */
function namesFile(manifest: Manifest, name: string): boolean {
  return [...sourcesIn(manifest), manifest.library].some((one) => typeof one === 'string' && basename(one) === name);
}

/** Returns the sources of a kernel, and the words of its build command, which may be files. */
function sourcesIn({ file, backward, sources, build }: Manifest): string[] {
  const shaders = [file, (backward as Manifest | undefined)?.file].flatMap((one) =>
    typeof one === 'object' && one !== null ? Object.values(one) : [one],
  );
  const built = typeof build === 'string' ? build.split(/[\s'"]+/) : [];
  return [...shaders, ...(Array.isArray(sources) ? sources : []), ...built].filter((one) => typeof one === 'string' && one !== '');
}

/** Returns a manifest's existing sources, or else its library; an empty array for other files. */
export function filesOfManifest(path: string): string[] {
  const manifest = extname(path).toLowerCase() === '.json' && statSync(path).size <= longest ? read(path) : undefined;
  if (!kindOfManifest(manifest)) return [];
  const { library } = manifest as Manifest;
  const present = (names: readonly string[]) =>
    [...new Set(names.map((name) => resolve(dirname(path), name)))].filter((file) => existsSync(file) && statSync(file).isFile()).sort();
  const sources = present(sourcesIn(manifest as Manifest).filter((name) => name !== library));
  return sources.length > 0 || typeof library !== 'string' ? sources : present([library]);
}

function read(file: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Manifest) : undefined;
  } catch {
    return undefined;
  }
}
