// What a page weighs: everything that comes over the wire when it is opened with an empty
// cache, in bytes, compressed as the server has it.

import { arrive } from './browser.mjs';

/** Opens the page at `url` cold. Gives `{ url, kind, bytes }` for each thing that it loads. */
export async function weigh(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    const requests = [];
    page.on('request', (request) => requests.push(request));
    await arrive(page, url);
    return await Promise.all(requests.map(async (request) => {
      // No sizes: it was never answered.
      const sizes = await request.sizes().catch(() => ({ responseHeadersSize: 0, responseBodySize: 0 }));
      return {
        url: request.url(),
        kind: request.resourceType(),
        bytes: sizes.responseHeadersSize + sizes.responseBodySize,
      };
    }));
  } finally {
    await context.close();
  }
}

/** The sum in kB, of one kind or of all. */
export function kilobytes(resources, kind) {
  const counted = resources.filter((resource) => !kind || resource.kind === kind);
  return counted.reduce((sum, resource) => sum + resource.bytes, 0) / 1000;
}

/** How many of them another origin than that of `url` was asked for. */
export function toOthers(resources, url) {
  const { origin } = new URL(url);
  return resources.filter((resource) => new URL(resource.url).origin !== origin);
}

/** A table of them, the heaviest first, each with its share. */
export function table(resources) {
  const all = kilobytes(resources);
  const heaviest = resources.toSorted((a, b) => b.bytes - a.bytes);
  return heaviest.map(({ url, kind, bytes }) => {
    const share = `${Math.round(bytes / 10 / all)} %`;
    return `  ${(bytes / 1000).toFixed(1).padStart(7)} kB ${share.padStart(5)}  ${kind.padEnd(10)} ${url}`;
  }).join('\n');
}
