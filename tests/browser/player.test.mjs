// The player of a timeline: step by mouse and by keyboard, play, link to a moment, cancel
// elsewhere, and what is left of it without scripts and on paper.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { violations } from './lib/axe.mjs';
import { BookPage } from './lib/book-page.mjs';
import { arrive } from './lib/browser.mjs';
import { Player, timelines } from './lib/player.mjs';
import { browser, site } from './lib/suite.mjs';

const NAME = 'select_drops_the_loser';
const all = await timelines(site);
const pages = [...new Set(all.map(({ page }) => page))];
const { page: PAGE } = all.find(({ name }) => name === NAME) ?? {};

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
  assert.deepEqual([shown.number, shown.said], [index + 1, `${index + 1} of ${steps.length}`], `${where}: the slider should stand at it, and say so`);
  assert.equal(shown.sentence, step.sentence, `${where}: the sentence`);
  // A sweep prints what it found, and none of it in the run that is drawn.
  const printed = steps.at(-1).printed ? step.printed : output.length;
  assert.equal(shown.output, output.slice(0, printed), `${where}: the output so far, cut at data-o`);
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
      const { shown, scrolled } = await player.walk();
      steps.forEach((_, index) => assertShows(shown[index], steps, index, output));
      assert.equal(shown.at(-1).number, steps.length, `${name}: after the last step there is none`);
      assert.equal(shown.at(-1).output, output, `${name}: at the end all of the output should be there`);
      assert.equal(scrolled, 0, `${name}: stepping must not scroll the page`);
      await player.close.click();
      assert.equal(await player.number(), 0, `${name}: Close should put it to rest`);
      assert.equal(await player.output.textContent(), output, `${name}: at rest the whole output should stand there`);
    }
  });

  // Nothing moves when the players arrive, and an open one makes the page no wider.
  for (const width of [1280, 320]) {
    reading(`${page} at ${width} px: players find their place`, { at: '404.html', width }, async (book) => {
      const here = all.filter((one) => one.page === page);
      const arrive = await Player.late(book, page);
      await book.openAnswers();
      await book.seeAll();
      const before = await book.places();
      arrive();
      for (const { name } of here) {
        const player = new Player(book, name);
        await player.near();
        await player.built();
      }
      const moved = (await book.places()).filter((place, index) => place !== before[index]);
      assert.deepEqual(moved.slice(0, 3), [], `${page}: a player moves what stands on the page; see .timeline in theme/highlight.css and .beside in theme/css/player.css`);
      for (const { name } of here) {
        const player = await new Player(book, name).ready();
        const before = await player.width();
        await player.button('Last moment').click();
        assert.equal(await player.width(), before, `${name}: an open player should not change the width of its figure`);
      }
      const { pixels, culprits } = await book.overflow();
      assert.ok(pixels <= 0, `${page} with its players open is ${pixels} px too wide: ${culprits}`);
    });
  }
}

// axe finds nothing in a player that is open: a whole run, one in an answer, one that was cut.
for (const kind of ['whole', 'answer', 'cuts']) {
  const { page, name } = all.find((one) => one[kind] || (kind === 'whole' && one.name === NAME));
  for (const width of [1280, 320]) {
    reading(`accessible at ${width} px while it plays: ${kind}`, { at: page, width }, async (book) => {
      const player = await new Player(book, name).ready();
      if (kind === 'cuts') await player.handle(1).click();
      else await player.button('Next moment').click();
      await book.press('ArrowRight');
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

// What each cancellation shows is what the recording says: its output, what is left, whether
// the invariant holds, and what was dropped; and there is a way back.
for (const { page, name, answer } of all.filter(({ cuts }) => cuts)) {
  reading(`${name}: cancelled at each of its points`, { at: page }, async (book) => {
    const player = new Player(book, name);
    await player.near();
    await player.built();
    const { cuts, function: subject } = JSON.parse(read(`recordings/${name}.json`)).subject;
    assert.equal(await player.handles.count(), cuts.length, `${name}: the listing should have a handle for each point`);
    for (const [point, cut] of cuts.entries()) {
      const handle = player.handle(point);
      const label = await handle.getAttribute('aria-label');
      assert.ok(label.includes(subject), `${name}: "${label}" should name ${subject}`);
      await handle.focus();
      await book.press('Enter');
      assert.equal(await handle.getAttribute('aria-pressed'), 'true', `${label}: it should be pressed`);
      assert.ok(await player.isInView(), `${label}: the panel should be in view`);
      const result = await player.result.innerText();
      assert.ok(result.includes(cut.left.replaceAll('`', '')), `${label}: "${result}" should say what is left: ${cut.left}`);
      assert.equal(/holds/.test(result), cut.holds, `${label}: "${result}" should say whether the invariant holds`);
      const block = player.cut(point);
      const steps = await player.steps(block);
      const stdout = cut.run.events.filter(({ what }) => what === 'printed').map(({ text }) => text).join('');
      const dropped = steps.findIndex(({ futures }) => futures.some(({ is }) => is === 'x'));
      assert.equal(await player.number(), (dropped < 0 ? steps.length - 1 : dropped) + 1, `${label}: it should begin where the future is dropped`);
      assert.equal(result.includes('Nothing was dropped'), dropped < 0, `${label}: "${result}"`);
      await player.button('First moment').click();
      const shown = [await player.shown(), ...(await player.walk()).shown];
      if (stdout) steps.forEach((_, index) => assertShows(shown[index], steps, index, stdout));
      assert.equal(shown.at(-1).output, stdout || 'This run prints nothing.', `${label}: at its end the output is that of the recording`);
      if (point % 2) await player.result.getByRole('button').click();
      else await book.press('Escape');
      assert.equal(await handle.getAttribute('aria-pressed'), 'false', `${label}: there should be a way back`);
      assert.equal((await player.shown()).output, read(`outputs/${name}.txt`), `${label}: back in the whole run its output should stand there`);
      assert.ok(await book.hasFocus(handle) || answer && await player.hasFocus(), `${label}: the focus should return to the handle, or stay in the player of an answer`);
      assert.ok(await block.evaluate((block) => !!block.closest('.cuts')), `${label}: the run should be back in its table`);
    }
    await book.press('Escape');
    assert.equal(await player.number(), 0, 'a second Esc should close the player');
  });
}

// The address can hold a step: on load, on a change, of a run that was cut, in a closed answer.
reading('a link to a moment', { at: `${PAGE}#${NAME}@5` }, async (book, player) => {
  await player.built();
  assert.equal(await player.number(), 5, 'the step of the address should be shown');
  assert.ok(await player.isInView() && await player.hasFocus(), 'the player should be in view, and have the focus');
  const list = () => player.block.locator('> .steps').evaluate((list) => list.open);
  assert.ok(!await list(), 'the list of steps should not be in the way');
  const entries = await book.page.evaluate(() => history.length);
  await book.press('ArrowRight');
  assert.equal(await player.link.evaluate((link) => link.hash), `#${NAME}@6`, 'the link should follow');
  assert.ok(book.page.url().endsWith('@5'), 'stepping alone should not change the address');
  const scrolled = await book.page.evaluate(() => scrollY);
  await player.link.click();
  await book.stays();
  assert.ok(await book.page.evaluate(() => scrollY) === scrolled && !await list(), 'the link should move nothing on the page');
  assert.ok(book.page.url().endsWith(`#${NAME}@6`), 'the link should put the step into the address');
  assert.equal(await book.page.evaluate(() => history.length), entries, 'Back should still leave the page');
  await book.page.evaluate((hash) => { location.hash = hash; }, `#${NAME}@3`);
  await player.showsNumber(3, 'a new address should lead to its step');
});

const { page: CUT_PAGE, name: CUT } = all.find(({ cuts }) => cuts) ?? {};
reading('a link to a moment of a run that was cut', { at: `${CUT_PAGE}#${CUT}!1@2` }, async (book) => {
  const player = new Player(book, CUT);
  await player.showsNumber(2, 'the step of the address should be shown');
  assert.equal(await player.handle(1).getAttribute('aria-pressed'), 'true', 'the cut of the address should be chosen');
  assert.ok(await player.isInView(), 'the player should be in view');
});

const { page: ANSWER_PAGE, name: ANSWER } = all.find(({ answer }) => answer) ?? {};
reading('a link to a moment in a closed answer', { at: `${ANSWER_PAGE}#${ANSWER}@2` }, async (book) => {
  const player = new Player(book, ANSWER);
  await player.showsNumber(2, 'the step of the address should be shown');
  assert.ok(await player.isInView(), 'the answer should be open, and the player in view');
});

// Who wants no motion gets none: the playhead and the picture jump.
for (const reducedMotion of ['reduce', 'no-preference']) {
  reading(`motion: ${reducedMotion}`, { reducedMotion }, async (book, player) => {
    await player.ready();
    await player.button('Next moment').click();
    const moves = await player.block.evaluate((block) => [
      getComputedStyle(block.querySelector('.playhead')).transitionDuration !== '0s',
      getComputedStyle(block.querySelector('.picture')).scrollBehavior === 'smooth',
    ]);
    const calm = reducedMotion === 'reduce';
    assert.deepEqual(moves, [!calm, !calm], 'the playhead and the scrolling should be smooth unless the reader asked for less motion');
  });
}

// Without scripts: the steps in words, the table of cuts, and nothing that does nothing.
reading('without scripts', { at: `${CUT_PAGE}#${CUT}@2`, javaScriptEnabled: false }, async (book) => {
  const player = new Player(book, CUT);
  assert.ok(await book.page.locator(`[id="${CUT}@2"]`).isVisible(), 'a link to a step should open the list of steps');
  await player.block.locator('> .cuts > summary').click();
  assert.ok(await player.block.locator('.cut-points tbody tr').first().isVisible(), 'the table of cuts should open');
  assert.deepEqual([await player.panel.count(), await player.handles.count()], [0, 0], 'there is nothing to press');
});

// On paper: the picture, and no controls, marks or handles; a player that is open closes.
reading('on paper', { at: CUT_PAGE, width: 642 }, async (book) => {
  const player = await new Player(book, CUT).ready();
  await player.handle(1).click();
  await book.page.pdf();
  assert.equal(await player.number(), 0, 'printing should close the player: paper shows the whole run');
  assert.equal(await player.output.textContent(), read(`outputs/${CUT}.txt`), 'paper shows the whole output');
  await book.page.emulateMedia({ media: 'print' });
  assert.ok(await player.block.locator('.picture svg').first().isVisible() || await player.block.locator('.picture svg').nth(1).isVisible(), 'paper shows the picture');
  assert.ok(!await player.panel.isVisible() && !await player.handles.first().isVisible(), 'there is nothing to press on paper');
});

// A page without a timeline loads no script of it; what a player weighs has a bound.
test('the player comes only where it is used, and weighs little', async () => {
  const asked = async (page) => {
    const book = await BookPage.open(browser, site.url, 'index.html');
    const files = [];
    book.page.on('response', (response) => files.push(response.url()));
    await arrive(book.page, new URL(page, site.url).href);
    await book.close();
    return files.filter((file) => file.includes('player'));
  };
  const none = site.pages.find((page) => !pages.includes(page) && page !== 'print.html');
  const scripts = (await asked(none)).filter((file) => file.endsWith('.js'));
  assert.deepEqual(scripts, [], `${none} has no timeline and should load no player`);
  const files = await asked(PAGE);
  assert.equal(files.length, 2, `${PAGE} should load a script and a sheet: ${files}`);
  const bodies = await Promise.all(files.map(async (file) => Buffer.from(await (await fetch(file)).arrayBuffer())));
  const weight = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
  assert.ok(weight < 8500, `the player weighs ${weight} bytes compressed; keep it under 8500`);
});
