// forms.mjs - Answers of a form that a client asks for, and tokens that it does not want.
import assert from 'node:assert/strict';
import { messages } from './ollama.mjs';
import { capital, contents } from './openai.mjs';
import { refused } from './refusals.mjs';

export const formChecks = {
  async 'openai: a bias keeps a token from being said'({ openai, model, servers }) {
    const request = { model, messages: capital, temperature: 0 };
    const plain = contents(await openai.chat.completions.create(request))[0];
    const { tokens } = await (await fetch(`${servers.chat.url}/tokenize`, { method: 'POST', body: JSON.stringify({ content: plain }) })).json();
    const biased = contents(await openai.chat.completions.create({ ...request, logit_bias: { [tokens[0]]: -100 } }))[0];
    assert.notEqual(biased.slice(0, 3), plain.slice(0, 3));
  },

  async 'openai: penalties are taken'({ openai, model }) {
    const answer = await openai.chat.completions.create(
      { model, messages: capital, temperature: 0, frequency_penalty: 0.5, presence_penalty: -0.5, max_tokens: 8 });
    assert.ok(contents(answer)[0].length > 0);
  },

  async 'openai: a schema shapes the answer'({ openai, model }) {
    const schema = {
      type: 'object', additionalProperties: false, required: ['city', 'size', 'tags'],
      properties: {
        city: { type: 'string', maxLength: 12 }, size: { type: 'integer', minimum: 10, maximum: 99 },
        tags: { type: 'array', items: { enum: ['big', 'small'] }, minItems: 1, maxItems: 2 },
      },
    };
    for (const seed of [1, 2, 3]) {
      const answer = await openai.chat.completions.create({
        model, messages: capital, temperature: 1, seed,
        response_format: { type: 'json_schema', json_schema: { name: 'city', strict: true, schema } },
      });
      const said = JSON.parse(contents(answer)[0]);
      assert.deepEqual(Object.keys(said).sort(), ['city', 'size', 'tags']);
      assert.ok(typeof said.city === 'string' && [...said.city].length <= 12);
      assert.ok(Number.isInteger(said.size) && said.size >= 10 && said.size <= 99);
      assert.ok(said.tags.length >= 1 && said.tags.length <= 2 && said.tags.every((tag) => ['big', 'small'].includes(tag)));
    }
  },

  async 'openai: json_object is an object of JSON'({ openai, model }) {
    const answer = await openai.chat.completions.create(
      { model, messages: capital, temperature: 1, seed: 5, max_tokens: 400, response_format: { type: 'json_object' } });
    if (answer.choices[0].finish_reason === 'stop')
      assert.equal(typeof JSON.parse(contents(answer)[0]), 'object');
    assert.match(contents(answer)[0], /^\s*\{/);
  },

  async 'ollama: a format shapes the answer'({ ollama, model }) {
    const format = { type: 'object', properties: { n: { type: 'integer', minimum: 1, maximum: 9 } }, required: ['n'], additionalProperties: false };
    const { message } = await ollama.chat({ model, messages, format, options: { temperature: 1, seed: 2 } });
    const said = JSON.parse(message.content);
    assert.ok(said.n >= 1 && said.n <= 9);
  },

  'errors: a schema that cannot be kept': refused('BadRequestError', 'response_format.json_schema.schema',
    { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'string', not: { const: 'x' } } } } }),
};
