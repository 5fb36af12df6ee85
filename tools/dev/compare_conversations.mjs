// compare_conversations.mjs - One chat template, for compare_tokenizers.
//
//   node compare_conversations.mjs ORACLE NAME[:TEMPLATE] BIN COUNT SEED
//
// Compiles ORACLE/checkpoint with the tokenizer of the folder ORACLE/NAME and its chat
// template, or another one, gives COUNT conversations to `chat prompt`, and compares text
// and ids with those of @huggingface/jinja and Hugging Face's tokenizers. Ends with 0, with
// 1 if there is a difference, with 2 if tritc refuses the template, with 3 if there is none.

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import { randomFrom } from './random.mjs';

const [oracle, title, bin, count, seed] = process.argv.slice(2);
const [name, change] = title.split(':');
const require = createRequire(path.join(path.resolve(oracle), 'package.json'));
const { Tokenizer } = require('@anush008/tokenizers');
const { Template } = await import(require.resolve('@huggingface/jinja'));
const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const folder = path.join(oracle, name);
const config = read(path.join(folder, 'tokenizer_config.json'));

function leave(code, line) {
  console.log(`${title}: ${line}`);
  process.exit(code);
}
/** Shapes that others publish, for the tokenizers of those models. */
const templates = {
  /** Llama 3.1: the system message is always there, with dates. */
  dated: "{{- bos_token }}{% if messages[0]['role'] == 'system' %}{% set text = messages[0]['content'] | trim %}" +
    "{% set messages = messages[1:] %}{% else %}{% set text = '' %}{% endif %}" +
    "{{ '<|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\n\n' + text + '<|eot_id|>' }}" +
    "{% for m in messages %}{{ '<|start_header_id|>' + m.role + '<|end_header_id|>\n\n' + m.content | trim + '<|eot_id|>' }}" +
    "{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}",
  /** Falcon 3. */
  lines: "{% for m in messages %}{% if m.role == 'assistant' %}{% if not loop.last %}{{ '<|assistant|>\n' + m.content + eos_token + '\n' }}" +
    "{% else %}{{ '<|assistant|>\n' + m.content + eos_token }}{% endif %}{% else %}{{ '<|' + m.role + '|>\n' + m.content + '\n' }}" +
    "{% endif %}{% if loop.last and add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}{% endfor %}",
  /** Llama 2 and Mistral: the system message is part of the user's first one, which has no tokens around it. */
  instructions: "{% if messages[0].role == 'system' %}{% set s = '<<SYS>>\n' + messages[0].content + '\n<</SYS>>\n\n' %}" +
    "{% set rest = messages[1:] %}{% else %}{% set s = '' %}{% set rest = messages %}{% endif %}" +
    "{% for m in rest %}{% if m.role == 'user' %}{{ bos_token + '[INST] ' + (s if loop.first else '') + m.content.strip() + ' [/INST]' }}" +
    "{% else %}{{ ' ' + m.content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}",
  /** ChatML whose answers lose their thoughts. */
  thoughtless: "{% for m in messages %}{% set c = m.content %}{% if m.role == 'assistant' and '</think>' in c %}" +
    "{% set c = c.split('</think>')[-1].lstrip('\n') %}{% endif %}{{ '<|im_start|>' + m.role + '\n' + c + '<|im_end|>\n' }}" +
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
};

const source = change ? templates[change] : config.chat_template;
if (typeof source !== 'string')
  leave(3, 'has no chat template');
const description = read(path.join(folder, 'tokenizer.json'));

/** The special tokens that a template may name, as their texts. */
const specials = {};
for (const [key, value] of Object.entries(config))
  if (/_token$/.test(key) && value !== null && typeof value !== 'boolean')
    specials[key] = typeof value === 'string' ? value : value.content;

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

const added = description.added_tokens;
const idOf = (text) => added.find((token) => token.content === text)?.id ?? description.model.vocab[text];
const model = path.join(oracle, 'models', title);
const program = path.join(model, 'chat');
fs.rmSync(model, { recursive: true, force: true });
process.on('exit', () => fs.rmSync(model, { recursive: true, force: true }));
fs.mkdirSync(model, { recursive: true });
const checkpoint = path.resolve(oracle, 'checkpoint');
for (const file of ['tokenizer.json', 'tokenizer_config.json'])
  fs.symlinkSync(path.resolve(folder, file), path.join(model, file));
fs.symlinkSync(path.join(checkpoint, 'model.safetensors'), path.join(model, 'model.safetensors'));
fs.writeFileSync(path.join(model, 'chat_template.jinja'), source);
const settings = { ...read(path.join(checkpoint, 'config.json')), eos_token_id: idOf(specials.eos_token) };
if (specials.bos_token)
  settings.bos_token_id = idOf(specials.bos_token);
else
  delete settings.bos_token_id;
fs.writeFileSync(path.join(model, 'config.json'), JSON.stringify(settings));
const compiled = spawnSync(path.join(bin, 'tritc'), [model, '--target=portable', '--head=exact', '-o', program],
                           { encoding: 'utf8' });
if (compiled.status !== 0)
  leave(compiled.stderr.includes('chat_template') ? 2 : 1, `tritc refuses it: ${compiled.stderr.trim()}`);
/** What the compiler says that it takes for text, though the template knows it. */
const remark = compiled.stderr.split('\n').find((line) => line.includes('rules of its own')) ?? '';

/** Text and ids of a conversation, or the line that refuses it. */
function ours(messages) {
  const run = spawnSync(program, ['prompt', '--json', '--messages', '-'],
                        { input: JSON.stringify(messages), encoding: 'utf8' });
  return run.status === 0 ? JSON.parse(run.stdout) : { refused: run.stderr.trim() };
}

//===----------------------------------------------------------------------===//
// Conversations
//===----------------------------------------------------------------------===//

const random = randomFrom(Number(seed));
const pick = (list) => list[random(list.length)];
const spaces = ['', ' ', '\n', '\n\n', '\t', '\r\n', '\u00a0', '\u3000', '\u2009', '\u0085', '\u001c', '\ufeff', '\u200b'];
const plain = [
  'How are you?', 'a', '7', 'Hello, world! It\'s 12:30.', 'Grüße aus Köln', '你好，世界！', 'こんにちは',
  'नमस्ते', 'שלום', '👩‍👩‍👧‍👦 🇩🇪', 'e\u0301 ﬁ Å', 'def f(x):\n    return x ** 2\n', '- one\n- two\n\n\nthree',
  '{"a": [1, 2]}', '{{ x }} {% if y %} {# z #}', 'None', 'user', 'assistant: yes', '<b>&amp;"it\'s"</b>', '\\n \\t %s',
];
const thoughts = [
  '<think>\nwhy?\n</think>\n\nso', '<think></think>\n\nso', '<think>a</think> b </think> c', 'no </think>', '<think>only',
  '</think>', '\n</think>\n\nx',
];
const markers = added.map((token) => token.content)
  .filter((text) => text.trim() && !/reserved|unused|place▁holder/.test(text));
const withMarker = () => pick(['', 'a', 'x ']) + pick(markers) + pick(['', 'b', ' y', '\n']);
const padded = (text) => pick(spaces) + pick(spaces) + text + pick(spaces) + pick(spaces);
/** Contents of one kind each, so that a difference says what it comes from. */
const kinds = {
  plain: () => pick(plain),
  space: () => padded(pick(plain)),
  empty: () => (random(3) ? pick(plain) : pick(['', '', ' ', '\n\n'])),
  thought: (role) => (role === 'assistant' && random(2) ? padded(pick(thoughts)) : pick(plain)),
  marker: () => (random(2) ? withMarker() : padded(pick(plain))),
  none: () => 'x',
};

function conversation(kind, turns, hasSystem) {
  const say = (role) => ({ role, content: kinds[kind](role) });
  const messages = hasSystem ? [say('system')] : [];
  for (let turn = 0; turn < turns; ++turn) {
    if (turn > 0)
      messages.push(say('assistant'));
    messages.push(say('user'));
  }
  return messages;
}

const takesSystem = !ours([{ role: 'system', content: 's' }, { role: 'user', content: 'u' }]).refused;
const tried = [];
while (tried.length < Number(count))
  for (const kind of ['plain', 'space', 'empty', 'thought', 'marker'])
    tried.push({ kind, messages: conversation(kind, 1 + random(5), takesSystem && random(2) === 1) });

//===----------------------------------------------------------------------===//
// What they become
//===----------------------------------------------------------------------===//

const template = new Template(source);
const byNode = (messages) => template.render({ messages, add_generation_prompt: true, ...specials });

/** The same by Jinja2, of many conversations; null where Python has none. */
function byJinja2(list) {
  const script = `
import json, sys
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment
job = json.load(sys.stdin)
environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
template = environment.from_string(job["source"])
print(json.dumps([template.render(messages=m, add_generation_prompt=True, **job["specials"]) for m in job["list"]]))`;
  const run = spawnSync('python3', ['-c', script], {
    input: JSON.stringify({ source, specials, list }), encoding: 'utf8', maxBuffer: 1 << 28,
  });
  return run.status === 0 ? JSON.parse(run.stdout) : null;
}

/**
 * @huggingface/jinja strips otherwise than Jinja2: with trim of JavaScript, which knows
 * U+FEFF, but not U+0085 and U+001C to U+001F, and lstrip('x') without looking at 'x'.
 * So where the two differ Jinja2 is right.
 */
const render = (list) => byJinja2(list) ?? list.map(byNode);

const whole = Tokenizer.fromFile(path.join(folder, 'tokenizer.json'));
const idsOf = async (tokenizer, text) => (await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds();

/**
 * Here tritc differs from Hugging Face, on purpose: what a user writes never becomes a
 * special token, nor one that the template writes. So contents are marked before they
 * are rendered, the text is cut at the tokens that are left, and what lies in between is
 * encoded by a tokenizer that knows none of them.
 */
const written = [false, takesSystem].map((hasSystem) => byNode(conversation('none', 3, hasSystem))).join();
const guarded = added.filter((token) => token.special || (token.content.trim() && written.includes(token.content)));
const others = path.join(model, 'unguarded.json');
// Tokens without a place in the vocabulary are numbered in order: they stay, as what no text has.
const hide = (token, index) => (Object.hasOwn(description.model.vocab, token.content) ? [] : [{ ...token, content: `\ue0f1${index}\ue0f1` }]);
fs.writeFileSync(others, JSON.stringify({ ...description, post_processor: null,
                                          added_tokens: added.flatMap((token, index) =>
                                            guarded.includes(token) ? hide(token, index) : [token]) }));
const unguarded = Tokenizer.fromFile(others);
const mark = '\ue0f0';
const longestFirst = guarded.map((token) => token.content).sort((a, b) => b.length - a.length);
const spelled = (text) => new RegExp(text.map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
const anyGuarded = spelled(longestFirst);

const hidden = (messages) => messages.map(({ role, content }) =>
  ({ role, content: content.replace(anyGuarded, (found) => found[0] + mark + found.slice(1)) }));

/** The ids of a text whose contents are marked. */
async function guardedIds(text) {
  const ids = [];
  let last = 0;
  const plainIds = async (part) => part && ids.push(...await idsOf(unguarded, part.replaceAll(mark, '')));
  for (const found of text.matchAll(anyGuarded)) {
    await plainIds(text.slice(last, found.index));
    ids.push(idOf(found[0]));
    last = found.index + found[0].length;
  }
  await plainIds(text.slice(last));
  return ids;
}

/** A BOS that the tokenizer adds to every text stands in front of a chat, too. */
const addsBos = JSON.stringify(description.post_processor ?? '').includes('"SpecialToken"') ||
  config.add_bos_token === true;
const bos = idOf(specials.bos_token);

let differences = 0, forged = 0;
function report(kind, messages, what, expected, found) {
  if (++differences > 5)
    return;
  console.log(`${title}: ${what} of a conversation (${kind}): ${JSON.stringify(messages).slice(0, 600)}`);
  console.log(`  expected ${JSON.stringify(expected).slice(0, 700)}`);
  console.log(`  found    ${JSON.stringify(found).slice(0, 700)}`);
}

const texts = render(tried.map(({ messages }) => messages));
const marked = render(tried.map(({ messages }) => hidden(messages)));
for (const [index, { kind, messages }] of tried.entries()) {
  const found = ours(messages), text = texts[index];
  if (found.text !== text) {
    report(kind, messages, 'text', text, found.text ?? found.refused);
    continue;
  }
  const theirs = [...await idsOf(whole, text)];
  const expected = marked[index] === text ? theirs : await guardedIds(marked[index]);
  forged += expected.join() !== theirs.join();
  if (addsBos && expected[0] !== bos)
    expected.unshift(bos);
  if (expected.join() !== found.ids.join())
    report(kind, messages, 'ids', expected, found.ids);
}

if (remark)
  console.log(`${title}: ${remark}`);
const corrected = tried.filter(({ messages }, index) => byNode(messages) !== texts[index]).length;
if (corrected)
  console.log(`${title}: ${corrected} texts of @huggingface/jinja are not those of Jinja2, which are taken`);
console.log(`${title}: ${tried.length - differences} of ${tried.length} conversations have the same text and ids; ` +
  `${forged} with a token of the template that a user writes: Hugging Face takes it for one`);
process.exit(differences ? 1 : 0);
