// Run and Edit, with the server that `cargo run` starts.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { BookPage } from './lib/book-page.mjs';
import { arrive, launch } from './lib/browser.mjs';
import { Program } from './lib/program.mjs';
import { serve } from './lib/server.mjs';

const PAGE = 'select.html';
const NAME = 'select_drops_the_loser';
const OTHER = 'loser_is_dropped_before_the_handler';
const ENDLESS = 'fn main() {\n    println!("it has begun");\n    loop {\n        std::thread::park();\n    }\n}\n';

let browser;
let server;
before(async () => { [browser, server] = await Promise.all([launch(), serve('--run-seconds', '3600')]); });
after(() => Promise.all([browser.close(), server.close()]));

/** A test with the page open, which must have stayed quiet. */
function running(title, options, body) {
  test(title, async () => {
    const book = await BookPage.open(browser, server.url, PAGE, options);
    try {
      await body(book, new Program(book, NAME), new Program(book, OTHER));
      assert.deepEqual(book.problems, [], `${PAGE} is not quiet; do the same by hand and look at the console`);
    } finally {
      await book.close();
    }
  });
}

/** What it asked its server for, by path. */
function requests(book) {
  const asked = [];
  book.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  return asked;
}

// The book's own program: its line has its time, and the page says that it is what was asserted.
running('a program runs', {}, async (book, program) => {
  await program.run(/^Exit status 0 after [\d.]+ s\. It printed what the book’s test asserts\.$/);
  const lines = await program.lines();
  assert.deepEqual(lines.map(({ text }) => text), ['fast done']);
  assert.ok(lines[0].ms >= 1000, `fast takes a second; its line says ${lines[0].ms} ms`);
  assert.equal(await program.runButton.textContent(), 'Run');
});

// A line is on the page while the program that printed it is still running. Stop ends that.
running('lines come while it runs, and Stop ends it', {}, async (book, program) => {
  await program.edit(ENDLESS);
  await program.runButton.click();
  await program.waitForLine('it has begun');
  assert.equal(await program.status.textContent(), 'Running…');
  assert.equal(await program.runButton.textContent(), 'Stop');
  await program.run(/^Stopped after [\d.]+ s\.$/);
  assert.equal(await program.runButton.textContent(), 'Run');
  await program.change('fn main() {}\n');
  await program.run(/^Exit status 0/);
});

// Change, run, change back: the page says what it is, Undo and Reset do what they say.
running('a changed program runs, and can be reset', {}, async (book, program) => {
  const asked = requests(book);
  await program.editButton.click();
  await program.field.waitFor();
  assert.equal(await program.state.textContent(), 'As in the book');
  const original = await program.field.inputValue();
  await program.change((text) => text.replace('from_secs(1)', 'from_millis(20)').replace('fast done', 'quick done'));
  assert.match(await program.state.textContent(), /^Changed\. The output.* below (is|are) of the book’s program\.$/);
  await program.field.press('ControlOrMeta+Enter');
  await program.says(/^Exit status 0 after [\d.]+ s\.$/);
  assert.deepEqual((await program.lines()).map(({ text }) => text), ['quick done']);

  await program.reset.click();
  assert.equal(await program.field.inputValue(), original);
  assert.equal(await program.state.textContent(), 'As in the book');
  assert.ok(await program.reset.isHidden(), 'there is nothing left to reset');
  await program.field.press('ControlOrMeta+z');
  assert.match(await program.field.inputValue(), /quick done/, 'Undo should take back a reset');
  assert.match(await program.state.textContent(), /^Changed/);
  await program.reset.click();
  await program.run(/asserts\.$/);
  assert.deepEqual([...new Set(asked.filter((path) => path.startsWith('/run/')))], ['/run/status', `/run/${NAME}`]);
});

// The compiler's own words and colours; the line is marked until it is changed; its place leads there.
running('an error shows its line', {}, async (book, program) => {
  await program.edit((text) => text.replace('from_secs(1)', 'from_secs("one")'));
  await program.run(/^It does not compile/);
  assert.match(await program.said.textContent(), /error\[E0308\]: mismatched types[^]*expected `u64`, found `&str`/);
  assert.ok(!/\x1b/.test(await program.said.textContent()), 'no sequence of a terminal should be left');
  assert.ok(await program.said.locator('.bold.hue-1').count(), 'rustc’s red should be there');
  assert.deepEqual(await program.wrong.allTextContents(), ['    tokio::time::sleep(Duration::from_secs("one")).await;\n']);

  await program.said.getByRole('button', { name: `${NAME}.rs:15:44: go to this line` }).click();
  assert.ok(await book.hasFocus(program.field));
  const before = await program.field.evaluate((field) => field.value.slice(0, field.selectionStart));
  assert.ok(before.endsWith('from_secs('), `the cursor should be at the error, not after ${before.slice(-20)}`);
  await book.type('1 + ');
  assert.equal(await program.wrong.count(), 0, 'a line that has been changed is not marked any more');
  await program.change((text) => text.replace('1 + "one"', '1'));
  await program.run(/asserts\.$/);
  assert.equal(await program.said.count(), 0);
});

// A program that must not compile is run like any other, and changed until it compiles.
test('a program that must not compile says so, until it does', async () => {
  const book = await BookPage.open(browser, server.url, 'destructors.html');
  try {
    const program = new Program(book, 'await_in_drop', 'tests/compile_fail');
    await program.run(/^It does not compile, as the book’s test asserts\.$/);
    assert.match(await program.said.textContent(), /error\[E0728\]/);
    await program.edit((text) => text.replace(/^.*\.await;\n/m, ''));
    await program.run(/^Exit status 0/);
    assert.deepEqual((await program.lines()).map(({ text }) => text), ['cooling down', 'off']);
    assert.deepEqual(book.problems, []);
  } finally {
    await book.close();
  }
});

// What a learner does: each ends, and the page says how.
for (const [what, source, says, prints] of [
  ['a panic', 'fn main() {\n    println!("before");\n    panic!("as you wish");\n}\n', /^Exit status 101 after/, /as you wish/],
  ['reading what nobody types', 'fn main() {\n    let read = std::io::stdin().lines().count();\n    println!("{read} lines");\n}\n', /^Exit status 0 after/, /^0 lines$/],
  ['an abort', 'fn main() {\n    eprintln!("goodbye");\n    std::process::abort();\n}\n', /signal.*\(after/i, /^goodbye$/],
]) {
  running(`${what} says what happened`, {}, async (book, program) => {
    await program.edit(source);
    await program.run(says);
    const lines = await program.lines();
    assert.ok(lines.some(({ text }) => prints.test(text)), `${prints} should be among ${JSON.stringify(lines)}`);
  });
}

// A long output scrolls in its box, which Tab reaches, is cut with a note, and is not read out whole.
running('a long output is cut', {}, async (book, program) => {
  await program.edit('fn main() {\n    for i in 0..1500 {\n        println!("line {i}");\n    }\n}\n');
  await program.run(/^Exit status 0/);
  assert.equal(await program.rows.count(), 1000);
  assert.equal(await program.note.textContent(), 'Cut here: 500 lines more.');
  const box = await program.printed.evaluate(({ clientHeight, scrollHeight, scrollTop }) => ({ clientHeight, scrollHeight, scrollTop }));
  assert.ok(box.scrollHeight > box.clientHeight && box.clientHeight <= 900 * 0.7, 'it should scroll in its box');
  assert.ok(box.scrollTop > 0, 'what came last should be in view');
  const read = await program.announced.locator('p').allTextContents();
  assert.ok(read.length <= 13 && / more$/.test(read.at(-1)), `a screen reader should be given a portion, not ${read.length} lines`);
  await program.field.focus();
  assert.ok(await book.tabTo(program.printed, 12), 'Tab should reach the box');
});

// One page runs one program: the second takes the place of the first.
running('a second program takes the place of the first', {}, async (book, program, other) => {
  await program.edit(ENDLESS);
  await program.runButton.click();
  await program.waitForLine('it has begun');
  await other.run(/asserts\.$/);
  await program.says(/^Another run of this page/);
  assert.equal(await program.runButton.textContent(), 'Run');
});

// Two pages run at once and do not disturb each other.
running('two pages run at once', {}, async (book, program) => {
  const second = await BookPage.open(browser, server.url, PAGE);
  try {
    const there = new Program(second, NAME);
    await program.edit(ENDLESS);
    await program.runButton.click();
    await program.waitForLine('it has begun');
    await there.run(/asserts\.$/);
    assert.equal(await program.status.textContent(), 'Running…');
    await program.run(/^Stopped/);
  } finally {
    await second.close();
  }
});

// What was changed is there after a reload, moves nothing, and is no other page's business.
running('a change is kept over a reload, until it is reset', {}, async (book, program, other) => {
  await program.edit((text) => `${text}\n// mine\n// and longer\n`);
  const mine = await program.field.inputValue();
  await book.page.reload({ waitUntil: 'load' });
  await program.field.waitFor();
  assert.equal(await program.field.inputValue(), mine);
  assert.equal(await book.shift(), 0, 'the editor that was left open should move nothing when it comes back');
  assert.ok(!await book.hasFocus(program.field), 'a reload should not take the focus');
  assert.match(await program.state.textContent(), /^Changed/);
  assert.equal(await (await other.near()).editButton.textContent(), 'Edit');

  await program.editButton.click();
  await book.page.reload({ waitUntil: 'load' });
  await program.editButton.filter({ hasText: 'Changed' }).waitFor();
  assert.ok(await program.listing.isVisible(), 'who closed the editor finds the listing');
  await program.run(/asserts\.$/);
  await program.editButton.click();
  assert.equal(await program.field.inputValue(), mine);
  await program.reset.click();
  await book.page.reload({ waitUntil: 'load' });
  await program.editButton.filter({ hasText: 'Edit' }).waitFor();
  assert.equal(await book.page.evaluate(() => localStorage.length), 0, 'a reset should leave nothing behind');
});

// The book has moved on since: the reader is told, and chooses.
running('a change to an older program is offered both ways', {}, async (book, program) => {
  await program.edit('fn main() {}\n');
  const age = async () => {
    await book.page.evaluate(() => {
      const [key] = Object.keys(localStorage);
      localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), book: 'fn main() { old() }\n' }));
    });
    await book.page.reload({ waitUntil: 'load' });
    await program.stale.waitFor();
  };
  assert.ok(await program.stale.isHidden());
  await age();
  await program.stale.getByRole('button', { name: 'Keep mine' }).click();
  assert.ok(await program.stale.isHidden());
  await book.page.reload({ waitUntil: 'load' });
  await program.field.waitFor();
  assert.equal(await program.field.inputValue(), 'fn main() {}\n');
  assert.ok(await program.stale.isHidden(), 'who was asked once is not asked again');

  await age();
  await program.stale.getByRole('button', { name: 'Take the book’s' }).click();
  assert.match(await program.field.inputValue(), /fast done/);
  assert.equal(await program.state.textContent(), 'As in the book');
});

// Everything by keyboard, and the ways out are written there.
running('by keyboard alone', {}, async (book, program) => {
  assert.ok(await book.tabTo(program.editButton), 'Tab should reach Edit');
  await book.press('Enter');
  await program.field.waitFor();
  assert.ok(await book.hasFocus(program.field), 'Edit should lead into the editor');
  assert.match(await program.editor.locator('.keys').textContent(), /Enter runs.*Tab leaves.*Esc closes/);
  await book.press('Control+End');
  await book.type('fn more() {');
  await book.press('Enter');
  await book.type('let _ = 1;');
  await book.press('Enter');
  await book.press('Backspace', 'Backspace', 'Backspace', 'Backspace');
  await book.type('}');
  assert.ok((await program.field.inputValue()).endsWith('fn more() {\n    let _ = 1;\n}'), 'a new line should begin under the one before it');
  await book.press('Control+Enter');
  await program.says(/^Exit status 0/);
  assert.ok(await book.hasFocus(program.field), 'running should leave the focus where it is');
  await book.press('Tab');
  assert.ok(!await book.hasFocus(program.field), 'Tab should leave the editor');
  await book.press('Shift+Tab');
  assert.ok(await book.hasFocus(program.field));
  await book.press('Escape');
  assert.ok(await program.editor.isHidden() && await book.hasFocus(program.editButton), 'Esc should close the editor and return the focus');
  assert.ok(await book.tabTo(program.runButton, 4), 'Run should follow');
  await book.press('Enter');
  await program.says(/asserts\.$/);
});

for (const width of [1280, 320]) {
  // Open, changed, failed, printed: whole, and axe has nothing to say.
  running(`editor and output at ${width} px: whole, accessible`, { width, height: 800 }, async (book, program, other) => {
    await other.edit(`fn main() {\n    println!("${'long'.repeat(60)}");\n}\n`);
    await other.run(/^Exit status 0/);
    await program.edit((text) => text.replace('from_secs(1)', 'from_secs("one")'));
    await program.run(/^It does not compile/);
    const { pixels, culprits } = await book.overflow();
    assert.ok(pixels <= 0, `${pixels} px too wide: ${culprits}`);
    for (const theme of ['light', 'dark']) {
      await book.page.emulateMedia({ colorScheme: theme });
      const found = await violations(book.page);
      assert.deepEqual(found, [], `axe has found this at ${width} px, ${theme}:\n  ${found.join('\n  ')}`);
    }
  });
}

// Nothing moves by itself for those who ask for that.
running('reduced motion', { reducedMotion: 'reduce' }, async (book, program) => {
  await program.edit(ENDLESS);
  await program.runButton.click();
  await program.waitForLine('it has begun');
  assert.equal(await book.page.evaluate(() => document.getAnimations().length), 0);
  await program.run(/^Stopped/);
});

// On paper: the book's program and its output, and nothing to press.
running('on paper', { width: 642 }, async (book, program) => {
  await program.edit('fn main() {}\n');
  await program.run(/^Exit status 0/);
  await book.page.emulateMedia({ media: 'print' });
  const seen = await book.page.locator('main :is(button, textarea):not(.check *):visible').count();
  assert.equal(seen, 0, 'there is nothing to press on paper');
  assert.ok(await program.listing.isVisible() && await program.recorded.isVisible());
  assert.ok(await program.panel.isHidden() && await program.editor.isHidden());
});

// Scripts and sheets come when they are used, and no sooner.
running('nothing is loaded before it is used', {}, async (book, program) => {
  const asked = requests(book);
  await arrive(book.page, book.page.url());
  const parts = (paths) => paths.filter((path) => /editor|output|runner|run[-.][^/]*css|\/run\//.test(path));
  assert.deepEqual(parts(asked), []);
  await program.editButton.click();
  await program.field.waitFor();
  assert.equal(parts(asked).length, 2, `the editor and the sheet, not ${parts(asked)}`);
});
