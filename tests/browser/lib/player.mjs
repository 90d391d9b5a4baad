// The player of a timeline as a reader has it before them: the only file that knows how
// theme/player.js puts it together.

import assert from 'node:assert/strict';

/** Every timeline of a site: its page, its example, and whether it can be cancelled elsewhere. */
export async function timelines(site) {
  const found = [];
  for (const page of site.pages.filter((page) => !['print.html', '404.html'].includes(page))) {
    const html = await (await fetch(new URL(page, site.url))).text();
    for (const [, name] of html.matchAll(/<div class="timeline" id="[^"]+" data-example="([^"]+)"/g)) {
      found.push({ page, name, cuts: html.includes(`id="timeline-${name}!0"`) });
    }
  }
  return found;
}

export class Player {
  constructor(book, name) {
    this.book = book;
    this.name = name;
    this.block = book.page.locator(`[id="timeline-${name}"]`);
    this.figure = book.page.locator(`figure:has(> [id="timeline-${name}"])`);
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

  /** Opens whatever it is folded into, and waits until the script has built it. */
  async ready() {
    await this.panel.waitFor({ state: 'attached', timeout: 10_000 })
      .catch(() => assert.fail(`${this.book.name}: ${this.name} has a timeline and no player; it says ${this.book.problems.join('; ') || 'nothing'}`));
    await this.block.evaluate((block) => {
      for (let box = block.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
    });
    return this;
  }

  button(label) {
    return this.panel.getByRole('button', { name: label, exact: true });
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
  shown() {
    return this.figure.evaluate((figure, name) => {
      const panel = figure.querySelector(':scope > .player');
      const slider = panel.querySelector('input');
      const lines = [...document.querySelectorAll(`[id="example-${name}"] > .listing .line`)];
      const output = figure.querySelector(':scope > .output').cloneNode(true);
      output.querySelectorAll('.to-come').forEach((rest) => rest.remove());
      const box = (element) => element?.getBoundingClientRect();
      const [playhead, picture] = [box(figure.querySelector('.playhead')), box(figure.querySelector('.picture:has(.playhead)'))];
      return {
        number: panel.parentElement.matches('.stepping') ? Number(slider.value) : 0,
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
      };
    }, this.name);
  }

  /** The number of the step it shows; 0 at rest. */
  async number() {
    return (await this.shown()).number;
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
