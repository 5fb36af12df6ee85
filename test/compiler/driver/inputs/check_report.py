"""check_report REPORT CHECK [ARGUMENT] - What --report must hold."""
import html.parser
import json
import sys

path, check = sys.argv[1:3]
text = open(path, encoding="utf-8").read()


def candidates(report):
    for target in report["targets"]:
        for matrix in target["matrices"]:
            chosen = [c for c in matrix["candidates"] if c["chosen"]]
            assert len(chosen) == 1 and chosen[0]["kernel"] == matrix["choice"], matrix
            assert matrix["bytes"] == chosen[0]["bytes"] * matrix["layers"]
            for candidate in matrix["candidates"]:
                assert candidate["predicted_seconds"] == max(
                    candidate["predicted_compute_seconds"], candidate["predicted_memory_seconds"])
                yield matrix, candidate


def check_token(target):
    """A token reads every matrix of every layer, the head, and the rest."""
    token = target["token"]
    parts = {part["name"]: part for part in token["parts"]}
    for matrix in target["matrices"]:
        assert parts[matrix["name"]]["bytes"] == matrix["bytes"]
    assert parts["output head"]["form"] == "8-bit rows" and parts["output head"]["bytes"] > 0
    assert token["bytes"] == sum(part["bytes"] for part in token["parts"])
    assert abs(token["seconds"] - sum(part["seconds"] for part in token["parts"])) < 1e-12
    assert abs(token["tokens_per_second"] * token["seconds"] - 1) < 1e-9
    # Keys and values of f16, 2 layers of 2 heads of 16, in blocks of 64 tokens.
    assert token["kv_cache"]["bytes"] == target["kv_cache_bytes"] >= 2 * 2 * 2 * 2 * 16 * target["context_size"]
    assert token["tokens_per_second_full_context"] < token["tokens_per_second"]


class Page(html.parser.HTMLParser):
    """Counts tags, sees that each is closed, and that nothing is fetched."""

    def __init__(self):
        super().__init__()
        self.open, self.count = [], {}

    def handle_starttag(self, tag, attrs):
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag != "meta":
            self.open.append(tag)
        for name, value in attrs:
            assert name not in ("src", "href") and "url(" not in (value or ""), (tag, name)

    def handle_startendtag(self, tag, attrs):
        self.count[tag] = self.count.get(tag, 0) + 1

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


if check == "page":
    page = Page()
    page.feed(text)
    assert not page.open, page.open
    # The parts of a token, and the kernels of 4 matrices.
    assert page.count["table"] == 1 + 4 and "link" not in page.count, page.count
    # 2 kernels of 4 matrices are marked, and the legend shows each symbol.
    assert page.count["title"] == 1 + 8, page.count
    sys.exit()

report = json.loads(text)
all_of = list(candidates(report))
if check == "predicted":
    assert [t["target"] for t in report["targets"]] == ["x86_avx2", "x86_avx512"]
    assert len(all_of) == 4 * 2 + 4 * 3, len(all_of)
    for target in report["targets"]:
        check_token(target)
    assert report["command"].startswith("tritc --target=") and report["compiler"].startswith("tritc ")
    assert report["output_bytes"] > report["weight_bytes"] > 0
    assert all(c["decode_seconds"] is None for _, c in all_of)
elif check == "measured":
    measured = report["targets"][0]["measured"]
    assert measured["bytes_per_second"] > 0 and measured["products_per_second"] > 0
    assert all(c["decode_seconds"] > 0 and c["prefill_seconds"] > 0 for _, c in all_of)
elif check == "same":
    times = [c["decode_seconds"] for _, c in all_of]
    assert times == [c["decode_seconds"] for _, c in candidates(json.load(open(sys.argv[3], encoding="utf-8")))]
elif check == "choice":
    assert all(m["choice"] == sys.argv[3] for m, _ in all_of), all_of
else:
    sys.exit(f"no check '{check}'")
