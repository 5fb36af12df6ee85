"""Checks of emitted.py: a program against the NumPy reference."""

import json
import os
import subprocess
import sys

import numpy as np

from workshop import fail, random_ids, run

HERE = os.path.dirname(os.path.abspath(__file__))
REFERENCE = os.path.join(HERE, "..", "..", "reference")
sys.path.insert(0, REFERENCE)
import blocks as any_blocks  # noqa: E402
import compare_logits  # noqa: E402
import extremes as extreme_weights  # noqa: E402
import model as reference_model  # noqa: E402
import pooling as reference_pooling  # noqa: E402
import tokenizer as reference_tokenizer  # noqa: E402


def compare_with_reference(program, checkpoint, ids, options):
    """Fails unless the logits are right; returns their hash."""
    single = reference_model.Model(checkpoint, reference_model.Float32,
                                   options.head, kv=options.kv)
    recorder = reference_model.Recorder(single)
    _, contract, _ = reference_model.run(single, ids, len(ids), 0)
    # Where a value lies on a rounding boundary, float64 follows float32.
    oracle = reference_model.Model(checkpoint, head=options.head,
                                   kv=options.kv)
    oracle.decisions = reference_model.Decisions(recorder.rounded())
    _, expected, _ = reference_model.run(oracle, ids, len(ids), 0)

    found, digits = program.all_logits(ids, expected.shape[1])
    errors = compare_logits.errors_of_arrays(expected,
                                             found.astype(np.float64))
    print(f"{len(errors)} tokens, largest error {errors.max():.3g}, "
          f"{oracle.decisions.followed} values on a boundary")
    if errors.max() > 1e-4:
        fail(f"token {errors.argmax()}: not the logits of the reference")
    if (contract != found).any():
        where = tuple(np.argwhere(contract != found)[0])
        fail(f"token {where[0]}: not the bits of the numerics contract; logit "
             f"{where[1]} is {found[where]!r}, expected {contract[where]!r}")
    if program.logits(ids, "--chunk", 1)[1] != digits:
        fail("tokens one by one give other logits than in a block")
    print("bits are those of the numerics contract")
    return digits


def accuracy(shop):
    packed = shop.synthesize("packed")
    config = reference_model.Model(packed).config
    ids = random_ids(config, shop.options.length)
    target = shop.options.targets.split(",")[0]
    compare_with_reference(shop.compile(packed, target), packed, ids,
                           shop.options)

    master = shop.synthesize("master", "--format=master", "--shards=3")
    if config.divides:
        # A stored reciprocal and the magnitude itself round differently.
        compare_with_reference(shop.compile(master, target), master, ids,
                               shop.options)
        return
    # What a program reads is its image; code does not depend on weights.
    if shop.image(master, target) != shop.image(packed, target):
        fail("master weights make another image than packed weights")
    print("master weights make the same image")


def extremes(shop):
    checkpoint = shop.synthesize("extremes")
    extreme_weights.rewrite(checkpoint)
    model = reference_model.Model(checkpoint)
    smallest = []
    model.observers.append(
        lambda name, rounded, exact: rounded.dtype == np.int8 and
        smallest.append(np.abs(rounded.astype(int)).min()))
    ids = random_ids(model.config, shop.options.length)
    reference_model.run(model, ids, len(ids), 0)
    if min(smallest) != 127:
        fail(f"an activation is {min(smallest)}: not the extreme")
    for program in shop.programs(checkpoint).values():
        compare_with_reference(program, checkpoint, ids, shop.options)


def blocks(shop):
    checkpoint = os.path.join(shop.synthesize("blocks", "--format=gguf"),
                              "model.gguf")
    any_blocks.rewrite(checkpoint)
    model = reference_model.Model(checkpoint)
    # The rows of unusual numbers are read as embeddings, too.
    ids = [*range(8), *random_ids(model.config, shop.options.length)]
    expected = None
    for target, program in shop.programs(checkpoint).items():
        expected = expected or compare_with_reference(program, checkpoint, ids,
                                                      shop.options)
        for threads in shop.options.threads.split(","):
            for chunk in shop.options.chunks.split(","):
                if program.logits(ids, "-t", threads, "--chunk",
                                  chunk)[1] != expected:
                    fail(f"{target}, {threads} threads, chunks of {chunk}: "
                         "other logits")
        # Copied weights leave the table where it is, but for rows of tokens.
        if program.logits(ids, "--weights=copy")[1] != expected:
            fail(f"{target}: other logits from copied weights")
        print(f"{target}: hash {expected}")


def embed(shop):
    """The vector of a text is that of the reference for its last token, which
    is the end token; --ids and --json say the same."""
    checkpoint = shop.synthesize("model")
    program = shop.compile(checkpoint, shop.options.targets.split(",")[0])
    oracle = reference_tokenizer.load(checkpoint + "/tokenizer.json")
    with open(checkpoint + "/config.json", encoding="utf-8") as file:
        config = json.load(file)
    model = reference_model.Model(checkpoint, reference_model.Float32)
    for text in ("Hello world", "  What is\na tree? ", "x"):
        lines = run(*program.command, "tokenize", "-p", text).splitlines()
        ids = [int(line.split(b"\t")[0]) for line in lines]
        own = [*oracle.encode(text, True), config["eos_token_id"]]
        if ids[-len(own):] != own:
            fail(f"{text!r}: the ids are not those of the reference")
        expected = reference_model.run(model, ids, len(ids), 0)[1][-1]
        found = run(*program.command, "embed", "-p", text)
        vector = np.array(found.split(), np.float32)
        if (vector != expected).any():
            fail(f"{text!r}: not the vector of the reference")
        as_json = json.loads(run(*program.command, "embed", "-p", text,
                                 "--json"))
        if as_json["tokens"] != len(ids) or \
                (np.array(as_json["vector"], np.float32) != vector).any():
            fail(f"{text!r}: --json says something else")
        if run(*program.command, "embed", "--ids",
               ",".join(map(str, ids))) != found:
            fail(f"{text!r}: --ids give another vector")
        length = np.sqrt((vector.astype(np.float64) ** 2).sum())
        if abs(length - 1) > 1e-6:
            fail(f"{text!r}: a vector of length {length}")
        if run(*program.command, "-p", text) != found:
            fail(f"{text!r}: the command can not be left out")
    for name in ("perplexity", "prompt"):
        refused = subprocess.run([*program.command, name, "x"], check=False,
                                 capture_output=True)
        if refused.returncode != 1 or refused.stderr.count(b"\n") != 1:
            fail(f"a model without logits has a command {name}")
    print("vectors are those of the numerics contract")


def write_modules(checkpoint, modes, normalizes):
    """As sentence-transformers does."""
    names = ["Transformer", "Pooling", *["Normalize"] * normalizes]
    os.makedirs(checkpoint + "/1_Pooling", exist_ok=True)
    with open(checkpoint + "/modules.json", "w", encoding="utf-8") as file:
        json.dump([{"idx": i, "name": str(i), "type":
                    f"sentence_transformers.models.{name}",
                    "path": f"{i}_{name}" if i else ""}
                   for i, name in enumerate(names)], file)
    with open(checkpoint + "/1_Pooling/config.json", "w",
              encoding="utf-8") as file:
        json.dump({key: mode in modes for key, mode in
                   reference_pooling.KEYS.items()}, file)


def pooling(shop):
    """Vectors of every mode, and of some together, are those of the reference,
    for all threads and chunks, and say themselves what they are."""
    checkpoint = shop.synthesize("model")
    model = reference_model.Model(checkpoint, reference_model.Float32)
    ids = random_ids(model.config, shop.options.length)
    states = model.states(ids)
    for modes, normalizes in ((["mean"], True), (["lasttoken"], False),
                              (["cls", "max"], True),
                              (["mean_sqrt_len_tokens", "weightedmean"],
                               False)):
        write_modules(checkpoint, modes, normalizes)
        expected = reference_pooling.vector(
            model.arithmetic, states,
            *reference_pooling.of_directory(checkpoint))
        for target, program in shop.programs(checkpoint).items():
            facts = json.loads(run(*program.command, "info", "--json"))
            if facts["pooling"].split() != modes or \
                    facts["vectors"] != ("normalized" if normalizes else
                                         "as they are") or \
                    facts["vector_size"] != len(expected):
                fail(f"{modes}: info says {facts}")
            for threads, chunk in zip(shop.options.threads.split(","),
                                      shop.options.chunks.split(",")):
                found = np.array(run(
                    *program.command, "embed", "--ids",
                    ",".join(map(str, ids)), "-t", threads, "--chunk",
                    chunk).split(), np.float32)
                if (found != expected).any():
                    fail(f"{modes}, {target}, {threads} threads, chunks of "
                         f"{chunk}: not the vector of the reference")
        print(f"{' '.join(modes)}: {len(expected)} numbers equal")


def read_tokens(program, text, *options):
    source = ["-p", ""]
    if text:
        source = ["-f", program.path + ".text"]
        with open(source[1], "wb") as file:
            # What belongs to a file: a mark in front, ends of lines of another
            # system, a last newline.
            file.write(b"\xef\xbb\xbf" +
                       (text + b"\n").replace(b"\r\n", b"\r\r\n"))
    lines = run(*program.command, "tokenize", *source, "--no-bos", *options)
    return [int(line.split(b"\t")[0]) for line in lines.splitlines()]


def tokens(shop):
    checkpoint = shop.synthesize("packed")
    if shop.options.vocabulary:
        run(sys.executable, os.path.join(REFERENCE, "convert_vocabulary.py"),
            shop.options.vocabulary, checkpoint + "/tokenizer.json",
            checkpoint + "/converted.json")
        os.replace(checkpoint + "/converted.json",
                   checkpoint + "/tokenizer.json")
    program = shop.compile(checkpoint, shop.options.targets.split(",")[0])
    oracle = reference_tokenizer.load(shop.options.vocabulary or
                                      checkpoint + "/tokenizer.json")
    texts = run(sys.executable, os.path.join(REFERENCE, "texts.py"))
    count = 0
    for line in texts.splitlines()[::shop.options.every]:
        value = json.loads(line)
        raw = bytes.fromhex(value["hex"]) if isinstance(value, dict) else \
            value.encode("utf-8", "surrogatepass")
        for recognise in (True, False):
            expected = oracle.encode(reference_tokenizer.as_text(value),
                                     recognise)
            found = read_tokens(program, raw,
                                *([] if recognise else ["--no-parse-special"]))
            if found != expected:
                fail(f"{line.decode()}: expected {expected}, found {found}")
            count += len(found)
    print(f"{count} ids equal")


CHATS = [("Hello", None), ("  What is\na tree? \n", "Answer in one word."),
         ("it's <|eot_id|> 12345", " <|begin_of_text|> ")]


def chat(shop):
    """Greedy answers of the program against greedy steps from the ids that the
    reference makes of the conversation."""
    checkpoint = shop.synthesize("packed")
    program = shop.compile(checkpoint, shop.options.targets.split(",")[0])
    oracle = reference_tokenizer.load(checkpoint + "/tokenizer.json")
    spelled = {i: raw for raw, i in oracle.vocabulary.items()}
    stops = {oracle.added[name][0]
             for name in ("<|end_of_text|>", "<|eot_id|>")}
    for user, system in CHATS:
        messages = [{"role": "user", "content": user}]
        options = []
        if system is not None:
            messages.insert(0, {"role": "system", "content": system})
            options = ["-sys", system]
        ids, answer = oracle.chat(messages), b""
        for _ in range(shop.options.length):
            best = int(program.logits(ids)[0][-1].split()[2])
            if best in stops:
                break
            ids.append(best)
            answer += spelled.get(best, b"")  # other special tokens are silent
        found = run(*program.command, "-p", user, "-n", shop.options.length,
                    "--temp", 0, *options).decode()
        expected = answer.decode("utf-8", "replace")
        if found.strip() != expected.strip() or not expected.strip():
            fail(f"{messages}: expected {expected!r}, found {found!r}")
    print(f"{len(CHATS)} answers equal")
