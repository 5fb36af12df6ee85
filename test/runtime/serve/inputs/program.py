"""The page and a program that serves it understand each other."""
import re
import subprocess

from chromium import Broken
from use_page import expect

import stand_in

PROGRAM = None


class Server:
    """A program that serves, as User wants it."""

    requests, counts = (), 0

    def __init__(self, *options):
        self.process = subprocess.Popen([PROGRAM, "serve", "--port=0", *options], stdout=subprocess.PIPE, text=True)
        self.url = re.search(r"http://127\.0\.0\.1:\d+", self.process.stdout.readline())[0] + "/"

    def vanish(self):
        self.process.terminate()
        expect(self.process.wait(60), 0, "exit code")


def set_knobs(one, **values):
    one.page.click("#settings-button")
    for field, value in values.items():
        one.page.click(f"label:has(#hint-{field}) input")
        one.page.type(str(value))
    one.page.click("#settings .primary")


def a_model_answers(user):
    one = user(server=Server())
    one.wait("document.querySelector('#model').textContent !== 'A model'", "the model's name")
    answer = one.ask("What is the capital of Peru?")
    if "Lima" not in answer:
        raise Broken(f"answer: {answer}")
    if not re.match(r"\d+ tokens · (\d+\.\d tokens/s · )?first after \d+\.\d\d s", one.note()):
        raise Broken(f"says not how fast it was: {one.note()}")


def a_seed_gives_the_same_answer_again(user):
    one = user(server=Server())
    set_knobs(one, temperature=1.5, seed=5, max_tokens=24)
    answer = one.ask("Tell me something.")
    one.page.click(".turn.model:last-child [aria-label='Answer again']")
    one.ended()
    expect(one.said(), answer, "second answer")
    one.page.click("#new")
    expect(one.ask("Tell me something."), answer, "answer of another conversation")


def an_answer_can_be_stopped_and_another_made(user):
    one = user(server=Server())
    set_knobs(one, temperature=30)  # any token is as good: such an answer is long, unless it is not
    for _ in range(8):
        one.page.click("#new")
        one.send("Tell me something.")
        one.wait("document.querySelector('.turn.model .said').textContent.length > 5", "some words")
        one.page.key("Escape")
        one.ended()
        if "stopped" in one.note():
            break
    else:
        raise Broken(f"says not that it stopped: {one.note()}")
    one.page.click("#new")
    one.page.click("#settings-button")
    one.page.click("#reset")
    one.page.click("#settings .primary")
    if "Lima" not in one.ask("What is the capital of Peru?"):
        raise Broken(f"answer: {one.said()}")


def what_the_program_refuses_is_shown(user):
    one = user(server=Server())
    set_knobs(one, temperature=1000)
    one.ask("Who are you?")
    refusal = one.page.text(".turn.model .wrong") or ""
    if not refusal.startswith("Error 400: temperature: expected"):
        raise Broken(f"refusal: {refusal}")


def a_program_asks_for_its_key(user):
    one = user(server=Server("--api-key=secret"))
    one.wait("document.querySelector('#ask-key').open", "asks for a key")
    one.page.type("secret")
    one.page.key("Enter")
    one.wait("!document.querySelector('#ask-key').open && document.querySelector('#model').textContent !== 'A model'", "the model's name")
    if "Lima" not in one.ask("What is the capital of Peru?"):
        raise Broken(f"answer: {one.said()}")


def a_policy_of_another_page_stops_this_one(user):
    """What the cases above would see if the program's sums were wrong."""
    server = stand_in.Server()
    server.policy = stand_in.policy(server.page.replace(b"'use strict';", b""))
    one = user(server=server)
    expect(one.page.evaluate("typeof transport"), "undefined", "script")
    if not any("Content Security Policy" in each for each in one.page.wrong):
        raise Broken(f"complaints: {one.page.wrong}")
    one.page.wrong.clear()


CASES = [
    (a_model_answers,),
    (a_seed_gives_the_same_answer_again,),
    (an_answer_can_be_stopped_and_another_made,),
    (what_the_program_refuses_is_shown,),
    (a_program_asks_for_its_key,),
    (a_policy_of_another_page_stops_this_one,),
]
