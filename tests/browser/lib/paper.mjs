// A page of the book as it is printed, and what is on the paper.

import { getDocumentProxy } from 'unpdf';

/** The formats that a reader may have in their printer. */
export const formats = ['A4', 'Letter'];

/** Prints an opened page. Gives the PDF. A page that still changes is printed in part. */
export async function print(page, format) {
  await page.waitForLoadState('networkidle');
  return page.pdf({ format, preferCSSPageSize: true });
}

/**
 * The sheets of a PDF: the text on each, without white space, in the order in which it was
 * laid out, and what of it does not lie on the paper, `inset` points from its edge.
 */
export async function sheets(pdf, inset = 18) {
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const found = [];
  for (let number = 1; number <= document.numPages; number++) {
    const sheet = await document.getPage(number);
    const [, , width, height] = sheet.view;
    const { items } = await sheet.getTextContent();
    const outside = items.filter(({ str, transform: [, , , , x, y], width: wide }) =>
      str.trim() && (x < inset || x + wide > width - inset || y < inset || y > height - inset));
    found.push({
      text: solid(items.map((item) => item.str).join('')),
      outside: outside.map((item) => item.str),
    });
  }
  await document.destroy();
  return found;
}

/** Those of `texts` that are on none of these sheets, nor from the end of one to the next. */
export function missing(sheets, texts) {
  const isOn = (text, at) => {
    const { text: here } = sheets[at];
    if (here.includes(text)) return true;
    let fits = 0;
    while (here.includes(text.slice(0, fits + 1))) fits += 1;
    return fits > 0 && sheets[at + 1]?.text.includes(text.slice(fits));
  };
  const all = [...sheets.keys()];
  let latest = 0; // where the text before was, as the next is seldom far
  return texts.filter((text) => {
    const near = all.slice(latest).concat(all.slice(0, latest));
    const found = near.find((at) => isOn(text, at));
    latest = found ?? latest;
    return found === undefined;
  });
}

/** Text without white space, as the fonts may join or part its letters. */
export function solid(text) {
  return text.normalize('NFKC').replace(/[\s\u00ad]+/g, '');
}

/** What a reader of the printed page should find there: its texts, in print. */
export async function expected(page) {
  await page.emulateMedia({ media: 'print' });
  const texts = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const texts = [];
    // Paper has the picture in pieces.
    const whole = new Set(document.querySelectorAll('.picture:has(> .piece) > svg:not(.piece)'));
    for (let node; (node = walker.nextNode());) {
      const { parentElement } = node;
      const unseen = parentElement.closest('.visually-hidden') || whole.has(parentElement.closest('svg'));
      if (node.data.trim() && !unseen && parentElement.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })) texts.push(node.data);
    }
    return texts;
  });
  return texts.map(solid);
}

/** What hides a part of itself in print, or sticks out to the side: a box, and how. */
export function clipped(page) {
  return page.evaluate(() => {
    const { right: edge } = document.querySelector('main').getBoundingClientRect();
    return [...document.querySelectorAll('main, main *:not(svg *)')].filter((element) => {
      const style = getComputedStyle(element);
      if (!element.checkVisibility() || element.closest('.visually-hidden, svg')) return false;
      const hides = style.overflowX !== 'visible' || style.overflowY !== 'visible';
      const tooBig = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
      return (hides && tooBig) || element.getBoundingClientRect().right > edge + 1;
    }).map((element) => element.outerHTML.slice(0, 90));
  });
}

/** Boxes that would be printed with dark ink, or text with light, but for the small marks. */
export function inverted(page) {
  return page.evaluate(() => {
    // How light a colour is, from 0 to 1; none where it lets through what is below.
    const lightness = (colour) => {
      const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
      return alpha < 0.5 ? undefined : (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
    };
    return [document.documentElement, ...document.querySelectorAll('body, main, main *:not(svg *, .check > *)')].filter((element) => {
      const { backgroundColor, color } = getComputedStyle(element);
      return element.checkVisibility() && (lightness(backgroundColor) < 0.85 || lightness(color) > 0.55);
    }).map((element) => element.outerHTML.slice(0, 90));
  });
}
