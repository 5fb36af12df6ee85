// ollama.mjs - What the package `ollama` of npm asks and is answered.
import assert from 'node:assert/strict';

export const messages = [{ role: 'user', content: 'What is the capital of Peru?' }];
const options = { temperature: 0, num_predict: 12 };

async function joined(stream, textOf) {
  let text = '', last;
  for await (const part of stream) {
    text += textOf(part);
    last = part;
  }
  return { text, last };
}

export const ollamaChecks = {
  async 'ollama: a chat is answered, whole and in pieces'({ ollama, model }) {
    const whole = await ollama.chat({ model, messages, options });
    assert.match(whole.message.content, /Lima/);
    assert.equal(whole.message.role, 'assistant');
    assert.equal(whole.done, true);
    assert.ok(whole.eval_count > 0 && whole.prompt_eval_count > 0 && whole.total_duration > 0);
    const { text, last } = await joined(await ollama.chat({ model, messages, options, stream: true }), (part) => part.message.content);
    assert.equal(text, whole.message.content);
    assert.equal(last.done, true);
    assert.equal(last.done_reason, whole.done_reason);
    assert.equal(last.eval_count, whole.eval_count);
  },

  async 'ollama: a text is generated, whole and in pieces'({ ollama, model }) {
    const request = { model, prompt: 'What is the capital of Peru?', options };
    const whole = await ollama.generate(request);
    assert.match(whole.response, /Lima/);
    const { text, last } = await joined(await ollama.generate({ ...request, stream: true }), (part) => part.response);
    assert.equal(text, whole.response);
    assert.equal(last.done, true);
  },

  async 'ollama: a seed gives the same bytes'({ ollama, model }) {
    const ask = async (seed) => (await ollama.chat({ model, messages: [{ role: 'user', content: 'Tell me something.' }],
                                                     options: { temperature: 1.5, seed, num_predict: 16 } })).message.content;
    const first = await ask(4);
    assert.equal(await ask(4), first);
    assert.ok(new Set([first, ...await Promise.all([5, 6, 7, 8].map(ask))]).size > 1);
  },

  async 'ollama: models are listed, shown and running'({ ollama, model }) {
    const { models } = await ollama.list();
    assert.equal(models.length, 1);
    assert.equal(models[0].name, `${model}:latest`);
    const shown = await ollama.show({ model: models[0].name });
    assert.ok(shown.details && shown.model_info);
    const running = await ollama.ps();
    assert.equal(running.models[0].name, models[0].name);
    assert.match((await ollama.version()).version, /\d/);
  },

  async 'ollama: texts become vectors'({ embedder }) {
    const model = (await embedder.list()).models[0].name;
    const { embeddings } = await embedder.embed({ model, input: ['Lima', 'Peru'] });
    assert.equal(embeddings.length, 2);
    const { embeddings: [alone] } = await embedder.embed({ model, input: 'Lima' });
    assert.deepEqual(alone, embeddings[0]);
  },

  async 'ollama: errors are errors'({ ollama, model }) {
    await assert.rejects(ollama.chat({ model: 'nobody', messages }), (error) => error.status_code === 404 && /nobody/.test(error.message));
    await assert.rejects(ollama.chat({ model, messages, options: { temperature: 'hot' } }),
      (error) => error.status_code === 400 && /temperature/.test(error.message));
  },
};
