"""A plant file that says something impossible is refused with file, line and what to do."""

import pytest

from mom.errors import BadInput
from mom.plant.load import load_plant

PLANT = """\
site: {id: test, name: Test}
calendar:
  shifts:
    - {name: early, start: "06:00", end: "14:00", days: [mon, tue, wed, thu, fri]}
    - {name: late, start: "14:00", end: "22:00", days: [mon, tue, wed, thu, fri]}
    - {name: night, start: "22:00", end: "06:00"}
    - {name: weekend, start: "06:00", end: "22:00", days: [sat, sun]}
  exceptions:
    - {date: 2026-12-24, shifts: [early], reason: Christmas Eve}
equipment: [{id: line-1, name: Line 1}]
approvals:
  maintenance_order: {roles: [manager]}
systems:
  - {id: erp, kind: erp, mapping: here.yaml}
  - {id: cmms, kind: cmms, mapping: examples/webhooks/cmms.yaml}
subscriptions:
  - {report: shift, to: [a@b.example], lines: [line-1]}
"""


@pytest.fixture
def refused(tmp_path):
    """`refused(old, new)`: what is said of the plant file with that change, without its path."""

    def load(old, new):
        assert old in PLANT
        path = tmp_path / "plant.yaml"
        path.write_text(PLANT.replace(old, new))
        with pytest.raises(BadInput) as error:
            load_plant(path)
        return [line.removeprefix(f"{path}:") for line in str(error.value).splitlines()]

    return load


def test_a_whole_plant(tmp_path):
    path = tmp_path / "plant.yaml"
    (tmp_path / "here.yaml").touch()
    path.write_text(PLANT)
    assert [shift.name for shift in load_plant(path).calendar.shifts] == ["early", "late", "night", "weekend"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('start: "14:00"', 'start: "13:45"', "5: shift late begins at 13:45 (mon), before shift early ends at 14:00;"),
        ('end: "06:00"', 'end: "06:15"', "4: shift early begins at 06:00 (mon), before shift night ends at 06:15;"),
        ("shifts: [early]", "shifts: [early, weekend]", "9: shift weekend begins at 06:00 (2026-12-24), before shift early"),
    ],
)  # fmt: skip
def test_shifts_that_overlap(refused, old, new, said):
    assert any(line.startswith(said) for line in refused(old, new))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: late", "name: early", "5: shift early stands twice; give one of them another name"),
        ("maintenance_order:", "maintenence_order:", "12: approvals 'maintenence_order': there is no such action; did you"),
        ("approvals:\n  maint", "approvals:\n  x: {roles: []}\n  maint", "12: approvals 'x': there is no such action; known:"),
        ("id: cmms", "id: erp", "15: system erp stands twice; give one of them another name"),
        ("report: shift", "report: shft", "17: report 'shft': there is no such report; did you mean shift?"),
        ("approvals:", "acts_upon: {pump: [alarm]}\napprovals:", "11: acts_upon pump: there is no tag 'pump'; known:"),
        ("lines: [line-1]", "lines: [line-2]", "17: there is no equipment 'line-2'; did you mean line-1?"),
    ],
)  # fmt: skip
def test_names_that_mean_nothing(refused, old, new, said):
    assert any(line.startswith(said) for line in refused(old, new))


def test_a_mapping_file_that_is_not_there(refused, tmp_path):
    [said] = refused("site:", "site:")
    assert said == f"14: system erp: there is no file {tmp_path / 'here.yaml'}; correct the path, or leave it out"
