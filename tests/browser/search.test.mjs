// The search finds what people type: the names of calls, lines of error messages, words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BookPage } from './lib/book-page.mjs';
import { browser, site } from './lib/suite.mjs';

/** A test on the first page, which must have stayed quiet. */
function searching(title, body) {
  test(title, async () => {
    const book = await BookPage.open(browser, site.url, 'index.html');
    try {
      await body(book, book.search);
      assert.deepEqual(book.problems, [], 'the page is not quiet; do the same by hand and look at the console');
    } finally {
      await book.close();
    }
  });
}

// What is typed, and the place that the first result must lead to.
for (const [typed, place] of [
  ['tokio::select', 'is-cancel-safe.html#tokio-select'],
  ['select!', 'select.html#select-drops-the-loser'],
  ['JoinHandle::abort', 'sources.html#dropping-a-joinhandle'],
  ['mpsc::Sender::send', 'is-cancel-safe.html#tokio-mpsc-sender-send'],
  ['tokio::sync::mpsc::Sender::send', 'is-cancel-safe.html#tokio-mpsc-sender-send'],
  ['Sender::reserve', 'is-cancel-safe.html#tokio-mpsc-sender-reserve'],
  ['read_exact', 'is-cancel-safe.html#tokio-io-asyncreadext-read-exact'],
  ['future cannot be sent between threads safely', 'rules.html#minimize-await-in-critical-sections'],
  ['error[E0599]', 'what-cancellation-is.html#there-is-no-cancel'],
  ['E0599', 'what-cancellation-is.html#there-is-no-cancel'],
  ['Elapsed', 'sources.html#a-branch-wins-or-time-is-up'],
  ['dropping a handle', 'blocking.html#a-thread-of-its-own'],
]) {
  searching(`${typed} is found`, async (book, search) => {
    await search.find(typed);
    const found = await search.found();
    assert.equal(found[0], place, `the results of ${typed} are ${found.slice(0, 5).join(' ')}`);
  });
}

// A result leads to what was searched, however long its section is, and into an answer too.
for (const typed of ['future cannot be sent between threads safely', 'the copy stood at page one until']) {
  searching(`${typed} is brought into view`, async (book, search) => {
    await search.find(typed);
    await book.press('Enter');
    await book.arrivesAt(/highlight=/, 'Enter should open the first result');
    assert.deepEqual([...new Set(await search.marked())], [typed]);
    assert.ok(await search.seesMarked(), 'the first place that is marked should be in the window');
  });
}

// Nothing of the search is loaded before it opens, and then all of it once.
searching('the sections load when the search opens, once', async (book, search) => {
  const loaded = () => book.page.evaluate(() => performance.getEntriesByType('resource')
    .map(({ name }) => name.split('/').pop()).filter((name) => name.startsWith('search')).map((name) => name.replace(/-[0-9a-f]+/, '')));
  assert.deepEqual(await loaded(), [], 'a page that is only read must not load the search');
  await search.find('select');
  await book.press('Escape');
  await search.find('token');
  assert.deepEqual(await loaded(), ['search.js', 'searchindex.js'], 'the search should load both of its files, and each once');
});

// The card of a mark says what its check is called, which is not what the page says.
searching('the cards of marks are not searched', async (book, search) => {
  await book.press('/');
  await book.type('losers_are_dropped');
  await book.page.locator('#search-said:not(:empty)').waitFor();
  assert.match(await search.said.textContent(), /^Nothing in the book has “losers_are_dropped”/);
});

// Words that stand in no section together still lead somewhere, and it is said.
searching('the nearest sections, where none has all words', async (book, search) => {
  await search.find('select! zzzqq');
  assert.match(await search.said.textContent(), /^No section has all of/);
  assert.equal((await search.found())[0], 'select.html#select-drops-the-loser');
});

// A search can be linked to, and survives a reload.
searching('a search stands in the address', async (book, search) => {
  await search.find('E0599');
  assert.equal(new URL(book.page.url()).searchParams.get('search'), 'E0599');
  await book.page.reload();
  await search.results.first().waitFor();
  assert.equal((await search.found())[0], 'what-cancellation-is.html#there-is-no-cancel');
});
