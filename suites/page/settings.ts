/// <reference lib="dom" />

import { byId, element } from '../../reports/html/site/dom.js';
import { profileDocuments } from '../../spec/profiles/index.js';
import { type Implementation, implementations } from './implementation.js';

/** Settings of the form. */
export interface Settings {
  readonly implementation: Implementation;
  readonly profiles: readonly string[];
  readonly filter: readonly string[];
  readonly runs: number;
  readonly seed: number;
}

const all = 'all';

/** Settings form; the address can fill it: ?kernel=webgpu-browser-naive&profile=training&runs=5. */
export class SettingsForm {
  private readonly form = byId<HTMLFormElement>('settings');

  constructor(search: string) {
    this.fill(
      'kernel',
      implementations.map(({ id, title }) => [id, title]),
    );
    this.fill('profile', [
      ...profileDocuments.map(({ name, version }) => [name, `${name}@${version}`] as const),
      [all, 'all usual profiles'],
    ]);
    for (const [name, value] of new URLSearchParams(search)) {
      const field = this.form.elements.namedItem(name);
      if (field instanceof HTMLInputElement) field.value = value;
      else if (field instanceof HTMLSelectElement && [...field.options].some((option) => option.value === value)) field.value = value;
    }
  }

  onSubmit(run: (settings: Settings) => void): void {
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      run(this.read());
    });
  }

  lock(locked: boolean): void {
    for (const field of this.form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')) field.disabled = locked;
    byId<HTMLButtonElement>('run').disabled = locked;
    byId<HTMLButtonElement>('stop').disabled = !locked;
  }

  private read(): Settings {
    const data = new FormData(this.form);
    const text = (name: string) => String(data.get(name) ?? '').trim();
    return {
      implementation: implementations.find(({ id }) => id === text('kernel')) ?? implementations[0],
      profiles: text('profile') === all ? profileDocuments.filter(({ byName }) => !byName).map(({ name }) => name) : [text('profile')],
      filter: text('filter') === '' ? [] : [text('filter')],
      runs: Number(text('runs')),
      seed: Number(text('seed')),
    };
  }

  private fill(name: string, options: readonly (readonly [string, string])[]): void {
    const field = this.form.elements.namedItem(name) as HTMLSelectElement;
    field.append(...options.map(([value, label]) => element('option', { value }, label)));
  }
}
