// Debian's Chromium, as the shell without a window: it opens a page in half the time. CHROMIUM
// names another one.

import { chromium } from 'playwright-core';

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell' });

/**
 * Goes to `url` and waits until nothing comes any more. Quiet alone is too early: a slow
 * machine can be busy with what has come before the page has asked for its scripts.
 * Gives the answer of the server.
 */
export async function arrive(page, url) {
  const answer = await page.goto(url, { waitUntil: 'load' });
  await page.waitForLoadState('networkidle');
  return answer;
}
