// server.mjs - A program that serves, for as long as something asks it.
import { spawn } from 'node:child_process';

/** Starts `program serve` with options on a free port; `end` ends it and says with which code. */
export async function serve(program, ...options) {
  const child = spawn(program, ['serve', '--port=0', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
  const line = await Promise.race([
    new Promise((resolve) => {
      let text = '';
      child.stdout.on('data', (data) => {
        text += data;
        if (text.includes('\n'))
          resolve(text);
      });
    }),
    ended.then((code) => { throw new Error(`${program} serve ended with ${code}`); }),
  ]);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
  if (!url)
    throw new Error(`where does it serve? ${line}`);
  return { url, pid: child.pid, end: () => { child.kill('SIGTERM'); return ended; } };
}
