"""Markdown becomes nodes, and nothing of what a model says is ever read as HTML."""
import json

from chromium import Broken
from use_page import expect

PAIRS = [  # a text, and what the page makes of it
    ("a *b* **c** ***d*** ~~e~~ __f__ _g_", "<p>a <em>b</em> <strong>c</strong> <strong><em>d</em></strong> <del>e</del> <strong>f</strong> <em>g</em></p>"),
    ("2 * 3 * 4, snake_case_name, a*b*c, **open", "<p>2 * 3 * 4, snake_case_name, a<em>b</em>c, **open</p>"),
    ("*a **b* c**", "<p><em>a **b</em> c**</p>"),
    ("`a*b*` ``c ` d`` `open", "<p><code>a*b*</code> <code>c ` d</code> `open</p>"),
    ("\\*a\\* \\`b\\` \\n", "<p>*a* `b` \\n</p>"),
    ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
    ("# A\n### B #\n####### C\n#D", "<h3>A</h3><h5>B</h5><p>####### C<br>#D</p>"),
    ("- a\n- b\n  - c\n\t- d\n- e", "<ul><li>a</li><li>b<ul><li>c<ul><li>d</li></ul></li></ul></li><li>e</li></ul>"),
    ("3. a\n4. b\n\n   c\n5. d", '<ol start="3"><li>a</li><li>b<p>c</p></li><li>d</li></ol>'),
    ("- a\n\n- b\n\nc", "<ul><li><p>a</p></li><li><p>b</p></li></ul><p>c</p>"),
    ("- [ ] a\n- [x] b", "<ul><li>☐ a</li><li>☑ b</li></ul>"),
    ("text\n- a\n1986. b", "<p>text</p><ul><li>a</li></ul><ol start=\"1986\"><li>b</li></ol>"),
    ("in\n1986. was", "<p>in<br>1986. was</p>"),
    ("> a\n> > b\n\n---\n***", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote><hr><hr>"),
    ("|a|b|\n|-|:-:|\n|`x\\|y`|2|3|\n|4", '<div class="sheet" tabindex="0" role="region" aria-label="Table"><table><thead><tr><th class="">a</th><th class="center">b</th></tr></thead>'
     '<tbody><tr><td class=""><code>x|y</code></td><td class="center">2</td></tr><tr><td class="">4</td><td class="center"></td></tr></tbody></table></div>'),
    ("|a|b|\n|-|", "<p>|a|b|<br>|-|</p>"),
    ("<b>a</b> &amp; <!-- x -->", "<p>&lt;b&gt;a&lt;/b&gt; &amp;amp; &lt;!-- x --&gt;</p>"),
    ("[a *b*](https://x.org/(y)?z=1) [c](x.html) [d](javascript:e)",
     '<p><a href="https://x.org/(y)?z=1" title="https://x.org/(y)?z=1" target="_blank" rel="noopener noreferrer">a <em>b</em></a> [c](x.html) [d](javascript:e)</p>'),
    ("See https://x.org/a_b_c. (http://y.org/)",
     '<p>See <a href="https://x.org/a_b_c" title="https://x.org/a_b_c" target="_blank" rel="noopener noreferrer">https://x.org/a_b_c</a>. '
     '(<a href="http://y.org/" title="http://y.org/" target="_blank" rel="noopener noreferrer">http://y.org/</a>)</p>'),
    ("![p](https://x.org/p.png)", '<p><a href="https://x.org/p.png" title="https://x.org/p.png" target="_blank" rel="noopener noreferrer">Picture: p</a></p>'),
]
# What takes a careless parser quadratic time or a deep stack.
LONG = ["*a " * 30000, "**a _b " * 15000, "`" * 50001 + "a", " ".join("`" * (n % 300 + 1) + "a" for n in range(600)), "[" * 100000, "[a](" * 25000,
        "> " * 50000 + "a", "".join("  " * n + "- a\n" for n in range(300)), "- " * 50000, "|" * 100000 + "\n" + "-|" * 50000,
        "#" * 100000, "- " + " " * 100000 + "x", "https://" * 12500, "*" * 100000, "~~~\n" * 25000, "a\n" * 50000, "\\" * 100000]


def markdown_becomes_nodes(user):
    one = user()
    for text, wanted in PAIRS:
        expect(one.page.evaluate(f"make('div', {{}}, drawn({json.dumps(text)}.split('\\n'), 0)).innerHTML"), wanted, text)


def code_stays_as_it_is(user):
    one = user()
    text = "````py title\n```\n  a *b* <c>\n\n````\n~~~\nopen"
    found = one.page.evaluate(f"""(() => {{
      const box = make('div', {{}}, drawn({json.dumps(text)}.split('\\n'), 0));
      return [...box.querySelectorAll('.code')].map((each) => [each.querySelector('.small').textContent, each.querySelector('pre').textContent]);
    }})()""")
    expect(found, [["py", "```\n  a *b* <c>\n"], ["text", "open"]], "code")


def a_growing_answer_ends_as_a_whole_one_would(user):
    one = user()
    one.ask("showcase")
    whole, grown = one.page.evaluate("""(() => {
      const {content} = shown.turns.at(-1);
      return [make('div', {}, drawn(content.split('\\n'), 0)).innerHTML, document.querySelector('.turn.model .said').innerHTML];
    })()""")
    expect(grown, whole, "answer")
    different = one.page.evaluate("""(() => {
      const {content} = shown.turns.at(-1), box = make('div'), view = new MarkdownView(box);
      for (let at = 0; at <= content.length; ++at) {
        view.show(content.slice(0, at));
        const whole = make('div', {}, drawn(content.slice(0, at).split('\\n'), 0)).innerHTML;
        if (box.innerHTML !== whole) return `${content.slice(0, at)}: ${box.innerHTML}`;
      }
    })()""")
    expect(different, None, "answer in the making")


def hostile_text_stays_text(user):
    one = user()
    one.page.evaluate("window.hacks = []; window.hacked = (how) => { hacks.push(how); }; 0")
    one.ask("hostile")
    expect(one.page.evaluate("hacks"), [], "what was executed")
    expect(one.page.evaluate("""[...document.querySelectorAll('.said *')].map((each) => each.tagName.toLowerCase())
        .filter((tag) => !['p', 'br', 'a', 'code', 'pre', 'div', 'span', 'button', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'ul', 'li', 'blockquote', 'h3', 'em'].includes(tag))"""),
           [], "elements")
    for link in one.page.evaluate("[...document.querySelectorAll('.said a')].map((each) => [each.protocol, each.rel])"):
        if link[0] not in ("http:", "https:", "mailto:") or "noopener" not in link[1]:
            raise Broken(f"link: {link}")
    if one.page.evaluate("[...document.querySelectorAll('.said *')].some((each) => [...each.attributes].some(({name}) => name.startsWith('on')))"):
        raise Broken("a handler of events")
    expect(one.page.evaluate("performance.getEntriesByType('resource').map((each) => new URL(each.name)).filter((each) => each.host !== location.host).map(String)"), [], "fetched")
    if "<img src=x onerror=" not in one.said():
        raise Broken("what was said is not shown")


def long_texts_take_no_time(user):
    one = user()
    for text in LONG:
        took = one.page.evaluate(f"""(() => {{
          const began = performance.now();
          make('div', {{}}, drawn({json.dumps(text)}.split('\\n'), 0));
          return performance.now() - began;
        }})()""")
        if took > 5000:
            raise Broken(f"{took:.0f} ms for {text[:20]!r}")


def code_can_be_copied(user):
    one = user()
    one.page.browser.call("Browser.grantPermissions", browserContextId=one.page.context,
                          permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    one.page.evaluate("navigator.clipboard.writeText('nothing')")
    one.ask("showcase")
    one.page.click(".code button")
    one.wait("document.querySelector('.code button').textContent === 'Copied'", "says that it copied")
    if not one.page.evaluate("navigator.clipboard.readText()").startswith("int32_t sum = 0;\nfor (size_t"):
        raise Broken("the clipboard has something else")


CASES = [
    (markdown_becomes_nodes,
     (("const isTable = (line, next) => ", "const isTable = (line, next) => 0 && "), "|a|b|"),
     (("if (escaped) put(escaped);", "if (escaped) put(whole);"), "\\*a")),
    (code_stays_as_it_is, (("each.trim().startsWith(fence)", "each.trim().startsWith('```')"), "code: expected")),
    (a_growing_answer_ends_as_a_whole_one_would,
     (("JSON.stringify([block.kind, block.level, block.language, block.lines])", "block.lines.join()"), "answer")),
    (hostile_text_stays_text,
     (("  if (!/^(https?:|mailto:)/i.test(address) || !URL.canParse(address)) return null;\n  const {href} = new URL(address);", "  const href = address;"), "link: "),
     (("if (at < text.length) put(text.slice(at));", "if (at < text.length) { const b = make('b'); b.innerHTML = text.slice(at); put(b); }"), "never: "),
     (("rel: 'noopener noreferrer'", "rel: ''"), "link: ")),
    (long_texts_take_no_time, (("depth >= deepest ? [lines.join('\\n')] : ", ""), "Maximum call stack size")),
    (code_can_be_copied, (("await navigator.clipboard.writeText(text)", "await 0"), "the clipboard has something else")),
]
