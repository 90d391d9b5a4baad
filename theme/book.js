// What the page does when scripts run. It reads and works without them.
//
// This is the only script that every page loads by itself, from <head>, so that
// the reader's theme is there before the first paint. The search loads when it is
// first opened, a table of calls brings its filter, and a program its buttons.
(() => {
  'use strict';

  const html = document.documentElement;

  // The reader's choices. A browser may refuse to store them (file://, privacy settings).
  const choices = {
    get(name) {
      try { return localStorage.getItem(`book-${name}`); } catch { return null; }
    },
    set(name, value) {
      try { localStorage.setItem(`book-${name}`, value); } catch { /* then it lasts for this page */ }
    },
  };

  function applyTheme(theme) {
    if (theme === 'light' || theme === 'dark') {
      html.dataset.theme = theme;
    } else {
      delete html.dataset.theme;
    }
  }

  window.book = { load, near }; // for the scripts that are loaded later
  html.classList.add('js');
  applyTheme(choices.get('theme'));
  if (choices.get('contents') === 'hidden') html.dataset.contents = 'hidden';

  document.addEventListener('DOMContentLoaded', () => {
    followMovedFragment();
    themeSwitch();
    contents();
    scrollableBoxes();
    printButton();
    if (document.querySelector('.call-filter')) load(html.dataset.calls).catch(() => {});
    if (document.querySelector('.command')) load(html.dataset.run.split(' ')[0]).catch(() => {});
    if (document.querySelector('.timeline')) load(html.dataset.player).catch(() => {});
    const search = searchPanel();
    keys(search);
  });

  // Loads each script or sheet once. Scripts that are asked for together run in that order.
  const loads = {};
  function load(address) {
    loads[address] ??= new Promise((done, failed) => {
      const isSheet = address.endsWith('.css');
      const element = document.createElement(isSheet ? 'link' : 'script');
      if (isSheet) Object.assign(element, { rel: 'stylesheet', href: address });
      else Object.assign(element, { src: address, async: false });
      element.onload = done;
      element.onerror = () => { delete loads[address]; failed(); };
      document.head.append(element);
    });
    return loads[address];
  }

  // Starts what belongs to each of some elements, which come in the order of the page, when it
  // comes near the window or is unfolded there; and before Tab can reach or pass it.
  function near(elements, start) {
    const waiting = new Set(elements);
    const begin = (element) => {
      waiting.delete(element);
      watch.unobserve(element);
      start(element);
    };
    const watch = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting && waiting.has(target)) begin(target);
    }, { rootMargin: '50%' });
    for (const element of waiting) watch.observe(element);
    document.addEventListener('focusin', ({ target }) => {
      const shown = [...waiting].filter((element) => element.checkVisibility());
      const after = shown.findIndex((element) => target.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
      const next = after < 0 ? shown.length : after;
      shown.slice(Math.max(next - 1, 0), next + 1).forEach(begin);
    });
  }

  // mdBook's `output.html.redirect` can move a single heading to another page.
  function followMovedFragment() {
    const moved = JSON.parse(html.dataset.fragments || '{}')[location.hash];
    if (moved) location.replace(new URL(moved, location.href));
  }

  function themeSwitch() {
    const select = document.getElementById('theme');
    select.value = html.dataset.theme || 'auto';
    select.addEventListener('change', () => {
      applyTheme(select.value);
      choices.set('theme', select.value);
    });
  }

  // On a small page the button opens a popover, which the browser does alone.
  // On a large one it shows and hides the column.
  function contents() {
    const nav = document.getElementById('contents');
    const button = document.getElementById('contents-button');
    const wide = matchMedia('(min-width: 68.75em)');

    const links = [...nav.querySelectorAll('a[href]')];
    const page = html.dataset.page.replace(/\.md$/, '.html');
    const here = links.find((link) => link.getAttribute('href') === page)
      ?? (page === 'index.html' ? links[0] : undefined);
    here?.setAttribute('aria-current', 'page');

    const adapt = () => {
      if (wide.matches) {
        if (nav.matches(':popover-open')) nav.hidePopover();
        button.setAttribute('aria-expanded', String(html.dataset.contents !== 'hidden'));
      } else {
        button.removeAttribute('aria-expanded');
      }
      if (here) nav.scrollTop = here.offsetTop - nav.clientHeight / 2;
    };
    wide.addEventListener('change', adapt);
    nav.addEventListener('toggle', adapt);
    adapt();

    button.addEventListener('click', (event) => {
      if (!wide.matches) return;
      event.preventDefault();
      const hide = html.dataset.contents !== 'hidden';
      if (hide) html.dataset.contents = 'hidden'; else delete html.dataset.contents;
      choices.set('contents', hide ? 'hidden' : 'shown');
      adapt();
    });
  }

  // A table or a plain code block that does not fit scrolls, so the keyboard must reach it.
  function scrollableBoxes() {
    const adapt = (box) => {
      if (box.scrollWidth <= box.clientWidth) {
        for (const name of ['tabindex', 'role', 'aria-label']) box.removeAttribute(name);
        return;
      }
      box.tabIndex = 0;
      box.setAttribute('role', 'group');
      box.setAttribute('aria-label', box.localName === 'pre' ? 'Code' : 'Table');
    };
    const watch = new ResizeObserver((entries) => entries.forEach(({ target }) => adapt(target)));
    near(document.querySelectorAll('.table-wrapper, main pre:not([tabindex])'), (box) => {
      adapt(box);
      watch.observe(box);
    });
  }

  function printButton() {
    document.getElementById('print-now')?.addEventListener('click', () => print());
  }

  // The panel opens at once; what searches is loaded then, with every section of the book.
  function searchPanel() {
    const toggle = document.getElementById('search-toggle');
    const panel = document.getElementById('search-panel');
    const field = document.getElementById('search-field');
    const { script, index } = toggle.dataset;

    function open() {
      panel.hidden = false;
      toggle.setAttribute('aria-expanded', 'true');
      field.focus();
      field.select();
      Promise.all([load(script), load(index)]).then(() => window.search.start()).catch(() => {
        document.getElementById('search-said').textContent = 'The search could not be loaded. Close it and try again.';
      });
    }

    function close(returnFocus) {
      if (panel.hidden) return;
      panel.hidden = true;
      toggle.setAttribute('aria-expanded', 'false');
      const url = new URL(location.href);
      url.searchParams.delete('search');
      history.replaceState(history.state, '', url);
      if (returnFocus) toggle.focus();
    }

    toggle.addEventListener('click', () => { if (panel.hidden) open(); else close(true); });
    document.getElementById('search-close').addEventListener('click', () => close(true));
    panel.addEventListener('submit', (event) => event.preventDefault());
    panel.addEventListener('focusout', (event) => {
      const to = event.relatedTarget;
      if (to && to !== toggle && !panel.contains(to)) close(false);
    });
    panel.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      close(true);
    });

    // A search that was reloaded or linked to, and a link from a result.
    const asked = new URLSearchParams(location.search);
    if (asked.get('search')) {
      field.value = asked.get('search');
      open();
    } else if (asked.get('highlight')) {
      load(script).catch(() => {});
    }
    return { open };
  }

  // Arrows turn the page only while nothing on it has the focus.
  function keys(search) {
    document.addEventListener('keydown', (event) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const focus = document.activeElement;
      if (event.key === '/' || event.key === 's') {
        if (focus?.closest('input, select, textarea, [contenteditable]')) return;
        event.preventDefault();
        search.open();
      } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
        if ((focus && focus !== document.body) || document.querySelector(':popover-open')) return;
        document.querySelector(`.pager a[rel="${event.key === 'ArrowLeft' ? 'prev' : 'next'}"]`)?.click();
      }
    });
  }
})();
