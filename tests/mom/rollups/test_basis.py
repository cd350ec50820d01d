"""Which files hours are made by."""

from mom.rollups.basis import MOM, _files


def test_what_makes_hours_and_packs_them_is_in_the_basis():
    names = {str(path.relative_to(MOM)) for path in _files()}
    assert {"facts.py", "losses/start_up.py", "rollups/make.py", "rollups/piece.py", "rollups/vector.py"} <= names
