// What most of the test files begin with: the built site, and a browser that is closed when
// their tests are over.

import { after, before } from 'node:test';
import { launch } from './browser.mjs';
import { openSite } from './site.mjs';

/** The built site: `url`, and its `pages` by name. */
export const site = await openSite();

/** Open from the first test on. */
export let browser;

before(async () => { browser = await launch(); });
after(async () => {
  await browser.close();
  await site.close();
});
