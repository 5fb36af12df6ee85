// compare_tokenizers.mjs - One tokenizer file, for compare_tokenizers.
//
//   node compare_tokenizers.mjs ORACLE NAME[:CHANGE] DUMP STRINGS SEED
//
// Reads ORACLE/NAME/tokenizer.json, perhaps after a change, with Hugging Face's
// tokenizers and with DUMP, prints the first strings whose ids differ, and fails if
// there is one. CHANGE gguf: with the rules of every name that a GGUF file can have.

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import { randomFrom } from './random.mjs';

const [oracle, title, dump, count, seed] = process.argv.slice(2);
const [name, change] = title.split(':');
const require = createRequire(path.join(path.resolve(oracle), 'package.json'));
const { Tokenizer } = require('@anush008/tokenizers');
const published = path.join(oracle, name, 'tokenizer.json');
const description = JSON.parse(fs.readFileSync(published, 'utf8'));

/** Takes tokens away, and the merges that need them. */
function without(tokens) {
  const { model } = description;
  for (const token of tokens)
    delete model.vocab[token];
  model.merges = model.merges.filter((merge) => {
    const [left, right] = typeof merge === 'string' ? merge.split(' ') : merge;
    return [left, right, left + right].every((token) => Object.hasOwn(model.vocab, token));
  });
}

/** What published files of other families have. */
const changes = {
  /** Falcon and StarCoder lack bytes, Falcon 3 adds a line break. */
  gaps() {
    without(['Ģ', 'Å', 'À', 'Á', 'ÿ', 'q', 'é']);
    description.added_tokens.push({ id: description.model.vocab['Ċ'], content: 'Ċ', special: false,
                                    normalized: true, single_word: false, lstrip: false, rstrip: false });
  },
  unknown() {
    without(['Ģ', 'Å', 'q', 'ð']);
    Object.assign(description.model, { unk_token: 'A', fuse_unk: false });
  },
  fused() {
    without(['<0xC3>', '<0xF0>', '<0x0A>', 'e', '<0x65>']);
    description.model.fuse_unk = true;
  },
  apart() {
    without(['<0xC3>', '<0xF0>', '<0x0A>', 'e', '<0x65>']);
    description.model.fuse_unk = false;
  },
  /** GPT-4's own expression, whose runs give nothing back; as transformers converts it. */
  possessive() {
    const Regex = "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|" +
      '\\s*[\\r\\n]|\\s+(?!\\S)|\\s+';
    const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
    description.pre_tokenizer = {
      type: 'Sequence', pretokenizers: [{ type: 'Split', pattern: { Regex }, behavior: 'Removed', invert: true }, bytes],
    };
  },
  nfd() { description.normalizer = { type: 'NFD' }; },
  nfkd() { description.normalizer = { type: 'NFKD' }; },
};

/** What is read: a file, what more DUMP is told, and what it is called. */
const files = [];
function addFile(label, key, more = []) {
  const file = path.join(oracle, name, `${key}.json`);
  fs.writeFileSync(file, JSON.stringify(description));
  files.push({ label, theirs: file, ours: file, more });
}
if (change === 'gguf') {
  // The rules that a GGUF file names, each of them once, around a part of the vocabulary.
  without(Object.entries(description.model.vocab).filter(([, id]) => id >= 4096).map(([token]) => token));
  description.added_tokens = description.added_tokens.filter(({ content }) => Object.hasOwn(description.model.vocab, content));
  const seen = new Set();
  for (const line of execFileSync(dump, ['--list-pre'], { encoding: 'utf8' }).trim().split('\n')) {
    const { name: pre, composes, ...rules } = JSON.parse(line);
    const key = JSON.stringify([composes, rules]);
    if (seen.has(key))
      continue;
    seen.add(key);
    description.normalizer = composes ? { type: 'NFC' } : null;
    description.pre_tokenizer = rules.pre_tokenizer;
    description.model.ignore_merges = rules.ignore_merges;
    addFile(`${title}:${pre}`, pre, ['--pre', pre]);
    files.at(-1).ours = files[0].theirs; // whose own rules --pre replaces
  }
} else if (change) {
  changes[change]();
  addFile(title, change);
} else {
  files.push({ label: title, theirs: published, ours: published, more: [] });
}

const random = randomFrom(Number(seed));
const pick = (list) => list[random(list.length)];
const repeat = (least, most, make) =>
  Array.from({ length: least + random(most - least + 1) }, make).join('');

/** What is hard whatever the seed. */
const fixed = [
  '', ' ', '  ', 'a', 'Hello, world!', ' leading', 'trailing ', '\n', '\r\n', '\t',
  "don't can't I'LL WE'VE you'Re he'd I'm it's 'S 'T ''s'''t ' o'clock",
  "it'\u017f you'\u017fe", 'HTTPServer XMLHttpRequest iPhone McDonald\'s ABCdef\'LL',
  '1 12 123 1234 12345 123456789 3.14e-10 0x1F 1,000,000 ½²Ⅷ①٣०',
  'x=1;\n\ty+=2;\r\n\r\n  return x*y; // done\n', '  indented\n    more\n\n\n',
  'a\n\n\nb\n \n c', '\t\t\tx', 'no\u00a0break ideographic\u3000space', '\u0085\u2028\u2029',
  '\u0000nul\u0000\u0003\u007f\u001c', 'e\u0301 n\u0303 \u0301alone ﬁ ﬀ Ǆ ß ẞ İ ı ² Ａ ｶﾞ',
  'Привет, мир! Γειά σου שלום مرحبا नमस्ते สวัสดี 你好，世界！ こんにちは 안녕하세요',
  '👋🏽 👩‍👩‍👧‍👦 🇩🇪🇫🇷 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ☺️ 1️⃣', '🙂'.repeat(50), '\u2581', '\u2581\u2581 ', ' \u2581\u2581', '\u2581a \u2581b',
  'https://example.com/a/b?c=d#e //// ////\n/', '\u010a \u0120a', '\ufeffbom\ufffd\uffff\u{10ffff}',
  'a\u{1e030}\u0301 \u{11935}\u{11930} a\u{10d69}\u0323\u07fd', 'x\u{10d40}\u{10d50}\u{2ebf0}\u{1ccf0}',
  ...[' ', '\n', '\t', '\r\n', '0', 'a', '.', '=', 'ab', 'é', '漢', "'s", 'ª', 'ªA', '\u2581'].flatMap(
    (unit) => [2, 3, 7, 31, 64, 257, 2000].map((n) => unit.repeat(n))),
];

const alphabets = [
  'abcdefghijklmnopqrstuvwxyz', 'ABCXYZ', 'aAbBªºʰǅéÉüßſ', 'абвгдАБ', 'αβγΔΣ', 'אבגדה', 'ابتث\u064b\u0651',
  'कखग\u093e\u094d', 'กขค\u0e31\u0e48', '漢字仮名你好世界', 'かなカナｶﾞー', '한국어\u1112\u1161\u11ab', '0123456789', '²Ⅷ٣①½०',
  ' ', '  \t\n\r', '\u00a0\u3000\u2009\u0085\u200b\u200d\ufeff', '\'’"`', '.,;:!?-_/\\', '()[]{}<>|', '+=*&^%$#@~©€∑',
  '\u0301\u0308\u0327\u0323\u05b0\u3099', '🙂👋🚀👩‍🇩🇪🏽\ufe0f', '\u2581', 'ﬁ①㎏Ａ．ﾞ',
].map((characters) => [...characters]);
const words = ["'s", "'T", "'Re", "'ll", 'the', ' The', ' of', 'function', ' return', '();\n', '://', '\n\n', '    ', '0x', 'e-10'];

/** A code point that UTF-8 can spell, from every plane that has some. */
function anyCharacter() {
  const [first, last] = pick([[0, 0x7f], [0x80, 0x24ff], [0x2500, 0xd7ff], [0xe000, 0xffff],
                              [0x10000, 0x1ffff], [0x20000, 0x323af], [0xe0000, 0x10ffff]]);
  return String.fromCodePoint(first + random(last - first + 1));
}

const alphabetByte = new Map();
for (let byte = 0, next = 256; byte < 256; ++byte) {
  const stands = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  alphabetByte.set(stands ? byte : next++, byte);
}
/** A token of the vocabulary as text, with U+FFFD where it is none. */
function spelled(token) {
  if (description.model.byte_fallback)
    return token.replaceAll('\u2581', ' ');
  const bytes = [...token].map((c) => alphabetByte.get(c.codePointAt(0)) ?? 63);
  return Buffer.from(bytes).toString('utf8');
}
const vocabulary = Object.keys(description.model.vocab);
const added = description.added_tokens.map((token) => token.content);

const kinds = [
  () => repeat(1, 24, () => repeat(1, 4, ((a) => () => pick(a))(pick(alphabets)))),
  () => repeat(1, 20, () => pick([pick(words), pick(pick(alphabets)), ' '])),
  () => repeat(1, 12, () => spelled(pick(vocabulary))),
  () => repeat(1, 16, anyCharacter),
  () => repeat(1, 8, () => 'a' + anyCharacter() + pick(["'s", '1', ' ', '.', '\u0301'])),
  () => repeat(1, 6, () => pick([pick(added), pick(added).slice(0, -1), ' ', '\n', pick(words)])),
];
const texts = [...fixed];
while (texts.length < Number(count) / Math.sqrt(files.length))
  texts.push(pick(kinds)());
const input = path.join(oracle, name, `${change ?? 'plain'}.texts`);
fs.writeFileSync(input, texts.map((text) => JSON.stringify(text) + '\n').join(''));

/** Prints what differs. \returns whether something does */
async function differs({ label, theirs, ours, more }) {
  let lines;
  try {
    lines = execFileSync(dump, ['--tokenizer', ours, '--texts', input, '--special', 'recognise', ...more],
                         { maxBuffer: 1 << 30, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\n');
  } catch (error) {
    console.log(`${label}: ${error.stderr || error.message}`);
    return true;
  }
  const tokenizer = Tokenizer.fromFile(theirs);
  let differences = 0;
  for (const [index, text] of texts.entries()) {
    const ids = (await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds().join(' ');
    if (ids === lines[index] || ++differences > 5)
      continue;
    console.log(`${label}: ${JSON.stringify(text).slice(0, 300)}`);
    console.log(`  expected ${ids.slice(0, 300)}`);
    console.log(`  found    ${lines[index]?.slice(0, 300)}`);
  }
  console.log(`${label}: ${texts.length - differences} of ${texts.length} strings have the same ids`);
  return differences > 0;
}

let failed = false;
for (const file of files)
  failed = await differs(file) || failed;
process.exit(failed ? 1 : 0);
