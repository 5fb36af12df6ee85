"""The page can be used by keyboard and screen reader, and its colours chosen."""
from chromium import Broken
from use_page import expect


def the_switch_of_colours_is_kept(user):
    one = user()
    paper = "getComputedStyle(document.body).backgroundColor"
    light = one.page.evaluate(paper)
    one.page.click("#themes label:has([value=dark])")
    dark = one.page.evaluate(paper)
    expect(dark != light, True, "another colour")
    one.page.reload()
    expect(one.page.evaluate(paper), dark, "colour after a reload")
    one.page.click("#themes label:has([value=''])")
    expect(one.page.evaluate(paper), light, "the system's colour")


NAMED = {"button", "textbox", "link", "radio", "spinbutton", "navigation", "main", "dialog", "region", "log", "article", "heading"}


def everything_has_a_name(user):
    one = user()
    one.ask("showcase")
    for opened in (None, "#settings-button", "[popovertarget=more]"):
        if opened:
            one.page.key("Escape")
            one.page.click(opened)
        roles = []
        for node in one.page.call("Accessibility.getFullAXTree")["nodes"]:
            role, name = node.get("role", {}).get("value"), node.get("name", {}).get("value", "")
            if not node["ignored"]:
                roles.append(role)
            if role in NAMED and not node["ignored"] and not name.strip():
                raise Broken(f"without a name: {role} {node.get('properties')}")
        if not opened:
            for landmark in ("main", "navigation", "banner", "form"):
                expect(roles.count(landmark), 1, landmark)
    small = one.page.evaluate("""[...document.querySelectorAll('button, input, textarea, label')].filter((each) => each.checkVisibility({visibilityProperty: true}))
        .map((each) => [each.id || each.textContent, each.getBoundingClientRect()]).filter(([, box]) => box.width < 23.5 || box.height < 23.5).map(([name]) => name)""")
    expect(small, [], "too small to touch")


def a_screen_reader_hears_blocks_and_no_tokens(user):
    one = user()
    one.page.evaluate("""(window.heard = [], new MutationObserver((all) => all.forEach((each) => each.addedNodes.forEach((node) => heard.push(node.textContent))))
        .observe(document.querySelector('#spoken'), {childList: true}), 0)""")
    one.ask("count 30")
    expect(one.page.evaluate("heard"), ["The model is answering.", " ".join(str(number) for number in range(1, 31)), "The answer is complete."], "heard")
    one.ask("showcase")
    heard = one.page.evaluate("heard.slice(3)")
    expect(len(heard), one.page.evaluate("[...document.querySelectorAll('.turn.model .said')].at(-1).children.length") + 2, "blocks heard")
    expect([each for each in heard if each.startswith("int32_t")] != [], True, "code heard without its buttons")
    live = one.page.evaluate("[...document.querySelectorAll('[aria-live], [role=log], [role=status], [role=alert]')].filter((each) => each.querySelector('.said')).length")
    expect(live, 0, "live regions around answers")


def the_keyboard_reaches_everything(user):
    one = user()
    one.ask("showcase")
    expect(one.page.evaluate("document.querySelector('a, button, input, textarea').className"), "skip", "first")
    one.page.evaluate("document.querySelector('.skip').focus()")
    reached = []
    for _ in range(60):
        name, ring = one.page.evaluate("""(() => {
          const element = document.activeElement, style = getComputedStyle(element), around = [element, element.closest('.field'), element.closest('label')];
          const marked = around.some((each) => each && (getComputedStyle(each).outlineStyle !== 'none' || getComputedStyle(each).boxShadow !== 'none'));
          return [element.id || element.getAttribute('aria-label') || element.textContent, marked];
        })()""")
        if name in reached or len(name) > 200:  # or the page itself: once around
            break
        if not ring:
            raise Broken(f"focus cannot be seen: {name}")
        reached.append(name)
        one.page.key("Tab")
    for wanted in ("new", "title", "settings-button", "This conversation", "message", "send", "Copy cpp code", "Edit this message", "Answer again"):
        if wanted not in reached:
            raise Broken(f"never reached: {wanted} of {reached}")
    if name != reached[0] and len(name) < 200:
        raise Broken(f"caught between {name} and {reached[-1]}")
    one.page.evaluate("document.querySelector('#settings-button').focus()")
    one.page.key("Enter")
    expect(one.page.evaluate("document.querySelector('#settings').open"), True, "settings are open")
    one.page.key("Escape")
    expect(one.page.evaluate("document.activeElement.id"), "settings-button", "focus behind the settings")


CASES = [
    (the_switch_of_colours_is_kept,
     (("store.write('tritc.theme', event.target.value);", ""), "colour after a reload"),
     (("$('themes').onchange", "$('themes').onblink"), "another colour")),
    (everything_has_a_name,
     (('aria-label="Settings" title="Settings"', ""), "without a name: button"),
     (("padding: .15rem .45rem; font-size: .82rem;", "padding: 0; font-size: .7rem;"), "too small to touch")),
    (a_screen_reader_hears_blocks_and_no_tokens,
     (("for (; busy && spoken < settled.length; ++spoken) speak(settled[spoken]);", "speak(turn.content);"), "heard: ")),
    (the_keyboard_reaches_everything,
     ((":focus-visible { outline: 2px solid var(--accent);", ":focus-visible { outline: none;"), "focus cannot be seen"),
     (('<button id="send" class="primary"', '<button id="send" class="primary" tabindex="-1"'), "never reached: send")),
]
