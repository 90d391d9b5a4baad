// The player of a timeline: step by mouse and by keyboard, play, link to a moment, cancel
// elsewhere, and what is left of it without scripts and on paper.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { BookPage } from './lib/book-page.mjs';
import { launch } from './lib/browser.mjs';
import { Player, timelines } from './lib/player.mjs';
import { openSite } from './lib/site.mjs';

const NAME = 'select_drops_the_loser';
const site = await openSite();
const all = await timelines(site);
const pages = [...new Set(all.map(({ page }) => page))];
const { page: PAGE } = all.find(({ name }) => name === NAME) ?? {};
let browser;
before(async () => { browser = await launch(); });
after(async () => {
  await browser.close();
  await site.close();
});

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** A test with one page open, which must have stayed quiet. */
function reading(title, { at = PAGE, ...options }, body) {
  test(title, async () => {
    const book = await BookPage.open(browser, site.url, at, options);
    try {
      await body(book, new Player(book, NAME));
      assert.deepEqual(book.problems, [], `${at} is not quiet; do the same by hand and look at the console`);
    } finally {
      await book.close();
    }
  });
}

/** Holds what is shown against the step that the page spells out. */
function assertShows(shown, steps, index, output) {
  const step = steps[index];
  const where = `step ${step.id}`;
  assert.equal(shown.number, index + 1, `${where}: the slider should stand at it`);
  assert.equal(shown.sentence, step.sentence, `${where}: the sentence`);
  assert.equal(shown.output, output.slice(0, step.printed), `${where}: the output so far, cut at data-o`);
  assert.deepEqual(shown.states.map(({ is }) => is), step.futures.map(({ is }) => is), `${where}: the signs of the futures`);
  for (const [lane, { name, is, line }] of step.futures.entries()) {
    const { words } = shown.states[lane];
    assert.ok(words.startsWith(name) && words.length > name.length + 3, `${where}: ${name} should be named with its state in words, not "${words}"`);
    if (line) assert.ok(words.includes(`line ${line}`), `${where}: "${words}" should say line ${line}`);
    assert.equal(words.includes('suspended'), is === 's', `${where}: "${words}" for ${is}`);
  }
  const standing = (list) => list.filter(({ is, line }) => line && 'sw'.includes(is)).map(({ name, line, is }) => `${line} ${name} ${is}`).sort();
  assert.deepEqual(standing(shown.stands), standing(step.futures), `${where}: the lines where futures are suspended`);
  assert.deepEqual(shown.marked, [...new Set(shown.stands.map(({ line }) => line))].sort((a, b) => a - b), `${where}: a line with a tag should be marked, and no other`);
  assert.ok(shown.playheadInPicture, `${where}: the playhead should be scrolled into the picture's box`);
  assert.equal(shown.current, step.id, `${where}: the list of steps should say which is shown`);
}

test('there are timelines to try', () => {
  assert.ok(all.length >= 3 && PAGE, `the site has timelines of ${all.map(({ name }) => name).join(', ') || 'nothing'}; ${NAME} must be among them`);
  assert.ok(all.some(({ cuts }) => cuts), 'no timeline can be cancelled elsewhere');
});

for (const page of pages) {
  // Every player of the book, every step: sentence, output, states, marked lines, playhead,
  // while the page stays where it is.
  reading(`${page}: each player shows each step`, { at: page, reducedMotion: 'reduce' }, async (book) => {
    for (const { name } of all.filter((one) => one.page === page)) {
      const player = await new Player(book, name).ready();
      const [steps, output] = [await player.steps(), read(`outputs/${name}.txt`)];
      await player.slider.focus();
      await book.press('Home');
      const before = await book.page.evaluate(() => scrollY);
      for (let index = 0; index < steps.length; index++) {
        assertShows(await player.shown(), steps, index, output);
        await book.press('ArrowRight');
      }
      assert.equal(await player.number(), steps.length, `${name}: after the last step there is none`);
      assert.equal((await player.shown()).output, output, `${name}: at the end all of the output should be there`);
      assert.equal(await book.page.evaluate(() => scrollY), before, `${name}: stepping must not scroll the page`);
      await book.press('Escape');
      assert.equal(await player.number(), 0, `${name}: Esc should close the player`);
      assert.equal(await player.output.textContent(), output, `${name}: at rest the whole output should stand there`);
    }
  });

  for (const width of [1280, 320]) {
    // Nothing moves while the player is built; open, it fits the window and axe finds nothing.
    reading(`${page} at ${width} px: the open player is still, whole and accessible`, { at: page, width }, async (book) => {
      const here = all.filter((one) => one.page === page);
      const { name, cuts } = here.find(({ cuts }) => cuts) ?? here[0];
      const player = await new Player(book, name).ready();
      assert.equal(await book.shift(), 0, `${page}: a player moves what stands on the page; see --player-bar in theme/highlight.css`);
      if (cuts) await player.handles.nth(1).click();
      else await player.button('Next moment').click();
      await book.press('ArrowRight');
      const { pixels, culprits } = await book.overflow();
      assert.ok(pixels <= 0, `${page} with ${name} open is ${pixels} px too wide: ${culprits}`);
      for (const theme of ['light', 'dark']) {
        await book.page.emulateMedia({ colorScheme: theme });
        const found = await violations(book.page);
        assert.deepEqual(found, [], `axe has found this with ${name} open at ${width} px, ${theme}:\n  ${found.join('\n  ')}`);
      }
    });
  }
}

for (const width of [1280, 320]) {
  reading(`by mouse at ${width} px`, { width, height: 720 }, async (book, player) => {
    await player.ready();
    const last = (await player.steps()).length;
    for (const [label, number] of [['Next moment', 1], ['Next moment', 2], ['Previous moment', 1], ['Previous moment', 1], ['Last moment', last], ['Next moment', last], ['First moment', 1]]) {
      const button = player.button(label);
      await player.panel.scrollIntoViewIfNeeded();
      const before = await button.boundingBox();
      await button.click({ force: true });
      assert.equal(await player.number(), number, `${label} should lead to step ${number}`);
      const after = await button.boundingBox();
      assert.ok(Math.abs(after.y - before.y) <= 1, `${label} must stay under the pointer; it moved by ${after.y - before.y} px`);
    }
    await player.slider.click();
    const middle = await player.number();
    assert.ok(middle > 1 && middle < last, `a press in the middle of the slider should lead to the middle, not to ${middle} of ${last}`);
    await player.close.click();
    assert.equal(await player.number(), 0, 'Close should put the player to rest');
    assert.deepEqual((await player.shown()).marked, [], 'at rest no line is marked');
    const { svg, x } = { svg: await player.block.locator('.picture svg').first().boundingBox(), x: (await player.steps())[2].x };
    await player.block.locator('.picture').first().click({ position: { x: Math.min(x, svg.width - 1), y: 20 } });
    assert.ok(await player.number() > 0, 'a press in the picture should lead to a step');
  });
}

reading('by keyboard', {}, async (book, player) => {
  await player.ready();
  const last = (await player.steps()).length;
  const next = player.button('Next moment');
  assert.ok(await book.tabTo(next), 'Tab should reach the controls');
  await book.press('Enter');
  assert.equal(await player.number(), 1);
  for (const [key, number] of [['ArrowRight', 2], ['ArrowRight', 3], ['ArrowLeft', 2], ['End', last], ['ArrowRight', last], ['Home', 1], ['ArrowLeft', 1]]) {
    await book.press(key);
    assert.equal(await player.number(), number, `${key} should lead to step ${number}`);
    assert.ok(await book.hasFocus(next), `${key} must leave the focus where it is`);
  }
  await book.press('Space');
  assert.equal(await player.number(), 2, 'Space on a button should press that button');
  await player.slider.focus();
  await book.press('ArrowRight', 'PageUp');
  assert.ok(await player.number() > 3, 'the slider should keep its own keys');
  await player.block.locator('.picture').first().focus();
  await book.press('Home', 'ArrowRight');
  assert.equal(await player.number(), 2, 'arrows should step while the picture has the focus');
  await book.stays();
  assert.equal(book.name, PAGE, 'no arrow inside the player may turn the page');
  await book.press('Escape');
  assert.equal(await player.number(), 0, 'Esc should close the player');
  await book.page.evaluate(() => document.activeElement.blur());
  const onwards = await book.link('next').getAttribute('href');
  await book.press('ArrowRight');
  await book.arrivesAt(onwards, 'with nothing in focus an arrow should turn the page');
});

// It goes on by itself to the end, and is not heard meanwhile; a reader who stops it hears where.
reading('plays to the end, and pauses', {}, async (book, player) => {
  await player.ready();
  const steps = await player.steps();
  await book.page.clock.install();
  await player.slider.focus();
  await book.press('Space');
  let shown = await player.shown();
  assert.deepEqual([shown.number, shown.live], [1, 'off'], 'it should begin with the first step, and not be heard');
  await book.page.clock.runFor(12_000);
  shown = await player.shown();
  assert.ok(shown.number > 1 && shown.number < steps.length, `after 12 s it should be on its way, not at ${shown.number}`);
  await player.button('Pause').click();
  shown = await player.shown();
  assert.equal(shown.live, 'polite', 'paused, the sentence should be heard');
  await book.page.clock.runFor(60_000);
  assert.equal(await player.number(), shown.number, 'paused, it should stand');
  await player.button('Play').click();
  await book.page.clock.runFor(10_000 * steps.length);
  shown = await player.shown();
  assert.deepEqual([shown.number, shown.live], [steps.length, 'polite'], 'it should play to the end and say so');
  await player.button('Play').click();
  assert.equal(await player.number(), 1, 'at the end, Play should begin again');
  await book.press('ArrowRight');
  await book.page.clock.runFor(60_000);
  assert.equal(await player.number(), 2, 'a step should stop it');
});
