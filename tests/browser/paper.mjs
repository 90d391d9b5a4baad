// The pages of a workshop as PDF, among the files of a built site (BOOK_SITE):
//
//   node paper.mjs _site
//
// A4, because what fits there fits on Letter as well. Each page then leads to its PDF: the book
// that is built without this step has none.

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { arrive, launch } from './lib/browser.mjs';
import { serve } from './lib/site.mjs';

const { positionals: [folder] } = parseArgs({ allowPositionals: true });
if (!folder) throw new Error('name the folder with the built site: node paper.mjs DIR');
const root = resolve(process.env.INIT_CWD ?? '.', folder);

const site = await serve(root);
const browser = await launch();
for (const name of ['handout', 'worksheet']) {
  const page = await browser.newPage();
  const answer = await arrive(page, `${site.url}${name}.html`);
  if (!answer.ok()) throw new Error(`${root} has no ${name}.html: build the book into it first`);
  const path = join(root, `${name}.pdf`);
  await page.pdf({ path, format: 'A4', preferCSSPageSize: true, tagged: true });
  console.log(path);

  const file = join(root, `${name}.html`);
  const html = readFileSync(file, 'utf8');
  const linked = html.replace('print this page', `print this page or take <a href="${name}.pdf">its PDF</a>`);
  if (linked === html) throw new Error(`${file} does not say "print this page": nowhere to link its PDF from`);
  writeFileSync(file, linked);
}
await browser.close();
await site.close();
