// What a page may weigh when it is opened cold, before anything is pressed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, site } from './lib/suite.mjs';
import { kilobytes, table, toOthers, weigh } from './lib/weight.mjs';

/** A chapter with listings, timelines and players; in kB, compressed. */
const BUDGET = { all: 100, script: 30, requests: 15 };

// Two pages hold the whole book, and their HTML grows with it: nobody is led to them by
// reading on. They get room for that, and none for anything else.
const WHOLE_BOOK = { 'claims.html': 250, 'print.html': 750 };

/** What is wrong, or nothing. */
function overdrawn(name, url, resources) {
  const allowed = { ...BUDGET, all: WHOLE_BOOK[name] ?? BUDGET.all };
  const [all, script] = [kilobytes(resources), kilobytes(resources, 'script')];
  const others = toOthers(resources, url);
  return [
    all > allowed.all && `it weighs ${all.toFixed(1)} kB of ${allowed.all}`,
    script > allowed.script && `its scripts weigh ${script.toFixed(1)} kB of ${allowed.script}`,
    resources.length > allowed.requests && `it makes ${resources.length} requests of ${allowed.requests}`,
    others.length > 0 && `it asks another origin for ${others.map((other) => other.url).join(', ')}`,
  ].filter(Boolean);
}

for (const name of site.pages) {
  // Opened cold, a page stays within its budget; where it does not, the table says what makes it up.
  test(`${name} is light`, async () => {
    const url = new URL(name, site.url).href;
    const resources = await weigh(browser, url);
    const wrong = overdrawn(name, url, resources);
    assert.deepEqual(wrong, [], `${name} is too heavy: ${wrong.join('; ')}. What it loads:\n${table(resources)}\nMake the largest smaller, or load it when it is needed.`);
  });
}

// The pages above would pass if nothing came compressed, or nothing were counted.
test('what is weighed is a page with its script, its styles and its player', async () => {
  const resources = await weigh(browser, new URL('select.html', site.url).href);
  for (const file of [/select\.html$/, /book-\w+\.js$/, /general-\w+\.css$/, /player-\w+\.js$/, /run-\w+\.js$/]) {
    const found = resources.find((resource) => file.test(resource.url));
    assert.ok(found?.bytes > 500, `${file} should be among what select.html loads:\n${table(resources)}`);
  }
  const html = await (await fetch(new URL('select.html', site.url), { headers: { 'accept-encoding': 'identity' } })).text();
  const [document] = resources;
  assert.ok(document.bytes < html.length / 2, 'text should come compressed, as from a host');
});
