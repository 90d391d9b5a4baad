// A program on a page as a reader has it before them: the only file that knows how
// theme/run.js and what it loads put Run and Edit together.

import assert from 'node:assert/strict';

// The crates may have to be compiled first, on a slow machine. It is a fence, not a measure.
const LONG = 480_000;

export class Program {
  constructor(book, name, folder = 'examples') {
    this.book = book;
    this.name = name;
    this.figure = book.page.locator(`xpath=//figure[figcaption/*[.="${folder}/${name}.rs"]]`).first();
    this.listing = this.figure.locator('> .listing');
    this.runButton = this.figure.locator('> .command > button');
    this.editButton = this.figure.locator('> figcaption > button');
    this.editor = this.figure.locator('> .editor');
    this.field = this.editor.locator('textarea');
    this.state = this.editor.locator('.state');
    this.reset = this.editor.getByRole('button', { name: 'Reset' });
    this.stale = this.editor.locator('.stale');
    this.wrong = this.editor.locator('.wrong');
    this.panel = this.figure.locator('> .run');
    this.status = this.panel.locator('.status');
    this.rows = this.panel.locator('.row');
    this.printed = this.panel.locator('.printed');
    this.note = this.panel.locator('.note');
    this.said = this.panel.locator('.said');
    this.announced = this.panel.locator('[aria-live]');
    this.offers = this.panel.locator('.offers');
    this.playground = this.offers.locator('a');
    this.recorded = this.figure.locator('> .output');
  }

  /** Brings it into the window, where it has its buttons. */
  async near() {
    await this.figure.scrollIntoViewIfNeeded();
    return this;
  }

  /** Opens the editor and puts `text`, or what it makes of the book's program, into it. */
  async edit(text) {
    await this.near();
    await this.editButton.click();
    await this.field.waitFor();
    await this.change(text);
  }

  async change(text) {
    await this.field.fill(typeof text === 'string' ? text : text(await this.field.inputValue()));
  }

  /** Presses Run and waits until what the page says of it matches. */
  async run(says) {
    await this.near();
    await this.runButton.click();
    await this.says(says);
  }

  async says(what) {
    const wanted = this.status.filter({ hasText: what });
    await wanted.waitFor({ timeout: LONG }).catch(async () => {
      const now = await this.status.textContent({ timeout: 1000 }).catch(() => 'nothing');
      assert.fail(`${this.name}: the run should say ${what}; it says ${now}; the page says ${this.book.problems.join('; ') || 'nothing'}`);
    });
  }

  /** What was printed: each line with its stream and its time in milliseconds. */
  lines() {
    return this.rows.evaluateAll((rows) => rows.map((row) => ({
      stream: row.classList.contains('stderr') ? 'stderr' : 'stdout',
      ms: Number.parseInt(row.querySelector('.ms').textContent, 10),
      text: row.querySelector('.words').textContent,
    })));
  }

  async waitForLine(text) {
    await this.rows.filter({ hasText: text }).first().waitFor({ timeout: LONG })
      .catch(() => assert.fail(`${this.name}: "${text}" should have been printed`));
  }

  /** The classes of every character, as a listing and as the editor colours it. */
  async colours() {
    const read = (root) => {
      const classes = [];
      const walk = (node, name) => {
        // Types and functions are told apart in listings, and look alike.
        if (node.nodeType === 3) classes.push(...[...node.data].filter((c) => c !== '\n').map((c) => `${c} ${/\s|^[tf]$|^line/.test(name) || c === ' ' ? '' : name}`));
        else if (!node.matches('.beside')) node.childNodes.forEach((child) => walk(child, node.className ?? '')); // the player's
      };
      walk(root, '');
      return classes;
    };
    return [await this.listing.locator('code').evaluate(read), await this.editor.locator('pre code').evaluate(read)];
  }
}
