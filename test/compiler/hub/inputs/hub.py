"""A stand-in for the hub, on this machine.

    hub.py CHECKPOINT [--fault=NAME] [--page=N] [--gated] -- COMMAND...

Serves the folder CHECKPOINT as model acme/pocket: its API at one port, its large
files by redirects to a second one, which must never see the token. Runs COMMAND with
HF_ENDPOINT set and ends with its status. The last line on standard output counts what
was asked: 'requests N resumed N leaked N'.

Faults: cut (every body of a large file breaks off after a part), wrong (other bytes),
long (more bytes), whole (200 for a range), climbing (a file '../config.json'),
looping and local (redirects in a circle, to file://), elsewhere (a page on another host),
absent (no such model).
"""
import argparse
import hashlib
import http.server
import json
import os
import subprocess
import sys
import threading
import urllib.parse

COMMIT = "c0ffee" + "0" * 34
TOKEN = "hf_secret"
LARGE = 100_000


class Hub:
    def __init__(self, options):
        self.options = options
        self.files = {}
        for where, _, names in os.walk(options.checkpoint):
            for name in names:
                path = os.path.join(where, name)
                with open(path, "rb") as file:
                    self.files[os.path.relpath(path, options.checkpoint)] = file.read()
        self.requests = self.resumed = self.leaked = 0
        self.ports = []

    def entries(self):
        for path, data in sorted(self.files.items()):
            blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            entry = {"type": "file", "path": path, "size": len(data), "oid": blob}
            if len(data) >= LARGE:
                entry["lfs"] = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 134}
            yield entry
        if self.options.fault == "climbing":
            yield {"type": "file", "path": "../config.json", "size": 2, "oid": "0" * 40}

    def url(self, server, path):
        return f"http://127.0.0.1:{self.ports[server]}{path}"


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, data=b"", **headers):
        self.send_response(status)
        headers.setdefault("Content_Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        hub, fault = self.server.hub, self.server.hub.options.fault
        hub.requests += 1
        where = urllib.parse.urlsplit(self.path)
        token = self.headers.get("Authorization")
        if self.server is hub.servers[1]:
            hub.leaked += token is not None
            return self.send_body(hub.files[urllib.parse.unquote(where.path[1:])])
        if hub.options.gated and token != "Bearer " + TOKEN:
            return self.answer(403)
        model = "/api/models/acme/pocket"
        if fault == "absent":
            return self.answer(404)
        if where.path in (f"{model}/revision/main", f"{model}/revision/{COMMIT}"):
            return self.answer(200, json.dumps({"sha": COMMIT}).encode())
        if where.path == f"{model}/tree/{COMMIT}":
            return self.send_page(where)
        prefix = f"/acme/pocket/resolve/{COMMIT}/"
        path = urllib.parse.unquote(where.path.removeprefix(prefix))
        if not where.path.startswith(prefix) or path not in hub.files:
            return self.answer(404)
        if len(hub.files[path]) < LARGE:
            return self.answer(200, hub.files[path])
        targets = {"looping": self.path, "local": "file:///etc/hostname"}
        self.answer(302, Location=targets.get(fault, hub.url(1, "/" + urllib.parse.quote(path))))

    def send_page(self, where):
        hub = self.server.hub
        entries, count = list(hub.entries()), hub.options.page
        first = int(urllib.parse.parse_qs(where.query).get("cursor", ["0"])[0])
        headers = {}
        if first + count < len(entries):
            server = 1 if hub.options.fault == "elsewhere" else 0
            headers["Link"] = f'<{hub.url(server, where.path)}?recursive=true&cursor={first + count}>; rel="next"'
        self.answer(200, json.dumps(entries[first : first + count]).encode(), **headers)

    def send_body(self, data):
        hub, fault = self.server.hub, self.server.hub.options.fault
        span = self.headers.get("Range", "")
        first = int(span.removeprefix("bytes=").removesuffix("-") or 0)
        hub.resumed += first > 0
        headers, status = {}, 200
        if first and fault != "whole":
            status = 206
            headers["Content_Range"] = f"bytes {first}-{len(data) - 1}/{len(data)}"
        if fault == "wrong":
            data = data[:-1] + bytes([data[-1] ^ 1])
        if fault == "long":
            data += b"more"
        part = data[first:] if status == 206 else data
        headers["Content_Length"] = str(len(part))
        if fault == "cut":
            part = part[: len(data) // 3 + 1]
        if fault == "whole" and not first:
            part = part[: len(data) // 2]
        self.answer(status, part, **headers)
        self.close_connection = True


def main():
    at = sys.argv.index("--")
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint")
    parser.add_argument("--fault", default="")
    parser.add_argument("--page", type=int, default=1000)
    parser.add_argument("--gated", action="store_true")
    hub = Hub(parser.parse_args(sys.argv[1:at]))
    hub.servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(2)]
    hub.ports = [server.server_port for server in hub.servers]
    for server in hub.servers:
        server.hub = hub
        threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = dict(os.environ, HF_ENDPOINT=hub.url(0, ""), no_proxy="*")
    status = subprocess.run(sys.argv[at + 1 :], env=environment).returncode
    print(f"requests {hub.requests} resumed {hub.resumed} leaked {hub.leaked}", flush=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
