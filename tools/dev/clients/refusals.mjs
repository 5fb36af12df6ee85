// refusals.mjs - What is refused is an error that the package `openai` knows by its type.
import assert from 'node:assert/strict';
import { gather } from './openai.mjs';

const messages = [{ role: 'user', content: 'What is the capital of Peru?' }];

/** A check that a request is refused with `status`, as `type`, for the fault of `param`. */
export const refused = (type, param, change) => async ({ OpenAI, openai, model }) => {
  await assert.rejects(openai.chat.completions.create({ model, messages, ...change }), (error) => {
    assert.ok(error instanceof OpenAI[type], `${error}`);
    assert.equal(error.param, param);
    assert.ok(error.message.length > 10 && error.type);
    return true;
  });
};

export const refusalChecks = {
  'errors: a wrong type': refused('BadRequestError', 'temperature', { temperature: 'hot' }),
  'errors: a wrong range': refused('BadRequestError', 'top_p', { top_p: 1.5 }),
  'errors: an unknown field': refused('BadRequestError', 'temprature', { temprature: 1 }),
  'errors: a field that is not supported': refused('BadRequestError', 'prediction', { prediction: { type: 'content', content: 'x' } }),
  'errors: no messages': refused('BadRequestError', 'messages', { messages: [] }),
  'errors: a role that does not exist': refused('BadRequestError', 'messages[0].role', { messages: [{ role: 'king', content: 'x' }] }),
  'errors: a picture': refused('BadRequestError', 'messages[0].content[0].type',
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }] }),
  'errors: another model': refused('NotFoundError', 'model', { model: 'gpt-9' }),

  async 'errors: a prompt beyond the context names the numbers'({ OpenAI, openai, model }) {
    await assert.rejects(openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'word '.repeat(20000) }] }), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError, `${error}`);
      assert.match(error.message, /\d{4,}.*\d{3,}/);
      return true;
    });
  },

  async 'errors: a key that is missing or wrong'({ OpenAI, client, servers, model }) {
    for (const key of ['wrong', 'secre', 'secrets'])
      await assert.rejects(client(servers.locked, key).chat.completions.create({ model, messages }), OpenAI.AuthenticationError);
    const answer = await client(servers.locked, 'secret').chat.completions.create({ model, messages, max_tokens: 2 });
    assert.equal(answer.usage.completion_tokens, 2);
  },

  async 'errors: a full queue says when to ask again'({ OpenAI, client, servers, model }) {
    const openai = client(servers.narrow);
    const outcomes = await Promise.allSettled([...Array(12)].map((_, n) => openai.chat.completions.create({ model, messages, max_tokens: 60, seed: n })));
    const refusals = outcomes.filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
    assert.ok(refusals.length > 0 && refusals.length < 12, `${refusals.length} of 12 are refused`);
    for (const error of refusals) {
      assert.ok(error instanceof OpenAI.RateLimitError, `${error}`);
      assert.match(error.headers.get('retry-after'), /^\d+$/);
    }
  },

  async 'leaving: a stream that is given up leaves the server free'({ client, servers, model }) {
    const openai = client(servers.narrow); // one slot: whoever keeps it, keeps others waiting
    for (let round = 0; round < 5; ++round) {
      const stream = await openai.chat.completions.create({ model, messages, stream: true, temperature: 2, seed: round });
      for await (const chunk of stream)
        if (chunk.choices[0].delta.content)
          break; // which closes the connection
      stream.controller.abort();
      const { texts } = await gather(await openai.chat.completions.create({ model, messages, stream: true, temperature: 0 }));
      assert.match(texts[0], /Lima/);
    }
  },
};
