"""On a simulated plant: the sides are the figures that everybody else tells, the parts add up, machines are named."""

from datetime import timedelta

import pytest

from evals.plant import NOW, build
from mom.changed.compared import compare
from mom.changed.gather import shifts_of_line
from mom.changed.of_loss import changed_since
from mom.changed.side import Worth
from mom.facts import Window
from mom.kpis.board import elements_of, figures
from mom.records.written import load_records
from mom.settings import ROOT, Settings
from mom.store.losses import losses_in
from mom.store.plants import layout_of

DAYS = 4
EARLY = Window(NOW - timedelta(days=4), NOW - timedelta(days=2))
LATE = Window(NOW - timedelta(days=2), NOW)


@pytest.fixture
async def sides(database, home):
    settings = Settings(LINESIDE_HOME=home, LINESIDE_PLANT=ROOT / "plant.yaml")
    built = await build(database, settings, load_records, home / "spool", days=DAYS)
    async with database.read() as session:
        layout = await layout_of(session, built.site_id)
        line = f"{layout.site.code}/line-2"
        shifts = [await shifts_of_line(session, layout, line, window, NOW) for window in (EARLY, LATE)]
        told = []
        for window in (EARLY, LATE):
            made = await elements_of(session, layout, line, window, NOW)
            told.append({figure.name: figure for figure in figures(made, line, window)})
        losses = await losses_in(session, built.site_id, Window(LATE.start, LATE.start + timedelta(days=1)))
        begun = [pair for pair in losses if pair[0].started_at >= LATE.start]
        loss, where = max(begun, key=lambda pair: pair[0].seconds)
        since = await changed_since(session, layout, loss, where, NOW)
    worth = {p.id: Worth(float(p.margin), float(p.material_cost)) for p in layout.plant.products}
    return shifts, told, worth, since


async def test_the_difference_of_what_the_figures_tell_is_split_exactly(sides):
    (before, after), told, worth, since = sides
    output = compare(before, after, "output", worth, crews=False)
    oee = compare(before, after, "oee", worth, crews=False)
    money = compare(before, after, "money", worth, crews=False)
    assert [output.before, output.after] == pytest.approx([side["good"].value for side in told], rel=1e-9)
    assert [oee.before, oee.after] == pytest.approx([side["oee"].value for side in told], rel=1e-6)
    for compared in (output, oee, money):
        total = sum(part.value for part in compared.parts)
        assert total == pytest.approx(compared.difference, abs=1e-9 * max(1.0, abs(compared.before)))
        for node in compared.tree():
            if node.children:
                assert sum(child.value for child in node.children) == pytest.approx(node.value, abs=1e-6)
    lost = next(node for node in output.tree() if node.name == "lost")
    machines = {node.name.rpartition("/")[2] for node in lost.children}
    assert {"filler", "capper"} <= machines, "what the constraint waited for is told at the machine that stopped"
    assert since.compared is not None, since.missing
    assert since.told.startswith(since.units.names[since.after.line])
    assert output.spread.low < output.spread.difference < output.spread.high
    apart = compare(before, after, "output", worth, crews=True)
    assert not any(part.crew for part in output.parts), "crews are told apart only when asked"
    assert any(part.crew for part in apart.parts)
    assert sum(p.value for p in apart.parts) == pytest.approx(apart.difference, abs=1e-6)
    assert apart.difference == pytest.approx(output.difference)
