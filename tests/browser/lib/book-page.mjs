// One page of the book as a reader has it before them. Tests say what the reader does;
// how the page is put together is known here alone.

import assert from 'node:assert/strict';

/** Waits for what should happen within ten seconds, and says `why` if it does not. */
async function soon(happens, why) {
  await happens.catch((error) => assert.fail(`${why} (${error.message.split('\n')[0]})`));
}

export class BookPage {
  /** What the browser complained about since the page was opened. */
  problems = [];

  constructor(page, site, missing) {
    this.page = page;
    this.site = site;
    this.origin = new URL(site).origin;
    page.on('console', (message) => {
      // Chromium repeats here that the page itself was not there.
      if (missing && message.location().url === page.url()) return;
      if (['error', 'warning'].includes(message.type())) this.problems.push(`console ${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.problems.push(`script error: ${error.message}`));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText;
      // Leaving a page ends what it was still waiting for.
      if (reason !== 'net::ERR_ABORTED') this.problems.push(`request failed: ${request.url()} (${reason})`);
    });
    page.on('request', (request) => {
      const url = new URL(request.url());
      const elsewhere = url.protocol.startsWith('http') && url.origin !== this.origin;
      if (elsewhere) this.problems.push(`request to another origin: ${url}`);
    });
    page.on('response', (response) => {
      const itself = missing && response.request().isNavigationRequest();
      if (response.status() >= 400 && !itself) this.problems.push(`${response.status()}: ${response.url()}`);
    });
  }

  /**
   * Opens a page in a fresh context: `width`, `theme`, and what else Playwright's contexts take.
   * Where the page is `missing`, the host says so, which is no problem then.
   */
  static async open(browser, site, name, { width = 1280, height = 900, theme = 'light', missing = false, ...more } = {}) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, ...more });
    const page = new BookPage(await context.newPage(), site, missing);
    await page.goto(name);
    return page;
  }

  async goto(name) {
    await this.page.goto(new URL(name, this.site).href, { waitUntil: 'load' });
  }

  async close() {
    await this.page.context().close();
  }

  get name() {
    return decodeURIComponent(new URL(this.page.url()).pathname.split('/').pop()) || 'index.html';
  }

  /** Waits until the reader has arrived at a page, or at an address that matches. */
  async arrivesAt(where, why) {
    const url = typeof where === 'string' ? new URL(where, this.site).href : where;
    await soon(this.page.waitForURL(url, { timeout: 10_000 }), `${why}; still at ${this.page.url()}`);
  }

  /** Waits long enough for a page to have been left, were it to be left. */
  stays() {
    return this.page.waitForTimeout(300);
  }

  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  /** Presses Tab until `locator` has the focus; false if it is never reached. */
  async tabTo(locator, most = 400) {
    for (let pressed = 0; pressed < most; pressed++) {
      await this.press('Tab');
      if (await this.hasFocus(locator)) return true;
    }
    return false;
  }

  hasFocus(locator) {
    return locator.evaluate((element) => element === document.activeElement);
  }

  /** How far the page can be scrolled sideways, in CSS pixels, and what sticks out. */
  overflow() {
    return this.page.evaluate(() => {
      const room = document.documentElement.clientWidth;
      const wide = document.scrollingElement.scrollWidth;
      const culprits = wide <= room ? [] : [...document.body.querySelectorAll('*')]
        .filter((element) => element.getBoundingClientRect().right > room + 0.5)
        .filter((element) => !element.parentElement.closest('pre, .table-wrapper, [popover]'))
        .slice(0, 3)
        .map((element) => element.outerHTML.slice(0, 90));
      return { pixels: wide - innerWidth, culprits };
    });
  }

  /**
   * How far things moved after the first paint, in the browser's own measure; 0 is nothing.
   * To a ten-thousandth: a sign that finds its pixel is no move that a reader could see.
   */
  shift() {
    return this.page.evaluate(() => new Promise((measured) => {
      let sum = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => { sum += entry.value; }))
        .observe({ type: 'layout-shift', buffered: true });
      requestAnimationFrame(() => setTimeout(() => measured(Math.round(sum * 1e4) / 1e4), 50));
    }));
  }

  /** Scrolls through the page and back: all of it has been in or near the window once, and is as it stays. */
  seeAll() {
    return this.page.evaluate(async () => {
      const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      for (let top = 0; top < document.documentElement.scrollHeight; top += 2 * innerHeight) {
        scrollTo({ top, behavior: 'instant' });
        await frames();
      }
      scrollTo({ top: 0, behavior: 'instant' });
      await frames();
    });
  }

  /** The sections and programs that are much taller, or less tall, than the page takes them to be while they are far away. */
  misjudged() {
    return this.page.evaluate(() => [...document.querySelectorAll('main > section, figure.example')].filter((box) => box.checkVisibility()).flatMap((box) => {
      const { style } = box;
      const before = style.cssText;
      Object.assign(style, { contentVisibility: 'visible', contain: 'layout' });
      const tall = box.offsetHeight;
      // What it was last is remembered otherwise.
      const size = getComputedStyle(box).containIntrinsicBlockSize.replace('auto ', '');
      Object.assign(style, { contentVisibility: 'hidden', containIntrinsicBlockSize: size });
      const thought = box.offsetHeight;
      style.cssText = before;
      return Math.abs(tall - thought) > Math.max(100, tall / 6) ? [`${box.id || box.querySelector('h2')?.id || box.className}: ${thought} px, ${tall} px`] : [];
    }));
  }

  /** Where every block of the text stands, and how wide it is; a timeline by what is in it. */
  places() {
    return this.page.evaluate(() => [...document.querySelectorAll(':is(main, main > section) > *, main :is(figure, figure > :not(.timeline), .timeline > *, details, p)')]
      .filter((block) => !block.closest('.player'))
      .map((block) => {
        const { left, top, width } = block.getBoundingClientRect();
        return `${block.localName} ${block.id || block.className}: ${[left, top + scrollY, width].map(Math.round)}`;
      }));
  }

  /** Sets the reader's own size of text, in percent. */
  enlarge(percent) {
    return this.page.evaluate((size) => { document.documentElement.style.fontSize = size; }, `${percent}%`);
  }

  /** Opens everything that can be unfolded, or the first few of it. */
  openAnswers(most = Infinity) {
    return this.page.evaluate((most) => [...document.querySelectorAll('details')].slice(0, most).forEach((answer) => { answer.open = true; }), most);
  }

  // What stands on the page

  get contents() { return this.page.locator('nav#contents'); }
  get contentsButton() { return this.page.locator('#contents-button'); }
  get theme() { return this.page.locator('#theme'); }
  get marks() { return this.page.locator('.check > button'); }
  get answers() { return this.page.locator('.admonish-exercise details:not(.timeline details)'); }
  get listings() { return this.page.locator('pre.listing'); }
  get search() { return new Search(this); }
  get calls() { return new Calls(this); }

  mark(index) {
    return new Mark(this, index);
  }

  /** Where the pages lead that 404.html names for their similar names. */
  nearest() {
    return this.page.locator('.nearest a').evaluateAll((links) => links.map((link) => link.href));
  }

  /** Where the text and what stands around it lead, within the site. */
  links() {
    return this.page.locator('a[href]:not([href^="#"])').evaluateAll((links) => links.map((link) => link.href).filter((href) => href.startsWith(location.origin)));
  }

  link(direction) {
    return this.page.locator(`.pager a[rel="${direction}"]`);
  }
}

/** A check mark after a sentence, and the card it opens. */
class Mark {
  constructor(book, index) {
    this.book = book;
    this.button = book.marks.nth(index);
    this.card = book.page.locator('.check').nth(index).locator('.check-card');
  }

  isOpen() {
    return this.card.evaluate((card) => card.matches(':popover-open'));
  }

  /** Does the card lie inside the window, as far as the window is large enough for it? */
  isInView() {
    return this.card.evaluate((card) => {
      const box = card.getBoundingClientRect();
      const { clientWidth } = document.documentElement;
      return box.width > 0 && box.left >= 0 && box.right <= clientWidth && box.top >= 0 && box.bottom <= innerHeight;
    });
  }
}

/** The tables of calls and their filter. */
class Calls {
  constructor(book) {
    this.book = book;
    this.field = book.page.locator('#call-filter');
    this.count = book.page.locator('.call-filter output');
  }

  box(value) {
    return this.book.page.locator(`.call-filter input[value="${value}"]`);
  }

  /** The ids of the rows that can be seen. */
  shown() {
    return this.#rows((rows) => rows.map((row) => row.querySelector('h3').id));
  }

  /** The verdicts of the rows that can be seen. */
  effects() {
    return this.#rows((rows) => rows.map((row) => row.className));
  }

  #rows(what) {
    return this.book.page.locator('table.calls tbody tr:visible').evaluateAll(what);
  }

  /** The modules whose tables can be seen. */
  modules() {
    return this.book.page.locator('main h2:visible:has(+ table.calls)').allTextContents();
  }

  /** The largest room between two tables that can be seen, in pixels. */
  room() {
    return this.book.page.locator('table.calls:visible').evaluateAll((tables) => {
      const boxes = tables.map((table) => table.getBoundingClientRect());
      return Math.max(...boxes.slice(1).map(({ top }, at) => top - boxes[at].bottom));
    });
  }

  isInView(id) {
    return this.book.page.locator(`tr:has([id="${id}"])`).evaluate((row) => {
      const box = row.getBoundingClientRect();
      return row.checkVisibility() && box.top >= 0 && box.top < innerHeight;
    });
  }
}

/** The search in its panel. */
class Search {
  constructor(book) {
    this.book = book;
    this.panel = book.page.locator('#search-panel');
    this.toggle = book.page.locator('#search-toggle');
    this.bar = book.page.locator('#search-field');
    this.said = book.page.locator('#search-said');
    this.results = book.page.locator('#search-results a');
  }

  async find(text) {
    await this.book.press('/');
    await soon(this.bar.waitFor({ timeout: 10_000 }), `${this.book.name}: / should open the search`);
    await this.book.type(text);
    await soon(this.results.first().waitFor({ timeout: 10_000 }), `${this.book.name}: the search should find ${text}; it says ${this.book.problems.join('; ') || 'nothing'}`);
  }

  /** Where the results lead, the best first: page and place. */
  found() {
    return this.results.evaluateAll((links) => links.map((link) => {
      const { pathname, hash } = new URL(link.href);
      return pathname.split('/').pop() + hash;
    }));
  }

  /** Waits for what a page marks after a search led to it. */
  async marked() {
    const marked = () => [...CSS.highlights.get('found') ?? []].map(String);
    await soon(this.book.page.waitForFunction(() => CSS.highlights.get('found')?.size, null, { timeout: 10_000 }), `${this.book.name}: the page should mark what was searched`);
    return this.book.page.evaluate(marked);
  }

  /** Is the first of that in the window? */
  seesMarked() {
    return this.book.page.evaluate(() => {
      const { top, bottom, width } = [...CSS.highlights.get('found')][0].getBoundingClientRect();
      return width > 0 && top >= 0 && bottom <= innerHeight;
    });
  }
}
