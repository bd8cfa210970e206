/// <reference lib="dom" />
import { element } from './dom.js';
import type { Report } from './report.js';
import { type Route, replaceRoute } from './route.js';
import { verdicts } from './verdicts.js';

/** Filter: its label, its name in the address, and its values with their texts. */
export type Choice = readonly [label: string, name: string, options: readonly (readonly [value: string, text: string])[]];

/** Label of the search field, and an example search. */
export interface SearchField {
  readonly label: string;
  readonly example: string;
}

/** Form that filters a page by the address. @param changed gets the new parameters. */
export function filterForm(
  route: Route,
  search: SearchField,
  choices: readonly Choice[],
  changed: (params: Record<string, string>) => void,
): HTMLElement {
  let params: Record<string, string> = { ...route.params };
  const change = (name: string, value: string) => {
    params = { ...params, [name]: value };
    replaceRoute({ page: route.page, params });
    changed(params);
  };
  const field = element('input', {
    type: 'search',
    value: params.search ?? '',
    placeholder: search.example,
    spellcheck: 'false',
    autocomplete: 'off',
  });
  field.addEventListener('input', () => change('search', (field as HTMLInputElement).value));
  const form = element('form', { 'aria-label': 'Filters' }, element('label', {}, search.label, field));
  form.addEventListener('submit', (event) => event.preventDefault());
  for (const [label, name, options] of choices) {
    const chosen = params[name] ?? '';
    const select = element(
      'select',
      {},
      ...options.map(([value, text]) => element('option', { value, ...(value === chosen && { selected: '' }) }, text)),
    ) as HTMLSelectElement;
    select.addEventListener('change', () => change(name, select.value));
    form.append(element('label', {}, label, select));
  }
  return form;
}

export const searchChecks: SearchField = { label: 'Search checks', example: 'causal gradient' };

/** Returns the filters of checks. */
export function checkChoices(report: Report): Choice[] {
  const all = (values: Iterable<string>) => [['', 'all'] as const, ...[...new Set(values)].map((v) => [v, v] as const)];
  return [
    [
      'Verdict',
      'verdict',
      [['', 'all'], ['failing', 'unexpected failures'], ['expected', 'expected failures'], ...verdicts.map((v) => [v, v] as const)],
    ],
    ['Profile', 'profile', all(report.index.profiles.map((p) => p.name))],
    ['Property', 'property', all(report.names.map((n) => n.property))],
    ['Dtype', 'dtype', all(report.names.map((n) => n.dtype))],
    ['Implementation', 'adapter', all(report.available.map((i) => report.index.implementations[i].key))],
  ];
}
