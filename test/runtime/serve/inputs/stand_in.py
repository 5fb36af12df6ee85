"""A server that speaks as much of OpenAI's API as the page asks for, and says what a test wants.

The last message chooses: the name of a text of TEXTS, or 'count N', 'endless', 'busy',
'break off', 'fail', 'settings'; anything else is said back. Run as a program it serves
until it is ended: stand_in.py [PORT].
"""
import base64
import hashlib
import http.server
import json
import os
import re
import socket
import socketserver
import sys
import threading
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), *[".."] * 4))
PAGE = os.path.join(ROOT, "runtime", "serve", "page", "index.html")
TICK = 0.01  # seconds between two tokens

TEXTS = {
    "showcase": """# Three values are enough

A weight is **−1**, **0** or **+1**, so a product needs *no multiplication*: `y += x`, `y -= x`, or nothing.

1. Scale the activations to bytes:
   - the largest becomes 127
   - what rounds to nought costs nothing
2. Add and subtract
3. Scale back

```cpp
int32_t sum = 0;
for (size_t i = 0; i < width; ++i)
  sum += weights[i] * activations[i]; // weights are -1, 0 or 1: a compiler can see that this is an addition
return float(sum) * scale;
```

| way | bits per weight | tokens/s |
|:----|:---------------:|---------:|
| bf16 | 16 | 4.1 |
| ternary | 1.58 | 45.5 |

> What is not read costs no time.

More at [the paper](https://arxiv.org/abs/2402.17764), ~~never~~ always.
""",
    "long words": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 4 + "\n\n"
                  "`" + "x" * 300 + "`\n\n| a | b | c | d | e | f |\n|---|---|---|---|---|---|\n" +
                  "|" + " unbreakablecolumn |" * 6 + "\n\n```\n" + "int a; " * 80 + "\n```\n\n"
                  "https://example.com/" + "path/" * 60 + "\n\n" + "# " + "Heading" * 40,
    "hostile": """<script>hacked('script')</script>
<img src=x onerror="hacked('img')">
<svg onload="hacked('svg')"><iframe srcdoc="<script>parent.hacked('iframe')</script>">

[click](javascript:hacked('link')) [data](data:text/html,<script>hacked()</script>) [tab](java\tscript:hacked())
![picture](http://127.0.0.1:1/pixel.png) ![x](javascript:hacked('image'))
[vb](vbscript:hacked) <a href="javascript:hacked('a')">a</a> [rel](//example.com/x) [file](file:///etc/passwd)
<javascript:hacked('auto')> [good](https://example.com/?a=1&b=2 "a title") <style>body{display:none}</style>

| <b>cell</b> | [x](javascript:hacked('cell')) |
|---|---|
| <img src=x onerror=hacked('cell')> | y |

```html" onmouseover="hacked('fence')
</code></pre><script>hacked('code')</script>
```
- <details open ontoggle=hacked('item')>
> <object data="javascript:hacked('quote')">
# <h1 onclick=hacked()>heading</h1>
""",
}


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """Serves `page` (the page's text) on a free port, beside `key` if it wants one."""

    daemon_threads = True
    counts = 1  # requests it notes of each
    request_queue_size = 64

    def __init__(self, page=None, key=None, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        if page is None:
            with open(PAGE, encoding="utf-8") as file:
                page = file.read()
        self.page, self.key = page.encode(), key
        self.policy = policy(self.page)
        self.requests, self.sockets, self.left, self.refusals = [], [], 0, 0
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def process_request(self, request, client_address):
        self.sockets.append(request)
        super().process_request(request, client_address)

    def vanish(self):
        """Ends, and whatever it was saying."""
        self.shutdown()
        self.socket.close()
        for each in self.sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # closed before

    def handle_error(self, *_):
        pass  # whoever has left


def policy(page):
    """What a page with one script and one style may do."""
    sums = {}
    for tag in ("script", "style"):
        text = re.search(f"<{tag}>(.*?)</{tag}>", page.decode(), re.S)[1]
        sums[tag] = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return (f"default-src 'none'; script-src 'sha256-{sums['script']}'; style-src 'sha256-{sums['style']}'; "
            "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            "require-trusted-types-for 'script'")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json", **headers):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": len(body), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status, message, **headers):
        self.server.refusals += 1
        self.answer(status, {"error": {"message": message, "type": "error", "param": None, "code": None}}, **headers)

    def allowed(self):
        if self.server.key and self.headers["Authorization"] != f"Bearer {self.server.key}":
            self.refuse(401, "Incorrect API key provided.")
            return False
        return True

    def do_GET(self):
        if self.path == "/":
            self.answer(200, self.server.page, "text/html; charset=utf-8",
                        Content_Security_Policy=self.server.policy)
        elif self.path == "/v1/models" and self.allowed():
            self.answer(200, {"object": "list", "data": [{"id": "stand-in", "object": "model"}]})
        elif self.path != "/v1/models":
            self.refuse(404, f"There is nothing at {self.path}.")

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/chat/completions" or not self.allowed():
            return
        self.server.requests.append(request)
        asked = request["messages"][-1]["content"]
        if asked == "busy" and not self.server.refusals:
            return self.refuse(429, "Every slot is taken and the queue is full.", Retry_After="2")
        if asked == "settings":
            text = json.dumps({name: value for name, value in request.items() if name != "messages"})
        elif asked.startswith("count "):
            text = " ".join(str(number) for number in range(1, int(asked[6:]) + 1))
        else:
            text = TEXTS.get(asked, f"You said: {asked}")
        pieces = re.findall(r"\s*\S+|\s+", text)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            self.stream(asked, pieces)
        except OSError:
            self.server.left += 1

    def stream(self, asked, pieces):
        self.say({"role": "assistant", "content": ""})
        count = 0
        while asked == "endless" or count < len(pieces):
            time.sleep(TICK)
            self.say({"content": f"word{count} " if asked == "endless" else pieces[count]})
            count += 1
            if count == 3 and asked == "break off":
                time.sleep(0.5)  # what is under way when a connection breaks may be lost
                self.close_connection = True
                return
            if count == 3 and asked == "fail":
                self.event({"error": {"message": "The model is out of memory.", "type": "server_error"}})
                break
        else:
            self.say({}, "stop")
            self.event({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": count}})
        self.chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def say(self, delta, reason=None):
        self.event({"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})

    def event(self, event):
        self.chunk(b"data: " + json.dumps(event).encode() + b"\n\n")

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))


if __name__ == "__main__":
    print(Server(port=int(sys.argv[1]) if len(sys.argv) > 1 else 0).url, flush=True)
    threading.Event().wait()
