"""Conversations and settings stay in the browser, and can be taken out of it."""
import json
import os
import tempfile
import time

from chromium import Broken
from use_page import expect


def conversations_survive_a_reload(user):
    one = user()
    one.ask("count 3")
    one.page.click("#new")
    one.ask("another")
    one.page.click("[popovertarget=more]")
    one.page.click("#rename")
    one.page.type("A name")
    one.page.key("Enter")
    one.page.reload()
    expect(one.listed(), ["A name", "count 3"], "conversations")
    expect(one.turns(), ["another", "You said: another"], "turns")
    expect(one.page.evaluate("document.title"), "A name – tritc", "title")
    one.page.click("#talks li:last-child button")
    expect(one.turns(), ["count 3", "1 2 3"], "turns")
    if "3 tokens · " not in one.note():
        raise Broken(f"forgot how fast it was: {one.note()}")


def an_answer_is_kept_while_it_is_made(user):
    one = user()
    one.send("endless")
    one.wait("document.querySelector('.turn.model .said').textContent.includes('word9')", "some words")
    one.page.reload()
    if not (one.said() or "").startswith("word0 word1"):
        raise Broken(f"lost: {one.said()}")


def a_deleted_conversation_can_be_had_back(user):
    one = user()
    one.ask("first")
    one.page.click("#new")
    one.ask("second")
    delete(one)
    expect(one.listed(), ["first"], "conversations")
    one.page.click("#notice button")
    expect(one.listed(), ["second", "first"], "conversations after Undo")
    delete(one)
    one.page.reload()
    expect(one.listed(), ["first"], "conversations after a reload")


def delete(one):
    one.page.click("[popovertarget=more]")
    one.page.click("#delete")


def whatever_was_kept_the_page_opens(user):
    one = user()
    for key, value in {
        "tritc.talk.a": "[[[", "tritc.talk.b": "null", "tritc.talk.c": '{"turns": 7}', "tritc.settings": '"x"',
        "tritc.talk.d": json.dumps({"turns": [{"role": "assistant", "content": 5}, None, {"role": "user", "content": "kept"},
                                              {"role": "assistant", "content": "well", "stats": {"tokens": 5, "seconds": 1, "first": "x"}}],
                                    "settings": {"temperature": "hot", "system": 9}, "title": "D", "changed": "never"}),
        "tritc.shown": '"d"', "tritc.theme": "{}",
    }.items():
        one.page.evaluate(f"localStorage.setItem({json.dumps(key)}, {json.dumps(value)})")
    one.page.reload()
    expect(one.listed(), ["D"], "conversations")
    expect(one.turns(), ["kept", "well"], "turns")
    one.ask("more")
    expect([message["content"] for message in one.server.requests[-1]["messages"]], ["kept", "well", "more"], "messages")


def a_full_store_is_said(user):
    one = user()
    one.page.evaluate("for (let size = 1 << 22; size; size >>= 1) try { localStorage.setItem('x' + size, 'x'.repeat(size)); } catch {}")
    one.ask("first")
    if "keeps no more" not in one.page.text("#notice"):
        raise Broken("says not that nothing is kept")
    expect(one.said(), "You said: first", "answer")


def settings_are_sent_and_kept(user):
    one = user()
    one.page.click("#settings-button")
    one.page.click("#system")
    one.page.type("Be brief.")
    for field, value in (("temperature", "0.5"), ("seed", "9007199254740991"), ("top_k", "20"), ("max_tokens", "0")):
        one.page.click(f"label:has(#hint-{field}) input")
        one.page.type(value)
    one.page.key("Escape")
    for _ in range(2):
        one.ask("settings")
        request = one.server.requests[-1]
        expect(request["messages"][0], {"role": "system", "content": "Be brief."}, "system prompt")
        expect({field: request[field] for field in sorted(set(request) - {"messages", "model", "stream", "stream_options"})},
               {"seed": 9007199254740991, "temperature": 0.5, "top_k": 20}, "settings sent")
        one.page.reload()
    one.page.click("#settings-button")
    one.page.click("#reset")
    one.page.click("#settings .primary")
    one.ask("settings")
    expect(sorted(one.server.requests[-1]), ["messages", "model", "stream", "stream_options"], "fields")


def conversations_can_be_saved(user):
    one = user()
    with tempfile.TemporaryDirectory() as folder:
        one.page.browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=folder,
                              browserContextId=one.page.context)
        one.ask("Öl & <Feuer>")
        expect(json.loads(saved(one, folder, "json"))["messages"],
               [{"role": "user", "content": "Öl & <Feuer>"}, {"role": "assistant", "content": "You said: Öl & <Feuer>"}], "JSON")
        expect(saved(one, folder, "markdown"),
               "# Öl & <Feuer>\n\n## You\n\nÖl & <Feuer>\n\n## stand-in\n\nYou said: Öl & <Feuer>\n", "Markdown")
        expect(sorted(os.listdir(folder)), ["Öl-Feuer.json", "Öl-Feuer.md"], "files")


def saved(one, folder, kind):
    """The text of the file that a button saves."""
    before = set(os.listdir(folder))
    one.page.click("[popovertarget=more]")
    one.page.click(f"#save-{kind}")
    until = time.monotonic() + one.seconds
    while time.monotonic() < until:
        one.page.browser.receive(0.05)
        new = [name for name in set(os.listdir(folder)) - before if not name.endswith(".crdownload") and not name.startswith(".")]
        if new:
            with open(os.path.join(folder, new[0]), encoding="utf-8") as file:
                return file.read()
    raise Broken(f"never: a file of {kind}")


CASES = [
    (conversations_survive_a_reload,
     (("if (talk.turns.length || talk.title) this.write(", "if (0) this.write("), "conversations: expected"),
     (("$('title').onchange = ", "$('title').onblink = "), "conversations: expected")),
    (an_answer_is_kept_while_it_is_made,
     (("for (const talk of answering.keys()) store.keep(talk);", "",
       "  if (talks.includes(talk)) store.keep(talk);\n", ""), "lost: ")),
    (a_deleted_conversation_can_be_had_back,
     (("  store.remove(store.prefix + talk.id);\n", ""), "conversations after a reload"),
     (("'Undo', () => { talks.push(talk);", "'Undo', () => {"), "conversations after Undo")),
    (whatever_was_kept_the_page_opens,
     (("if (!kept || !Array.isArray(kept.turns)) return null;", ""), ""),
     (("delete turn.stats;", "void turn.stats;"), "")),
    (a_full_store_is_said,
     (("if (!this.full) notify(", "if (0) notify("), "says not that nothing is kept")),
    (settings_are_sent_and_kept,
     (("if (input.value !== '' && input.checkValidity())", "if (input.value !== '')"), "settings sent"),
     (("  if (system) messages.unshift(", "  if (0) messages.unshift("), "system prompt")),
    (conversations_can_be_saved,
     (("new Blob([text], {type})", "new Blob([text.toLowerCase()], {type})"), "JSON: expected")),
]
