// The site on a host, below a path: what a build for that address names, and that nothing in
// it takes the host's root for its own.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { BookPage } from './lib/book-page.mjs';
import { launch } from './lib/browser.mjs';
import { pagesOf, serve } from './lib/site.mjs';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');
const built = mkdtempSync(join(tmpdir(), 'book-hosted-'));
const site = await serve(built, '/some/sub/path/');
try {
  execFileSync('cargo', ['run', '--quiet', '--', 'build', '--dest-dir', built, '--site-url', site.url], { cwd: repository, stdio: ['ignore', 'ignore', 'inherit'] });
} catch (error) {
  await site.close();
  throw error;
}
const pages = await pagesOf(site.url);
let browser;
before(async () => { browser = await launch(); });
after(async () => {
  await browser.close();
  await site.close();
  rmSync(built, { recursive: true });
});

/** A test with one open page, which must have stayed quiet. */
function hosted(title, name, options, body) {
  test(title, async () => {
    const book = await BookPage.open(browser, site.url, name, options);
    try {
      await body(book);
      assert.deepEqual(book.problems, [], `${name} is not quiet below a path`);
    } finally {
      await book.close();
    }
  });
}

const styled = (book) => book.page.evaluate(() => getComputedStyle(document.querySelector('.bar')).display);

// Everything that a page names is found below the path.
test('what every page loads and leads to is there', async () => {
  const asked = new Map();
  const found = (url) => {
    if (!asked.has(url)) asked.set(url, fetch(url).then(({ ok }) => ok));
    return asked.get(url);
  };
  const lost = [];
  for (const name of pages) {
    const html = await (await fetch(site.url + name)).text();
    const base = /<base href="([^"]*)"/.exec(html)?.[1] ?? name;
    for (const [, link] of html.matchAll(/<(?:a|link|script|img)\b[^>]*\s(?:href|src)="([^"#]+)/g)) {
      const url = new URL(link, new URL(base, site.url));
      if (url.origin === new URL(site.url).origin && !await found(url.href)) lost.push(`${name}: ${link}`);
    }
  }
  assert.ok(asked.size > pages.length, `only ${asked.size} addresses were found in the pages`);
  assert.deepEqual(lost, []);
});

// Styles and scripts arrive.
hosted('a page below the path', pages[1], {}, async (book) => {
  assert.equal(await styled(book), 'flex', 'it has lost its styles');
  assert.ok(await book.page.evaluate(() => document.documentElement.classList.contains('js')), 'it has lost its script');
});

hosted('the search leads to a page below the path', pages[1], {}, async (book) => {
  await book.search.find('mpsc::Sender::send');
  await book.press('Enter');
  await book.arrivesAt(new RegExp(`^${site.url}is-cancel-safe\\.html\\?highlight=.*#tokio-mpsc-sender-send$`), 'the first result should open');
});

// What is not there, at any depth, is answered by a page that helps.
for (const gone of ['timeout.html', 'chapters/old/timeout.html', 'select/']) {
  hosted(`404 for ${gone}`, gone, { missing: true }, async (book) => {
    assert.equal(await styled(book), 'flex', 'the page has lost its styles');
    const links = await book.nearest();
    const near = gone.startsWith('select') ? 'select.html' : 'timeouts.html';
    assert.equal(links[0], site.url + near, 'the page with the most similar name should come first');
    for (const link of [...links, ...await book.links()]) {
      const { status } = await fetch(link);
      assert.equal(status, 200, `${link} should be there`);
    }
    await book.search.find('E0599');
    await book.press('Enter');
    await book.arrivesAt(/what-cancellation-is\.html/, 'the search should work on it');
  });
}

hosted('404 searches for the words of the address', 'E0599', { missing: true }, async (book) => {
  await book.page.locator('.nearest a', { hasText: 'Search' }).click();
  await book.search.results.first().waitFor();
  assert.equal((await book.search.found())[0], 'what-cancellation-is.html#there-is-no-cancel');
});

hosted('404 helps without scripts', 'a/b/timeout.html', { missing: true, javaScriptEnabled: false }, async (book) => {
  await book.page.locator('main a', { hasText: 'contents' }).click();
  await book.arrivesAt('toc.html', 'the contents should open');
});

// The addresses that a page and the map give are those where they are found.
test('what the pages and the map name is there', async () => {
  const map = await (await fetch(`${site.url}sitemap.xml`)).text();
  const named = [...map.matchAll(/<loc>(.*?)<\/loc>/g)].map((match) => match[1]);
  const others = ['index.html', 'introduction.html', 'print.html', '404.html'];
  assert.deepEqual(named, [site.url, ...pages.filter((name) => !others.includes(name)).map((name) => site.url + name)]);
  const descriptions = new Set();
  for (const address of named) {
    const html = await (await fetch(address)).text();
    const tag = (pattern) => html.match(pattern)?.[1];
    assert.equal(tag(/<link rel="canonical" href="([^"]*)"/), address);
    assert.equal(tag(/<meta property="og:url" content="([^"]*)"/), address);
    const picture = await fetch(tag(/<meta property="og:image" content="([^"]*)"/));
    assert.equal(picture.headers.get('content-type'), 'image/png');
    descriptions.add(tag(/<meta name="description" content="([^"]+)"/));
  }
  assert.equal(descriptions.size, named.length, 'every page should describe itself in its own words');
});
