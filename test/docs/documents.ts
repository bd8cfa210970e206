import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { code, listing, type Page, paragraphs, prose, type Section, table } from './page.js';

const folder = fileURLToPath(new URL('../../spec/schema/', import.meta.url));

/** The part of JSON Schema that our schemas are written in. */
export interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema | readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** A page for each kind of document, by its schema. */
export function documentSections(): Section[] {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.schema.json'))
    .map((file) => file.replace('.schema.json', ''))
    .sort();
  const schemas = names.map((name) => ({ name, schema: JSON.parse(readFileSync(`${folder}${name}.schema.json`, 'utf8')) as Schema }));
  const pages: Page[] = schemas.map(({ name, schema }) => ({ path: `documents/${name}.md`, name, text: documentPage(name, schema) }));
  const index = paragraphs(
    '# Documents',
    'Every file that the suite reads or writes, and every line of the process protocol, has a JSON Schema, which comes with the package in `spec/schema/`. ' +
      'Keys that a schema does not have are an error in a file, and a warning from a process. Numbers that JSON lacks are the texts `"NaN"`, `"Infinity"`, `"-Infinity"` and `"-0"`.',
    table(
      ['document', 'what it is'],
      schemas.map(({ name, schema }) => [`[${name}](./${name}.md)`, prose(schema.description ?? '')]),
    ),
  );
  return [{ title: 'Documents', pages: [{ path: 'documents/index.md', name: 'All documents', text: index }, ...pages] }];
}

/** The page of a schema: its keys, and those of its definitions. */
export function documentPage(name: string, schema: Schema): string {
  const definitions = Object.entries(schema.definitions ?? {});
  return paragraphs(
    `# ${name}`,
    prose(schema.description ?? ''),
    bodyOf(schema),
    ...definitions.flatMap(([key, definition]) => [
      `## ${key} {#${key.toLowerCase()}}`,
      prose(definition.description ?? ''),
      bodyOf(definition),
    ]),
  );
}

/** Keys as a table, those of alternatives one after the other; what is no object in words. */
function bodyOf(schema: Schema): string {
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (schema.properties) return keysOf(schema);
  if (alternatives.some(({ properties }) => properties)) {
    return alternatives
      .map((one) => [prose(one.description ?? ''), bodyOf(one)].filter((text) => text !== '').join('\n\n'))
      .join('\n\nor\n\n');
  }
  if (schema.items && !Array.isArray(schema.items) && (schema.items as Schema).properties) {
    return `A list of objects:\n\n${keysOf(schema.items as Schema)}`;
  }
  return typeOf(schema);
}

function keysOf({ properties = {}, required = [] }: Schema): string {
  return listing(
    ['key', 'value', 'meaning'],
    Object.entries(properties)
      .filter(([key]) => key !== '$schema')
      .map(([key, value]) => [`${code(key)}${required.includes(key) ? '' : ' (optional)'}`, typeOf(value), prose(value.description ?? '')]),
  );
}

/** Describes what a value may be. */
export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return referenceOf(schema.$ref);
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum) return schema.enum.map((value) => code(JSON.stringify(value))).join(', ');
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return [...new Set(alternatives.map(typeOf))].join(' or ');
  if (schema.type === 'array') {
    if (Array.isArray(schema.items)) return `[${schema.items.map(typeOf).join(', ')}]`.replace('[', '&#91;');
    return schema.items ? `list of: ${typeOf(schema.items as Schema)}` : 'list';
  }
  if (schema.type === 'object') {
    const keys = Object.keys(schema.properties ?? {});
    if (keys.length > 0) return `object of ${keys.map(code).join(', ')}`;
    return typeof schema.additionalProperties === 'object' ? `object of: ${typeOf(schema.additionalProperties)}` : 'object';
  }
  return [schema.type ?? 'any value'].flat().join(' or ');
}

/** A link to what a reference names. */
function referenceOf(reference: string): string {
  const [, file = '', key = ''] = /^(?:([\w-]+)\.schema\.json)?(?:#\/definitions\/([\w-]+))?/.exec(reference) ?? [];
  const anchor = key === '' ? '' : `#${key.toLowerCase()}`;
  return `[${key || file}](${file === '' ? anchor : `./${file}.md${anchor}`})`;
}
