"""docs/kpis.md says of every KPI and element what the program says."""

from pathlib import Path

from mom.kpis.board import definitions
from mom.kpis.catalogue import ELEMENTS, GIVEN_BY

PAGE = (Path(__file__).parents[3] / "docs" / "kpis.md").read_text()


def test_every_kpi_is_in_the_table_as_it_is_defined() -> None:
    for kpi in definitions().values():
        assert f"| {kpi.title} (`{kpi.name}`) | {kpi.formula} | {kpi.source} | {kpi.unit} |" in PAGE


def test_every_element_is_in_the_table_with_who_gives_it() -> None:
    for element in ELEMENTS.values():
        row = f"| {element.name} | {element.meaning} | {element.unit} | {GIVEN_BY[element.group]} |"
        assert row in PAGE


def test_every_element_that_a_kpi_needs_is_known() -> None:
    for kpi in definitions().values():
        for name in kpi.needs:
            assert name in ELEMENTS or name in ("CALENDAR", "unknown"), (kpi.name, name)
