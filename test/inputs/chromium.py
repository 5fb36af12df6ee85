"""Chromium without a window, driven through its pipe: no package but Chromium is needed.

  with Browser() as browser:
      page = browser.page(width=360, height=740)
      page.go("http://127.0.0.1:8080/")
      page.click("#send")
      page.wait("document.querySelector('.said')", "an answer")
"""
import base64
import json
import os
import select
import signal
import subprocess
import tempfile
import time

# Chromium starts in a second where it is alone, in minutes where it is not; what
# hangs is ended before lit would.
SECONDS = 600
COMMAND = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
           "--disable-quic", "--disable-background-networking", "--disable-component-update",
           "--disable-dev-shm-usage", "--hide-scrollbars"]
# What a key that is not a character is called, and its code.
KEYS = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowUp": 38, "ArrowDown": 40, "ArrowRight": 39, "Space": 32}
SHIFT = 8


class Broken(Exception):
    """What was expected of a page and not found."""


class Browser:
    """A running Chromium with a profile of its own."""

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        commands, self.write_end = os.pipe()
        self.read_end, answers = os.pipe()

        def give_pipes():  # Chromium reads from 3 and writes to 4
            high = os.dup(commands) + 100, os.dup(answers) + 101
            os.dup2(commands, high[0])
            os.dup2(answers, high[1])
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [*COMMAND, "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}"],
            preexec_fn=give_pipes, close_fds=False, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(commands)
        os.close(answers)
        self.buffer, self.last, self.pages = b"", 0, {}
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
            self.process.wait(10)
        except (Broken, OSError, subprocess.TimeoutExpired):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.write_end)
        os.close(self.read_end)
        self.profile.cleanup()

    def receive(self, seconds):
        """The next message, or None after so many seconds."""
        until = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            if not select.select([self.read_end], [], [], max(0, until - time.monotonic()))[0]:
                return None
            some = os.read(self.read_end, 1 << 20)
            if not some:
                raise Broken("Chromium has ended")
            self.buffer += some
        message, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(message)
        page = self.pages.get(message.get("sessionId"))
        if page and "method" in message:
            page.take(message["method"], message["params"])
        return message

    def call(self, method, session=None, **parameters):
        """What Chromium answers to a command of its DevTools protocol."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.write_end, data):]
        until = time.monotonic() + SECONDS
        while True:
            answer = self.receive(until - time.monotonic())
            if answer is None:
                raise Broken(f"Chromium does not answer to {method}")
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise Broken(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def page(self, width=1280, height=800, dark=False, coarse=False):
        """A page that shares nothing with others."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Page(self, session, context, width, height, dark, coarse)


class Page:
    """A tab. `wrong` are the exceptions and refusals that it has logged."""

    def __init__(self, browser, session, context, width, height, dark, coarse):
        self.browser, self.session, self.context, self.wrong = browser, session, context, []
        browser.pages[session] = self
        for domain in ("Page", "Runtime", "Log", "Accessibility"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        if coarse:
            self.call("Emulation.setTouchEmulationEnabled", enabled=True)
        self.shape(width, height, dark)

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def take(self, method, parameters):
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.wrong.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            # A status such as 401 is the server's word, which the page shows.
            if not parameters["entry"]["text"].startswith("Failed to load resource"):
                self.wrong.append(parameters["entry"]["text"])
        elif method == "Page.javascriptDialogOpening":
            self.wrong.append(f"opened a dialog: {parameters['message']}")
            self.browser.last += 1  # nobody waits for this answer
            os.write(self.browser.write_end, json.dumps(
                {"id": self.browser.last, "sessionId": self.session, "method": "Page.handleJavaScriptDialog",
                 "params": {"accept": False}}).encode() + b"\0")

    def shape(self, width, height, dark=False, scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
                  mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}])

    def go(self, url):
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'", f"{url} is loaded")

    def reload(self):
        self.evaluate("window.isOld = true")
        self.call("Page.reload")
        self.wait("!window.isOld && document.readyState === 'complete'", "the page is loaded again")

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True,
                           userGesture=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise Broken(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def wait(self, expression, what, seconds=60):
        """The value of an expression, as soon as it is true."""
        until = time.monotonic() + seconds
        while True:
            try:
                value = self.evaluate(expression)
            except Broken:
                value = None  # between two documents
            if value:
                return value
            if time.monotonic() > until:
                raise Broken(f"never: {what}")
            time.sleep(0.03)

    def text(self, selector):
        return self.evaluate(f"document.querySelector({json.dumps(selector)})?.textContent")

    def click(self, selector):
        """A click where the element is to be seen."""
        place = self.wait(f"""(() => {{
          const element = document.querySelector({json.dumps(selector)});
          element?.scrollIntoView({{block: 'nearest'}});
          const box = element?.getBoundingClientRect();
          const [x, y] = box?.width ? [box.x + box.width / 2, box.y + box.height / 2] : [];
          return element?.contains(document.elementFromPoint(x ?? -1, y ?? -1)) && {{x, y}};
        }})()""", f"{selector} can be clicked", 20)
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **place)

    def key(self, name, modifiers=0):
        code = KEYS[name]
        text = {"Enter": "\r", "Space": " "}.get(name)
        key = {"key": " " if name == "Space" else name, "code": name, "windowsVirtualKeyCode": code,
               "modifiers": modifiers}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **key,
                  **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **key)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        del self.browser.pages[self.session]
        self.browser.call("Target.disposeBrowserContext", browserContextId=self.context)
