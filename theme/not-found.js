// On 404.html: names the pages whose names are most like the one that was asked for, and
// searches for its words. Works without, as everything does.
(() => {
  'use strict';

  const asked = decodeURIComponent(location.pathname).split('/').filter(Boolean).pop() ?? '';
  const words = asked.replace(/\.[a-z]+$/, '').replace(/[^\p{L}\p{N}_:!]+/gu, ' ').trim();
  if (!words) return;

  const pairs = (text) => {
    const letters = text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
    return [...letters].slice(1).map((letter, at) => letters[at] + letter);
  };

  // The share of pairs of letters that two names have in common: 1 for the same name.
  function likeness(one, other) {
    const rest = pairs(other);
    const all = pairs(one).length + rest.length;
    const common = pairs(one).filter((pair) => {
      const at = rest.indexOf(pair);
      return at >= 0 && rest.splice(at, 1);
    });
    return all ? 2 * common.length / all : 0;
  }

  const pages = [...document.querySelectorAll('#contents a[href]')].map((link) => {
    const name = link.getAttribute('href').replace(/\.html$/, '');
    return { link, like: Math.max(likeness(words, name), likeness(words, link.textContent)) };
  });
  const near = pages.filter(({ like }) => like > 0.4).sort((a, b) => b.like - a.like).slice(0, 3);

  function entry(href, content) {
    const link = document.createElement('a');
    link.href = href;
    link.append(content);
    const item = document.createElement('li');
    item.append(link);
    return item;
  }

  const list = document.createElement('ul');
  list.append(...near.map(({ link }) => entry(link.href, link.textContent)));
  list.append(entry(`index.html?search=${encodeURIComponent(words)}`, `Search the book for “${words}”`));
  const nearest = document.querySelector('.nearest');
  nearest.append(near.length ? 'Perhaps it was one of these:' : 'You may find it so:', list);
  nearest.hidden = false;
})();
