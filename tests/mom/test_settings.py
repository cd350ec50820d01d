from pathlib import Path

import pytest

from mom.errors import BadInput
from mom.settings import ROOT, read_settings


def test_only_our_own_variables_are_read(monkeypatch):
    for name in ("HOME", "DATA", "PORT", "MODEL", "PLANT"):
        monkeypatch.setenv(name, "/somewhere/else")
    monkeypatch.delenv("LINESIDE_HOME", raising=False)
    settings = read_settings()
    assert settings.home == ROOT / ".lineside"
    assert (settings.port, settings.model, settings.plant) == (8400, None, ROOT / "plant.yaml")


def test_a_home_is_made_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINESIDE_HOME", "here")
    assert read_settings().home == Path(tmp_path) / "here"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("LINESIDE_PORT", "eighty", "LINESIDE_PORT is 'eighty'"), ("DATABASE_URL", "mysql://x", "postgresql://")],
)
def test_a_wrong_value_is_refused_by_name(monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInput) as refusal:
        read_settings()
    assert said in str(refusal.value)
    assert f"Correct {name}" in str(refusal.value)
