"""An answer's Markdown as safe HTML: cleaned, citations that open their row, numbers that no tool returned marked."""

import re
from collections.abc import Sequence
from functools import cache
from html import escape

import nh3
from markdown_it import MarkdownIt

from agents.answer import Answer, Citation

TAGS = {
    "p",
    "br",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "code",
    "pre",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "hr",
}
OPEN, CLOSE = "\ue000", "\ue001"
"""Private characters that carry a mark through Markdown; any in the text itself are taken out first."""
SUM = re.compile(r"([€$£]) (?=\d)")
"""A sign of money stays on the line of its number."""
CITED = re.compile(r"\[(\d{1,3})\]")


@cache
def _markdown() -> MarkdownIt:
    return (
        MarkdownIt("commonmark", {"html": False, "linkify": False})
        .enable("table")
        .disable(["image", "link", "autolink"])
    )


def answer_html(answer: Answer) -> str:
    """What the page puts in the place of the streamed text."""
    marked = _marked(answer.text, answer.checked.unsupported)
    clean = nh3.clean(_markdown().render(marked), tags=TAGS, attributes={})
    shown = clean.replace(OPEN, '<span class="unchecked" title="No tool returned this number">').replace(
        CLOSE, "</span>"
    )
    return _cited(SUM.sub("\\1\u00a0", shown), {citation.n: citation for citation in answer.citations})


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with its unsupported numbers between OPEN and CLOSE."""
    parts, at = [], 0
    for start, end in sorted(spans):
        parts += [_plain(text[at:start]), OPEN, _plain(text[start:end]), CLOSE]
        at = end
    return "".join([*parts, _plain(text[at:])])


def _plain(text: str) -> str:
    return text.replace(OPEN, "").replace(CLOSE, "")


def _cited(html: str, citations: dict[int, Citation]) -> str:
    def link(match: re.Match[str]) -> str:
        citation = citations.get(int(match[1]))
        if citation is None:
            return match[0]
        title = escape(citation.text or citation.ref, quote=True)
        ref = escape(citation.ref, quote=True)
        button = f'<button class="num" type="button" data-row="{ref}" title="{title}">{citation.n}</button>'
        return f'<sup class="cite">{button}</sup>'

    return CITED.sub(link, html)
