// Pictures of pages, to look at:
//
//   node screenshots.mjs select.html                    what a desktop shows, light
//   node screenshots.mjs select.html --width 320 --theme dark --out small.png
//   node screenshots.mjs select.html --part .admonish-rule --scale 2
//   node screenshots.mjs select.html --open 1           the first check mark opened
//   node screenshots.mjs select.html --no-js
//   node screenshots.mjs print.html --pdf               as printed on A4
//
// Without --out they go to the system's folder for temporary files. The site is found as
// in the tests: BOOK_SITE or BOOK_URL.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { arrive, launch } from './lib/browser.mjs';
import { openSite } from './lib/site.mjs';

const { values: option, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string', default: '1280' },
    height: { type: 'string', default: '900' },
    theme: { type: 'string', default: 'light' },
    scale: { type: 'string', default: '1' },
    zoom: { type: 'string', default: '100' },
    part: { type: 'string' },
    open: { type: 'string' },
    click: { type: 'string' },
    press: { type: 'string', multiple: true, default: [] },
    forced: { type: 'boolean', default: false },
    'no-js': { type: 'boolean', default: false },
    view: { type: 'boolean', default: false },
    pdf: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});

const site = await openSite();
const browser = await launch();
for (const name of positionals.length ? positionals : ['index.html']) {
  const page = await browser.newPage({
    viewport: { width: Number(option.width), height: Number(option.height) },
    deviceScaleFactor: Number(option.scale),
    colorScheme: option.theme,
    forcedColors: option.forced ? 'active' : 'none',
    javaScriptEnabled: !option['no-js'],
    bypassCSP: true,
  });
  await arrive(page, new URL(name, site.url).href);
  if (option.zoom !== '100') await page.addStyleTag({ content: `html { font-size: ${option.zoom}% }` });
  if (option.open) await page.locator('.check > button').nth(Number(option.open) - 1).click();
  if (option.click) await page.locator(option.click).first().click();
  for (const key of option.press) await page.keyboard.press(key);
  if (option.press.length) await page.waitForTimeout(500);

  const stem = name.replace(/\.html.*$/, '');
  const kind = [option.width, option.theme, option.part && 'part', option['no-js'] && 'no-js'].filter(Boolean).join('-');
  const out = option.out ?? join(tmpdir(), option.pdf ? `${stem}.pdf` : `${stem}-${kind}.png`);
  if (option.pdf) await page.pdf({ path: out, format: 'A4', preferCSSPageSize: true });
  else if (option.part) await page.locator(option.part).first().screenshot({ path: out });
  else await page.screenshot({ path: out, fullPage: !(option.view || option.open || option.click || option.press.length) });
  console.log(out);
  await page.close();
}
await browser.close();
await site.close();
