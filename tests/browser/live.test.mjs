// A page that is open while the book is being written: what is saved comes into it.

import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BookPage } from './lib/book-page.mjs';
import { launch } from './lib/browser.mjs';
import { copyOfBook } from './lib/peer.mjs';
import { root, serveAt } from './lib/server.mjs';

const PAGE = 'select.html';

let browser;
let folder;
let server;
before(async () => {
  folder = copyOfBook();
  // Its own, to be changed.
  rmSync(join(folder, 'examples'));
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  [browser, server] = await Promise.all([launch(), serveAt(folder, '--no-run')]);
});
after(async () => {
  await Promise.all([browser.close(), server.close()]);
  rmSync(folder, { recursive: true });
});

/** What the server sends now, but for the name of the build. */
async function sent() {
  const html = await (await fetch(server.url + PAGE)).text();
  return html.replace(/data-generation="[^"]*"/, '');
}

/** A test with the page open, as a reader has it in the middle of reading, and files to be changed. */
function writing(title, body) {
  test(title, async () => {
    const before = new Map();
    const change = (file, edit) => {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      if (!before.has(path)) before.set(path, text);
      assert.notEqual(edit(text), text, `${file} has nothing to change`);
      writeFileSync(path, edit(text));
    };
    const original = await sent();
    const book = await BookPage.open(browser, server.url, PAGE);
    try {
      await book.page.evaluate(() => { window.kept = true; });
      await body(book, change);
      assert.deepEqual(book.problems, [], `${PAGE} is not quiet; do the same by hand and look at the console`);
    } finally {
      await book.close();
      for (const [path, text] of before) writeFileSync(path, text);
      // The next test shall see its own changes alone.
      while (await sent() !== original) await new Promise((later) => setTimeout(later, 50));
    }
  });
}

const shows = (book, text) => book.page.locator('main').getByText(text).first().waitFor({ state: 'attached', timeout: 20_000 })
  .catch(() => assert.fail(`${PAGE} does not show “${text}”`));
/** Whether it is still the page that was opened. */
const isKept = (book) => book.page.evaluate(() => !!window.kept);
/** Waits until it is another one. */
const isLoadedAnew = (book) => book.page.waitForFunction(() => !window.kept, null, { timeout: 20_000 })
  .catch(() => assert.fail(`${PAGE} was not loaded again`));

// Everything else stays: where the reader is, what is open, a player in the middle of its run.
writing('prose takes the place of prose', async (book, change) => {
  await book.openAnswers();
  const player = book.page.locator('.player').first();
  await player.getByRole('button', { name: 'Next moment', exact: true }).click();
  const as = () => book.page.evaluate(() => [scrollY, document.querySelectorAll('details[open]').length, document.querySelectorAll('.stepping').length]);
  const was = await as();
  change('src/select.md', (text) => `${text}\n\nA sentence that is new.\n`);
  await shows(book, 'A sentence that is new.');
  change('src/select.md', (text) => text.replace('that is new', 'that was changed'));
  await shows(book, 'A sentence that was changed.');
  assert.equal(await book.page.getByText('A sentence that is new.').count(), 0, 'what was replaced is gone');
  change('src/select.md', (text) => text.replace('A sentence that was changed.\n', '- An item\n- and another\n'));
  await shows(book, 'and another');
  assert.ok(await isKept(book));
  assert.deepEqual(await as(), was);
});

writing('a word in an open box is changed in its place', async (book, change) => {
  await book.openAnswers();
  const open = await book.page.locator('details[open]').count();
  const summary = await book.page.locator('.admonish-exercise summary').first().textContent();
  change('src/select.md', (text) => text.replace(`<summary>${summary}</summary>`, '<summary>What comes of it</summary>'));
  await shows(book, 'What comes of it');
  assert.ok(await isKept(book));
  assert.equal(await book.page.locator('details[open]').count(), open);
});

// Scripts hold on to a program, though it is still far from the window.
writing('a changed program loads the page again', async (book, change) => {
  change('examples/select_in_a_loop_goes_on.rs', (text) => text.replace('//! ', '//! It has changed. '));
  await isLoadedAnew(book);
  await shows(book, 'It has changed.');
});

writing('a changed script loads the page again', async (book, change) => {
  const theme = join(folder, 'theme');
  rmSync(theme, { recursive: true });
  cpSync(join(root, 'theme'), theme, { recursive: true });
  change('theme/book.js', (text) => `${text}// changed\n`);
  await isLoadedAnew(book);
});

// What is wrong stands over the page, and goes when it is mended; the page stays.
writing('a problem comes and goes', async (book, change) => {
  change('src/select.md', (text) => `${text}\n{{#example nobody_wrote_this}}\n`);
  const problem = book.page.locator('#book-problem');
  await problem.getByText('no example is called `nobody_wrote_this`').waitFor({ timeout: 20_000 });
  change('src/select.md', (text) => text.replace('{{#example nobody_wrote_this}}', 'It is mended.'));
  await shows(book, 'It is mended.');
  await problem.waitFor({ state: 'detached', timeout: 20_000 });
  assert.ok(await isKept(book));
});
