// What a reader does: opens marks and answers, turns pages, searches, changes the theme.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BookPage } from './lib/book-page.mjs';
import { browser, site } from './lib/suite.mjs';

const chapters = site.pages.filter((name) => !['index.html', 'print.html', '404.html'].includes(name));

/** A test with one open page, which must have stayed quiet. */
function reading(title, name, options, body) {
  test(title, async () => {
    const book = await BookPage.open(browser, site.url, name, options);
    try {
      await body(book);
      assert.deepEqual(book.problems, [], `${name} is not quiet; do the same by hand and look at the console`);
    } finally {
      await book.close();
    }
  });
}

// How many of a page's marks are tried, from its first: they are all made alike, and that
// each leads to its own card is checked of all of them in pages.test.mjs.
const TRIED = 8;

for (const name of chapters) {
  // Tab reaches the first mark; a mark opens with Enter, shows its card in the
  // window, closes with Esc and has the focus again.
  reading(`${name}: marks by keyboard`, name, { width: 320, height: 640 }, async (book) => {
    await book.openAnswers();
    const count = Math.min(TRIED, await book.marks.count());
    for (let at = 0; at < count; at++) {
      const mark = book.mark(at);
      if (at === 0) assert.ok(await book.tabTo(mark.button), `${name}: Tab never reaches the first mark`);
      else await mark.button.focus();
      await book.press('Enter');
      assert.ok(await mark.isOpen(), `${name}: mark ${at + 1} does not open with Enter; see .check in the markup`);
      assert.ok(await mark.isInView(), `${name}: the card of mark ${at + 1} is cut off at 320 px; see .check-card in theme/css/general.css`);
      await book.press('Tab');
      assert.ok(await book.hasFocus(mark.card.locator('a').first()), `${name}: Tab from mark ${at + 1} should go into its card`);
      await book.press('Escape');
      assert.ok(!await mark.isOpen(), `${name}: mark ${at + 1} does not close with Esc`);
      assert.ok(await book.hasFocus(mark.button), `${name}: the focus does not return to mark ${at + 1}`);
    }
  });

  // A click opens a mark's card, a click elsewhere closes it.
  reading(`${name}: marks by mouse`, name, {}, async (book) => {
    await book.openAnswers();
    const count = Math.min(TRIED, await book.marks.count());
    for (let at = 0; at < count; at++) {
      const mark = book.mark(at);
      await mark.button.click();
      assert.ok(await mark.isOpen() && await mark.isInView(), `${name}: mark ${at + 1} does not open in view with a click`);
      await mark.button.click();
      assert.ok(!await mark.isOpen(), `${name}: mark ${at + 1} does not close with a second click`);
    }
  });

  // The answer of an exercise opens and closes by keyboard.
  reading(`${name}: answers by keyboard`, name, {}, async (book) => {
    for (let at = 0; at < await book.answers.count(); at++) {
      const answer = book.answers.nth(at);
      await answer.locator('> summary').focus();
      await book.press('Enter');
      assert.ok(await answer.evaluate((details) => details.open), `${name}: answer ${at + 1} does not open with Enter`);
      await book.press('Space');
      assert.ok(!await answer.evaluate((details) => details.open), `${name}: answer ${at + 1} does not close with Space`);
    }
  });

  // The contents say which page this is.
  reading(`${name}: marked in the contents`, name, {}, async (book) => {
    const current = await book.contents.locator('[aria-current="page"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    assert.deepEqual(current, [name], `${name}: the contents should mark this page and no other`);
  });
}

reading('arrows turn the page, unless something has the focus', chapters[1], {}, async (book) => {
  const listing = book.listings.first();
  if (await listing.count()) {
    await listing.focus();
    await book.press('ArrowRight');
    await book.stays();
    assert.equal(book.name, chapters[1], 'an arrow pressed in a listing must scroll the listing, not turn the page');
    await book.page.evaluate(() => document.activeElement.blur());
  }
  await book.press('ArrowRight');
  await book.arrivesAt(chapters[2], 'the right arrow should turn to the next page');
  await book.press('ArrowLeft');
  await book.arrivesAt(chapters[1], 'the left arrow should turn back');
});

reading('the skip link leads to the text', chapters[0], {}, async (book) => {
  await book.press('Tab');
  assert.ok(await book.page.evaluate(() => document.activeElement.matches('.skip')), 'the skip link should be the first stop of Tab');
  await book.press('Enter', 'Tab');
  assert.ok(await book.page.evaluate(() => !!document.activeElement.closest('main, .pager')), 'after the skip link, Tab should go on in the text');
});

for (const width of [1280, 320]) {
  reading(`search finds select! by keyboard at ${width} px`, chapters[0], { width, height: 640 }, async (book) => {
    const { search } = book;
    await search.find('select!');
    const found = await search.results.allTextContents();
    assert.ok(found.some((title) => title.includes('select!')), `no result names select!; found:\n${found.join('\n')}`);
    assert.equal(await search.bar.inputValue(), 'select!', 'what was typed while the search was loading must stay');

    await book.press('ArrowDown', 'ArrowDown');
    assert.ok(await book.hasFocus(search.results.nth(1)), 'the arrow keys should walk through the results');
    await book.press('Escape');
    assert.ok(await search.panel.isHidden(), 'Esc should close the search');
    assert.ok(await book.hasFocus(search.toggle), 'the focus should return to the search button');
    assert.equal(new URL(book.page.url()).search, '', 'the closed search should leave no ?search= behind');

    await book.press('s');
    await book.press('ArrowDown', 'Enter');
    await book.arrivesAt(/highlight=/, 'Enter should open the result that has the focus');
    assert.match((await search.marked())[0], /^select/i, 'the page should mark what was searched');
    await book.press('Escape');
    assert.equal(await book.page.evaluate(() => CSS.highlights.size), 0, 'Esc should take the marks away');
  });
}

reading('the theme is kept from page to page', chapters[0], {}, async (book) => {
  const paper = () => book.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await paper();
  await book.theme.selectOption('dark');
  const dark = await paper();
  assert.notEqual(dark, light, 'choosing the dark theme should change the paper');
  await book.goto(chapters[1]);
  assert.equal(await paper(), dark, 'the next page should keep the theme');
  await book.theme.selectOption('auto');
  assert.equal(await paper(), light, 'auto should follow the system, which is light here');
});

reading('the contents can be put away, and stay so', chapters[0], {}, async (book) => {
  assert.ok(await book.contents.isVisible(), 'a wide page shows the contents beside the text');
  await book.contentsButton.click();
  assert.ok(await book.contents.isHidden(), 'the button should hide them');
  await book.goto(chapters[1]);
  assert.ok(await book.contents.isHidden(), 'the next page should keep them hidden');
  assert.equal(await book.contentsButton.getAttribute('aria-expanded'), 'false');
  await book.contentsButton.click();
  assert.ok(await book.contents.isVisible(), 'the button should bring them back');
});

reading('the contents open over a small page', chapters[0], { width: 320, height: 640 }, async (book) => {
  assert.ok(await book.contents.isHidden(), 'a small page starts with the text');
  await book.contentsButton.focus();
  await book.press('Enter');
  assert.ok(await book.contents.isVisible(), 'the button should open the contents');
  await book.press('Escape');
  assert.ok(await book.contents.isHidden() && await book.hasFocus(book.contentsButton), 'Esc should close them and return the focus');
  await book.contentsButton.click();
  await book.contents.locator(`a[href="${chapters[1]}"]`).click();
  await book.arrivesAt(chapters[1], 'a link in the contents should lead to its page');
});
