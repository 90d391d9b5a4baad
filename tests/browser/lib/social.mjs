// The picture in previews: how it is made of its drawing.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Where the picture is, from which mdBook copies it to the site. */
export const picture = join(repository, 'src/social.png');

/** The drawing as PNG. */
export async function draw(browser) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 630 } });
  await page.setContent(`<body style="margin: 0; line-height: 0">${readFileSync(join(repository, 'theme/social.svg'), 'utf8')}`);
  const png = await page.locator('svg').screenshot();
  await page.close();
  return png;
}
