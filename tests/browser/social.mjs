// Makes src/social.png, the picture that a link to the book shows, of theme/social.svg.

import { writeFileSync } from 'node:fs';
import { launch } from './lib/browser.mjs';
import { draw, picture } from './lib/social.mjs';

const browser = await launch();
writeFileSync(picture, await draw(browser));
await browser.close();
