/// <reference lib="dom" />
import { element } from './dom.js';
import { filtersOf } from './filters.js';
import type { Report } from './report.js';
import { type Route, replaceRoute } from './route.js';
import { verdicts } from './verdicts.js';

/** A choice: what it is called, its name in the address, its values with what they are called. */
export type Choice = readonly [label: string, name: string, options: readonly (readonly [value: string, text: string])[]];

/**
 * The form that narrows a page down. What it says is in the address.
 * @param more choices of this page alone, before the others.
 * @param changed told the new parameters.
 */
export function filterForm(
  report: Report,
  route: Route,
  more: readonly Choice[],
  changed: (params: Record<string, string>) => void,
): HTMLElement {
  let params: Record<string, string> = { ...route.params };
  const change = (name: string, value: string) => {
    params = { ...params, [name]: value };
    replaceRoute({ page: route.page, params });
    changed(params);
  };
  const search = element('input', {
    type: 'search',
    value: filtersOf(params).search,
    placeholder: 'causal gradient',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  search.addEventListener('input', () => change('search', (search as HTMLInputElement).value));
  const form = element('form', { 'aria-label': 'Filters' }, element('label', {}, 'Search checks', search));
  form.addEventListener('submit', (event) => event.preventDefault());
  for (const [label, name, options] of [...more, ...choices(report)]) {
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

function choices(report: Report): Choice[] {
  const all = (values: Iterable<string>) => [['', 'all'] as const, ...[...new Set(values)].map((v) => [v, v] as const)];
  return [
    [
      'Verdict',
      'verdict',
      [['', 'all'], ['failing', 'unexpected failures'], ['expected', 'expected failures'], ...verdicts.map((v) => [v, v] as const)],
    ],
    ['Profile', 'profile', all(report.data.profiles.map((p) => p.name))],
    ['Property', 'property', all(report.names.map((n) => n.property))],
    ['Dtype', 'dtype', all(report.names.map((n) => n.dtype))],
    ['Implementation', 'adapter', all(report.available.map((i) => report.data.implementations[i].key))],
  ];
}
