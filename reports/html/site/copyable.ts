/// <reference lib="dom" />
import { element } from './dom.js';

/** Shows a text with a copy button, which selects the text if copying is forbidden. */
export function copyable(label: string, text: string): HTMLElement {
  const shown = element('pre', { tabindex: '0', role: 'group', 'aria-label': label }, text);
  const button = element('button', { type: 'button', 'aria-label': `Copy: ${label}` }, 'Copy');
  const said = element('span', { role: 'status', 'aria-live': 'polite', class: 'quiet' });
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = 'Copied.';
    } catch {
      getSelection()?.selectAllChildren(shown);
      said.textContent = 'Selected: copy it with the keyboard.';
    }
  });
  return element('div', { class: 'copyable' }, shown, element('p', { class: 'buttons' }, button, said));
}
