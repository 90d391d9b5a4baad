// The page by keyboard, by ear, enlarged, in the reader's own colours, and without motion.
// What axe can see is looked at in pages.test.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BookPage } from './lib/book-page.mjs';
import { browser, site } from './lib/suite.mjs';

const pages = site.pages.filter((name) => !['index.html', 'print.html', '404.html'].includes(name));

/** A test with a page open. */
function opened(title, name, options, body) {
  test(title, async () => {
    const book = await BookPage.open(browser, site.url, name, options);
    try {
      await body(book);
    } finally {
      await book.close();
    }
  });
}

for (const name of pages) {
  opened(`${name}: by keyboard`, name, {}, async (book) => {
    // Tab reaches everything that can be pressed, in the order in which it stands on the
    // page, and shows where it is.
    const { reached, missed, back, unseen } = await walk(book);
    assert.ok(reached > 10, `only ${reached} stops: has the page loaded?`);
    assert.deepEqual(missed, [], `${name}: Tab should reach these`);
    assert.deepEqual(back, [], `${name}: Tab should go down the page, and these stand above the stop before`);
    assert.deepEqual(unseen, [], `${name}: give these an outline for :focus-visible`);

    // Whatever has the focus, arrows are its own: they never turn the page.
    const kinds = await book.page.evaluate(() => {
      const kinds = new Map();
      for (const element of document.querySelectorAll('a[href], button, summary, input, select, textarea, [tabindex]')) {
        const kind = `${element.localName} ${element.className} ${element.parentElement.className}`;
        if (element.checkVisibility() && !kinds.has(kind)) kinds.set(kind, element);
      }
      [...kinds.values()].forEach((element, at) => { element.dataset.kind = at; });
      return [...kinds.keys()];
    });
    for (const [at, kind] of kinds.entries()) {
      for (const key of ['ArrowRight', 'ArrowLeft']) {
        await book.page.locator(`[data-kind="${at}"]`).evaluate((element) => element.focus({ preventScroll: true }));
        await book.press(key);
      }
      assert.equal(book.name, name, `an arrow pressed in ${kind} turned the page`);
    }
    await book.stays();
    assert.equal(book.name, name, `an arrow pressed in one of ${kinds.join('; ')} turned the page`);
  });

  // One title, headings without a gap, every part of the page a landmark with a name of its
  // own; a line of prose has 65 to 75 letters.
  opened(`${name}: headings, landmarks, lines`, name, {}, async (book) => {
    const lengths = await book.page.evaluate(lineLengths);
    lengths.sort((a, b) => a - b);
    const middle = lengths[Math.floor(lengths.length / 2)];
    // A page of tables has few lines of prose.
    assert.ok(lengths.length < 20 || (middle >= 65 && middle <= 75), `${name}: a line has ${middle} letters; change --measure`);

    await book.openAnswers();
    const { levels, unnamed, outside } = await book.page.evaluate(() => {
      const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((heading) => heading.checkVisibility()).map((heading) => Number(heading.localName[1]));
      const navs = [...document.querySelectorAll('nav, [role="search"], [role="navigation"]')];
      const label = (element) => element.getAttribute('aria-label') ?? element.getAttribute('role') ?? '';
      const unnamed = navs.filter((nav, at) => !label(nav) || navs.findIndex((other) => label(other) === label(nav)) !== at).map((nav) => nav.outerHTML.slice(0, 80));
      const outside = [...document.body.children].filter((part) => !part.matches('header, nav, main, footer, .skip, script')).map((part) => part.outerHTML.slice(0, 80));
      return { levels, unnamed, outside };
    });
    assert.equal(levels.filter((level) => level === 1).length, 1, `${name}: one title, not ${levels}`);
    assert.deepEqual(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1), [], `${name}: the levels ${levels} leave one out`);
    assert.deepEqual(unnamed, [], `${name}: name these landmarks`);
    assert.deepEqual(outside, [], `${name}: these stand in no landmark`);
  });

  // Who asks for no motion gets none. In the reader's own few colours every box still has an
  // edge, and what can be pressed is told from what cannot.
  opened(`${name}: without motion, in forced colours`, name, { reducedMotion: 'reduce', forcedColors: 'active' }, async (book) => {
    await book.openAnswers();
    const { moving, bare } = await book.page.evaluate(() => {
      const html = (elements) => elements.map((element) => element.outerHTML.slice(0, 100));
      const seconds = (value) => Math.max(...value.split(',').map(Number.parseFloat));
      const moving = [...document.querySelectorAll('*')].filter((element) => {
        const style = getComputedStyle(element);
        return seconds(style.transitionDuration) > 0 || seconds(style.animationDuration) > 0 || style.scrollBehavior === 'smooth';
      });
      const boxes = [...document.querySelectorAll('main :is(figure.example, .admonition, blockquote, button, input:not([type="range"], [type="checkbox"]), .picture)')];
      const bare = boxes.filter((box) => box.checkVisibility()).filter((box) => {
        const style = getComputedStyle(box);
        const edges = ['Top', 'Right', 'Bottom', 'Left'].filter((side) => Number.parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== 'none');
        return edges.length === 0 && !box.closest('.told, .check, .beside') && style.textDecorationLine === 'none' && !box.querySelector('svg, img');
      });
      return { moving: html(moving), bare: html(bare) };
    });
    assert.deepEqual(moving, [], `${name}: let these move only under prefers-reduced-motion: no-preference`);
    assert.deepEqual(bare, [], `${name}: give these a border, which forced colours keep; a background they take away`);
  });
}

/** So many stops of Tab are enough of a page that has a mark after each of a thousand sentences. */
const MOST_STOPS = 300;

/** Presses Tab, from the top of a page that nobody has scrolled, until the page is through. */
async function walk(book) {
  await book.page.evaluate(() => {
    window.walked = [];
    document.addEventListener('focusin', ({ target }) => {
      if (target === window.walked[0]?.target) window.isThrough = true;
      if (window.isThrough) return;
      const isSeen = [target, target.closest('label')].some((shown) => shown && getComputedStyle(shown).outlineStyle !== 'none');
      window.walked.push({ target, isSeen });
    });
  });
  for (let pressed = 0; pressed < MOST_STOPS; pressed++) {
    await book.press('Tab'); // as fast as a held key
    if (pressed % 20 === 0 && await book.page.evaluate(() => window.isThrough)) break;
  }
  return book.page.evaluate(() => {
    // What comes to a program when it is near has come by now.
    const can = 'a[href], button:not([disabled]), summary, input:not([disabled]), select, textarea, [tabindex="0"]';
    const stops = [...document.querySelectorAll(can)].filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.tabIndex >= 0);
    const at = new Map(stops.map((element, index) => [element, index]));
    const walked = window.walked.filter(({ target }) => at.has(target));
    const reached = new Set(walked.map(({ target }) => target));
    const last = window.isThrough ? stops.length : Math.max(...walked.map(({ target }) => at.get(target)));
    const html = (elements) => elements.map((element) => element.outerHTML.slice(0, 90));
    return {
      reached: reached.size,
      missed: html(stops.slice(0, last).filter((element) => !reached.has(element))),
      back: html(walked.filter(({ target }, index) => at.get(target) < at.get(walked[index - 1]?.target)).map(({ target }) => target)),
      unseen: html(walked.filter(({ isSeen }) => !isSeen).map(({ target }) => target)),
    };
  });
}

/** How many letters each full line of prose has, in the page. */
function lineLengths() {
  const lengths = [];
  for (const paragraph of document.querySelectorAll(':is(main, main > section) > p')) {
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const lines = new Map();
    while (walker.nextNode()) {
      const { data } = walker.currentNode;
      if (walker.currentNode.parentElement.closest('.check')) continue;
      for (let at = 0; at < data.length; at++) {
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + 1);
        const box = range.getClientRects()[0];
        if (!box) continue;
        const line = Math.round(box.bottom / 8);
        lines.set(line, (lines.get(line) ?? 0) + 1);
      }
    }
    lengths.push(...[...lines.values()].slice(0, -1)); // the last one is short by nature
  }
  return lengths;
}
