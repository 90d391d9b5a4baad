// The book on paper, A4 and Letter: all its text is there, on the sheet and whole, in light
// colours. The handout has two sides and the worksheet five, whatever the paper.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { BookPage } from './lib/book-page.mjs';
import { clipped, expected, formats, inverted, missing, print, sheets } from './lib/paper.mjs';
import { folder } from './lib/site.mjs';
import { browser, site } from './lib/suite.mjs';

// The worksheet: four sides with two tasks each, and one with the answers.
const sides = { 'handout.html': 2, 'worksheet.html': 5 };

// These are printed by a reader who has seen all of them, the others as nobody has looked at
// them yet.
const seen = ['select.html', 'is-cancel-safe.html', ...Object.keys(sides)];

for (const name of site.pages) {
  for (const format of formats) {
    test(`${name} printed on ${format}`, async () => {
      const book = await BookPage.open(browser, site.url, name, { width: format === 'A4' ? 642 : 666 });
      try {
        if (seen.includes(name)) await book.seeAll();
        await book.theme.selectOption('dark'); // what the reader sees is not what they print
        const printed = await sheets(await print(book.page, format));
        if (name in sides) assert.equal(printed.length, sides[name], `${name} is to fill ${sides[name]} sides of ${format}: see the end of theme/css/print.css`);
        // Rows that hold on to each other leave a side to the end of one.
        const thin = printed.slice(0, -1).filter(({ text }) => text.length < 300);
        if (name === 'is-cancel-safe.html') assert.deepEqual(thin.map(({ text }) => text), [], `${name} leaves sides of ${format} nearly empty`);
        const outside = printed.flatMap((sheet, at) => sheet.outside.map((text) => `side ${at + 1}: ${text}`));
        assert.deepEqual(outside, [], `${name} has text in the margin of ${format}, or beyond it`);

        const lost = missing(printed, await expected(book.page));
        assert.deepEqual(lost.slice(0, 5), [], `${name}: ${lost.length} texts are not on the paper (${format})`);
        assert.deepEqual(await clipped(book.page), [], `${name}: these boxes hide a part of themselves in print`);
        assert.deepEqual(await inverted(book.page), [], `${name}: these would be printed light on dark`);
      } finally {
        await book.close();
      }
    });
  }
}

// A timeline that is too wide for paper is cut where no word stands, and what each piece
// repeats stands on no other word.
test('no word of a timeline is cut or covered on paper', async () => {
  const book = await BookPage.open(browser, site.url, 'print.html', { width: 642 });
  try {
    await book.page.emulateMedia({ media: 'print' });
    const { pieces, wrong } = await book.page.evaluate(() => {
      const wrong = [];
      const words = (texts) => texts.map((text) => {
        const { x, y, width, height } = text.getBBox();
        return { text: text.textContent, left: x, right: x + width, top: y, bottom: y + height };
      });
      let pieces = 0;
      for (const block of document.querySelectorAll('.timeline:has(> .picture .piece)')) {
        if (!block.checkVisibility()) continue;
        const whole = words([...block.querySelectorAll(':scope > .picture > svg:not(.piece) text')]);
        for (const piece of block.querySelectorAll(':scope > .picture > .piece')) {
          pieces += 1;
          const { x: start, width } = piece.viewBox.baseVal;
          const end = start + width;
          for (const { text, left, right } of whole) {
            if (left < end - 0.5 && right > end + 0.5) wrong.push(`${block.id}: "${text}" is cut`);
          }
          const within = whole.filter(({ left, right }) => left < end && right > start);
          const repeated = words([...piece.querySelectorAll('text')]);
          for (const one of repeated) {
            const under = within.filter((other) => one.left < other.right && other.left < one.right && one.top < other.bottom - 2 && other.top < one.bottom - 2);
            wrong.push(...under.map((other) => `${block.id}: "${one.text}" covers "${other.text}"`));
            if (one.right > end) wrong.push(`${block.id}: "${one.text}" is cut`);
          }
        }
      }
      return { pieces, wrong };
    });
    assert.ok(pieces > 0, 'no timeline is cut in pieces: has its markup changed?');
    assert.deepEqual(wrong, [], 'see crates/book/src/page/timeline/sweep.rs');
  } finally {
    await book.close();
  }
});

// What the workflows do with a built site: two PDFs in it, and a link to each from its page.
test('the published site has the handout and the worksheet as PDF', { skip: existsSync(join(folder, 'handout.html')) ? false : `no folder ${folder}` }, async () => {
  const copy = await mkdtemp(join(tmpdir(), 'book-'));
  try {
    await cp(folder, copy, { recursive: true });
    await promisify(execFile)(process.execPath, [fileURLToPath(new URL('paper.mjs', import.meta.url)), copy]);
    for (const [page, count] of Object.entries(sides)) {
      const pdf = page.replace('.html', '.pdf');
      assert.equal((await sheets(await readFile(join(copy, pdf)))).length, count, `${pdf} has other sides than ${page}`);
      assert.match(await readFile(join(copy, page), 'utf8'), new RegExp(`<a href="${pdf}">`), `${page} should lead to ${pdf}`);
    }
  } finally {
    await rm(copy, { recursive: true });
  }
});
