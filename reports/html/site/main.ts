/// <reference lib="dom" />
import type { SiteData } from '../site-data.js';
import { byId, element } from './dom.js';
import { link } from './links.js';
import { pages } from './pages/index.js';
import { Report } from './report.js';
import { parseRoute } from './route.js';

// The site: reads the data that came with it, and draws the page that the address names.

declare global {
  interface Window {
    /** From data.js. */
    attentionCtsReport?: SiteData;
  }
}

const data = window.attentionCtsReport;
if (data) start(new Report(data));
else byId('content').textContent = 'data.js is not beside this page, or could not be read. Copy the whole folder of the report.';

function start(report: Report): void {
  const { title, made, runs } = report.data;
  byId('title').textContent = title;
  byId('made').textContent = `Made ${made.slice(0, 10)} by attention-cts ${[...new Set(runs.map((run) => run.suite))].join(', ')}`;
  const listed = pages.filter((page) => page.listed);
  byId('pages').append(...listed.map((page) => element('li', {}, link(page.name, {}, page.title))));
  document.querySelector('.skip')?.addEventListener('click', (event) => {
    event.preventDefault();
    byId('content').focus();
  });
  window.addEventListener('hashchange', () => {
    draw(report);
    scrollTo(0, 0);
    byId('content').focus({ preventScroll: true });
  });
  draw(report);
}

function draw(report: Report): void {
  const route = parseRoute(location.hash);
  const page = pages.find((p) => p.name === route.page) ?? pages[0];
  document.title = `${page.title} · ${report.data.title}`;
  for (const anchor of byId('pages').querySelectorAll('a')) {
    if (parseRoute(anchor.hash).page === page.name) anchor.setAttribute('aria-current', 'page');
    else anchor.removeAttribute('aria-current');
  }
  byId('content').replaceChildren(...page.render(report, { ...route, page: page.name }));
}
