// Changes a program in the place of its listing.
// Loaded by run.js when Edit is first pressed.
//
// The browser's own text field does the editing: undo, selection, input methods, screen
// readers and the keys are what the reader is used to, and Tab leaves it. Its letters are
// transparent. Under them lies the same text in the colours of a listing.
(() => {
  'use strict';

  const { make, button } = book;
  const WORDS = 'as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut '
    + 'pub ref return self Self static struct super trait true type unsafe use where while';

  // The classes that page/highlight.rs gives, in the order in which they are tried.
  const TOKEN = new RegExp([
    ['d', String.raw`\/\/(?:\/(?!\/)|!)[^\n]*`],
    ['c', String.raw`\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)`],
    ['s', String.raw`\bb?r(?<hashes>#*)"[^]*?(?:"\k<hashes>|$)|\bb?"(?:\\[^]|[^"\\])*"?|"(?:\\[^]|[^"\\])*"?|\bb?'(?:\\[^\n]*?|[^\\'\n])'|'(?:\\[^\n]*?|[^\\'\n])'`],
    ['lt', String.raw`'[a-z_]\w*`],
    ['at', String.raw`#!?\[[^\]\n]*\]`],
    ['aw', String.raw`\.await\b`],
    ['n', String.raw`\b\d\w*(?:\.\d\w*)?`],
    ['m', String.raw`\b[a-z_]\w*!(?!=)`],
    ['k', `\\b(?:${WORDS.replaceAll(' ', '|')})\\b`],
  ].map(([name, pattern]) => `(?<${name}>${pattern})`).join('|'), 'g');

  /** The lines of a program, each a list of words and coloured words. */
  function coloured(text) {
    const lines = [[]];
    const add = (piece, name) => piece.split('\n').forEach((part, at) => {
      if (at) lines.push([]);
      if (part) lines.at(-1).push(name ? make('span', { class: name }, part) : part);
    });
    let end = 0;
    for (const { 0: piece, index, groups } of text.matchAll(TOKEN)) {
      add(text.slice(end, index));
      add(piece, Object.keys(groups).find((name) => name !== 'hashes' && groups[name] !== undefined));
      end = index + piece.length;
    }
    add(text.slice(end));
    return lines;
  }

  book.Editor = class {
    isOpen = false;
    wrong = new Map(); // the lines that the compiler complained about, and what they were

    constructor(program) {
      this.program = program;
      const { name, path, figure } = program;
      const keys = make('span', { class: 'keys', id: `keys-${name}` });
      const enter = /Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl';
      keys.append(...[[`${enter} Enter`, 'runs'], ['Tab', 'leaves'], ['Esc', 'closes']].flatMap(([key, does]) =>
        [...key.split(' ').map((one) => make('kbd', {}, one)), ` ${does} `]));
      this.field = make('textarea', { 'aria-label': `${path}, changed by you`, 'aria-describedby': keys.id, spellcheck: false, autocapitalize: 'off', autocomplete: 'off', autocorrect: 'off', wrap: 'off' });
      this.paint = make('code');
      this.canvas = make('div', { class: 'canvas' }, make('pre', { 'aria-hidden': true }, this.paint), this.field);
      this.state = make('span', { class: 'state', role: 'status' });
      this.resetButton = button('Reset', () => this.reset(), { class: 'act' });
      this.stale = make('p', { class: 'stale', role: 'status', hidden: '' },
        'The book’s program is another one since you changed it. ',
        button('Take the book’s', () => this.reset(), { class: 'act' }), ' ',
        button('Keep mine', () => this.keep(), { class: 'act' }));
      this.box = make('div', { class: 'editor' },
        make('div', { class: 'sheet' }, this.canvas), this.stale,
        make('div', { class: 'bar-below' }, this.state, this.resetButton, keys));
      this.below = [figure.querySelector('.output') && 'output', figure.querySelector('.timeline') && 'timeline'].filter(Boolean);

      this.field.addEventListener('input', () => this.changed());
      this.box.addEventListener('keydown', (event) => this.key(event));
    }

    get text() {
      return this.field.value;
    }

    open({ resumed }) {
      const { draft, text, listing, figure } = this.program;
      const kept = draft.read();
      if (!this.box.isConnected) {
        this.of = kept?.book ?? text;
        this.field.value = kept?.text ?? text;
      }
      const { width } = figure.getBoundingClientRect();
      const { height } = listing.getBoundingClientRect();
      figure.style.inlineSize = `${width}px`; // typing makes it neither wider nor narrower
      figure.classList.add('editing');
      listing.after(this.box);
      this.isOpen = true;
      this.changed();
      if (!resumed) {
        this.field.focus({ preventScroll: true });
        this.field.setSelectionRange(0, 0);
        return;
      }
      // Nothing moves while the page is loading: it has the listing's height until it is used.
      this.box.style.blockSize = `${height}px`;
      for (const use of ['click', 'input']) this.box.addEventListener(use, () => this.grow(), { once: true });
    }

    /** Takes its whole height, and leaves in its place what the reader is looking at. */
    grow() {
      const { scrollTop } = this.box.firstChild;
      this.box.style.blockSize = '';
      scrollBy({ top: scrollTop, behavior: 'instant' });
    }

    close() {
      this.isOpen = false;
      this.program.figure.classList.remove('editing');
      this.program.figure.style.inlineSize = '';
      this.save();
      this.program.runner?.edited();
      this.program.editButton.focus();
    }

    key(event) {
      if (event.isComposing || event.altKey || event.shiftKey) return;
      if (event.key === 'Escape') this.close();
      else if (event.key !== 'Enter' || event.target !== this.field) return;
      else if (event.ctrlKey || event.metaKey) this.program.run();
      else if (!this.indent()) return;
      event.preventDefault();
      event.stopPropagation();
    }

    /** A new line begins under the one before it. */
    indent() {
      const before = this.text.slice(0, this.field.selectionStart);
      const line = before.slice(before.lastIndexOf('\n') + 1);
      const deeper = /[{([]\s*$/.test(line) ? '    ' : '';
      return this.insert(`\n${/^ */.exec(line)}${deeper}`);
    }

    /** Types `text`, so that undo takes it back. */
    insert(text) {
      return document.execCommand('insertText', false, text);
    }

    reset() {
      this.field.focus();
      this.field.select();
      if (!this.insert(this.program.text)) this.field.value = this.program.text;
      this.field.setSelectionRange(0, 0);
      this.changed();
    }

    keep() {
      this.of = this.program.text;
      this.field.focus();
      this.changed();
    }

    changed() {
      this.render();
      const isKept = this.save();
      const { changed, text } = this.program;
      const below = this.below.length ? ` The ${this.below.join(' and the ')} below ${this.below.length > 1 ? 'are' : 'is'} of the book’s program.` : '';
      this.state.textContent = !changed ? 'As in the book' : `Changed${isKept ? '' : ', and lost when you leave: this browser keeps nothing'}.${below}`;
      this.resetButton.hidden = !changed;
      this.stale.hidden = !changed || this.of === text;
      this.program.runner?.edited();
    }

    /** Whether the browser has kept what was changed, or nothing had to be kept. */
    save() {
      const { draft, text } = this.program;
      const differs = this.text !== text;
      if (!differs) this.of = text;
      this.program.showState(differs);
      return draft.write(differs ? { text: this.text, book: this.of, open: this.isOpen } : null);
    }

    render() {
      const lines = coloured(this.text);
      const texts = this.text.split('\n');
      this.paint.replaceChildren(...lines.map((pieces, at) => {
        const isWrong = this.wrong.get(at + 1) === texts[at];
        return make('span', { class: isWrong ? 'line wrong' : 'line' }, ...pieces, '\n');
      }));
    }

    /** Marks lines, from 1, until they are changed. */
    mark(lines) {
      const texts = this.text.split('\n');
      this.wrong = new Map(lines.map((line) => [line, texts[line - 1]]));
      this.field.setAttribute('aria-invalid', lines.length > 0);
      this.render();
    }

    /** Puts the cursor at a line and a column in characters, both from 1. */
    goTo(line, column) {
      const before = this.text.split('\n').slice(0, line - 1);
      const start = before.reduce((sum, text) => sum + text.length + 1, 0);
      const text = this.text.slice(start).split('\n')[0];
      const at = start + [...text].slice(0, column - 1).join('').length;
      this.field.focus({ preventScroll: true });
      this.field.setSelectionRange(at, at);
      this.paint.children[line - 1]?.scrollIntoView({ block: 'center', inline: 'nearest' });
    }
  };
})();
