// The book without something: without scripts, without a server, without a screen.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { BookPage } from './lib/book-page.mjs';
import { folder } from './lib/site.mjs';
import { browser, site } from './lib/suite.mjs';

for (const name of site.pages) {
  // No script: contents, text, marks and answers are all there, and nothing that does nothing.
  for (const width of [1280, 320]) {
    test(`${name} without scripts at ${width} px`, async () => {
      const book = await BookPage.open(browser, site.url, name, { width, height: 640, javaScriptEnabled: false });
      try {
        assert.ok(await book.page.locator('main h1').first().isVisible(), `${name}: no title`);
        if (width === 320) await book.contentsButton.click();
        assert.ok(await book.contents.locator('a').first().isVisible(), `${name}: the contents must not need a script`);
        if (width === 320) await book.press('Escape');
        const idle = await book.page.locator('.needs-js').evaluateAll((all) => all.filter((one) => one.checkVisibility()).length);
        assert.equal(idle, 0, `${name}: what needs a script must be hidden without one (class needs-js)`);
        if (await book.marks.count()) {
          await book.marks.first().click();
          assert.ok(await book.mark(0).isOpen() && await book.mark(0).isInView(), `${name}: a mark must open without a script`);
          await book.press('Escape');
        }
        if (await book.answers.count()) {
          await book.answers.first().locator('> summary').click();
          assert.ok(await book.answers.first().evaluate((details) => details.open), `${name}: an answer must open without a script`);
        }
        assert.deepEqual(book.problems, [], `${name} is not quiet without scripts`);
      } finally {
        await book.close();
      }
    });
  }

  // On paper: nothing to press, nothing wider than the sheet, every answer shown, no dark ink.
  test(`${name} on paper`, async () => {
    const book = await BookPage.open(browser, site.url, name, { width: 642, theme: 'dark' });
    try {
      await book.page.emulateMedia({ media: 'print' });
      const paper = await book.page.evaluate(() => {
        const seen = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility({ contentVisibilityAuto: true }));
        const wide = [...document.querySelectorAll('main pre, main table, main figure')].filter((element) =>
          element.scrollWidth > element.clientWidth + 1 || element.getBoundingClientRect().right > innerWidth + 1);
        // The steps of a timeline and the runs of its cuts are for the screen; the picture and the table are not.
        const folded = 'main details:not(.steps, .cut-run *) > :not(summary)';
        return {
          chrome: seen('.bar, .pager, .foot, #contents, .check-card').map((element) => element.className || element.id),
          cut: wide.map((element) => element.outerHTML.slice(0, 90)),
          closed: document.querySelectorAll(folded).length - seen(folded).length,
          background: getComputedStyle(document.documentElement).backgroundColor,
        };
      });
      assert.deepEqual(paper, { chrome: [], cut: [], closed: 0, background: 'rgb(255, 255, 255)' },
        `${name} printed: chrome is what should be hidden, cut what does not fit, closed how many parts of answers are not shown. See theme/css/print.css`);
    } finally {
      await book.close();
    }
  });
}

// No server: the site opened from a folder, the search included.
test('the site works from file://', { skip: existsSync(join(folder, 'index.html')) ? false : `no folder ${folder}` }, async () => {
  const files = pathToFileURL(folder).href + '/';
  const book = await BookPage.open(browser, files, 'index.html');
  try {
    for (const name of site.pages.filter((name) => name !== '404.html')) {
      await book.goto(name);
      assert.ok(await book.page.locator('main h1').first().isVisible(), `${name}: no title from file://`);
    }
    await book.goto(site.pages[1]);
    await book.search.find('select!');
    await book.press('ArrowDown', 'Enter');
    await book.arrivesAt(/highlight=/, 'a result of the search should open from file://');
    await book.search.marked();
    assert.deepEqual(book.problems, [], 'opened from file:// the book is not quiet');
  } finally {
    await book.close();
  }
});
