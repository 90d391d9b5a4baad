// Makes a player of a timeline: it steps through the recorded run, marks in the listing
// where each future stands, and shows the runs that were cancelled elsewhere.
// Loaded by book.js on a page that has one. What it plays stands on the page already, in
// "Step by step, in words" and its data attributes.
(() => {
  'use strict';

  const WORDS = { '-': 'not there yet', n: 'made, not yet polled', r: 'being polled', s: 'suspended', w: 'woken', d: 'done', x: 'dropped', p: 'panicked' };
  const ICONS = {
    'First moment': 'M4 4h3v16H4zM20 4v16L8 12z',
    'Previous moment': 'M17 4v16L6 12z',
    Play: 'M6 3v18l15-9z',
    Pause: 'M5 4h5v16H5zM14 4h5v16h-5z',
    'Next moment': 'M7 4v16l11-8z',
    'Last moment': 'M17 4h3v16h-3zM4 4v16l12-8z',
  };

  function make(name, attributes, ...inside) {
    const element = ['svg', 'path'].includes(name)
      ? document.createElementNS('http://www.w3.org/2000/svg', name)
      : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  }

  function button(attributes, inside, act) {
    const made = make('button', { type: 'button', ...attributes }, inside);
    made.addEventListener('click', act);
    return made;
  }

  const icon = (label) => make('svg', { viewBox: '0 0 24 24', 'aria-hidden': true }, make('path', { d: ICONS[label] }));
  const copies = (element) => [...element.childNodes].map((node) => node.cloneNode(true));
  const topOf = (element) => element.getBoundingClientRect().top;

  /** A recorded run: who takes part, its steps, and what it prints. */
  class Run {
    constructor(block, output, row) {
      this.block = block;
      this.home = block.parentNode;
      this.row = row; // of the table of cancellation points, if it was cut at one
      this.text = output.textContent;
      this.lanes = JSON.parse(block.dataset.lanes);
      this.steps = [...block.querySelectorAll(':scope > .steps li')].map((item) => ({
        item,
        x: Number(item.dataset.x),
        printed: Number(item.dataset.o),
        states: item.dataset.s.split(' ').map((token) => ({ is: token[0], line: Number(token.slice(1)) })),
      }));
      this.last = this.steps.length - 1;
      const cut = this.steps.findIndex(({ states }) => states.some(({ is }) => is === 'x'));
      this.cut = cut < 0 ? this.last : cut;
      // A run that prints nothing says so, or stands beside what a sweep over it printed.
      if (!this.steps[this.last].printed) for (const step of this.steps) step.printed = Infinity;
      this.picture = block.querySelector(':scope > .picture');
      this.svg = this.picture.querySelector('svg');
      this.playhead = make('path', { class: 'playhead', d: `M-5 0H5L0 6V${this.svg.viewBox.baseVal.height}V6z` });
    }

    /** Who stands at which line: suspended there, or in this step resumed or dropped there. */
    stands(at) {
      return this.lanes.flatMap((name, lane) => {
        const now = this.steps[at].states[lane];
        const before = this.steps[at - 1]?.states[lane] ?? now;
        const moved = now.is !== before.is || now.line !== before.line;
        const line = now.line || (moved && 'rx'.includes(now.is) && before.line);
        return line ? [{ name, line, moved, is: now.is }] : [];
      });
    }

    /** Who was dropped, in order. */
    dropped() {
      return this.steps.flatMap(({ states }, at) => this.lanes.filter((_, lane) =>
        states[lane].is === 'x' && this.steps[at - 1]?.states[lane].is !== 'x'));
    }

    /** How large the picture's unit is on the screen. */
    get scale() {
      return this.svg.getBoundingClientRect().width / this.svg.viewBox.baseVal.width;
    }

    nearest(clientX) {
      const x = (clientX - this.svg.getBoundingClientRect().left) / this.scale;
      const far = this.steps.map((step) => Math.abs(step.x - x));
      return far.indexOf(Math.min(...far));
    }
  }

  class Player {
    at = -1; // at rest: the page is as it was
    timer = 0;
    handles = new Map();

    constructor(block) {
      this.block = block;
      this.figure = block.closest('figure');
      this.listing = this.figure.querySelector(':scope > .listing')
        ?? document.querySelector(`#example-${block.dataset.example} > .listing`);
      this.lines = [...this.listing.querySelectorAll('.line')];
      this.output = this.figure.querySelector(':scope > .output > samp');
      this.printed = [...this.output.childNodes];
      this.whole = this.run = new Run(block, this.output);
      this.build();
      for (const row of block.querySelectorAll(':scope > .cuts tr[data-point]')) this.handle(row);
      this.show();
      block.before(this.panel);
    }

    build() {
      const control = (label, act) => button({ 'aria-label': label, title: label }, icon(label), act);
      this.back = [control('First moment', () => this.go(0)), control('Previous moment', () => this.go(Math.max(this.at - 1, 0)))];
      this.on = [control('Next moment', () => this.go(this.at + 1)), control('Last moment', () => this.go(this.run.last))];
      this.toggle = control('Play', () => this.play());
      this.slider = make('input', { type: 'range', min: 1, 'aria-label': 'Moment' });
      this.slider.addEventListener('input', () => this.go(this.slider.value - 1));
      this.count = make('span', { class: 'count' });
      this.link = make('a', { class: 'address', title: 'Puts this moment into the address' }, 'Link to this moment');
      this.link.addEventListener('click', (event) => {
        event.preventDefault();
        history.replaceState(null, '', this.link.href);
      });
      const close = button({ class: 'close' }, 'Close', () => this.rest());
      this.controls = make('div', { class: 'controls' }, ...this.back, this.toggle, ...this.on, this.slider, this.count, this.link, close);
      this.result = make('div', { class: 'result', 'aria-live': 'polite' });
      this.room = make('div', { class: 'room', 'aria-hidden': true });
      this.sentence = make('p', { class: 'sentence' });
      this.states = make('ul', { class: 'states', 'aria-label': 'The futures at this moment' });
      this.panel = make('div', { class: 'player', role: 'group', tabindex: -1, 'aria-label': `Step through ${this.block.dataset.example}` },
        this.result, make('div', { class: 'told' }, this.room, this.sentence), this.states, this.controls);
      for (const part of [this.figure, this.listing]) part.addEventListener('keydown', (event) => this.key(event));
      this.block.addEventListener('click', ({ target, clientX }) => {
        if (this.run.picture.contains(target)) this.go(this.run.nearest(clientX));
      });
    }

    /** The button in the listing that shows the run that was cut at a point. */
    handle(row) {
      const block = document.getElementById(`${this.block.id}!${row.dataset.point}`);
      const run = new Run(block, block.querySelector(':scope > :is(.output, .nothing)'), row);
      const subject = row.closest('.cuts').querySelector('summary code').textContent;
      // Never polled stands where the function begins, completed where it ends.
      const text = this.lines.map((line) => line.textContent);
      const begins = text.findIndex((line) => RegExp(`fn ${subject.split('::').pop()}\\b`).test(line));
      const ends = text.indexOf(`${/^ */.exec(text[begins])}}`, begins);
      const line = Number(row.dataset.line);
      const completes = !line && this.handles.size > 0;
      const where = row.cells[0].textContent + (line ? `, line ${line}` : '');
      run.became = completes ? 'Not cancelled' : `Cancelled: ${where}`;
      const label = completes ? `Let ${subject} complete` : `Cancel ${subject}: ${where}`;
      const handle = button({ class: 'cancel', 'data-point': row.dataset.point, 'data-is': completes ? 'd' : 'x', 'aria-label': label, title: label }, '', () => this.choose(run));
      this.beside(line || 1 + (completes ? ends : begins), handle);
      this.handles.set(run, handle);
    }

    /** Puts something behind a line of the listing, where it takes no room. */
    beside(number, part) {
      const line = this.lines[number - 1];
      if (!line.lastElementChild?.matches('.beside')) line.append(make('span', { class: 'beside' }));
      const place = line.lastElementChild;
      place.append(part);
      place.style.marginInlineEnd = `calc(-1em - ${place.getBoundingClientRect().width}px)`;
    }

    key(event) {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
      const { target, key } = event;
      const mine = target.closest('.player, .picture');
      const to = { ArrowLeft: Math.max(this.at - 1, 0), ArrowRight: this.at + 1, Home: 0, End: this.run.last }[key];
      if (key === 'Escape' && this.at >= 0) {
        if (this.run === this.whole) this.rest(); else this.choose(this.run);
      } else if (mine && to !== undefined && (target !== this.slider || this.at < 0)) {
        this.go(to);
      } else if (mine && key === ' ' && !target.closest('a, button')) {
        this.play();
      } else {
        return;
      }
      event.preventDefault();
    }

    play() {
      if (this.timer) this.go(this.at);
      else this.go(this.at < this.run.last ? this.at + 1 : 0, { playing: true });
    }

    rest() {
      this.go(-1);
      this.toggle.focus({ preventScroll: true });
    }

    /** Shows a run that was cut, from the moment of the cut; or the whole run again. */
    choose(run) {
      const held = this.handles.get(run);
      const [to, at] = run === this.run ? [this.whole, this.whole.last] : [run, run.cut];
      if (this.figure.contains(held)) {
        this.go(at, { run: to, held });
        if (to === this.whole) held.focus({ preventScroll: true });
      } else {
        this.meet(at, to);
      }
    }

    /** Goes to a step, or with -1 to rest. */
    go(at, { run = this.run, held = this.block, playing = false } = {}) {
      const before = topOf(held);
      const changes = at < 0 || this.at < 0 || run !== this.run;
      if (changes && this.at >= 0) this.leave();
      this.run = at < 0 ? this.whole : run;
      this.at = Math.min(at, this.run.last);
      // As long as it takes to read the sentence.
      const pace = () => 600 + 35 * this.run.steps[this.at].item.textContent.length;
      clearTimeout(this.timer);
      this.timer = playing && this.at < this.run.last ? setTimeout(() => this.go(this.at + 1, { playing }), pace()) : 0;
      if (changes && at >= 0) this.enter();
      this.show();
      // What the reader pressed stays where it is on the screen: the handle, unless the panel would
      // cover it, or the controls, right above the block.
      const covered = held === this.block ? 0 : Math.max(0, before + 2 * held.offsetHeight - topOf(this.panel));
      scrollBy({ top: topOf(held) - before + covered, behavior: 'instant' });
    }

    /** Goes to a step, for a reader who is somewhere else. */
    meet(at, run) {
      for (let box = this.figure; (box = box.parentElement.closest('details'));) box.open = true;
      this.go(at, { run });
      const far = this.run.picture.getBoundingClientRect().bottom - innerHeight;
      const top = this.figure.contains(this.listing) ? Math.min(far, topOf(this.listing)) : far;
      scrollBy({ top, behavior: 'instant' });
      this.slider.focus({ preventScroll: true });
    }

    /** Puts the present run on the page. */
    enter() {
      const { run, block, figure, listing } = this;
      for (const part of [figure, listing]) part.classList.add('stepping');
      if (run.row) {
        block.classList.add('cut-short');
        block.prepend(run.block);
        this.result.replaceChildren(...this.outcome());
      }
      run.svg.append(run.playhead);
      this.room.replaceChildren(...run.steps.map(({ item }) => make('p', {}, ...copies(item))));
      this.states.replaceChildren(...run.lanes.map((name) => make('li', {}, make('code', {}, name), ' ', make('span', {}))));
      // The listing gives way until it, the sentence and the picture fit the window together.
      const rest = run.picture.getBoundingClientRect().bottom - topOf(listing.parentNode) - listing.offsetHeight;
      listing.style.setProperty('--rest', `${Math.ceil(rest)}px`);
      const first = run.steps.flatMap(({ states }) => states).find(({ line }) => line)?.line;
      this.reveal(this.handles.get(run) ?? this.lines[first - 1]);
    }

    /** Takes the present run from the page. */
    leave() {
      const { run, block, figure, listing } = this;
      for (const part of [figure, listing]) part.classList.remove('stepping');
      block.classList.remove('cut-short');
      if (run.row) run.home.append(run.block);
      this.result.replaceChildren();
      run.playhead.remove();
      for (const { item } of run.steps) item.removeAttribute('aria-current');
      this.output.replaceChildren(...this.printed);
    }

    /** What a cut left behind. */
    outcome() {
      const { run, block } = this;
      const [left, holds] = [...run.row.cells].slice(-2).map(copies);
      const lost = run.dropped().join(', then ');
      const world = block.querySelector(':scope > .cuts > p');
      const invariant = copies(world).slice([...world.childNodes].indexOf(world.querySelector('strong')) + 1);
      return [
        make('p', {}, make('strong', {}, run.became), '. Left: ', ...left, '.'),
        make('p', {}, ...invariant, ' ', make('strong', { class: run.row.className }, ...holds)),
        make('p', {}, lost ? `Dropped: ${lost}. ` : 'Nothing was dropped. ', button({}, 'Back to the whole run', () => this.choose(run))),
      ];
    }

    /** Shows the present step everywhere. */
    show() {
      const { run, at, slider, toggle } = this;
      const step = run.steps[at];
      const [number, all] = [at + 1, run.steps.length];
      const label = this.timer ? 'Pause' : 'Play';
      toggle.title = label;
      toggle.ariaLabel = label;
      toggle.replaceChildren(icon(label));
      // They keep the focus, so they are not disabled.
      for (const control of this.back) control.ariaDisabled = at <= 0;
      for (const control of this.on) control.ariaDisabled = at === run.last;
      for (const [other, handle] of this.handles) handle.ariaPressed = other === run;
      slider.max = all;
      slider.value = number;
      slider.setAttribute('aria-valuetext', step ? `${number} of ${all}` : `${all} moments`);
      this.count.textContent = step ? `${number} / ${all}` : `${all} moments`;
      // Heard when the reader steps or pauses, not while sentences pass by.
      this.sentence.ariaLive = this.timer ? 'off' : 'polite';
      this.sentence.replaceChildren(...(step ? copies(step.item) : []));
      this.mark();
      if (!step) return;
      this.link.href = `#${step.item.id}`;
      for (const { item } of run.steps) item.ariaCurrent = item === step.item ? 'step' : null;
      [...this.states.children].forEach((item, lane) => {
        const { is, line } = step.states[lane];
        item.dataset.is = is;
        item.lastElementChild.textContent = WORDS[is] + (line ? `, line ${line}` : '');
      });
      this.print(step.printed);
      run.playhead.style.transform = `translateX(${step.x}px)`;
      run.picture.scrollLeft = step.x * run.scale - run.picture.clientWidth / 2;
    }

    /** The output so far. Of what is still to come, the place is seen. */
    print(length) {
      this.output.replaceChildren(...this.run.text.split(/(?<=\n)/).map((line) => {
        const [past, future] = [line.slice(0, length), line.slice(length)];
        length = Math.max(0, length - line.length);
        return make('span', { class: 'line' }, past, ...(future ? [make('span', { class: 'to-come', 'aria-hidden': true }, make('span', {}, future))] : []));
      }));
    }

    /** Marks in the listing where the futures stand. */
    mark() {
      const { listing, lines, at } = this;
      for (const tag of listing.querySelectorAll('.stands')) tag.remove();
      const stands = at < 0 ? [] : this.run.stands(at);
      for (const { name, line, is } of stands) this.beside(line, make('span', { class: 'stands', 'data-is': is, 'data-name': name, 'aria-hidden': true }));
      lines.forEach((line, index) => line.classList.toggle('live', stands.some((one) => one.line === index + 1)));
      this.reveal(lines[stands.findLast(({ moved }) => moved)?.line - 1]);
    }

    /** Scrolls the listing, and nothing else, to something in it. */
    reveal(part) {
      if (!part) return;
      const { clientHeight } = this.listing;
      const top = topOf(part) - topOf(this.listing);
      if (top < 0 || top > clientHeight - 2 * part.offsetHeight) this.listing.scrollTop += top - clientHeight / 2;
    }
  }

  const players = new Map();
  function playerOf(block) {
    if (!players.has(block)) players.set(block, new Player(block));
    return players.get(block);
  }

  // The listing of an answer stands before it, and has the handles.
  const figures = new Map();
  for (const block of document.querySelectorAll('.timeline:not(.cut)')) {
    for (const figure of [block.closest('figure'), document.getElementById(`example-${block.dataset.example}`)]) {
      figures.set(figure, block);
    }
  }
  book.near(figures.keys(), (figure) => playerOf(figures.get(figure)));
  addEventListener('beforeprint', () => players.forEach((player) => { if (player.at >= 0) player.go(-1); }));

  // A link to a moment. The browser has opened the list of steps for it; the player is the better place.
  function follow() {
    const item = document.querySelector('.steps li:target');
    const block = item?.closest('.timeline:not(.cut)');
    if (!block) return;
    const player = playerOf(block);
    const run = [player.whole, ...player.handles.keys()].find(({ steps }) => steps.some((step) => step.item === item));
    for (const list of player.block.querySelectorAll('details')) list.open = false;
    player.meet(run.steps.findIndex((step) => step.item === item), run);
  }
  addEventListener('hashchange', follow);
  if (document.readyState === 'complete') follow(); else addEventListener('load', follow);
})();
