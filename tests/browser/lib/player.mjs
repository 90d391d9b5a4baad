// The player of a timeline as a reader has it before them: the only file that knows how
// theme/player.js puts it together.

import assert from 'node:assert/strict';

/** Every timeline of a site: its page, its example, whether it stands in an answer, apart from
 *  its listing, and whether it can be cancelled elsewhere. */
export async function timelines(site) {
  const found = [];
  for (const page of site.pages.filter((page) => !['print.html', '404.html'].includes(page))) {
    const html = await (await fetch(new URL(page, site.url))).text();
    for (const [, name] of html.matchAll(/<div class="timeline" id="[^"]+" data-example="([^"]+)"/g)) {
      const listed = html.indexOf(`id="example-${name}"`);
      const answer = html.slice(listed, html.indexOf(`id="timeline-${name}"`)).includes('<figure class="example answer"');
      found.push({ page, name, answer, cuts: html.includes(`id="timeline-${name}!0"`) });
    }
  }
  return found;
}

/** What the player in a figure shows: now, or after each of a number of presses of "next".
 *  Runs in the page. */
function show(figure, { name, presses }) {
  const panel = figure.querySelector(':scope > .player');
  const slider = panel.querySelector('input');
  const lines = [...document.querySelectorAll(`[id="example-${name}"] > .listing .line`)];
  const box = (element) => element?.getBoundingClientRect();
  const now = () => {
    const output = figure.querySelector(':scope > .output').cloneNode(true);
    output.querySelectorAll('.to-come').forEach((rest) => rest.remove());
    const [playhead, picture] = [box(figure.querySelector('.playhead')), box(figure.querySelector('.picture:has(.playhead)'))];
    return {
      number: figure.matches('.stepping') ? Number(slider.value) : 0,
      said: slider.getAttribute('aria-valuetext'),
      sentence: panel.querySelector('.sentence').textContent,
      live: panel.querySelector('.sentence').getAttribute('aria-live'),
      output: output.textContent,
      states: [...panel.querySelectorAll('.states > li')].map((item) => ({ is: item.dataset.is, words: item.textContent })),
      stands: lines.flatMap((line, index) => [...line.querySelectorAll('.stands')]
        .map((tag) => ({ line: index + 1, name: tag.dataset.name, is: tag.dataset.is }))),
      marked: lines.flatMap((line, index) => (line.matches('.live') ? [index + 1] : [])),
      playheadInPicture: !!playhead && playhead.right >= picture.left && playhead.left <= picture.right,
      current: document.querySelector('[aria-current="step"]')?.id,
      scrolled: scrollY,
    };
  };
  return presses ? Array.from({ length: presses }, () => {
    panel.querySelector('[aria-label="Next moment"]').click();
    return now();
  }) : [now()];
}

export class Player {
  constructor(book, name) {
    this.book = book;
    this.name = name;
    this.block = book.page.locator(`[id="timeline-${name}"]`);
    this.figure = this.block.locator('xpath=..'); // Playwright takes five times as long over `:has`
    this.panel = this.figure.locator('> .player');
    this.listing = book.page.locator(`[id="example-${name}"] > .listing`);
    this.output = this.figure.locator('> .output');
    this.slider = this.panel.locator('input[type="range"]');
    this.sentence = this.panel.locator('.sentence');
    this.result = this.panel.locator('.result');
    this.link = this.panel.locator('a.address');
    this.close = this.panel.locator('.close');
    this.handles = this.listing.locator('.cancel');
  }

  /** Opens a page whose players do not arrive until the function that is returned is called. */
  static async late(book, page) {
    let arrive;
    const called = new Promise((done) => { arrive = done; });
    await book.page.route(/player-[^/]+\.js$/, (route) => called.then(() => route.continue()));
    await book.page.goto(new URL(page, book.site).href, { waitUntil: 'domcontentloaded' });
    await book.page.waitForFunction(() => [...document.querySelectorAll('link[rel="stylesheet"]')].every((link) => link.sheet));
    return arrive;
  }

  /** Brings its program near the window, which has the script build it. */
  near() {
    return this.listing.evaluate((listing) => listing.scrollIntoView({ block: 'center', behavior: 'instant' }));
  }

  /** Waits until the script has built it. */
  async built() {
    await this.panel.waitFor({ state: 'attached', timeout: 10_000 })
      .catch(() => assert.fail(`${this.book.name}: ${this.name} has a timeline and no player; it says ${this.book.problems.join('; ') || 'nothing'}`));
  }

  /** Opens whatever it is folded into, brings it near, and waits until it is built. */
  async ready() {
    await this.block.evaluate((block) => {
      for (let box = block.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
    });
    await this.near();
    await this.built();
    return this;
  }

  width() {
    return this.figure.evaluate((figure) => figure.offsetWidth);
  }

  /** The handle in the listing for a row of the table of cuts, from 0. */
  handle(point) {
    return this.listing.locator(`.cancel[data-point="${point}"]`);
  }

  /** The block of the run that was cut there. */
  cut(point) {
    return this.book.page.locator(`[id="timeline-${this.name}!${point}"]`);
  }

  button(label) {
    return this.panel.locator(`button[aria-label="${label}"]`);
  }

  /** The steps as they stand on the page, without a script: what each one must show. */
  steps(block = this.block) {
    return block.evaluate((block) => {
      const lanes = JSON.parse(block.dataset.lanes);
      return [...block.querySelectorAll(':scope > .steps li')].map(({ id, textContent, dataset }) => ({
        id,
        sentence: textContent,
        printed: Number(dataset.o),
        x: Number(dataset.x),
        futures: dataset.s.split(' ').map((token, lane) => ({ name: lanes[lane], is: token[0], line: Number(token.slice(1)) })),
      }));
    });
  }

  /** What the player shows now. */
  async shown() {
    return (await this.figure.evaluate(show, { name: this.name, presses: 0 }))[0];
  }

  /** Presses "next" once more than there are steps: what is shown after each press, and how far
   *  the page was scrolled between the first and the last. */
  async walk() {
    const presses = 1 + (await this.steps()).length;
    const shown = await this.figure.evaluate(show, { name: this.name, presses });
    return { shown, scrolled: shown.at(-1).scrolled - shown[0].scrolled };
  }

  /** The number of the step it shows; 0 at rest. */
  async number() {
    return (await this.shown()).number;
  }

  /** Waits until it shows a step. */
  async showsNumber(number, why) {
    await this.panel.waitFor({ timeout: 10_000 });
    for (let tried = 0; tried < 100 && await this.number() !== number; tried++) await this.book.page.waitForTimeout(50);
    assert.equal(await this.number(), number, why);
  }

  /** Are sentence and controls inside the window? */
  isInView() {
    return this.panel.evaluate((panel) => {
      const [top, bottom] = [panel.querySelector('.sentence').getBoundingClientRect().top, panel.querySelector('.controls').getBoundingClientRect().bottom];
      return top >= 0 && bottom <= innerHeight;
    });
  }

  hasFocus() {
    return this.panel.evaluate((panel) => panel.contains(document.activeElement));
  }
}
