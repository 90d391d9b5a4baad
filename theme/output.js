// What a program and its compiler print, as the page shows it while it comes.
// Loaded with runner.js.
(() => {
  'use strict';

  const { make } = book;
  const LINES = 1000; // of an output are shown
  const CHARACTERS = 100_000;
  const ANNOUNCED = 12; // of them are read out, a few at a time

  book.count = (count, one, many) => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

  /** Text with a terminal's colours, as words in classes. */
  book.terminal = (text) => {
    const pieces = [];
    let classes = [];
    for (const [, codes, piece] of text.matchAll(/(?:\x1b\[([\d;]*)m)?([^\x1b]*|\x1b)/g)) {
      if (codes !== undefined) {
        const [code, mode, colour] = codes.split(';').map(Number);
        const hue = code === 38 && mode === 5 ? colour % 8 : code >= 90 ? code - 90 : code - 30;
        if (!code) classes = [];
        else if (code === 1) classes.push('bold');
        else if (hue >= 0 && hue < 8) classes = [...classes.filter((name) => name === 'bold'), `hue-${hue}`];
      }
      if (piece) pieces.push({ piece, classes: classes.join(' ') });
    }
    return pieces;
  };

  /** Reads out what was printed: in portions, and not without end. */
  class Announcer {
    said = 0;
    waiting = [];

    constructor() {
      this.element = make('div', { class: 'visually-hidden', 'aria-live': 'polite' });
    }

    add(line) {
      this.waiting.push(line);
      this.timer ??= setTimeout(() => this.flush(), 1000);
    }

    flush() {
      clearTimeout(this.timer);
      this.timer = null;
      const some = this.waiting.slice(0, Math.max(ANNOUNCED - this.said, 0));
      const more = this.waiting.length - some.length;
      this.said += some.length;
      this.waiting = [];
      if (more) some.push(`and ${book.count(more, 'line', 'lines')} more`);
      this.element.replaceChildren(...some.map((line) => make('p', {}, line.slice(0, 200))));
    }
  }

  /** What a program prints, each line with its time. */
  book.Printed = class {
    lines = 0;
    characters = 0;
    cut = 0;
    row = null; // the line that is not at its end yet

    constructor(name) {
      this.box = make('pre', { class: 'printed', tabindex: 0, role: 'group', 'aria-label': `What ${name} prints in this run` });
      this.note = make('p', { class: 'note' });
      this.announcer = new Announcer();
    }

    add(stream, text, ms) {
      const { box } = this;
      const isAtEnd = box.scrollTop + box.clientHeight > box.scrollHeight - 8;
      for (const part of text.split(/(?<=\n)/)) this.part(stream, part, ms);
      if (isAtEnd) box.scrollTop = box.scrollHeight;
      if (this.cut) this.note.textContent = `Cut here: ${book.count(this.cut, 'line', 'lines')} more.`;
    }

    part(stream, part, ms) {
      const line = part.replace(/\n$/, '');
      const begins = this.row?.stream !== stream;
      if (begins && (this.lines >= LINES || this.characters >= CHARACTERS)) {
        this.cut += 1;
        this.announcer.add(line);
        this.row = part.endsWith('\n') ? null : { stream };
        return;
      }
      if (begins) {
        this.lines += 1;
        const words = make('span', { class: 'words' });
        this.row = { stream, words };
        this.box.append(make('span', { class: `row ${stream}` }, make('span', { class: 'ms' }, `${ms} ms`), words));
      }
      this.characters += line.length;
      this.row.words?.append(line);
      if (!part.endsWith('\n')) return;
      this.announcer.add(this.row.words?.textContent ?? line);
      this.row = null;
    }
  };
})();
