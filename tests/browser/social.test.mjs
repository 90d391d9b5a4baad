// The picture in previews is the one that its drawing gives, and of the size that they want.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { launch } from './lib/browser.mjs';
import { draw, picture } from './lib/social.mjs';

test('the picture in previews is that of theme/social.svg', async () => {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const both = [readFileSync(picture), await draw(browser)].map((png) => `data:image/png;base64,${png.toString('base64')}`);
    const { sizes, different } = await page.evaluate(async (urls) => {
      const pixels = [];
      const sizes = [];
      for (const url of urls) {
        const image = new Image();
        image.src = url;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const paper = canvas.getContext('2d');
        paper.drawImage(image, 0, 0);
        sizes.push(`${image.width}×${image.height}`);
        pixels.push(paper.getImageData(0, 0, image.width, image.height).data);
      }
      const [one, other] = pixels;
      // Browsers smooth edges a little differently.
      return { sizes, different: one.filter((value, at) => Math.abs(value - other[at]) > 64).length };
    }, both);
    assert.deepEqual(sizes, ['1200×630', '1200×630']);
    assert.equal(different, 0, `${different} values of pixels differ: run \`npm run social --prefix tests/browser\``);
  } finally {
    await browser.close();
  }
});
