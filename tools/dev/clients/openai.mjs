// openai.mjs - What the package `openai` of npm asks and is answered.
import assert from 'node:assert/strict';

export const capital = [{ role: 'user', content: 'What is the capital of Peru?' }];
const tale = [{ role: 'user', content: 'Tell me something.' }];

/** What a stream says: texts and reasons by index, and the usage. */
export async function gather(stream) {
  const texts = [], reasons = [];
  let usage = null, chunks = 0;
  for await (const chunk of stream) {
    ++chunks;
    for (const { index, delta, text, finish_reason: reason } of chunk.choices) {
      texts[index] = (texts[index] ?? '') + (delta?.content ?? text ?? '');
      if (reason)
        reasons[index] = reason;
    }
    usage = chunk.usage ?? usage;
  }
  return { texts, reasons, usage, chunks };
}

export const contents = ({ choices }) => choices.map(({ message }) => message.content);

export const openaiChecks = {
  async 'openai: models are listed and described'({ openai, model }) {
    const described = await openai.models.retrieve(model);
    assert.equal(described.id, model);
    assert.equal(described.object, 'model');
  },

  async 'openai: a chat is answered'({ openai, model }) {
    const answer = await openai.chat.completions.create({ model, messages: capital, temperature: 0 });
    assert.equal(answer.object, 'chat.completion');
    assert.equal(answer.choices[0].message.role, 'assistant');
    assert.match(answer.choices[0].message.content, /Lima/);
    assert.equal(answer.choices[0].finish_reason, 'stop');
    const { prompt_tokens: prompt, completion_tokens: said, total_tokens: total } = answer.usage;
    assert.ok(prompt > 0 && said > 0);
    assert.equal(prompt + said, total);
  },

  async 'openai: a stream says the same, in pieces'({ openai, model }) {
    const request = { model, messages: tale, temperature: 1, seed: 7, max_tokens: 24 };
    const whole = await openai.chat.completions.create(request);
    const { texts, reasons, usage, chunks } = await gather(await openai.chat.completions.create(
      { ...request, stream: true, stream_options: { include_usage: true } }));
    assert.deepEqual(texts, contents(whole));
    assert.deepEqual(reasons, [whole.choices[0].finish_reason]);
    assert.equal(usage.completion_tokens, whole.usage.completion_tokens);
    assert.ok(chunks > 4);
    const without = await gather(await openai.chat.completions.create({ ...request, stream: true }));
    assert.equal(without.usage, null);
  },

  async 'openai: n answers differ, and a stream of them says the same'({ openai, model }) {
    const request = { model, messages: tale, temperature: 1.5, seed: 3, n: 3, max_tokens: 16 };
    const whole = await openai.chat.completions.create(request);
    assert.deepEqual(whole.choices.map(({ index }) => index), [0, 1, 2]);
    assert.ok(new Set(contents(whole)).size > 1);
    const { texts } = await gather(await openai.chat.completions.create({ ...request, stream: true }));
    assert.deepEqual(texts, contents(whole));
  },

  async 'openai: a seed gives the same bytes, alone and among others'({ openai, model }) {
    const ask = (seed, content) => openai.chat.completions.create(
      { model, messages: [{ role: 'user', content }], temperature: 2, seed, max_tokens: 20 });
    const alone = contents(await ask(11, 'Tell me something.'));
    const crowd = await Promise.all([...Array(12).keys()].map((n) => ask(n === 5 ? 11 : n, n === 5 ? 'Tell me something.' : `Number ${n}?`)));
    assert.deepEqual(contents(crowd[5]), alone);
    const others = await Promise.all([1, 2, 3, 4].map((seed) => ask(seed, 'Tell me something.')));
    assert.ok(new Set([alone, ...others.map(contents)].map(String)).size > 1);
  },

  async 'openai: a stop text ends an answer and is not said'({ openai, model }) {
    const request = { model, messages: capital, temperature: 0 };
    const [plain] = contents(await openai.chat.completions.create(request));
    const stop = plain.slice(6, 12);
    for (const each of [stop, ['never said', stop]]) {
      const answer = await openai.chat.completions.create({ ...request, stop: each });
      assert.equal(answer.choices[0].message.content, plain.slice(0, plain.indexOf(stop)));
      assert.equal(answer.choices[0].finish_reason, 'stop');
      const { texts } = await gather(await openai.chat.completions.create({ ...request, stop: each, stream: true }));
      assert.deepEqual(texts, contents(answer));
    }
  },

  async 'openai: a limit of tokens is kept and said'({ openai, model }) {
    for (const limit of [{ max_tokens: 3 }, { max_completion_tokens: 3 }]) {
      const answer = await openai.chat.completions.create({ model, messages: capital, temperature: 0, ...limit });
      assert.equal(answer.choices[0].finish_reason, 'length');
      assert.equal(answer.usage.completion_tokens, 3);
    }
  },

  async 'openai: logarithms of probabilities belong to the tokens'({ openai, model }) {
    const answer = await openai.chat.completions.create({ model, messages: capital, temperature: 0, logprobs: true, top_logprobs: 4 });
    const { message, logprobs } = answer.choices[0];
    const bytes = logprobs.content.flatMap((token) => token.bytes);
    assert.equal(Buffer.from(bytes).toString(), message.content);
    for (const token of logprobs.content) {
      assert.ok(token.logprob <= 0);
      assert.equal(token.top_logprobs.length, 4);
      assert.equal(token.top_logprobs[0].token, token.token); // the likeliest was chosen
      const sorted = [...token.top_logprobs].sort((a, b) => b.logprob - a.logprob);
      assert.deepEqual(token.top_logprobs, sorted);
      assert.ok(token.top_logprobs.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0) < 1.0001);
    }
  },

  async 'openai: parts of a message are joined, and a system prompt is taken'({ openai, model }) {
    const answer = await openai.chat.completions.create({
      model, temperature: 0, max_tokens: 8,
      messages: [{ role: 'system', content: 'Be brief.' },
                 { role: 'user', content: [{ type: 'text', text: 'What is the capital' }, { type: 'text', text: ' of Peru?' }] }],
    });
    assert.ok(contents(answer)[0].length > 0);
  },

  async 'openai: texts are continued'({ openai, model }) {
    const request = { model, prompt: 'The capital of Peru', temperature: 0, max_tokens: 6 };
    const answer = await openai.completions.create(request);
    assert.equal(answer.object, 'text_completion');
    assert.ok(answer.choices[0].text.length > 0);
    const { texts } = await gather(await openai.completions.create({ ...request, stream: true }));
    assert.deepEqual(texts, [answer.choices[0].text]);
    const two = await openai.completions.create({ ...request, prompt: ['The capital of Peru', 'One plus two'] });
    assert.equal(two.choices.length, 2);
    assert.equal(two.choices[0].text, answer.choices[0].text);
  },

  async 'openai: vectors come as base64 and as numbers'({ client, servers }) {
    const openai = client(servers.embed), model = (await openai.models.list()).data[0].id;
    const input = ['What is the capital of Peru?', 'Lima', ''].slice(0, 2);
    const packed = await openai.embeddings.create({ model, input }); // the package asks for base64
    const plain = await openai.embeddings.create({ model, input, encoding_format: 'float' });
    assert.equal(packed.data.length, 2);
    packed.data.forEach(({ embedding, index }, at) => {
      assert.equal(index, at);
      assert.deepEqual(embedding, plain.data[at].embedding.map(Math.fround));
      assert.ok(Math.abs(embedding.reduce((sum, x) => sum + x * x, 0) - 1) < 1e-4);
    });
    const alone = await openai.embeddings.create({ model, input: input[1] });
    assert.deepEqual(alone.data[0].embedding, packed.data[1].embedding);
    assert.ok(plain.usage.prompt_tokens > 0);
  },
};
