// Makes a player of a timeline: it steps through the recorded run, marks in the listing
// where each future stands, and shows the runs that were cancelled elsewhere.
// Loaded by book.js on a page that has one. What it plays stands on the page already: the
// sentences of "Step by step", and what happened to each future in their data attributes.
(() => {
  'use strict';

  const WORDS = { n: 'made, not yet polled', r: 'being polled', s: 'suspended', w: 'woken', d: 'done', x: 'dropped', p: 'panicked' };
  const ICONS = {
    'First moment': 'M4 4h3v16H4zM20 4v16L8 12z',
    'Previous moment': 'M17 4v16L6 12z',
    Play: 'M6 3v18l15-9z',
    Pause: 'M5 4h5v16H5zM14 4h5v16h-5z',
    'Next moment': 'M7 4v16l11-8z',
    'Last moment': 'M17 4h3v16h-3zM4 4v16l12-8z',
  };

  function make(name, attributes = {}, ...inside) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  }

  function draw(name, attributes, ...inside) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  }

  const icon = (label) => draw('svg', { viewBox: '0 0 24 24', 'aria-hidden': true }, draw('path', { d: ICONS[label] }));
  const copies = (element) => [...element.childNodes].map((node) => node.cloneNode(true));

  /** A recorded run: its block on the page, who takes part, and its steps. */
  class Run {
    constructor(block, row) {
      this.block = block;
      this.row = row; // of the table of cancellation points, if the run was cut at one
      this.home = block.parentNode;
      this.lanes = JSON.parse(block.dataset.lanes);
      this.steps = [...block.querySelectorAll(':scope > .steps > ol > li')].map((item) => ({
        item,
        x: Number(item.dataset.x),
        states: item.dataset.s.split(' '),
        printed: Number(item.dataset.o),
      }));
      this.picture = block.querySelector(':scope > .picture');
      this.svg = this.picture.querySelector('svg');
      this.playhead = draw('path', { class: 'playhead', d: `M-5 0H5L0 6V${this.svg.viewBox.baseVal.height}V6z` });
    }

    /** A future's state: its letter, the line where it stands, and both in words. */
    state(at, lane) {
      const token = this.steps[at].states[lane];
      const [letter, line] = [token[0], Number(token.slice(1))];
      if (letter !== '-') return { letter, line, words: line ? `${WORDS[letter]}, line ${line}` : WORDS[letter] };
      const been = this.steps.slice(0, at).some((step) => step.states[lane] !== '-');
      return { letter, line, words: been ? 'gone' : 'not there yet' };
    }

    /** What stands where in the listing: suspended there, or just resumed or dropped there. */
    stands(at) {
      return this.lanes.flatMap((name, lane) => {
        const now = this.state(at, lane);
        const before = at > 0 ? this.state(at - 1, lane) : now;
        const moved = now.letter !== before.letter || now.line !== before.line;
        const line = now.line || (moved && 'rx'.includes(now.letter) && before.line);
        return line ? [{ name, line, moved, letter: now.letter }] : [];
      });
    }

    /** Who was dropped, in order. */
    dropped() {
      return this.steps.flatMap(({ states }, at) => this.lanes.filter((_, lane) =>
        states[lane] === 'x' && this.steps[at - 1]?.states[lane] !== 'x'));
    }

    /** The step nearest to a place in the picture. */
    nearest(clientX) {
      const box = this.svg.getBoundingClientRect();
      const x = (clientX - box.left) * this.svg.viewBox.baseVal.width / box.width;
      const far = this.steps.map((step) => Math.abs(step.x - x));
      return far.indexOf(Math.min(...far));
    }
  }

  class Player {
    at = -1; // at rest: the page is as it was
    timer = null;
    handles = [];

    constructor(block) {
      this.block = block;
      this.figure = block.closest('figure');
      this.listing = this.figure.querySelector(':scope > .listing')
        ?? document.querySelector(`#example-${block.dataset.example} > .listing`);
      this.output = this.figure.querySelector(':scope > .output > samp');
      this.whole = this.run = new Run(block);
      this.runs = [this.whole];
      this.build();
      for (const row of block.querySelectorAll(':scope > .cuts tr[data-point]')) this.handle(row);
      block.before(this.panel);
    }

    build() {
      const button = (label, act) => {
        const made = make('button', { type: 'button', 'aria-label': label, title: label }, icon(label));
        made.addEventListener('click', act);
        return made;
      };
      const last = () => this.run.steps.length - 1;
      this.back = [button('First moment', () => this.go(0)), button('Previous moment', () => this.go(this.at - 1))];
      this.toggle = button('Play', () => (this.timer ? this.pause() : this.play()));
      this.on = [button('Next moment', () => this.go(this.at + 1)), button('Last moment', () => this.go(last()))];
      this.slider = make('input', { type: 'range', min: 1, value: 1, 'aria-label': 'Moment' });
      this.slider.addEventListener('input', () => this.go(this.slider.value - 1));
      this.count = make('span', { class: 'count' });
      this.link = make('a', { class: 'moment', title: 'The address of this page at this moment' }, 'Link to this moment');
      // The address changes and the page stays where it is.
      this.link.addEventListener('click', (event) => {
        event.preventDefault();
        history.replaceState(null, '', this.link.href);
      });
      this.close = make('button', { type: 'button', class: 'close' }, 'Close');
      this.close.addEventListener('click', () => this.rest());
      this.bar = make('div', { class: 'controls' }, ...this.back, this.toggle, ...this.on, this.slider, this.count, this.link, this.close);

      this.result = make('div', { class: 'result', 'aria-live': 'polite' });
      this.sentence = make('p', { class: 'sentence', 'aria-live': 'polite' });
      this.room = make('div', { class: 'room', 'aria-hidden': true });
      this.states = make('ul', { class: 'states', 'aria-label': 'The futures at this moment' });
      const told = make('div', { class: 'told' }, this.room, this.sentence);
      this.panel = make('div', { class: 'player', role: 'group', tabindex: -1, 'aria-label': `Step through ${this.block.dataset.example}` }, this.result, told, this.states, this.bar);
      this.figure.addEventListener('keydown', (event) => this.key(event));
      this.show();
    }

    /** The button in the listing that shows the run cancelled there. */
    handle(row) {
      const { line, point } = row.dataset;
      const run = new Run(document.getElementById(`${this.block.id}!${point}`), row);
      const where = row.cells[0].textContent;
      const label = `Cancel ${row.closest('.cuts').dataset.subject} here, at line ${line}: ${where}`;
      const button = make('button', { type: 'button', class: 'cancel', 'aria-pressed': false, 'aria-label': label, title: label });
      button.addEventListener('click', () => this.choose(this.run === run ? this.whole : run));
      button.addEventListener('keydown', (event) => this.key(event));
      this.beside(Number(line)).append(button);
      this.handles.push({ run, button });
      this.runs.push(run);
    }

    /** The place behind a line of the listing. */
    beside(number) {
      const line = this.listing.querySelectorAll('.line')[number - 1];
      let place = line.querySelector('.beside');
      if (!place) line.append(place = make('span', { class: 'beside' }));
      return place;
    }

    key(event) {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
      const { target, key } = event;
      const last = this.run.steps.length - 1;
      const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: last }[key];
      const mine = target.closest('.player, .picture');
      if (key === 'Escape' && this.at >= 0) {
        if (this.run === this.whole) this.rest(); else this.choose(this.whole);
      } else if (to !== undefined && mine && (target !== this.slider || this.at < 0)) {
        this.go(to);
      } else if (key === ' ' && mine && !target.closest('a, button')) {
        this.toggle.click();
      } else {
        return;
      }
      event.preventDefault();
    }

    play() {
      if (this.at === this.run.steps.length - 1) this.at = -1;
      const tick = () => {
        const end = this.at + 1 === this.run.steps.length - 1;
        // As long as it takes to read the sentence.
        const pace = 600 + 35 * this.run.steps[this.at + 1].item.textContent.length;
        this.timer = end ? null : setTimeout(tick, pace);
        this.to(this.at + 1);
      };
      tick();
    }

    pause() {
      clearTimeout(this.timer);
      this.timer = null;
      this.show();
    }

    /** The reader goes to a step. */
    go(at) {
      clearTimeout(this.timer);
      this.timer = null;
      this.to(at);
    }

    to(at) {
      const begins = this.at < 0;
      this.at = Math.max(0, Math.min(at, this.run.steps.length - 1));
      if (begins) this.hold(() => this.open()); else this.show();
    }

    /** Plays another run, from the moment at which it is cancelled. */
    choose(run) {
      const cancelled = run.steps.findIndex(({ states }) => states.includes('x'));
      this.hold(() => {
        this.clear();
        this.run = run;
        this.at = run === this.whole || cancelled < 0 ? run.steps.length - 1 : cancelled;
        this.open();
      });
    }

    rest() {
      this.hold(() => {
        clearTimeout(this.timer);
        this.timer = null;
        this.clear();
        this.run = this.whole;
        this.at = -1;
        this.output?.replaceChildren(...this.printed);
        this.result.replaceChildren();
        this.show();
        for (const part of [this.figure, this.listing]) part.classList.remove('stepping');
      });
    }

    /** Changes the page around the bar, which stays where the reader has it. */
    hold(change) {
      const before = this.bar.getBoundingClientRect().top;
      change();
      scrollBy({ top: this.bar.getBoundingClientRect().top - before, behavior: 'instant' });
    }

    /** Takes the present run from the page. */
    clear() {
      const { run, block } = this;
      run.playhead.remove();
      for (const { item } of run.steps) item.removeAttribute('aria-current');
      if (run !== this.whole) run.home.append(run.block);
      block.classList.remove('cut-short');
    }

    /** Puts the present run on the page. */
    open() {
      const { run, block, figure, listing, output } = this;
      for (const part of [figure, listing]) part.classList.add('stepping');
      run.svg.append(run.playhead);
      run.picture.onclick = (event) => this.go(run.nearest(event.clientX));
      const cut = run !== this.whole;
      block.classList.toggle('cut-short', cut);
      if (cut) block.prepend(run.block);
      this.printed ??= output && [...output.childNodes];
      this.text = (cut ? run.block.querySelector(':scope > .output') : make('p', {}, ...(this.printed ?? []).map((node) => node.cloneNode(true))))?.textContent ?? '';
      this.room.replaceChildren(...run.steps.map(({ item }) => make('p', {}, ...copies(item))));
      this.result.replaceChildren(...(cut ? this.outcome(run) : []));
      for (const { run: other, button } of this.handles) button.setAttribute('aria-pressed', other === run);
      this.show();
      // The listing gives way until it, the sentence and the picture fit the window together.
      const top = (element) => element.getBoundingClientRect().top;
      const rest = run.picture.getBoundingClientRect().bottom - top(listing.closest('figure')) - listing.offsetHeight;
      listing.style.setProperty('--rest', `${Math.round(rest)}px`);
    }

    /** What became of the world in a run that was cut. */
    outcome(run) {
      const [point, line, left, holds] = [...run.row.cells].map(copies);
      const back = make('button', { type: 'button' }, 'Back to the whole run');
      back.addEventListener('click', () => { this.choose(this.whole); this.toggle.focus(); });
      const dropped = run.dropped();
      return [
        make('p', {}, make('strong', {}, 'Cancelled: ', ...point, ', ', ...line), '. Left: ', ...left, '. ', make('strong', { class: run.row.className }, ...holds), '.'),
        make('p', {}, dropped.length ? `Dropped: ${dropped.join(', then ')}.` : 'Nothing was dropped.', ' ', back),
      ];
    }

    /** Shows the present step everywhere. */
    show() {
      const { run, at, slider, sentence } = this;
      const last = run.steps.length - 1;
      const playing = this.timer !== null;
      const label = playing ? 'Pause' : 'Play';
      for (const name of ['aria-label', 'title']) this.toggle.setAttribute(name, label);
      this.toggle.replaceChildren(icon(label));
      for (const button of this.back) button.setAttribute('aria-disabled', at <= 0);
      for (const button of this.on) button.setAttribute('aria-disabled', at === last);
      slider.max = last + 1;
      slider.value = at + 1;
      slider.setAttribute('aria-valuetext', at < 0 ? `${last + 1} moments` : `${at + 1} of ${last + 1}`);
      this.count.textContent = at < 0 ? `${last + 1} moments` : `${at + 1} / ${last + 1}`;
      // Announced when the reader steps or pauses, not while sentences pass by.
      sentence.setAttribute('aria-live', playing ? 'off' : 'polite');
      sentence.replaceChildren(...(at < 0 ? [] : copies(run.steps[at].item)));
      this.mark();
      if (at < 0) return;
      const step = run.steps[at];
      this.link.href = `#${step.item.id}`;
      for (const { item } of run.steps) item.toggleAttribute('aria-current', false);
      step.item.setAttribute('aria-current', 'step');
      this.states.replaceChildren(...run.lanes.map((name, lane) => {
        const { letter, words } = run.state(at, lane);
        return make('li', { 'data-is': letter }, make('code', {}, name), ' ', make('span', {}, words));
      }));
      if (this.output) this.print(step.printed);
      run.playhead.style.transform = `translateX(${step.x}px)`;
      const scale = run.svg.getBoundingClientRect().width / run.svg.viewBox.baseVal.width;
      run.picture.scrollLeft = step.x * scale - run.picture.clientWidth / 2;
    }

    /** The output so far; what is still to come is only there to be seen. */
    print(length) {
      let done = 0;
      this.output.replaceChildren(...this.text.split(/(?<=\n)/).map((text) => {
        const so = Math.max(0, length - done);
        done += text.length;
        const rest = text.slice(so);
        return make('span', { class: 'line' }, text.slice(0, so), ...(rest ? [make('span', { class: 'to-come', 'aria-hidden': true }, rest)] : []));
      }));
    }

    /** Marks in the listing where the futures stand. */
    mark() {
      const { listing } = this;
      for (const tag of listing.querySelectorAll('.stands')) tag.remove();
      for (const line of listing.querySelectorAll('.line.live')) line.classList.remove('live');
      if (this.at < 0) return;
      const stands = this.run.stands(this.at);
      for (const { name, line, letter } of stands) {
        const place = this.beside(line);
        place.parentNode.classList.add('live');
        place.append(make('span', { class: 'stands', 'data-is': letter, 'data-name': name, 'aria-hidden': true }));
      }
      const line = stands.findLast(({ moved }) => moved)?.line;
      if (!line) return;
      const place = this.beside(line).parentNode.getBoundingClientRect().top - listing.getBoundingClientRect().top;
      listing.scrollTop += place - listing.clientHeight / 2;
    }
  }

  const players = [...document.querySelectorAll('.timeline:not(.cut)')].map((block) => new Player(block));
  addEventListener('beforeprint', () => { for (const player of players) player.rest(); });

  // A link to a moment. The browser has opened the list of steps for it; the player is the better place.
  function follow() {
    const item = document.querySelector('li:target');
    for (const player of players) {
      const run = player.runs.find(({ steps }) => steps.some((step) => step.item === item));
      if (!run) continue;
      for (let inner = item; (inner = inner.parentElement.closest('details')) && player.block.contains(inner);) inner.open = false;
      if (run !== player.run) player.choose(run);
      player.go(run.steps.findIndex((step) => step.item === item));
      run.picture.scrollIntoView({ block: 'end' });
      player.slider.focus({ preventScroll: true });
    }
  }
  addEventListener('hashchange', follow);
  if (document.readyState === 'complete') follow(); else addEventListener('load', follow);
})();
