// Puts Run and Edit on every program of a page.
// Loaded by book.js on a page that has one. What the two need comes when one of them is
// first pressed: runner.js runs a program, editor.js lets the reader change it.
(() => {
  'use strict';

  const html = document.documentElement;
  const [, editor, output, runner, sheet] = html.dataset.run.split(' ');

  book.make = (name, attributes = {}, ...inside) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  };

  book.button = (words, act, attributes = {}) => {
    const button = book.make('button', { type: 'button', ...attributes }, words);
    button.addEventListener('click', act);
    return button;
  };

  /** What the reader made of a program, kept in the browser until it is reset. */
  class Draft {
    constructor(name) {
      this.key = `book-draft ${html.dataset.page} ${name}`;
    }

    /** `{text, book, open}`: `book` is the program that was changed, as it was then. */
    read() {
      try { return JSON.parse(localStorage.getItem(this.key)); } catch { return null; }
    }

    /** Whether it is kept: a browser may refuse, on file:// or by its settings. */
    write(draft) {
      try {
        if (draft) localStorage.setItem(this.key, JSON.stringify(draft));
        else localStorage.removeItem(this.key);
        return true;
      } catch {
        return false;
      }
    }
  }

  /** A program on the page. */
  class Program {
    constructor(figure) {
      this.figure = figure;
      this.listing = figure.querySelector(':scope > .listing');
      this.text = this.listing.textContent;
      this.path = figure.querySelector('.file').textContent;
      this.name = this.path.replace(/^.*\/|\.rs$/g, '');
      this.line = figure.querySelector(':scope > .command');
      this.command = this.line.textContent;
      this.draft = new Draft(this.name);

      this.runButton = book.button('Run', () => this.pressRun(), { class: 'act', 'aria-label': `Run ${this.name}` });
      this.line.append(this.runButton);
      // A part of a program is not enough to be changed.
      if (figure.matches('.part')) return;
      this.editButton = book.button('Edit', () => this.pressEdit(), { class: 'act', 'aria-expanded': false });
      const draft = this.draft.read();
      this.showState(!!draft);
      this.listing.previousElementSibling.append(this.editButton);
      if (draft?.open) this.edit({ resumed: true });
    }

    /** The program as the reader sees it; null if it is the book's. */
    get source() {
      return this.editor?.isOpen && this.editor.text !== this.text ? this.editor.text : null;
    }

    get changed() {
      return this.source !== null;
    }

    pressRun() {
      if (this.runner?.isRunning) this.runner.stop(); else this.run();
    }

    pressEdit() {
      if (this.editor?.isOpen) this.editor.close(); else this.edit();
    }

    async run() {
      if (!await this.has(this.runButton, output, runner)) return;
      this.runner ??= new book.Runner(this);
      this.runner.run();
    }

    /** `resumed`: as the reader left it, when the page is loaded again. */
    async edit({ resumed = false } = {}) {
      if (!await this.has(this.editButton, editor)) return;
      this.editor ??= new book.Editor(this);
      this.editor.open({ resumed });
    }

    /** Loads scripts and the sheet, or says on the button that they did not arrive: its next press tries again. */
    async has(button, ...scripts) {
      try {
        await Promise.all([sheet, ...scripts].map(book.load));
        return true;
      } catch {
        button.textContent = 'Try again';
        return false;
      }
    }

    /** What the buttons say. While the listing is shown, so is that there is another version. */
    showState(isKept) {
      const isOpen = !!this.editor?.isOpen;
      const words = isOpen ? 'Close' : isKept ? 'Changed' : 'Edit';
      const whole = isOpen ? 'Close the editor of' : isKept ? 'Changed: open your version of' : 'Edit';
      this.editButton.textContent = words;
      this.editButton.title = !isOpen && isKept ? 'You have changed this program. Open your version.' : '';
      this.editButton.setAttribute('aria-label', `${whole} ${this.name}`);
      this.editButton.setAttribute('aria-expanded', isOpen);
    }

    showRunning(isRunning) {
      this.runButton.textContent = isRunning ? 'Stop' : 'Run';
      this.runButton.setAttribute('aria-label', `${this.runButton.textContent} ${this.name}`);
    }
  }

  // Paper has no use for buttons.
  if (html.dataset.page !== 'print.md') {
    book.near(document.querySelectorAll('figure.example:has(> .listing)'), (figure) => new Program(figure));
  }
})();
