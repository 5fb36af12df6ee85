// run.mjs FOLDER [WORD...] - What tools/dev/check_clients runs, once FOLDER has the packages
// and the programs `chat` and `embed`. `run.mjs --count` prints how many checks there are.
//
// A check is a named function of what it asks; it throws where something is not as expected.
import { createRequire } from 'node:module';
import path from 'node:path';
import { curlChecks } from './curl.mjs';
import { formChecks } from './forms.mjs';
import { ollamaChecks } from './ollama.mjs';
import { openaiChecks } from './openai.mjs';
import { refusalChecks } from './refusals.mjs';
import { serve } from './server.mjs';

const checks = { ...openaiChecks, ...formChecks, ...refusalChecks, ...ollamaChecks, ...curlChecks };
const [folder, ...words] = process.argv.slice(2);
if (folder === '--count') {
  console.log(Object.keys(checks).length);
  process.exit();
}

const require = createRequire(path.join(folder, 'package.json'));
const { OpenAI } = require('openai');
const { Ollama } = require('ollama');
const program = path.join(folder, 'chat');
const servers = {
  chat: await serve(program),
  embed: await serve(path.join(folder, 'embed')),
  locked: await serve(program, '--api-key=secret'),
  narrow: await serve(program, '--slots=1', '--queue=1'),
};
const client = ({ url }, apiKey = 'none') => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
const asked = {
  OpenAI,
  program,
  servers,
  client,
  openai: client(servers.chat),
  ollama: new Ollama({ host: servers.chat.url }),
  embedder: new Ollama({ host: servers.embed.url }),
};
asked.model = (await asked.openai.models.list()).data[0].id;

let passed = 0, failed = 0;
for (const [name, check] of Object.entries(checks)) {
  if (words.length && !words.some((word) => name.includes(word)))
    continue;
  try {
    await check(asked);
    ++passed;
    console.log(`passed: ${name}`);
  } catch (error) {
    ++failed;
    console.log(`FAILED: ${name}: ${error.stack ?? error}`);
  }
}
for (const [name, server] of Object.entries(servers)) {
  const code = await server.end();
  if (code === 0)
    continue;
  ++failed;
  console.log(`FAILED: server ${name} ended with ${code}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
