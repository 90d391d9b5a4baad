// Runs a program on the server that serves the page, and shows what comes back while it
// comes. Where there is no such server, says what else there is.
// Loaded by run.js when Run is first pressed. crates/book/src/run/mod.rs has the protocol.
(() => {
  'use strict';

  const { make, button } = book;
  const page = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

  // What the book's programs use and the Rust Playground does not have.
  const NOT_IN_THE_PLAYGROUND = ['async-executor', 'cancel-sweep'];

  const seconds = (ms) => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;

  /** The events of a response, one a line. */
  async function* events(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split('\n');
      rest = lines.pop();
      yield* lines.map((line) => JSON.parse(line));
    }
  }

  book.Runner = class {
    isRunning = false;

    constructor(program) {
      this.program = program;
      this.status = make('p', { class: 'status', role: 'status' });
      this.clock = make('span', { class: 'clock', 'aria-hidden': true });
      this.parts = make('div', { class: 'parts' });
      this.box = make('div', { class: 'run', role: 'group', 'aria-label': `Run of ${program.name}` },
        make('div', { class: 'told' }, this.status, this.clock, button('Close', () => this.close(), { class: 'act', 'aria-label': `Close the run of ${program.name}` })),
        this.parts);
      program.line.after(this.box);
      addEventListener('pagehide', () => this.stop());
    }

    close() {
      this.stop();
      this.box.hidden = true;
      this.program.runButton.focus();
    }

    stop() {
      this.aborter?.abort();
    }

    /** Runs the program as it is now. */
    async run() {
      this.stop();
      const aborter = this.aborter = new AbortController();
      this.begin();
      try {
        if ('served' in document.documentElement.dataset) await this.ask(aborter.signal);
        else this.offer();
      } catch {
        // This run may have been stopped by the next, which has the box now.
        if (aborter === this.aborter) {
          this.end(...aborter.signal.aborted
            ? [`Stopped${this.started ? ` after ${seconds(performance.now() - this.started)}` : ''}.`, 'stopped']
            : ['The server does not answer. Is `cargo run` still running in its terminal?', 'bad']);
        }
      }
    }

    begin() {
      this.isRunning = true;
      this.started = null;
      this.source = this.program.source;
      this.box.hidden = false;
      this.box.dataset.end = '';
      this.printed = null;
      this.said = null;
      this.isOffering = false;
      this.wrong = [];
      this.parts.replaceChildren();
      this.program.editor?.mark([]);
      this.program.showRunning(true);
      this.say('Asking the server…');
      clearInterval(this.ticking);
      this.ticking = setInterval(() => this.tick(), 1000);
      this.clock.textContent = '';
    }

    say(words) {
      if (this.status.textContent !== words) this.status.textContent = words;
    }

    tick() {
      this.clock.textContent = this.started ? `${Math.round((performance.now() - this.started) / 1000)} s` : '';
    }

    end(words, kind) {
      this.isRunning = false;
      clearInterval(this.ticking);
      this.clock.textContent = '';
      this.program.showRunning(false);
      this.printed?.announcer.flush();
      this.box.dataset.end = kind;
      this.say(words);
    }

    async ask(signal) {
      const { state, token } = await (await fetch('/run/status', { signal })).json();
      if (state === 'off') {
        this.offer();
        return;
      }
      const response = await fetch(`/run/${this.program.name}`, {
        method: 'POST',
        signal,
        headers: { 'Content-Type': 'application/json', 'Run-Token': token },
        body: JSON.stringify({ page, source: this.source }),
      });
      if (!response.ok) {
        this.end(`The server refuses: ${await response.text()}`, 'bad');
        return;
      }
      for await (const event of events(response.body)) this.hear(event);
      if (this.isRunning) this.end('Cut off: the server has ended. Start `cargo run` again.', 'bad');
    }

    hear(event) {
      const { event: kind, message, ms } = event;
      const after = Number.isFinite(ms) && event.limit !== 'time' ? ` (after ${seconds(ms)})` : '';
      switch (kind) {
        case 'preparing': return this.say(`The crates are being compiled, which is done once: ${event.compiled} so far.`);
        case 'queued': return this.say(`Waiting: ${book.count(event.ahead, 'run has', 'runs have')} to end first.`);
        case 'compiling': return this.say('Compiling…');
        case 'diagnostic': return this.diagnose(event);
        case 'started':
          this.started = performance.now();
          return this.say('Running…');
        case 'stdout': case 'stderr': return this.print(kind, event.text, ms);
        case 'exited': return this.end(...this.exited(event));
        case 'rejected': return this.end(...this.rejected(message));
        default: return this.end(message + after, ['replaced', 'stopped'].includes(kind) ? 'stopped' : 'bad');
      }
    }

    exited({ code, ms, as_recorded }) {
      const words = `Exit status ${code} after ${seconds(ms)}.`;
      if (as_recorded) return [`${words} It printed what the book’s test asserts.`, 'good'];
      if (this.source === null) return [`${words} It did not print what the book’s test asserts.`, 'bad'];
      return [words, code ? 'bad' : 'done'];
    }

    rejected(message) {
      const isMeantTo = this.source === null && this.program.figure.matches('.compile-fail');
      return isMeantTo ? ['It does not compile, as the book’s test asserts.', 'good'] : [message, 'bad'];
    }

    print(stream, text, ms) {
      if (!this.printed) {
        this.printed = new book.Printed(this.program.name);
        this.parts.append(this.printed.box, this.printed.note, this.printed.announcer.element);
      }
      this.printed.add(stream, text, ms);
    }

    /** A message of the compiler: as it gives it, with a way to each line of the program. */
    diagnose({ level, rendered, spans }) {
      const pieces = book.terminal(rendered.trimEnd()).map(({ piece, classes }) => {
        const [, before, place, line, column] = /^(\s*)(\S+:(\d+):(\d+))\s*$/.exec(piece) ?? [];
        const isOurs = spans.some((span) => span.line === Number(line) && span.column === Number(column));
        if (isOurs) return make('span', {}, before, button(place, () => this.goTo(Number(line), Number(column)), { class: 'place', 'aria-label': `${place}: go to this line` }), piece.slice(before.length + place.length));
        return classes ? make('span', { class: classes }, piece) : piece;
      });
      if (!this.said) {
        this.said = make('pre', { class: 'said', tabindex: 0, role: 'group', 'aria-label': `What the compiler says to ${this.program.name}` });
        this.parts.append(this.said);
      }
      this.said.append(make('span', { class: 'message' }, ...pieces));
      if (level === 'error') this.wrong.push(...spans.filter((span) => span.primary).map((span) => span.line));
      this.program.editor?.mark(this.wrong);
    }

    goTo(line, column) {
      const { editor, listing } = this.program;
      if (editor?.isOpen) editor.goTo(line, column);
      else listing.querySelectorAll('.line')[line - 1]?.scrollIntoView({ block: 'center' });
    }

    /** Where no server runs programs: what there is instead. */
    offer() {
      const { command, path, figure, source } = this.program;
      const code = make('code', {}, command);
      const offers = [make('li', {}, 'In the book’s repository, on your machine: ', code, ' ', this.copier(code, command))];
      if (source !== null) offers.push(make('li', {}, `That runs the book’s program. For yours, put it into ${path} first. `, this.copier(code, source)));
      else if (figure.querySelector(':scope > .output')) offers.push(make('li', {}, `What ${figure.matches('.compile-fail') ? 'the compiler says' : 'it prints'} there stands below: its test asserts it.`));
      offers.push(make('li', {}, ...this.playground()));
      this.parts.replaceChildren(make('ul', { class: 'offers' }, ...offers));
      this.isOffering = true;
      this.end('This page is served without a server that runs programs.', 'stopped');
    }

    /** A button that copies `text`, or selects `code` where the browser forbids it. */
    copier(code, text) {
      const copy = button('Copy', async () => {
        try {
          await navigator.clipboard.writeText(text);
          copy.textContent = 'Copied';
        } catch {
          getSelection().selectAllChildren(code);
          copy.textContent = 'Selected';
        }
      }, { class: 'act' });
      return copy;
    }

    /** A link that sends the program away, when it is followed and not before. */
    playground() {
      const { source, text, figure } = this.program;
      if (figure.matches('.part')) return ['The Rust Playground needs the whole program, and this is a part of one.'];
      const program = source ?? text;
      const missing = NOT_IN_THE_PLAYGROUND.find((name) => program.includes(name.replace('-', '_')));
      if (missing) return [`The Rust Playground cannot run it: it does not have ${missing}.`];
      const href = `https://play.rust-lang.org/?version=stable&mode=debug&edition=2024&code=${encodeURIComponent(program)}`;
      return [make('a', { href, rel: 'noreferrer noopener', target: '_blank' }, 'Open it in the Rust Playground'),
        ': sends the program to play.rust-lang.org, which has its own versions of the crates.'];
    }

    /** The reader has changed the program after this run. */
    edited() {
      if (this.isOffering) this.offer();
    }
  };
})();
