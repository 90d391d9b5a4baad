// Measures a chapter beside the same text as mdBook makes it by default, in the same run:
// what it weighs, what the browser does to show it, and the time from a save to the page that
// shows it. Machines differ and are never idle: only the last column, own / peer, means anything.
//
//     cargo build && npm run bench --prefix tests/browser -- [URL of another peer's page …]
//
// --page NAME.html is the chapter (select.html), --rounds N how often each is measured (9).
// Without mdBook 0.5 (MDBOOK, or on the path) there is no peer but those that are named.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BookPage } from './lib/book-page.mjs';
import { arrive, launch } from './lib/browser.mjs';
import { copyOfBook, defaultBook, hasMdBook, serveByMdBook } from './lib/peer.mjs';
import { binary, root, serveAt } from './lib/server.mjs';
import { serve } from './lib/site.mjs';
import { kilobytes, toOthers, weigh } from './lib/weight.mjs';

const { values: { page: chapter, rounds }, positionals: peers } = parseArgs({
  allowPositionals: true,
  options: { page: { type: 'string', default: 'select.html' }, rounds: { type: 'string', default: '9' } },
});

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** One cold load: layout shift, and the processor's time for scripts and layout, in milliseconds. */
async function load(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const book = new BookPage(await context.newPage(), url);
    const tools = await context.newCDPSession(book.page);
    await tools.send('Performance.enable', { timeDomain: 'threadTicks' });
    await arrive(book.page, url);
    const shift = await book.shift();
    const { metrics } = await tools.send('Performance.getMetrics');
    const of = (name) => metrics.find((metric) => metric.name === name).value * 1000;
    return { shift, script: of('ScriptDuration'), layout: of('LayoutDuration') + of('RecalcStyleDuration') };
  } finally {
    await context.close();
  }
}

/** One row for each page, measured by turns, so that a busy moment hits all of them. */
async function compare(browser, pages) {
  const rows = pages.map((page) => ({ ...page, loads: [] }));
  for (const row of rows) row.resources = await weigh(browser, row.url);
  for (let round = 0; round < Number(rounds); round++) {
    for (const row of rows) row.loads.push(await load(browser, row.url));
  }
  return rows.map(({ name, url, resources, loads }) => ({
    page: name,
    'all kB': kilobytes(resources),
    'JavaScript kB': kilobytes(resources, 'script'),
    'fonts kB': kilobytes(resources, 'font'),
    requests: resources.length,
    'to others': toOthers(resources, url).length,
    shift: median(loads.map((one) => one.shift)),
    'scripting ms': median(loads.map((one) => one.script)),
    'layout ms': median(loads.map((one) => one.layout)),
    'both ms': median(loads.map((one) => one.script + one.layout)),
  }));
}

/** Tells `seen` the last paragraph of a page whenever a frame is about to show another, and when. */
async function watch(page, seen) {
  await page.exposeFunction('seen', seen);
  await page.addInitScript(() => {
    let last;
    (function look() {
      const text = [...document.querySelectorAll(':is(main, main > section) > p')].at(-1)?.textContent;
      if (text !== last) window.seen(text, Date.now());
      last = text;
      requestAnimationFrame(look);
    })();
  });
}

/** Adds a paragraph to the page that is open, and gives the milliseconds until the page shows it. */
async function save(writer) {
  const text = `It was saved ${writer.times.length + 1} times.`;
  await writer.page.waitForTimeout(700);
  const shown = new Promise((resolve, reject) => {
    writer.seen = (last, at) => { if (last === text) resolve(at); };
    setTimeout(reject, 30_000, new Error(`${writer.page.url()} does not show what was saved`)).unref();
  });
  const start = Date.now();
  writeFileSync(writer.file, `${writer.text}\n\n${text}\n`);
  return await shown - start;
}

/** The medians from a save to the page that shows it, by turns. */
async function saves(browser, books) {
  const writers = await Promise.all(books.map(async ({ name, folder, url }) => {
    const page = await browser.newPage();
    const file = join(folder, 'src', chapter.replace(/html$/, 'md'));
    const writer = { name, page, file, text: readFileSync(file, 'utf8'), times: [], seen() {} };
    await watch(page, (last, at) => writer.seen(last, at));
    await page.goto(new URL(chapter, url).href);
    return writer;
  }));
  for (let round = 0; round < Number(rounds); round++) {
    for (const writer of writers) writer.times.push(await save(writer));
  }
  return writers.map(({ name, times }) => ({ 'save to page': name, ms: median(times), fastest: Math.min(...times), slowest: Math.max(...times) }));
}

/** Prints the rows as a table in Markdown, and the ratio of the first to each other. */
function print(rows) {
  const [names, ...columns] = Object.keys(rows[0]);
  const said = (value) => (Number.isInteger(value) ? `${value}` : value.toFixed(1));
  console.log(`\n| ${[names, ...columns].join(' | ')} |\n|${'---|'.repeat(columns.length + 1)}`);
  for (const row of rows) console.log(`| ${[row[names], ...columns.map((column) => said(row[column]))].join(' | ')} |`);
  const [own, ...others] = rows;
  for (const other of others) {
    const ratios = columns.map((column) => (other[column] ? (own[column] / other[column]).toFixed(2) : ''));
    console.log(`| own / ${other[names]} | ${ratios.join(' | ')} |`);
  }
}

const folders = [];
const keep = (folder) => { folders.push(folder); return folder; };
const open = [];
const opened = async (thing) => { open.push(await thing); return open.at(-1); };
try {
  const browser = await opened(launch());
  const built = keep(mkdtempSync(join(tmpdir(), 'book-own-')));
  execFileSync(binary, ['build', '--dest-dir', built], { cwd: root, stdio: 'ignore' });
  // Without a policy: it would keep mdBook's scripts, which stand in its pages, from running.
  const own = await opened(serve(built, '/', null));
  const pages = [{ name: 'own', url: own.url + chapter }];
  const copy = keep(copyOfBook());
  const books = [{ name: 'own', folder: copy, url: (await opened(serveAt(copy, '--no-run'))).url }];
  if (hasMdBook()) {
    const peer = keep(defaultBook());
    const site = await opened(serve(join(peer, 'book'), '/', null));
    pages.push({ name: 'mdBook', url: site.url + chapter });
    books.push({ name: 'mdBook', folder: peer, url: (await opened(serveByMdBook(peer))).url });
  } else {
    console.error('There is no mdBook 0.5 to compare with: cargo install mdbook --version 0.5.4, or name it in MDBOOK.');
  }
  for (const url of peers) {
    const reached = await fetch(url).then((response) => response.ok, () => false);
    if (reached) pages.push({ name: new URL(url).host, url });
    else console.error(`${url} cannot be reached, and has no row.`);
  }
  print(await compare(browser, pages));
  print(await saves(browser, books));
} finally {
  for (const thing of open.reverse()) await thing.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
