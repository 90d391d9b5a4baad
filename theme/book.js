// What the page does when scripts run. It reads and works without them.
//
// This is the only script that every page loads by itself, from <head>, so that
// the reader's theme is there before the first paint. mdBook's search loads when
// it is first opened, a table of calls brings its filter, and a program its buttons.
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

  window.book = { load }; // for the scripts that are loaded later
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
    if (document.querySelector('.timeline')) player().catch(() => {});
    const search = searchPanel();
    keys(search);
  });

  // Loads a script or a sheet. Scripts that are asked for together run in that order.
  function load(address) {
    return new Promise((done, failed) => {
      const isSheet = address.endsWith('.css');
      const element = document.createElement(isSheet ? 'link' : 'script');
      if (isSheet) Object.assign(element, { rel: 'stylesheet', href: address });
      else Object.assign(element, { src: address, async: false });
      element.onload = done;
      element.onerror = failed;
      document.head.append(element);
    });
  }

  // The player is built when its sheet is there, so that nothing moves.
  async function player() {
    const [sheet, script] = html.dataset.player.split(' ');
    await load(sheet);
    await load(script);
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
    for (const box of document.querySelectorAll('.table-wrapper, main pre:not([tabindex])')) {
      if (box.scrollWidth <= box.clientWidth) continue;
      box.tabIndex = 0;
      box.setAttribute('role', 'group');
      box.setAttribute('aria-label', box.localName === 'pre' ? 'Code' : 'Table');
    }
  }

  function printButton() {
    document.getElementById('print-now')?.addEventListener('click', () => print());
  }

  // mdBook's search does the searching. How the panel opens, closes and is walked by
  // keyboard is ours: mdBook's own way moves no focus and scrolls the page to its top.
  function searchPanel() {
    const toggle = document.getElementById('mdbook-search-toggle');
    if (!toggle) return null;
    const panel = document.getElementById('mdbook-search-wrapper');
    const bar = document.getElementById('mdbook-searchbar');
    const results = document.getElementById('mdbook-searchresults');
    let loading = null;
    let handingOver = false;

    // Names that mdBook's searcher.js expects to find.
    window.path_to_root = html.dataset.root;
    window.path_to_searchindex_js = toggle.dataset.index;
    window.mdbook_something_else_has_focus = (event) =>
      // The keys are ours, except the Esc that takes away the marks of a search.
      event.key !== 'Escape' || !document.querySelector('mark') || !!document.querySelector(':popover-open');

    const isOpen = () => !panel.classList.contains('hidden');

    function loadAll() {
      loading ??= Promise.all(toggle.dataset.scripts.split(' ').map(load));
      return loading;
    }

    // searcher.js shows and hides through a click on the toggle, and scrolls to the top.
    function handOver() {
      const { scrollX, scrollY } = window;
      handingOver = true;
      toggle.click();
      handingOver = false;
      scrollTo(scrollX, scrollY);
    }

    async function open() {
      panel.classList.remove('hidden');
      toggle.setAttribute('aria-expanded', 'true');
      bar.focus();
      bar.select();
      try {
        await loadAll();
      } catch {
        loading = null;
        document.getElementById('mdbook-searchresults-outer').classList.remove('hidden');
        document.getElementById('mdbook-searchresults-header').textContent =
          'The search could not be loaded. Close it and try again.';
        return;
      }
      // What was typed meanwhile stays, and so does its caret.
      const caret = [bar.selectionStart, bar.selectionEnd];
      panel.classList.add('hidden');
      handOver();
      bar.focus();
      bar.setSelectionRange(...caret);
    }

    function close(returnFocus) {
      if (!isOpen()) return;
      if (window.search?.hasFocus) handOver();
      panel.classList.add('hidden');
      toggle.setAttribute('aria-expanded', 'false');
      const url = new URL(location.href);
      if (url.searchParams.has('search')) {
        url.searchParams.delete('search');
        history.replaceState(null, '', url);
      }
      if (returnFocus) toggle.focus();
    }

    toggle.addEventListener('click', (event) => {
      if (handingOver) return;
      event.stopImmediatePropagation();
      if (isOpen()) close(true); else open();
    });
    document.getElementById('search-close').addEventListener('click', () => close(true));
    document.getElementById('mdbook-searchbar-outer').addEventListener('submit', (event) => event.preventDefault());
    panel.addEventListener('focusout', (event) => {
      const to = event.relatedTarget;
      if (to && to !== toggle && !panel.contains(to)) close(false);
    });

    panel.addEventListener('keydown', (event) => {
      const stops = [bar, ...results.querySelectorAll('a')];
      const at = stops.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === 'Escape') {
        close(true);
      } else if (step && at >= 0) {
        stops[Math.min(Math.max(at + step, 0), stops.length - 1)].focus();
      } else if (event.key === 'Enter' && at === 0) {
        stops[1]?.click();
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    });

    // A link from a search result, or a search that was reloaded.
    const asked = new URLSearchParams(location.search);
    if (asked.get('search')) open();
    else if (asked.get('highlight')) loadAll().catch(() => {});

    return { open };
  }

  // Arrows turn the page only while nothing on it has the focus.
  function keys(search) {
    document.addEventListener('keydown', (event) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const focus = document.activeElement;
      if (search && (event.key === '/' || event.key === 's')) {
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
