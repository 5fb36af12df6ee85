"""What the server refuses is shown as it is, and what can be done about it."""
from chromium import Broken
from use_page import expect


def wrong(one):
    return one.page.text(".turn.model:last-child .wrong") or ""


def a_full_queue_is_asked_again_in_time(user):
    one = user()
    one.ask("busy")
    if wrong(one) != "Error 429: Every slot is taken and the queue is full.\nThe server asks to try again in 2 s.":
        raise Broken(f"the refusal is not shown: {wrong(one)}")
    again = ".turn.model:last-child [aria-label='Answer again']"
    one.wait(f"/^Again in [12] s$/.test(document.querySelector(\"{again}\").textContent)", "counts the seconds")
    expect(one.page.evaluate(f"document.querySelector(\"{again}\").disabled"), True, "waits")
    one.wait(f"!document.querySelector(\"{again}\").disabled", "may try again")
    one.page.click(again)
    one.ended()
    expect(len(one.server.requests), 2, "requests")
    expect(one.said(), "You said: busy", "answer")
    expect(wrong(one), "", "refusal")


def a_key_is_asked_for_and_kept_for_the_session(user):
    one = user(key="secret")
    one.wait("document.querySelector('#ask-key').open", "asks for a key")
    one.page.type("wrong")
    one.page.key("Enter")
    one.wait("document.querySelector('#ask-key').open && !document.querySelector('#key').value", "asks again")
    one.page.type("secret")
    one.page.key("Enter")
    one.wait("document.querySelector('#model').textContent === 'stand-in'", "the model's name")
    expect(one.ask("count 2"), "1 2", "answer")
    one.page.reload()
    expect(one.ask("count 3"), "1 2 3", "answer after a reload")
    expect(one.page.evaluate("JSON.stringify(localStorage).includes('secret')"), False, "key in what is kept")
    one.server.key = "changed"
    one.send("count 4")
    one.wait("document.querySelector('#ask-key').open", "asks for the new key")
    one.page.type("changed")
    one.page.key("Enter")
    one.wait("[...document.querySelectorAll('.turn.model .said')].at(-1).textContent === '1 2 3 4'", "the answer")


def an_answer_that_breaks_off_is_no_answer(user):
    one = user()
    expect(one.ask("break off"), "You said: break", "what had come")
    if wrong(one) != "Error: The connection ended before the answer did.":
        raise Broken(f"the end is not shown: {wrong(one)}")
    expect(one.ask("fail"), "You said: fail", "what had come")
    if wrong(one) != "Error: The model is out of memory.":
        raise Broken(f"the error is not shown: {wrong(one)}")


def a_server_that_has_gone_is_named(user):
    one = user()
    one.wait("document.querySelector('#model').textContent === 'stand-in'", "the model's name")
    one.server.vanish()
    one.send("hello")
    place = one.server.url.split("/")[2]
    one.wait("!!document.querySelector('.wrong')", "an error")
    expect(wrong(one), f"Error: {place} cannot be reached.", "error")


CASES = [
    (a_full_queue_is_asked_again_in_time,
     (("again.disabled = left > 0;", ""), "waits: expected"),
     (("turn.error += `\\nThe server asks", "void `\\nThe server asks"), "the refusal is not shown")),
    (a_key_is_asked_for_and_kept_for_the_session,
     (("sessionStorage.setItem('tritc.key', transport.key)", "localStorage.setItem('tritc.key', transport.key)"), ""),
     (("if (error.status === 401) askKey(() => answerAgain(talk));", ""), "never: asks for the new key")),
    (an_answer_that_breaks_off_is_no_answer,
     (("if (done) throw new Refusal(", "if (done) return void new Refusal("), "the end is not shown"),
     (("if (chunk.error) throw new Refusal(", "if (chunk.error) void new Refusal("), "the error is not shown")),
    (a_server_that_has_gone_is_named, (("throw new Refusal(`${this.place} cannot be reached.`);", "throw error;"), "error: expected")),
]
