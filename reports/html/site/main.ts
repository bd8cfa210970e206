/// <reference lib="dom" />
import { byId, element } from './dom.js';
import { link } from './links.js';
import type { Page } from './page.js';
import { pages } from './pages/index.js';
import { Report } from './report.js';
import { parseRoute } from './route.js';

/** Number of the latest requested page, so that a slow page does not replace a later one. */
let asked = 0;

const index = window.attentionCtsReport;
if (index) start(new Report(index));
else byId('content').textContent = 'data.js is not beside this page, or could not be read. Copy the whole folder of the report.';

function start(report: Report): void {
  const { title, made, runs } = report.index;
  byId('title').replaceChildren(link('', {}, title));
  byId('made').textContent = `Made ${made.slice(0, 10)} by attention-cts ${[...new Set(runs.map((run) => run.suite))].join(', ')}`.trim();
  const listed = listedPages(report);
  byId('pages').append(...listed.map((page) => element('li', {}, link(page.name, {}, page.title))));
  document.querySelector('.skip')?.addEventListener('click', (event) => {
    event.preventDefault();
    byId('content').focus();
  });
  window.addEventListener('hashchange', async () => {
    await draw(report);
    scrollTo(0, 0);
    byId('content').focus({ preventScroll: true });
  });
  void draw(report);
}

/** Pages of the navigation, the landing page first. */
function listedPages({ index: { runs } }: Report): Page[] {
  return pages.filter((page) => page.listed && (runs.length > 0 || page.needsNoResults));
}

async function draw(report: Report): Promise<void> {
  const turn = ++asked;
  const route = parseRoute(location.hash);
  const page = pages.find((p) => p.name === route.page) ?? listedPages(report)[0];
  const named = page.titleOf?.(route) ?? page.title;
  document.title = `${named} · ${report.index.title}`;
  for (const anchor of byId('pages').querySelectorAll('a')) {
    if (parseRoute(anchor.hash).page === (page.within ?? page.name)) anchor.setAttribute('aria-current', 'page');
    else anchor.removeAttribute('aria-current');
  }
  let content: Node[];
  try {
    const rendered = page.render(report, { ...route, page: page.name });
    content = rendered instanceof Promise ? await rendered : rendered;
  } catch (error) {
    content = [element('p', { class: 'empty', role: 'alert' }, (error as Error).message)];
  }
  if (turn === asked) byId('content').replaceChildren(...content);
}
