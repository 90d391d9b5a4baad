// The same text as mdBook makes it by default: its own theme, its own highlighting, its own
// server. Needs mdBook 0.5, in MDBOOK or on the path: `cargo install mdbook --version 0.5.4`.

import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, root } from './server.mjs';

const mdbook = process.env.MDBOOK ?? 'mdbook';

/** The book in a folder whose pages can be changed; everything else of it is linked. */
export function copyOfBook(config) {
  const folder = mkdtempSync(join(tmpdir(), 'book-bench-'));
  const linked = readdirSync(root).filter((name) => !['.git', 'book', 'src', 'target', 'book.toml'].includes(name));
  for (const name of linked) symlinkSync(join(root, name), join(folder, name));
  cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true });
  if (config) writeFileSync(join(folder, 'book.toml'), config);
  else cpSync(join(root, 'book.toml'), join(folder, 'book.toml'));
  return folder;
}

/** A folder with the text as our preprocessor hands it on, and nothing else of ours; built to `book/`. */
export function defaultBook() {
  const whole = copyOfBook(`[book]\ntitle = "Text"\n[output.markdown]\n[preprocessor.checked]\ncommand = "${binary} preprocess"\nbefore = ["links", "index"]\nrenderers = ["markdown"]\n`);
  const folder = mkdtempSync(join(tmpdir(), 'book-peer-'));
  try {
    execFileSync(mdbook, ['build', whole], { stdio: ['ignore', 'ignore', 'pipe'] });
    cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true });
    cpSync(join(whole, 'book'), join(folder, 'src'), { recursive: true });
    mkdirSync(join(folder, 'book'));
    writeFileSync(join(folder, 'book.toml'), '[book]\ntitle = "If It Can Be Awaited"\n');
    execFileSync(mdbook, ['build', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
    return folder;
  } finally {
    rmSync(whole, { recursive: true });
  }
}

/** Whether there is an mdBook to compare with. */
export function hasMdBook() {
  try {
    return execFileSync(mdbook, ['--version'], { encoding: 'utf8' }).includes('v0.5.');
  } catch {
    return false;
  }
}

/** `mdbook serve` on a folder. Gives its address (ending in `/`) and `close()`. */
export async function serveByMdBook(folder) {
  const port = await freePort();
  const child = spawn(mdbook, ['serve', folder, '--port', `${port}`], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${port}/`;
  while (!await fetch(url).then((response) => response.ok, () => false)) {
    if (child.exitCode !== null) throw new Error(`mdbook serve ended with status ${child.exitCode}`);
    await new Promise((later) => setTimeout(later, 100));
  }
  return { url, close: () => { child.kill(); return ended; } };
}

function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}
