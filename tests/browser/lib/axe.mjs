// What axe has to say about a page.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// The rules that can find another thing in another theme of the same page.
const ABOUT_COLOURS = ['color-contrast', 'link-in-text-block'];

/** Each violation in one string: the rule, the element, the reason. */
export async function violations(page, { coloursAlone = false } = {}) {
  await page.evaluate(axe);
  const options = { resultTypes: ['violations'], ...coloursAlone && { runOnly: ABOUT_COLOURS } };
  const found = await page.evaluate((options) => window.axe.run(document, options), options);
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 3).map((node) => `${id}: ${help}\n      ${node.html.slice(0, 160)}\n      ${node.any[0]?.message ?? ''}`));
}
