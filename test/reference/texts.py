"""Texts that are hard for tokenizers, one JSON value per line.

    python3 texts.py [--every-character] [--vocabulary TOKENIZER.json]

Strings, and {"hex": ...} for bytes that are no UTF-8. --every-character adds
every assigned code point in a context that shows its class, --vocabulary texts
of random tokens of a SentencePiece vocabulary, where most merges compete.
"""

import json
import random
import sys
import unicodedata

PLAIN = [
    "", " ", "  ", "a", "Hello, world!", " leading", "trailing ", "\n", "\r\n",
    "User: How are you?", "Assistant: ", "don't can't I'll we've you're he'd "
    "I'm it's", "DON'T CAN'T I'LL WE'VE YOU'RE HE'D I'M IT'S", "'S 'T 'RE 'Ve",
    "it'\u017f you'\u017fe", "''s'''t", "'", "' s", "o'clock rock'n'roll",
    "1 12 123 1234 12345 123456789", "3.14159e-10", "0x1F 1,000,000", "½²Ⅷ①٣०",
    "x=1;\n\ty+=2;\r\n\r\n  return x*y; // done\n", "  indented\n    more\n",
    "a\n\n\nb\n \n c", "tab\tand\vvertical\fform", "\t\t\tx", "no\u00a0break",
    "ideographic\u3000space", "zero\u200bwidth\u200djoiner", "\ufeffbom",
    "next\u0085line\u2028sep\u2029para", "\u001c\u001d\u001e\u001f",
    "\u0000nul\u0000", "e\u0301 n\u0303 \u0301alone", "ﬁ ﬀ Ǆ ß ẞ İ ı",
    "Привет, мир! Как дела?", "Γειά σου Κόσμε", "שלום עולם", "مرحبا بالعالم",
    "नमस्ते दुनिया", "สวัสดีชาวโลก", "你好，世界！", "こんにちは世界", "안녕하세요",
    "mixедскриптδοκ漢字かな", "👋🏽 👩‍👩‍👧‍👦 🇩🇪🇫🇷 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ☺️ 1️⃣", "🙂" * 50,
    "<|begin_of_text|>", "a<|eot_id|>b", "<|eot_id|><|eot_id|>", "<|eot_id",
    "|eot_id|>", "<|<|eot_id|>|>", " <|end_of_text|> ",
    "<|reserved_special_token_1|><|reserved_special_token_10|>",
    "<|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|>",
    "\ud83d lone surrogate", "\U0010ffff\ufffe\uffff",
]

RUNS = [c * n for c in (" ", "\n", "\t", "\r\n", " \n", "0", "a", ".", "=",
                        "ab", "\u3000", "é", "漢", "🙂", "'s", "-a")
        for n in (2, 3, 7, 64, 257)] + [c * 3000 for c in (" ", "\n", "a", "9")]

BROKEN = [
    "ff", "fe80", "80", "61ff62", "c3", "c328", "e282", "e28261", "e2ff82",
    "f09f91", "f09f9161", "f0288cbc", "c0af", "e080af", "f08080af", "eda080",
    "edbfbf", "f4908080", "f8888080", "fc8480808080", "e282ace282",
    "c3a9c3c3a9", "20ff20", "ffffffffff", "0aff0a", "31ff32", "27ff73",
    "f09f918b8b", "ef bb", "61f0909061"]


def random_texts(count, rng):
    """Mixtures that put every class beside every other."""
    alphabets = [
        "abcXYZ", "éüñßſ", "漢字かなカナ", "אבגدהו", "0123456789", "²Ⅷ٣①",
        " ", " \t\n\r", "\u00a0\u3000\u2009\u0085", "'’\"`", ".,;:!?-_/\\",
        "()[]{}<>|", "+=*&^%$#@~", "\u0301\u0308\u0327", "\u200d\u200b\ufeff",
        "🙂👋🚀🇩🇪", "'s't're've'm'll'd", "\u0000\u0007\u001c\u007f"]
    for _ in range(count):
        parts = []
        for _ in range(rng.randrange(1, 25)):
            alphabet = rng.choice(alphabets)
            parts.append("".join(rng.choices(alphabet, k=rng.randrange(1, 5))))
        yield "".join(parts)


def random_bytes(count, rng):
    for _ in range(count):
        good = "".join(rng.choices("aé漢🙂 '1\n", k=8)).encode("utf-8")
        bad = bytearray(good)
        for _ in range(3):
            bad[rng.randrange(len(bad))] = rng.randrange(256)
        yield {"hex": bad.hex()}


def every_character():
    """Assigned code points, surrogates and private use left out."""
    text = ""
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co"):
            text += f"a{chr(code)}1{chr(code)} {chr(code)}."
        if len(text) > 20000:
            yield text
            text = ""
    yield text


def of_tokens(path, count, rng):
    with open(path, encoding="utf-8") as file:
        tokens = [t.replace("\u2581", " ") for t in
                  json.load(file)["model"]["vocab"] if len(t) < 30]
    for _ in range(count):
        yield "".join(rng.choices(tokens, k=rng.randrange(1, 30)))


def main(arguments):
    rng = random.Random(11)
    values = PLAIN + RUNS + [{"hex": h.replace(" ", "")} for h in BROKEN]
    values += random_texts(300, rng)
    values += random_bytes(200, rng)
    if "--every-character" in arguments:
        values += every_character()
    if "--vocabulary" in arguments:
        path = arguments[arguments.index("--vocabulary") + 1]
        values += of_tokens(path, 1000, rng)
    for value in values:
        print(json.dumps(value))


if __name__ == "__main__":
    main(sys.argv[1:])
