// Filters the tables of calls by what is typed, by what cancelling does, and by
// what the documentation says.
// Loaded by book.js on a page that has them.
(() => {
  'use strict';

  const form = document.querySelector('.call-filter');
  const typed = form.querySelector('input[type="search"]');
  const boxes = [...form.querySelectorAll('input[type="checkbox"]')];
  const count = form.querySelector('output');
  const tables = [...document.querySelectorAll('section > table.calls')].map((table) => ({
    section: table.parentElement, // the module: its heading and its rows
    rows: [...table.tBodies[0].rows],
  }));
  const texts = new Map();

  function text(row) {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  }

  // Every word must occur in the row, in any order: "mpsc send" finds `mpsc::Sender::send`.
  function filter() {
    const words = typed.value.toLowerCase().split(/[\s:.()`]+/).filter(Boolean);
    const ticked = (name) => boxes.filter((box) => box.name === name && box.checked).map((box) => box.value);
    const [effects, docs] = [ticked('effect'), ticked('docs')];
    const among = (values, value) => !values.length || values.includes(value);
    let shown = 0;
    for (const { section, rows } of tables) {
      let any = false;
      for (const row of rows) {
        const fits = among(effects, row.className) && among(docs, row.dataset.docs)
          && words.every((word) => text(row).includes(word));
        row.hidden = !fits;
        any ||= fits;
        shown += fits;
      }
      section.hidden = !any;
    }
    const all = !words.length && !effects.length && !docs.length;
    count.value = all ? '' : `${shown} ${shown === 1 ? 'row' : 'rows'}`;
  }

  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  // A link to a row must find it, whatever is filtered.
  addEventListener('hashchange', () => {
    const row = document.getElementById(location.hash.slice(1))?.closest('tr');
    if (!row?.hidden) return;
    form.reset();
    filter();
    row.scrollIntoView({ block: 'center' });
  });
  // What the browser kept over a reload.
  filter();
})();
