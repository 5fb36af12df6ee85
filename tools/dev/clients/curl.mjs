// curl.mjs - What curl asks and is answered.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';

/** What curl prints; it fails where the status says so, unless `-w` is among the arguments. */
function curl(...given) {
  const child = spawn('curl', ['-sS', '--max-time', '60', ...given], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '', wrong = '';
  child.stdout.on('data', (data) => { out += data; });
  child.stderr.on('data', (data) => { wrong += data; });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => code ? reject(new Error(`curl ${given.join(' ')}: ${wrong}`)) : resolve(out));
  });
}
const status = (...given) => curl('-o', '/dev/null', '-w', '%{http_code}', ...given);
const chat = ['-H', 'Content-Type: application/json', '-d'];

export const curlChecks = {
  async 'curl: health and figures are told'({ servers: { chat: { url } } }) {
    assert.equal(JSON.parse(await curl('-f', `${url}/health`)).status, 'ok');
    const figures = await curl('-f', `${url}/metrics`);
    for (const line of figures.trim().split('\n'))
      assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? [-+.\deE]+(Inf|NaN)?)$/);
    assert.match(figures, /tokens/);
  },

  async 'curl: a stream comes in events'({ servers: { chat: { url } } }) {
    const said = await curl('-N', `${url}/v1/chat/completions`, ...chat,
      '{"messages": [{"role": "user", "content": "What is the capital of Peru?"}], "stream": true, "temperature": 0}');
    const events = said.split('\n\n').filter((event) => event.startsWith('data: ')).map((event) => event.slice(6));
    assert.equal(events.pop(), '[DONE]');
    assert.match(events.map((event) => JSON.parse(event).choices[0]?.delta.content ?? '').join(''), /Lima/);
  },

  async 'curl: text becomes tokens and text again'({ servers: { chat: { url } } }) {
    const { tokens } = JSON.parse(await curl(`${url}/tokenize`, ...chat, '{"content": "Hello, world"}'));
    const { content } = JSON.parse(await curl(`${url}/detokenize`, ...chat, JSON.stringify({ tokens })));
    assert.equal(content, 'Hello, world');
  },

  async 'curl: the page may load nothing but itself'({ servers: { chat: { url } } }) {
    const page = await curl('-i', `${url}/`);
    assert.match(page, /^HTTP\/1\.1 200 /);
    const [, policy] = /^content-security-policy: (.*)\r$/mi.exec(page);
    assert.match(policy, /default-src 'none'.*script-src 'sha256-/);
    assert.doesNotMatch(policy, /unsafe-inline/);
    const [, tag] = /^etag: (.*)\r$/mi.exec(page);
    assert.equal(await status('-H', `If-None-Match: ${tag}`, `${url}/`), '304');
  },

  async 'curl: another name or page is refused'({ servers: { chat: { url } } }) {
    assert.match(await status('-H', 'Host: evil.example', `${url}/v1/models`), /^4/);
    assert.match(await status('-H', 'Origin: http://evil.example', `${url}/v1/models`), /^4/);
    assert.equal(await status(`${url}/v1/models`), '200');
    assert.equal(await status('-H', `Origin: ${url}`, `${url}/v1/models`), '200');
  },

  async 'curl: what is no request is refused'({ servers: { chat: { url } } }) {
    assert.equal(await status(`${url}/nowhere`), '404');
    assert.equal(await status('-X', 'DELETE', `${url}/v1/models`), '405');
    assert.equal(await status(`${url}/v1/chat/completions`, ...chat, '{"messages": '), '400');
    assert.equal(await status(`${url}/v1/chat/completions`, ...chat, '['.repeat(100000)), '400');
    assert.equal(await status(`${url}/v1/chat/completions`, ...chat, '{"messages": [], "messages": []}'), '400');
    assert.equal(await status('-I', `${url}/health`), '200');
  },
};
