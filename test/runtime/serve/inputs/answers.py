"""Answers come as they are made, can be stopped, made again, and asked for otherwise."""
import re
import time

from chromium import SHIFT, Broken
from use_page import expect


def an_answer_grows_while_it_is_made(user):
    one = user()
    one.send("count 60")
    seen = set()
    while one.page.evaluate("document.querySelector('#send').hidden"):
        seen.add(one.said())
        time.sleep(0.02)
    if len(seen) < 5:
        raise Broken(f"never grows: {seen}")
    expect(one.said(), " ".join(str(number) for number in range(1, 61)), "answer")
    if not re.match(r"60 tokens · \d+\.\d tokens/s · first after \d\.\d\d s", one.note()):
        raise Broken(f"says not how fast it was: {one.note()}")
    request = one.server.requests[0]
    expect(request, {"model": "stand-in", "stream": True, "stream_options": {"include_usage": True},
                     "messages": [{"role": "user", "content": "count 60"}]}, "request")


def escape_stops_an_answer(user):
    one = user()
    one.send("endless")
    one.wait("document.querySelector('.turn.model .said').textContent.includes('word9')", "some words")
    one.page.key("Escape")
    one.wait("document.querySelector('#stop').hidden", "stops")
    if "stopped" not in one.note() or "word9" not in one.said():
        raise Broken(f"says not that it stopped: {one.note()}")
    until = time.monotonic() + one.seconds
    while not one.server.left and time.monotonic() < until:
        time.sleep(0.02)
    expect(one.server.left, 1, "clients that left")
    one.send("endless")
    one.page.click("#stop")
    one.wait("document.querySelector('#stop').hidden", "stops by the button")
    expect(one.page.evaluate("document.activeElement.id"), "message", "focus")


def a_message_can_be_edited_and_sent_again(user):
    one = user()
    one.ask("first")
    one.ask("second")
    one.page.click(".turn.user [aria-label='Edit this message']")
    one.page.type(" of all\nlines")  # behind what was there
    one.page.key("Enter")
    one.ended()
    expect(len(one.server.requests), 3, "requests")
    expect(one.server.requests[-1]["messages"], [{"role": "user", "content": "first of all\nlines"}], "messages")
    expect(len(one.turns()), 2, "turns")
    one.page.key("ArrowUp")  # edits the last message
    one.page.type(" again")
    one.page.key("Escape")
    expect(one.turns()[0], "first of all\nlines", "message that was not sent")
    expect(one.page.evaluate("document.querySelectorAll('.turn form').length"), 0, "forms")


def an_answer_can_be_made_again(user):
    one = user()
    one.ask("first")
    one.ask("count 3")
    one.page.click(".turn.model:last-child [aria-label='Answer again']")
    one.wait("document.querySelector('#stop').hidden", "the second answer ends")
    expect(len(one.server.requests), 3, "requests")
    expect(one.server.requests[2], one.server.requests[1], "request")
    expect(len(one.turns()), 4, "turns")


def two_conversations_are_answered_at_once(user):
    one = user()
    one.send("endless")
    one.wait("document.querySelector('.turn.model .said').textContent.includes('word3')", "some words")
    one.page.click("#new")
    expect(one.ask("count 4"), "1 2 3 4", "answer beside another")
    one.page.click("#talks li:last-child button")
    long = one.wait("document.querySelector('.turn.model .said')?.textContent.length", "the first conversation")
    one.wait(f"document.querySelector('.turn.model .said').textContent.length > {long}", "it goes on")
    one.page.click("#stop")
    one.wait("document.querySelector('#stop').hidden", "stops")


def enter_with_shift_begins_a_line(user):
    one = user()
    one.page.click("#message")
    one.page.type("a")
    one.page.key("Enter", SHIFT)
    one.page.type("b")
    expect(one.page.evaluate("document.querySelector('#message').value"), "a\nb", "message")
    one.page.key("Enter")
    one.ended()
    expect(len(one.server.requests), 1, "requests")
    expect(one.server.requests[0]["messages"][0]["content"], "a\nb", "message sent")


CASES = [
    (an_answer_grows_while_it_is_made,
     (("if (!drawing) requestAnimationFrame", "if (false) requestAnimationFrame"), "never grows"),
     (("parts.push(`first after", "void (`first after"), "says not how fast")),
    (escape_stops_an_answer,
     (("else if (answering.has(shown)) $('stop').click();", ""), "never: stops"),
     (("method: 'POST', signal,", "method: 'POST',"), "never: stops")),
    (a_message_can_be_edited_and_sent_again,
     (("    cutAt(talk, turn);\n", ""), "messages: expected"),
     (("if (event.key === 'Escape') { event.stopPropagation();", "if (0) {"), "forms: expected")),
    (an_answer_can_be_made_again,
     (("  cutAt(talk, talk.turns.at(-1));\n", ""), "request: expected")),
    (two_conversations_are_answered_at_once,
     (("if (!text || answering.has(shown)) return;", "if (!text || answering.size) return;"), "turns: expected")),
    (enter_with_shift_begins_a_line,
     (("event.key === 'Enter' && !event.shiftKey", "event.key === 'Enter'"), "message: expected")),
]
