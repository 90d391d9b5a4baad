// The book as `cargo run` serves it, on a free port.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
/** The program behind `cargo run`. */
export const binary = process.env.BOOK_BINARY ?? join(root, 'target/debug/book');

/** Starts it on this book. Gives its address (ending in `/`) and `close()`. */
export const serve = (...options) => serveAt(root, ...options);

/** The same with the book in another folder. */
export async function serveAt(root, ...options) {
  if (!existsSync(binary)) {
    throw new Error(`no ${binary}: run \`cargo build\` first, or name the program in BOOK_BINARY`);
  }
  const child = spawn(binary, ['--root', root, '--no-open', '--port', '0', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const close = () => {
    child.kill('SIGTERM');
    return ended;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /Serving the book at (http:\S+)/.exec(line)?.[1];
    if (url) {
      child.stdout.resume();
      return { url: `${url}/`, close };
    }
  }
  throw new Error(`${binary} ended before it served the book, with status ${await ended}`);
}
