"""use_page GROUP [PROGRAM] - Uses the page of `serve` in Chromium as people do.

Each case of a group (answers, handling, keeping, markup, reading, refusals; program, of a
PROGRAM that serves) is a function, and has twins: changes of the page with which the case
must fail, and what it must then complain of. Prints a line for each case and twin; exit
code 1 if one went otherwise.
"""
import importlib
import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(HERE, *[".."] * 3, "inputs"), HERE]
import stand_in  # noqa: E402
from chromium import Broken, Browser  # noqa: E402

# How long a page with a mistake may take to show it.
TWIN_SECONDS = 6


class User:
    """Someone before a page; `server` is what is behind it."""

    def __init__(self, browser, server, width=1280, height=800, dark=False, seconds=60):
        self.server = server
        self.page = browser.page(width, height, dark)
        self.seconds = seconds
        self.page.go(self.server.url)

    def leave(self):
        self.page.close()
        self.server.vanish()

    def wait(self, expression, what):
        return self.page.wait(expression, what, self.seconds)

    def send(self, text):
        self.page.click("#message")
        self.page.type(text)
        self.page.key("Enter")

    def ask(self, text):
        """Sends a message and waits for the end of the answer, which it returns."""
        asked = len(self.server.requests)
        turns = len(self.turns())
        self.send(text)
        expect(len(self.turns()), turns + 2, "turns")
        self.ended()
        expect(len(self.server.requests), asked + self.server.counts, "requests")
        return self.said()

    def ended(self):
        self.wait("!document.querySelector('#send').hidden", "the answer ends")

    def said(self):
        return self.page.evaluate("[...document.querySelectorAll('.turn.model .said')].at(-1)?.textContent")

    def note(self):
        """What stands below the last answer."""
        return self.page.evaluate("[...document.querySelectorAll('.turn.model')].at(-1).querySelector('footer').textContent")

    def turns(self):
        return self.page.evaluate("[...document.querySelectorAll('.turn .said')].map((each) => each.textContent)")

    def listed(self):
        return self.page.evaluate("[...document.querySelectorAll('#talks button')].map((each) => each.textContent)")


def expect(found, wanted, what):
    if found != wanted:
        raise Broken(f"{what}: expected {wanted!r}, found {found!r}")


def mutated(page, change):
    """The page with each text of `change` replaced by the one behind it."""
    for old, new in zip(change[::2], change[1::2]):
        if page.count(old) != 1:
            raise SystemExit(f"use_page: the page has {page.count(old)} times what a twin changes: {old}")
        page = page.replace(old, new)
    return page


def attempt(browser, case, page_text, seconds):
    """What went wrong in a case, or None."""
    users = []

    def user(key=None, server=None, **more):
        users.append(User(browser, server or stand_in.Server(page_text, key), seconds=seconds, **more))
        return users[-1]

    try:
        case(user)
        for each in users:
            expect(each.page.wrong, [], "complaints of the browser")
    except Broken as broken:
        return str(broken) or "broken"
    finally:
        for each in users:
            each.leave()
    return None


def main():
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    group = importlib.import_module(sys.argv[1])
    group.PROGRAM = sys.argv[-1]
    with open(stand_in.PAGE, encoding="utf-8") as file:
        text = file.read()
    bad = 0
    with Browser() as browser:
        for case, *twins in group.CASES:
            name = case.__name__.replace("_", " ")
            wrong = attempt(browser, case, text, 60)
            print(f"FAILED: {name}: {wrong}" if wrong else f"passed: {name}", flush=True)
            bad += wrong is not None
            for change, complaint in twins:
                wrong = attempt(browser, case, mutated(text, change), TWIN_SECONDS)
                if wrong is None or complaint not in wrong:
                    print(f"FAILED: twin without `{change[0].strip()}`: expected '{complaint}', found '{wrong}'", flush=True)
                    bad += 1
                else:
                    print(f"  its twin: {wrong.splitlines()[0][:100]}", flush=True)
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
