"""library.py DIR - Holds the Python package against the programs in DIR."""

import json
import re
import subprocess
import sys
import threading

import numpy

import tritc
from tritc import Message, Model, Sampling

folder = sys.argv[1]
greedy = Sampling(temperature=0)
question = "What is the capital of France?"
count = 0


def check(fact, holds):
    global count
    count += 1
    if not holds:
        print("FAILED:", fact)


def program(name, *arguments):
    return subprocess.run([f"{folder}/{name}", *arguments], check=True, capture_output=True, text=True).stdout


def raises(kind, call, pattern=""):
    try:
        call()
    except kind as failure:
        return re.search(pattern, str(failure)) is not None
    return False


def fnv(values):
    value = 0xCBF29CE484222325
    for byte in values.tobytes():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


expected = program("chat", "-p", question, "--temp", "0").rstrip("\n")
model = Model(f"{folder}/libpocket.so", parallel=4)
check("it knows its name", model.name == "pocket" and model.vector_size == 0)
check("it answers as the program does", model.chat().ask(question, greedy) == expected)
check("pieces make the answer", "".join(model.chat().stream(question, greedy)) == expected)

ids = model.tokenize("Hello, world")
check("ids are the program's", [int(line.split("\t")[0]) for line in program("chat", "tokenize", "-p", "Hello, world").splitlines()] == ids)
check("ids become text again", model.detokenize(ids) == "Hello, world")
check("without BOS", model.tokenize("Hello, world", bos=False) == ids[1:])
hashed = program("chat", "logits", "--ids", str(ids[0])).split()[-1]
check("logits have the program's bits", f"{fnv(model.logits(ids[:1])):016x}" == hashed)
best = model.top_k(ids, 3)
logits = model.logits(ids)
check("top_k is the order of logits", [i for i, _ in best] == list(numpy.argsort(-logits, kind="stable")[:3]))
shares = numpy.exp(logits.astype(float) - logits.max())
check("logprobs are of the softmax", abs(best[0][1] - numpy.log(shares.max() / shares.sum())) < 1e-5)

seeded = Sampling(temperature=1, seed=7, max_tokens=12, logprobs=True)
answers = [None] * 6


def ask(i):
    answers[i] = model.chat(messages=[Message("user", question)]).answer(seeded)


threads = [threading.Thread(target=ask, args=(i,)) for i in range(len(answers))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
check("threads do not disturb each other", len({(a.text, tuple(t.logprob for t in a.tokens)) for a in answers}) == 1)
check("tokens have logprobs", all(t.logprob <= 0 for t in answers[0].tokens) and answers[0].tokens)
check("max_tokens ends it", len(answers[0].tokens) <= 12)

chat = model.chat()
chat.ask(question, greedy)
fork = chat.fork()
check("a fork has said the same", fork.tokens() == chat.tokens())
again = model.load_chat(chat.save())
check("a saved one goes on", again.ask(question, greedy) == fork.ask(question, greedy))
check("undo takes messages away", chat.undo() and chat.undo() and not chat.undo())

pieces = model.chat().stream(question, greedy)
next(pieces)
pieces.close()
check("an iteration may be left", model.chat().ask(question, greedy) == expected)


def interrupt(token):
    raise KeyError("mine")


chat.say("user", question)
check("a callback's failure comes out", raises(KeyError, lambda: chat.answer(greedy, interrupt), "mine"))
check("an answer may be cut", model.chat(messages=[Message("user", question)]).answer(greedy, lambda token: True).ending == "stopped")
check("stop texts end it", model.chat().ask(question, Sampling(temperature=0, stop=" is")) == expected.split(" is")[0])

# How an answer is to be written.
def answer(**how):
    return model.chat(messages=[Message("user", question)]).answer(Sampling(temperature=0, max_tokens=40, **how))


schema = {"type": "object", "properties": {"city": {"enum": ["Lima", "Rome"]}}, "required": ["city"]}
check("answers fit a schema", json.loads(answer(json_schema=schema).text)["city"] in ("Lima", "Rome"))
check("... or any JSON object", answer(json_schema="").text.startswith("{"))
check("... or a grammar", answer(grammar='root ::= "no" | "yes"').text in ("no", "yes"))
check("a schema that cannot be enforced is named", raises(tritc.Error, lambda: answer(json_schema={"not": {}}), "json_schema: .*not"))
first = answer(top_logprobs=3)
check("tokens come with the likeliest", all(len(t.top) == 3 and t.top[0] == (t.id, t.logprob) for t in first.tokens if t.id is not None))
unwanted = first.tokens[0].id
check("a bias keeps a token away", answer(logit_bias={unwanted: -100}).tokens[0].id != unwanted)
check("tokens have bytes", b"".join(model.token_bytes(t.id) for t in first.tokens).decode() == first.text)
endless = answer(ignore_stop=True)
check("a stop may be ignored", len(endless.tokens) == 40)
check("penalties change answers", answer(ignore_stop=True, presence_penalty=2, frequency_penalty=2).text != endless.text)
check("zero bytes are named", raises(tritc.Error, lambda: answer(stop="a\0b"), "stop: has a zero byte"))

# What llama-cpp-python's users call.
asked = [{"role": "user", "content": [{"type": "text", "text": question}]}]


def complete(**options):
    return model.create_chat_completion(asked, temperature=0, **options)


whole = complete(tools=None, mirostat_mode=0, model="mine")
check("OpenAI's form", whole["choices"][0]["message"]["content"] == expected and whole["usage"]["completion_tokens"] > 0 and whole["model"] == "mine")
parts = list(complete(stream=True))
check("OpenAI's pieces", "".join(part["choices"][0]["delta"].get("content", "") for part in parts) == expected)
check("the last piece says why", parts[-1]["choices"][0]["finish_reason"] == "stop")
check("... or that it was cut", list(complete(stream=True, max_tokens=2))[-1]["choices"][0]["finish_reason"] == "length")
listed = complete(logprobs=True, top_logprobs=2)["choices"][0]["logprobs"]["content"]
check("OpenAI's logprobs", "".join(each["token"] for each in listed) == expected and all(len(each["top_logprobs"]) == 2 for each in listed))
pieces = [part["choices"][0] for part in complete(stream=True, logprobs=True)]
check("... in pieces", sum(len(piece["logprobs"]["content"]) for piece in pieces) == len(listed))
text = complete(response_format={"type": "json_object", "schema": schema}, max_tokens=40)["choices"][0]["message"]["content"]
check("llama-cpp-python's schemas", json.loads(text)["city"] in ("Lima", "Rome"))
text = complete(response_format={"type": "json_schema", "json_schema": {"schema": schema}}, max_tokens=40)["choices"][0]["message"]["content"]
check("OpenAI's schemas", json.loads(text)["city"] in ("Lima", "Rome"))
check("stop and seed", complete(stop=[" is"], seed=3)["choices"][0]["message"]["content"] == expected.split(" is")[0])
check("what is not supported is named", raises(TypeError, lambda: complete(tools=[{}]), "tools: not supported"))
check("what is not known is named", raises(TypeError, lambda: complete(temprature=1), "temprature: not known"))
check("forms are checked", raises(ValueError, lambda: complete(response_format={"type": "xml"}), "response_format.type: expected text"))
check("parts are checked", raises(ValueError, lambda: model.create_chat_completion([{"role": "user", "content": [{"type": "image_url"}]}]), r"messages\[0\].content\[0\].type"))

check("roles are named", raises(tritc.Error, lambda: model.chat().say("robot", "x"), "role: expected one of"))
check("an answer needs a message", raises(tritc.Error, lambda: model.chat().answer(), "there is no message to answer"))
check("ids have a range", raises(tritc.Error, lambda: model.logits([1 << 30]), "expected ids below"))
check("a context has an end", raises(tritc.Error, lambda: model.complete([1] * (model.context_size + 1)), "the context holds"))
check("ranges are checked", raises(tritc.Error, lambda: model.chat().ask("x", Sampling(top_p=2)), "top_p: expected 0 to 1"))

# What is no library says what it is.
with open(f"{folder}/libpocket.so", "rb") as file, open(f"{folder}/cut.so", "wb") as cut:
    cut.write(file.read(100000))
for name, told in (
    ("/lib/x86_64-linux-gnu/libm.so.6", "no library of tritc --emit=lib"),
    (f"{folder}/chat", "an executable cannot be loaded; tritc --emit=lib makes"),
    (f"{folder}/model", "a folder; tritc --emit=lib makes"),
    (f"{folder}/cut.so", "is incomplete: its file has 100000 bytes, expected [0-9]+; copy it again"),
    (f"{folder}/older.so", "expected version 2 of the interface, found 1; compile the model again"),
    (__file__, "no library of tritc --emit=lib"),
):
    check(f"{name} is named", raises(OSError, lambda: Model(name), told))
twice = Model(f"{folder}/libpocket.so")
check("a library may be opened twice", twice.chat().ask(question, greedy) == expected)
left = twice.chat()
left.say("user", question)
ended = []


def close(token):
    twice.close()
    ended.append(token)


# What was computed before it closed is told yet; without, the context would be full.
check("a callback may close a model", left.answer(Sampling(ignore_stop=True), close).ending == "stopped" and ended)
left.stop()
twice.close()
check("a chat that is left is of no use", raises(ValueError, lambda: left.ask("x"), "closed"))
del left

vectors = Model(f"{folder}/libvectors.so")
printed = numpy.array(program("embed", "embed", "-p", "a text").split(), numpy.float32)
check("vectors are the program's", numpy.array_equal(vectors.embed("a text"), printed))
check("... with a prompt in front", numpy.array_equal(vectors.embed("a text", prompt="query"), vectors.embed("query: a text")))
check("prompts have names", raises(tritc.Error, lambda: vectors.embed("x", prompt="nope"), "prompt: the model has none of that name"))
check("two models work in a process", vectors.embed(["a text", "b"]).shape == (2, vectors.vector_size) and model.chat().ask(question, greedy) == expected)
check("such a model writes no text", raises(tritc.Error, lambda: vectors.complete("x"), "writes no text"))
vectors.close()
model.close()
check("a closed model is of no use", raises(ValueError, lambda: model.tokenize("x"), "closed"))
print(count, "checks passed")
