import { parseHTML } from 'linkedom';

export const style = { fontFamily: 'system-ui, sans-serif', fontSize: '12px', background: '#fff', color: '#222' };

/** Makes a document in which Observable Plot makes elements outside a browser. */
export function newDocument(): Document {
  return parseHTML('<!doctype html><html><body></body></html>').document as unknown as Document;
}

export interface Panel {
  readonly svg: Element;
  readonly height: number;
}

const padding = 12;
const heading = 30;
const lineHeight = 17;

/** Makes a standalone SVG with a heading, lines of text, and panels below each other. */
export function svgPage(document: Document, title: string, lines: readonly string[], panels: readonly Panel[], width: number): string {
  const top = padding + heading + lines.length * lineHeight;
  const height = panels.reduce((sum, panel) => sum + panel.height, top) + padding;
  const page = element(document, 'svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    width: width + 2 * padding,
    height,
    viewBox: `0 0 ${width + 2 * padding} ${height}`,
    role: 'img',
    'aria-label': title,
    'font-family': style.fontFamily,
    fill: style.color,
  });
  page.append(element(document, 'title', {}, title));
  page.append(element(document, 'rect', { width: '100%', height: '100%', fill: style.background }));
  page.append(element(document, 'text', { x: padding, y: padding + 16, 'font-size': 16, 'font-weight': 600 }, title));
  for (const [x, line] of lines.entries())
    page.append(element(document, 'text', { x: padding, y: padding + heading + 6 + x * lineHeight, 'font-size': 12 }, line));
  let y = top;
  for (const panel of panels) {
    panel.svg.setAttribute('x', String(padding));
    panel.svg.setAttribute('y', String(y));
    page.append(panel.svg);
    y += panel.height;
  }
  return `${page.toString()}\n`;
}

export function element(document: Document, name: string, attributes: Readonly<Record<string, string | number>>, text?: string): Element {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}
