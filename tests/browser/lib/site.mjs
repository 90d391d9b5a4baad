// The site under test: BOOK_URL if a server runs already, else the folder BOOK_SITE
// (by default the one that `cargo run -- build` writes), served on a free port.

import { createServer } from 'node:http';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));

/** The folder that holds the built site. */
export const folder = resolve(process.env.BOOK_SITE ?? join(here, '../../../book'));

const types = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.xml': 'application/xml',
};

// As strict as a host could be: no script in a page, nothing from elsewhere. What breaks
// the policy shows as an error in the console, which fails the test. Style attributes are
// let through because mdBook writes them into print.html and into aligned tables.
const strict = "default-src 'none'; script-src 'self'; style-src-elem 'self'; style-src-attr 'unsafe-inline'; "
  + "img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'";

/** Answers from `root`, as a host does that has the site below `base` and compresses text. */
async function answer(root, base, policy, request, response) {
  const path = decodeURIComponent(new URL(request.url, 'http://book').pathname);
  const below = path.startsWith(base) ? path.slice(base.length) : '../';
  const file = resolve(root, below.endsWith('/') || !below ? `${below}index.html` : below);
  try {
    const body = await readFile(file.startsWith(root + sep) ? file : '');
    const type = types[extname(file)] ?? 'application/octet-stream';
    const packed = /text|svg|json|xml/.test(type) && request.headers['accept-encoding']?.includes('gzip');
    response.writeHead(200, {
      'content-type': type,
      ...policy && { 'content-security-policy': policy },
      ...packed && { 'content-encoding': 'gzip' },
    }).end(packed ? await promisify(gzip)(body) : body);
  } catch {
    const body = await readFile(join(root, '404.html')).catch(() => 'not found');
    response.writeHead(404, { 'content-type': types['.html'], ...policy && { 'content-security-policy': policy } }).end(body);
  }
}

/** Serves the folder `root` below the path `base`, under a policy or none. Gives its address (ending in `/`) and `close()`. */
export async function serve(root, base = '/', policy = strict) {
  const server = createServer((request, response) => answer(root, base, policy, request, response));
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () => new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${server.address().port}${base}`, close };
}

/** Opens the site. Gives its address, its pages and `close()`. */
export async function openSite() {
  if (process.env.BOOK_URL) {
    const url = new URL('./', process.env.BOOK_URL).href;
    return { url, pages: await pagesOf(url), close: async () => {} };
  }
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error(`no site in ${folder}: run \`cargo run -- build\` first, or name the folder in BOOK_SITE`);
  }
  const { url, close } = await serve(folder);
  return { url, pages: await pagesOf(url), close };
}

/** Every page that the table of contents names, and those that mdBook adds by itself. */
export async function pagesOf(url) {
  const index = await (await fetch(url)).text();
  const contents = index.match(/<nav id="contents"[\s\S]*?<\/nav>/)?.[0];
  if (!contents) throw new Error(`${url} has no <nav id="contents">: theme/index.hbs must put {{#toc}} into one`);
  const named = [...contents.matchAll(/<a href="([^"#]+)"/g)].map((match) => match[1]);
  return [...new Set(['index.html', ...named, 'print.html', '404.html'])];
}
