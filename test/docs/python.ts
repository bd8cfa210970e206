import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { block, code, listing, paragraphs, prose, type Section } from './page.js';

/** The harness of Python kernels. */
export const HARNESS = fileURLToPath(new URL('../../adapters/backends/python/attn_cts.py', import.meta.url));

/** An argument of a Python function. */
export interface PythonArgument {
  readonly name: string;
  readonly type: string;
  /** As it is written; undefined where the argument must be given. */
  readonly default?: string;
  /** Text of the docstring about it; undefined if there is none. */
  readonly description?: string;
}

/** A public name of a Python file. */
export interface PythonName {
  readonly name: string;
  /** The head of the definition in one line, such as `shard(x: Tensor, dim: int = 2) -> Tensor`. */
  readonly head: string;
  readonly arguments: readonly PythonArgument[];
  /** The docstring without what it says of arguments. */
  readonly text: string;
}

/** Names that a Python file lists in `__all__`, as their definitions and docstrings say what they are. @throws {Error} if one is not defined. */
export function publicNames(source: string): PythonName[] {
  const list = /^__all__ = \[([^\]]*)\]/m.exec(source)?.[1] ?? '';
  return [...list.matchAll(/"(\w+)"/g)].map(([, name]) => nameOf(source, name));
}

/** The docstring of a file. */
export function fileText(source: string): string {
  return /^"""([\s\S]*?)"""/.exec(source)?.[1].trim() ?? '';
}

function nameOf(source: string, name: string): PythonName {
  const definition = new RegExp(`^(?:def ${name}\\(([\\s\\S]*?)\\)( -> [^\\n]*)?|class ${name}(\\([^)]*\\))?):\\n`, 'm').exec(source);
  if (!definition) throw new Error(`no definition of ${name} was found`);
  const [whole, parameters, result = ''] = definition;
  const after = source.slice(definition.index + whole.length);
  const docstring = /^ {4}"""([\s\S]*?)"""/.exec(after)?.[1] ?? '';
  const { text, described } = partsOf(docstring);
  const own = parameters === undefined ? [] : parametersOf(parameters);
  return {
    name,
    head:
      parameters === undefined ? `class ${name}` : `${name}(${parameters.replaceAll(/\s+/g, ' ').replace(/,\s*$/, '').trim()})${result}`,
    arguments: own.map((argument) => ({ ...argument, ...(described.has(argument.name) && { description: described.get(argument.name) }) })),
    text,
  };
}

/** Parts of a text between commas that are in no brackets. */
function partsBetweenCommas(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if ('[({'.includes(character)) depth += 1;
    if ('])}'.includes(character)) depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.replaceAll(/\s+/g, ' ').trim());
}

/** Parameters of a definition, by their text. */
function parametersOf(text: string): PythonArgument[] {
  return partsBetweenCommas(text)
    .filter((part) => part !== '' && part !== '*')
    .map((part) => {
      const [, name, type = '', value] = /^([*\w]+)(?:: (.*?))?(?: = (.*))?$/.exec(part) as RegExpExecArray;
      return { name: name.replaceAll('*', ''), type, ...(value !== undefined && { default: value }) };
    });
}

/** A docstring's lines `name, other: what it is`, which may go on in lines that are indented further, apart from the others. */
function partsOf(docstring: string): { text: string; described: ReadonlyMap<string, string> } {
  const described = new Map<string, string>();
  const rest: string[] = [];
  let names: readonly string[] = [];
  for (const [at, line] of docstring.split('\n').entries()) {
    const [, list, what] = (at > 0 && /^ {4}(\w+(?:, \w+)*): (.+)$/.exec(line)) || [];
    if (list !== undefined) {
      names = list.split(', ');
      for (const name of names) described.set(name, what);
    } else if (names.length > 0 && /^ {6}\S/.test(line)) {
      for (const name of names) described.set(name, `${described.get(name)} ${line.trim()}`);
    } else {
      names = [];
      rest.push(line.trim());
    }
  }
  return { text: rest.join('\n').trim(), described };
}

/** The page of the Python harness. */
export function pythonSection(source = readFileSync(HARNESS, 'utf8')): Section {
  const names = publicNames(source);
  const sections = names.map(({ name, head, arguments: own, text }) =>
    paragraphs(
      `## ${own.length > 3 ? `@${name}` : name} {#${name.toLowerCase()}}`,
      own.length > 3 ? '' : block('python', [head]),
      ...text.split('\n\n').map(prose),
      own.some(({ description }) => description !== undefined)
        ? listing(
            ['argument', 'type', 'default', 'meaning'],
            own
              .filter((argument) => argument.name !== 'function')
              .map((argument) => [
                code(argument.name),
                code(argument.type),
                code(argument.default ?? '–'),
                prose(argument.description ?? ''),
              ]),
          )
        : '',
    ),
  );
  const text = paragraphs('# The Python harness', ...fileText(source).split('\n\n').map(paragraphOf), ...sections);
  return { title: 'Python', pages: [{ path: 'python.md', name: '@kernel and @scheme', text }] };
}

/** A paragraph of a docstring; what is indented is code. */
function paragraphOf(text: string): string {
  if (!text.startsWith('    ')) return prose(text);
  return block(
    /^ {4}(from|import|@|def) /.test(text) ? 'python' : 'text',
    text.split('\n').map((line) => line.slice(4)),
  );
}
