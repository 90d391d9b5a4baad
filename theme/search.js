// The search: looks through every section of the book for what is typed. A name with `::`
// or a line of an error message is looked for as it stands, then by its ends (of
// `mpsc::Sender::send` also `Sender::send` and a call `.send(`), then word by word.
//
// Loaded by book.js, which opens and closes the panel, when the search is first opened, or
// when one of its results has led to the page. The sections come from searchindex.js.
(() => {
  'use strict';

  const SHOWN = 30;
  const { root } = document.documentElement.dataset;
  const field = document.getElementById('search-field');
  const said = document.getElementById('search-said');
  const list = document.getElementById('search-results');
  let sections = null;
  window.search = {}; // filled by searchindex.js

  // What is looked for

  const plain = (text) => text.toLowerCase().replace(/\s+/g, ' ').trim();
  const isWord = (char) => char !== undefined && /[\p{L}\p{N}_]/u.test(char);

  // The phrases of what is typed, each with its weight, and its words: `read_exact` is one.
  function understood(typed) {
    const whole = plain(typed);
    const words = [...new Set(whole.match(/[\p{L}\p{N}_]+/gu) ?? [])];
    const phrases = [{ part: whole, weight: 20 }];
    const names = whole.replace(/[!(].*$/, '').split('::');
    for (let from = 1; from < names.length - 1; from += 1) {
      phrases.push({ part: names.slice(from).join('::'), weight: 20 * (1 - from / names.length) });
    }
    if (names.length > 1 && names.at(-1)) phrases.push({ part: `.${names.at(-1)}(`, weight: 4 });
    return { words, phrases: phrases.filter(({ part }) => !words.includes(part)) };
  }

  // "cancelled" finds "cancelling", for less.
  const stem = (word) => (word.length < 6 ? word : word.replace(/(?:ing|ed|es|s)$/, '').replace(/(.)\1$/, '$1'));

  // What it is worth that `part` stands in `text`: most as a word of its own, and often.
  function worth(text, part) {
    let [whole, start, inside] = [0, 0, 0];
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) {
      if (isWord(part[0]) && isWord(text[at - 1])) inside += 1;
      else if (isWord(part.at(-1)) && isWord(text[at + part.length])) start += 1;
      else whole += 1;
    }
    if (whole) return 3 + Math.min(whole, 5);
    if (start) return 2;
    return inside && part.length > 3 ? 1 : 0;
  }

  function judged(section, { words, phrases }) {
    const of = (part) => 8 * worth(section.name, part) + 2 * worth(section.trail, part) + worth(section.text, part);
    let sum = 0;
    let missing = 0;
    for (const { part, weight } of phrases) sum += weight * of(part);
    for (const word of words) {
      const found = Math.max(of(word), of(stem(word)) / 2);
      sum += found;
      missing += found ? 0 : 1;
    }
    return { section, sum, missing };
  }

  // The sections that have every word; where none has, those that have the most of them.
  function find(query) {
    const found = sections.map((section) => judged(section, query)).filter(({ sum }) => sum > 0);
    const missing = Math.min(...found.map((one) => one.missing));
    const best = found.filter((one) => one.missing === missing).sort((a, b) => b.sum - a.sum);
    return { missing, best: best.map(({ section }) => section) };
  }

  // What is shown

  // A pattern of what to mark in `text`: its phrases, or else the words.
  function pattern({ words, phrases }, text) {
    const parts = phrases.map(({ part }) => part).filter((part) => text.includes(part));
    const all = parts.length ? parts : words.filter((word) => word.length > 2).map(stem);
    const escaped = all.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return escaped.length ? new RegExp(escaped.join('|'), 'gi') : null;
  }

  // Some words around the first place that is found, with what is found in bold.
  function teaser(section, query) {
    const hits = pattern(query, section.text);
    const at = Math.max(hits ? section.body.search(hits) : 0, 0);
    const from = at < 60 ? 0 : section.body.indexOf(' ', at - 60) + 1;
    const shown = section.body.slice(from, from + 200).replace(/\s\S*$/, '');
    const line = document.createElement('span');
    line.className = 'teaser';
    line.append(from ? '… ' : '');
    let done = 0;
    for (const hit of hits ? shown.matchAll(hits) : []) {
      const strong = document.createElement('em');
      strong.append(hit[0]);
      line.append(shown.slice(done, hit.index), strong);
      done = hit.index + hit[0].length;
    }
    line.append(`${shown.slice(done)} …`);
    return line;
  }

  function result(section, query, typed) {
    const [page, place] = section.url.split('#');
    const link = document.createElement('a');
    link.href = `${root}${page}?highlight=${encodeURIComponent(typed)}${place ? `#${place}` : ''}`;
    link.append(section.breadcrumbs);
    const item = document.createElement('li');
    item.append(link, teaser(section, query));
    return item;
  }

  function show() {
    const typed = field.value.trim();
    const url = new URL(location.href);
    if (typed) url.searchParams.set('search', typed); else url.searchParams.delete('search');
    history.replaceState(history.state, '', url);
    if (!typed || !sections) {
      list.replaceChildren();
      said.textContent = '';
      return;
    }
    const query = understood(typed);
    const { missing, best } = find(query);
    list.replaceChildren(...best.slice(0, SHOWN).map((section) => result(section, query, typed)));
    const number = best.length > SHOWN ? `The best ${SHOWN} of ${best.length} results` : best.length === 1 ? '1 result' : `${best.length} results`;
    said.textContent = !best.length ? `Nothing in the book has “${typed}”.`
      : missing ? `No section has all of “${typed}”. These come nearest:` : `${number} for “${typed}”:`;
  }

  field.addEventListener('input', show);
  document.getElementById('search-panel').addEventListener('keydown', (event) => {
    const stops = [field, ...list.querySelectorAll('a')];
    const at = stops.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && at >= 0) stops[Math.min(Math.max(at + step, 0), stops.length - 1)].focus();
    else if (event.key === 'Enter' && at === 0) stops[1]?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // On the page that a result has led to, what was searched is marked until Esc, and the
  // first of it in its section is brought into view.
  const searched = new URLSearchParams(location.search).get('highlight');
  if (searched && window.Highlight) mark(understood(searched));

  function mark(query) {
    const main = document.querySelector('main');
    const hits = pattern(query, main.textContent.toLowerCase());
    const found = [];
    const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    while (hits && texts.nextNode()) {
      const text = texts.currentNode;
      if (text.parentElement.closest('.check')) continue;
      for (const hit of text.data.matchAll(hits)) {
        const range = new Range();
        range.setStart(text, hit.index);
        range.setEnd(text, hit.index + hit[0].length);
        found.push(range);
      }
    }
    CSS.highlights.set('found', new Highlight(...found));
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') CSS.highlights.delete('found');
    });

    const section = document.getElementById(decodeURIComponent(location.hash.slice(1))) ?? main;
    const first = found.find((range) => section.compareDocumentPosition(range.startContainer) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (!first) return;
    const answer = first.startContainer.parentElement.closest('details');
    if (answer) answer.open = true;
    const { top, bottom } = first.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) first.startContainer.parentElement.scrollIntoView({ block: 'center' });
  }

  // Called by book.js whenever the panel is open and searchindex.js is there.
  window.search.start = () => {
    const { doc_urls: urls, index } = window.search;
    sections ??= urls.map((url, at) => {
      const { title, body, breadcrumbs } = index.documentStore.docs[at];
      const trail = breadcrumbs.split(' » ').slice(0, -1).join(' » ');
      return { url, body, breadcrumbs, name: plain(title), trail: plain(trail), text: plain(body) };
    });
    show();
  };
})();
