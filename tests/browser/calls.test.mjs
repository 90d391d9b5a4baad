// "Is X cancel-safe?": a reader types, ticks, follows a link to a row, searches, or has no scripts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BookPage } from './lib/book-page.mjs';
import { browser, site } from './lib/suite.mjs';

const PAGE = 'is-cancel-safe.html';

/** A test with the page of calls open, which must have stayed quiet. */
function calls(title, { at = PAGE, ...options }, body) {
  test(title, async () => {
    const book = await BookPage.open(browser, site.url, at, options);
    try {
      await body(book, book.calls);
      assert.deepEqual(book.problems, [], `${PAGE} is not quiet; do the same by hand and look at the console`);
    } finally {
      await book.close();
    }
  });
}

for (const width of [1280, 320]) {
  // What is typed is looked for word by word, in any order, and modules without a row are gone.
  calls(`rows are found by typing at ${width} px`, { width, height: 640 }, async (book, table) => {
    const all = await table.shown();
    assert.ok(all.length >= 110, `there should be at least 110 rows, not ${all.length}`);
    await table.field.click();
    await book.type('mpsc send');
    const some = await table.shown();
    assert.ok(some.includes('tokio-mpsc-sender-send'), `"mpsc send" should find the row of send; it finds ${some}`);
    assert.ok(some.length < 20, `"mpsc send" should hide most rows; it shows ${some.length}`);
    assert.deepEqual(await table.modules(), ['tokio::sync', 'futures::channel'], 'a module none of whose rows fit should be hidden');
    assert.ok(await table.room() < 300, `what is hidden should leave no room; there are ${await table.room()} px between two tables`);
    assert.match(await table.count.textContent(), new RegExp(`^${some.length} rows$`), 'the number of rows should be said');
    const { pixels, culprits } = await book.overflow();
    assert.ok(pixels <= 0, `${pixels} px too wide: ${culprits}`);
    await book.press('Control+a', 'Delete');
    assert.equal((await table.shown()).length, all.length, 'an empty field should show all rows again');
  });
}

// The words of the verdicts, by keyboard: each shows its own rows, and two show both.
calls('rows are found by their verdict', {}, async (book, table) => {
  const numbers = {};
  for (const effect of ['safe', 'safe-if', 'loses-data', 'does-twice', 'loses-place', 'goes-on']) {
    await table.box(effect).focus();
    await book.press('Space');
    const effects = await table.effects();
    assert.deepEqual([...new Set(effects)], [effect], `only rows that are ${effect} should be shown`);
    numbers[effect] = effects.length;
    await book.press('Space');
  }
  const sum = Object.values(numbers).reduce((a, b) => a + b);
  assert.equal(sum, (await table.shown()).length, 'every row should have one of the six verdicts');
  await table.box('loses-place').check();
  await table.box('does-twice').check();
  assert.equal((await table.shown()).length, numbers['loses-place'] + numbers['does-twice'], 'two boxes should show the rows of both');
  await table.field.fill('lock');
  assert.ok((await table.shown()).includes('tokio-sync-mutex-lock'), 'words and boxes should work together');
});

// Where run and documentation differ, the row leads to the program that shows it.
calls('a refuted documentation leads to its program', {}, async (book, table) => {
  await table.box('differs').check();
  const rows = await table.shown();
  assert.ok(rows.length > 0, 'some documentation is refuted');
  for (const link of await book.page.locator('table.calls tr:not([hidden]) a[href*="#example-"]').all()) {
    const id = (await link.getAttribute('href')).split('#')[1];
    assert.ok(await book.page.locator(`[id="${id}"]`).count(), `no program has the id ${id}`);
  }
});

// A link to a row shows it, even when the filter hides it.
calls('a link to a row finds it', { at: `${PAGE}#tokio-mpsc-sender-send` }, async (book, table) => {
  assert.ok(await table.isInView('tokio-mpsc-sender-send'), 'the row should be in view');
  await table.field.fill('copy');
  assert.ok(!(await table.shown()).includes('tokio-mpsc-sender-send'));
  await book.page.evaluate(() => { location.hash = '#tokio-mpsc-sender-reserve'; });
  await book.stays();
  assert.ok(await table.isInView('tokio-mpsc-sender-reserve'), 'the filter should give way to a link');
  assert.equal(await table.field.inputValue(), '');
});

// The book's search leads to the row itself, whatever end of the path one types.
for (const [typed, row] of [
  ['tokio::sync::mpsc::Sender::send', 'tokio-mpsc-sender-send'],
  ['Sender::reserve', 'tokio-mpsc-sender-reserve'],
  ['read_exact', 'tokio-io-asyncreadext-read-exact'],
]) {
  calls(`the search finds ${typed}`, { at: 'index.html' }, async (book) => {
    await book.search.find(typed);
    const links = await book.search.results.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    assert.ok(links.some((link) => link.includes(PAGE) && link.endsWith(`#${row}`)), `a result should lead to #${row}; they lead to ${links.join(' ')}`);
  });
}

// Without scripts it is a plain table with anchors, and no filter that does nothing.
calls('a plain table without scripts', { at: `${PAGE}#tokio-sync-mutex-lock`, javaScriptEnabled: false }, async (book, table) => {
  assert.ok(!await table.field.isVisible(), 'a filter needs a script');
  assert.ok((await table.shown()).length >= 110);
  assert.ok(await table.isInView('tokio-sync-mutex-lock'), 'a link to a row should find it');
});

// On paper every row is there, and no address is spelled out in it.
calls('all rows on paper', { width: 642 }, async (book, table) => {
  await book.page.emulateMedia({ media: 'print' });
  assert.ok(!await table.field.isVisible(), 'there is nothing to type into on paper');
  assert.ok((await table.shown()).length >= 110);
});
