"""Promises of markup: whatever is written, only the allow-list comes out, and every link says what it is."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.markup import ATTRIBUTES, LONGEST, REL, TAGS, rendered


class Tree(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(str(html))  # not as Markup, which would escape what is added to it
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(("!--", {}))

    @property
    def links(self) -> list[str | None]:
        return [attributes.get("href") for tag, attributes in self.tags if tag == "a"]


def must_be_harmless(tree: Tree) -> None:
    for tag, attributes in tree.tags:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel"}
        if tag == "a" and "href" in attributes:
            assert attributes["rel"] == REL
            assert (attributes["href"] or "").split(":")[0].lower() in {"http", "https", "mailto"}


HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a hx-get='/admin' hx-trigger='load' data-x='1' style='x' class='x' id='x'>bấm</a>",
    '<a href="javascript:alert(1)">bấm</a>',
    "[bấm](javascript:alert(1))",
    "[bấm](JaVaScRiPt:alert(1))",
    "[bấm](java\tscript:alert(1))",
    "[bấm](&#106;avascript:alert(1))",
    "[bấm](data:text/html;base64,PHNjcmlwdD4=)",
    "[bấm](vbscript:x)",
    "<javascript:alert(1)>",
    '[bấm](https://x.vn "tên\' onmouseover=alert(1) x=")',
    '[bấm](https://x.vn"onclick="alert(1))',
    "![ảnh](https://evil.example/track.gif)",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<!-- --!> <script>alert(1)</script> -->",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "`</code><script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    "<form action=/sign-out method=post><button>bấm</button></form>",
    "<base href=//evil.example><meta http-equiv=refresh content=0>",
    "javascript:alert(1) data:text/html,x",
    "https://x.vn/?a=<script>alert(1)</script>&b='\"onclick=alert(1)",
    "http://evil.example\u202e/vn.vog",
]

PIECES = st.one_of(st.text(max_size=40), st.sampled_from([*HOSTILE, "\n", "> ", "* ", "](", "<", "http://a.vn"]))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_survives(text: str) -> None:
    tree = Tree(rendered(text))
    must_be_harmless(tree)
    assert not {"script", "img", "iframe", "form", "style", "svg"} & {tag for tag, _ in tree.tags}


@given(st.lists(PIECES, max_size=8))
def test_no_text_at_all_gets_past_the_allow_list(pieces: list[str]) -> None:
    must_be_harmless(Tree(rendered("".join(pieces))))


def test_html_is_shown_as_the_text_it_is() -> None:
    tree = Tree(rendered("Mẫu <b>01</b> & <a hx-get='/x'>bấm</a>"))
    assert tree.tags == [("p", {})]
    assert tree.text.strip() == "Mẫu <b>01</b> & <a hx-get='/x'>bấm</a>"


def test_what_a_writer_means_by_markdown_is_kept() -> None:
    tree = Tree(rendered("### Điều 70\n\nMột **hai** *ba*\nbốn\n\n- năm\n\n1. sáu\n\n> bảy\n\n`tám`\n\n---\n"))
    assert {tag for tag, _ in tree.tags} >= {
        "h3",
        "p",
        "strong",
        "em",
        "br",
        "ul",
        "ol",
        "li",
        "blockquote",
        "code",
        "hr",
    }


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("[Luật](https://vbpl.vn/41?a=1&b=2)", "https://vbpl.vn/41?a=1&b=2"),
        ("Xem https://vbpl.vn/41, Điều 70", "https://vbpl.vn/41"),
        ("<https://vbpl.vn>", "https://vbpl.vn"),
        ("[thư](mailto:hoi@thu.vn)", "mailto:hoi@thu.vn"),
    ],
)
def test_every_link_is_found_and_says_that_nobody_vouches_for_it(text: str, link: str) -> None:
    tree = Tree(rendered(text))
    assert tree.links == [link]
    must_be_harmless(tree)


def test_code_is_not_linked() -> None:
    assert Tree(rendered("`https://vbpl.vn`")).links == []


@pytest.mark.parametrize("piece", ["> ", "* ", "1. ", "[", "**", "`", "<a ", "&#", "_a", "[a](", "www.a.vn ", "ﷺ"])
def test_a_text_nested_thousands_deep_is_rendered_all_the_same(piece: str) -> None:
    must_be_harmless(Tree(rendered(piece * 5_000 + "lời cuối")))


def test_a_text_that_is_far_too_long_is_cut_before_it_costs_anything() -> None:
    assert len(Tree(rendered("a" * 100_000)).text.strip()) == LONGEST


def test_nothing_written_is_nothing_shown() -> None:
    assert rendered("") == rendered(" \n\u200b\n ") == ""
