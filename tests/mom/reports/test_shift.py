"""What the shift report says, and its forms: any text in it stays text."""

import io
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pypdf
import pytest

from mom.reports.html import html_of
from mom.reports.pdf import pdf_of
from mom.reports.shift import answer, describe


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


@pytest.fixture
def pages(shift_facts):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf_of(describe(shift_facts)))).pages]


def test_the_answer_is_a_sentence_a_line_and_what_cost_most(shift_facts):
    assert answer(shift_facts) == (
        "Line 1 made 61,984 bottles at OEE 71.3 %, 2.8 points less than the shift before. "
        "Line 2: I cannot tell what was made (the link to line-2-plc was down from 16:10 to 18:52). "
        "Capper 2 jams again and again cost most: 42 min, € 3,180."
    )


def test_losses_of_one_name_are_one_trouble(shift_facts):
    jam, slow, *rest = shift_facts.losses
    thrice = tuple(replace(slow, id=100 + turn) for turn in range(3))
    description = describe(replace(shift_facts, losses=(jam, *thrice, *rest)))
    assert "Reduced speed on Filler 1 cost most: 3 times, 3 h 3 min, € 3,720." in description.answer
    chart = next(section for section in description.sections if section.title == "What cost most").parts[0]
    assert chart.text.count("Reduced speed on Filler 1") == 1


def test_a_quiet_shift_says_so(shift_facts):
    quiet = replace(shift_facts, losses=(), answers=(), effects=(), orders=(), scrap=(), repairs=(), notes=())
    text = describe(quiet).as_text()
    for said in (
        "No loss was found.",
        "No loss was found in this shift.",
        "Nothing was proposed",
        "No order is running.",
    ):
        assert said in text


def test_losses_without_a_rate_are_told_by_time(shift_facts):
    untold = replace(shift_facts, losses=tuple(replace(loss, money=None) for loss in shift_facts.losses))
    assert "cost not known" in answer(untold)
    assert "1 h 1 min" in describe(untold).as_text()
    free = replace(shift_facts, losses=tuple(replace(loss, money=Decimal(0)) for loss in shift_facts.losses))
    assert "€ 0" in describe(free).as_text()


def test_the_page_has_no_script_and_fetches_nothing(shift_facts):
    for pictures in (True, False):
        page = html_of(describe(shift_facts), pictures=pictures)
        tags = Tags()
        tags.feed(page)
        assert not {"script", "iframe", "object", "link", "base", "form", "foreignobject"} & set(tags.tags)
        assert not [name for name in tags.attributes if name.startswith("on") or name in ("src", "href", "xlink:href")]
        assert "&lt;script&gt;alert" in page and ("svg" in tags.tags) is pictures


def test_the_pdf_is_a4_with_its_period_and_page_numbers_and_every_text_as_it_is(shift_facts, pages):
    assert len(pages) == 2
    for number, page in enumerate(pages, 1):
        assert f"{number} / 2" in page
        assert "Sun 22 Nov 2026 14:00 to 22:00, late shift, crew B" in page and "made Sun 22 Nov 2026 22:02" in page
    assert "€ 3,180" in pages[0] and "What was done about it" in pages[0]
    assert '<script>alert("x")' in "".join(pages).replace("\n", "") and "#let x = 1" in "".join(pages).replace(
        "\n", " "
    )
    size = pypdf.PdfReader(io.BytesIO(pdf_of(describe(shift_facts)))).pages[0].mediabox
    assert (round(float(size.width)), round(float(size.height))) == (595, 842)
