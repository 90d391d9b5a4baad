// Run and Edit without a server that runs programs, and without scripts.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { BookPage } from './lib/book-page.mjs';
import { launch } from './lib/browser.mjs';
import { Program } from './lib/program.mjs';
import { serve } from './lib/server.mjs';
import { folder, openSite } from './lib/site.mjs';

const PAGE = 'select.html';
const NAME = 'select_drops_the_loser';
const skip = process.env.BOOK_URL ? 'the site under test has a server' : false;
let browser;
let site;
before(async () => { [browser, site] = await Promise.all([launch(), openSite()]); });
after(() => Promise.all([browser.close(), site.close()]));

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Run offers the command and a link, and has asked nobody for anything. */
async function offersWhatThereIs(book, program) {
  await program.run(/without a server/);
  assert.match(await program.offers.textContent(), new RegExp(`cargo run --example ${NAME}`));
  assert.match(await program.offers.textContent(), /stands below/);
  const link = new URL(await program.playground.getAttribute('href'));
  assert.equal(link.origin, 'https://play.rust-lang.org');
  assert.equal(link.searchParams.get('code'), read(`examples/${NAME}.rs`));
  assert.equal(link.searchParams.get('edition'), '2024');
  assert.equal(await program.playground.getAttribute('rel'), 'noreferrer noopener');
  assert.equal(await program.runButton.textContent(), 'Run');
}

// A static host: what there is, honestly, and no request before the reader follows a link.
test('a static site offers what there is', { skip }, async () => {
  const book = await BookPage.open(browser, site.url, PAGE, { permissions: ['clipboard-read', 'clipboard-write'] });
  try {
    const program = new Program(book, NAME);
    const asked = [];
    book.page.on('request', (request) => asked.push(request.url()));
    await offersWhatThereIs(book, program);
    await program.offers.getByRole('button', { name: 'Copy' }).click();
    await program.offers.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await book.page.evaluate(() => navigator.clipboard.readText()), `cargo run --example ${NAME}`);

    await program.edit((text) => text.replace('fast done', 'mine & "yours" + ü'));
    assert.match(new URL(await program.playground.getAttribute('href')).searchParams.get('code'), /mine & "yours" \+ ü/, 'what is sent is what the reader sees');
    assert.match(await program.offers.textContent(), /For yours, put it into examples/);
    assert.deepEqual(asked.filter((url) => !/\.(js|css|svg)$/.test(url)), [], 'nothing but the parts of the page should be asked for');
    assert.deepEqual(book.problems, []);
  } finally {
    await book.close();
  }
});

// The Playground has not every crate. Where one is missing there is no link, and the page says why.
test('no link for what the Playground cannot run', { skip }, async () => {
  const book = await BookPage.open(browser, site.url, 'testing.html');
  try {
    const program = new Program(book, 'order_torn_and_order_resumed');
    await program.run(/without a server/);
    assert.equal(await program.playground.count(), 0);
    assert.match(await program.offers.textContent(), /does not have cancel-sweep/);
  } finally {
    await book.close();
  }
});

// Which crates the Playground lacks is written in runner.js, and has to be thought of again
// when an example uses another crate.
test('it is known of every crate whether the Playground has it', () => {
  const uses = /\[dev-dependencies\]\n([^[]*)/.exec(read('Cargo.toml'))[1].match(/^[\w-]+/gm);
  const lacks = [.../NOT_IN_THE_PLAYGROUND = \[(.*)\]/.exec(read('theme/runner.js'))[1].matchAll(/'([^']+)'/g)].map(([, name]) => name);
  assert.deepEqual([...lacks, 'futures', 'tokio', 'tokio-util'].sort(), uses.sort(), 'look for the new crate at play.rust-lang.org/help, and name it in theme/runner.js or here');
});

// Opened from a folder, it is the same.
test('from file://', { skip: existsSync(join(folder, PAGE)) ? skip : `no folder ${folder}` }, async () => {
  const book = await BookPage.open(browser, `${pathToFileURL(folder).href}/`, PAGE);
  try {
    await offersWhatThereIs(book, new Program(book, NAME));
    assert.deepEqual(book.problems, []);
  } finally {
    await book.close();
  }
});

// --no-run: the server says that there is none, and the page behaves like a static one.
test('a server with --no-run', async () => {
  const server = await serve('--no-run');
  const book = await BookPage.open(browser, server.url, PAGE);
  try {
    await offersWhatThereIs(book, new Program(book, NAME));
    assert.deepEqual(book.problems, []);
  } finally {
    await book.close();
    await server.close();
  }
});

// The server is gone: the page says so, whatever it has loaded by then.
test('a server that is gone', async () => {
  const another = await serve('--run-seconds', '3600');
  const [used, unused] = await Promise.all([1, 2].map(() => BookPage.open(browser, another.url, PAGE)));
  try {
    const program = new Program(used, NAME);
    await program.edit('fn main() {\n    println!("it has begun");\n    loop {\n        std::thread::park();\n    }\n}\n');
    await program.runButton.click();
    await program.waitForLine('it has begun');
    await another.close();
    await program.says(/The server|server ends/);
    await program.run(/^The server does not answer/);
    const never = new Program(unused, NAME);
    await never.runButton.click();
    await never.runButton.filter({ hasText: 'Try again' }).waitFor();
  } finally {
    await Promise.all([used.close(), unused.close(), another.close()]);
  }
});

// No script: no button, and no place kept for one.
test('no buttons without scripts', { skip }, async () => {
  const book = await BookPage.open(browser, site.url, PAGE, { javaScriptEnabled: false });
  try {
    const program = new Program(book, NAME);
    assert.ok(await program.listing.isVisible());
    assert.equal(await book.page.locator('main button:not(.check *)').count(), 0);
    const kept = await book.page.locator('.command').first().evaluate((line) => getComputedStyle(line, '::after').content);
    assert.equal(kept, 'none');
  } finally {
    await book.close();
  }
});

// Every program of some pages has the colours in the editor that the build gave to its listing.
test('the editor colours like a listing', { skip }, async () => {
  for (const page of [PAGE, 'testing.html', 'cancel-safety.html'].filter((name) => site.pages.includes(name))) {
    const book = await BookPage.open(browser, site.url, page);
    try {
      const names = await book.page.locator('figure.example:not(.compile-fail):has(> .listing) .file').allTextContents();
      for (const path of names) {
        const program = new Program(book, path.replace(/^.*\/|\.rs$/g, ''));
        await (await program.near()).editButton.click();
        await program.field.waitFor();
        const [listing, editor] = await program.colours();
        assert.deepEqual(editor, listing, `${path}: see TOKEN in theme/editor.js and page/highlight.rs`);
      }
    } finally {
      await book.close();
    }
  }
});
