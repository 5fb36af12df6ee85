"""The page can be read at any width, light and dark."""
import os

from use_page import expect

with open(os.path.join(os.path.dirname(os.path.realpath(__file__)), *[".."] * 3, "inputs", "readable.js"), encoding="utf-8") as script:
    READABLE = script.read()


def see(one, top="document.body", least=5):
    seen = one.page.evaluate(f"(() => {{ {READABLE}; return look(window, {top}); }})()")
    # What overlays the conversation for a while lies over it.
    complaints = [each for each in seen["complaints"] if "To the newest" not in each]
    expect(complaints, [], "complaints")
    expect(seen["texts"] >= least, True, "texts seen")
    sideways = one.page.evaluate("document.querySelector('#talk').scrollWidth - document.querySelector('#talk').clientWidth")
    expect(sideways, 0, "pixels beyond the side")


def everything_can_be_read(user, width, dark):
    one = user(width=width, height=740, dark=dark)
    for text in ("showcase", "long words"):
        one.ask(text)
        for place in ("0", "document.querySelector('#talk').scrollHeight"):
            one.page.evaluate(f"document.querySelector('#talk').scrollTop = {place}")
            see(one)
    one.page.click("#settings-button")
    see(one, "document.querySelector('#settings')")
    one.page.key("Escape")
    one.page.click("[popovertarget=more]")
    see(one, "document.querySelector('#more')", 4)
    one.page.key("Escape")
    if width <= 820:
        one.page.click("#menu-button")
        see(one, "document.querySelector('#side')")
        one.page.key("Escape")
        expect(one.page.evaluate("document.activeElement.id"), "menu-button", "focus behind the menu")


def a_telephone_shows_all_by_day(user):
    everything_can_be_read(user, 360, False)


def a_telephone_shows_all_by_night(user):
    everything_can_be_read(user, 360, True)


def a_desk_shows_all_by_day(user):
    everything_can_be_read(user, 1280, False)


def a_tablet_shows_all_by_night(user):
    everything_can_be_read(user, 768, True)


DIM = "--dim: light-dark(#55606d, #a3aebc);"
CASES = [
    (a_telephone_shows_all_by_day,
     ((".turn .said { overflow-wrap: anywhere; }", ""), "pixels beyond the side"),
     ((".code pre { margin: 0;", ".code pre { margin: 0; font-size: 6px !important;"), "too small")),
    (a_telephone_shows_all_by_night, ((DIM, DIM.replace("#a3aebc", "#666f7a")), "too faint")),
    (a_desk_shows_all_by_day, ((DIM, DIM.replace("#55606d", "#8a96a3")), "too faint")),
    (a_tablet_shows_all_by_night, (("#menu-button { display: block; }", ""), "never: #menu-button can be clicked")),
]
