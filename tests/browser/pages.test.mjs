// Every page, opened: quiet, whole at every width, open to everyone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { BookPage } from './lib/book-page.mjs';
import { browser, site } from './lib/suite.mjs';

for (const name of site.pages) {
  for (const width of [1280, 320]) {
    // No complaint in the console, no failed request, none to another origin; nothing to
    // scroll sideways; axe finds nothing, with every answer and one card open as well.
    test(`${name} at ${width} px: quiet, whole, accessible`, async () => {
      const book = await BookPage.open(browser, site.url, name, { width });
      try {
        const { pixels, culprits } = await book.overflow();
        assert.ok(pixels <= 0, `${name} is ${pixels} px wider than a window of ${width} px. Sticking out:\n  ${culprits.join('\n  ')}\nLet it wrap, or scroll in a box of its own.`);

        assert.deepEqual(await book.page.evaluate(strayReferences), [], `${name}: these ids must be unique in the whole book, not only on their page`);
        assert.deepEqual(await book.page.evaluate(spoiltCode), [], `${name}: write these characters as entities where the HTML is made`);
        assert.equal(await book.shift(), 0, `${name} moves after its first paint; give what comes late its place from the start`);

        assert.deepEqual(await book.page.evaluate(marksAlone), [], `${name} at ${width} px: these marks begin a line, apart from what they hold; see .check in theme/css/general.css`);
        // print.html is all the other pages again, a thousand windows long: what is looked at
        // below has been looked at on each of them.
        const isWhole = name === 'print.html';
        if (!isWhole) await book.seeAll();
        assert.deepEqual(await book.misjudged(), [], `${name} at ${width} px: what these are thought to be tall before they are laid out, and are; see crates/book/src/page/height.rs`);

        await book.openAnswers(name === 'claims.html' ? 40 : Infinity); // there are 550, all of one kind
        if (await book.marks.count()) await book.marks.first().click();
        for (const theme of isWhole ? [] : ['light', 'dark']) {
          await book.page.emulateMedia({ colorScheme: theme });
          const found = await violations(book.page);
          assert.deepEqual(found, [], `axe has found this on ${name} at ${width} px, ${theme}:\n  ${found.join('\n  ')}\nMend the markup or the colours in theme/; no rule is switched off.`);
        }
        await book.press('Escape');
        await book.enlarge(200);
        const enlarged = await book.overflow();
        assert.ok(width < 1280 || enlarged.pixels <= 0, `${name} overflows when its text is enlarged to 200 %:\n  ${enlarged.culprits.join('\n  ')}`);
        assert.deepEqual(book.problems, [], `${name} is not quiet; open it and look at the browser's console and network tabs`);
      } finally {
        await book.close();
      }
    });
  }
}

// The pages above would pass if the book had no mark and no exercise to try.
test('the book has marks, listings and exercises to check', async () => {
  const book = await BookPage.open(browser, site.url, 'print.html');
  try {
    for (const [what, locator] of Object.entries({ marks: book.marks, listings: book.listings, answers: book.answers })) {
      assert.ok(await locator.count() > 0, `no ${what} in the whole book: has the preprocessor run? See theme/ and lib/book-page.mjs for the markup`);
    }
  } finally {
    await book.close();
  }
});

// A reference inside a page leads to its own neighbour, on print.html too, where mdBook
// gives repeated ids new names and leaves the references to them as they were.
function strayReferences() {
  const wrong = [];
  for (const button of document.querySelectorAll('.check > button')) {
    if (button.popoverTargetElement !== button.nextElementSibling) wrong.push(`popovertarget ${button.getAttribute('popovertarget')}`);
  }
  for (const box of document.querySelectorAll('main [aria-labelledby]')) {
    if (!box.contains(document.getElementById(box.getAttribute('aria-labelledby')))) wrong.push(`aria-labelledby ${box.getAttribute('aria-labelledby')}`);
  }
  const seen = new Set();
  for (const { id } of document.querySelectorAll('[id]')) {
    if (seen.has(id)) wrong.push(`id ${id} twice`);
    seen.add(id);
  }
  return wrong;
}

// A mark stands behind the last word of what it holds, in the same line.
function marksAlone() {
  return [...document.querySelectorAll('main .check')].filter((mark) => mark.checkVisibility()).flatMap((mark) => {
    const before = mark.previousSibling;
    if (before?.nodeType !== Node.TEXT_NODE || !/\S\s$/.test(before.data)) return [];
    const end = document.createRange();
    end.setStart(before, before.length - 2);
    end.setEnd(before, before.length - 1);
    const isAlone = mark.querySelector('button').getBoundingClientRect().top > [...end.getClientRects()].at(-1).bottom;
    return isAlone ? [before.data.slice(-30)] : [];
  });
}

// A command that a reader copies must be the command: Markdown's typographer turns `--` into
// a dash where it takes code for text.
function spoiltCode() {
  return [...document.querySelectorAll('.command code, .check-card code')]
    .map((code) => code.textContent).filter((text) => /[–—‘’“”…]/.test(text));
}
