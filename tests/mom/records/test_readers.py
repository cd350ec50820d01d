"""Whatever stands in a file, reading it ends in records or in a clear refusal, and soon."""

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mom.errors import BadInput
from mom.records.files import open_table
from mom.records.mapping import FileForm


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl", "parquet"])
@given(
    content=st.one_of(
        st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_records_or_a_clear_refusal(tmp_path, ending, content):
    path = tmp_path / f"any.{ending}"
    path.write_bytes(content)
    refused = ""
    try:
        assert all(isinstance(record, dict) for record in open_table(path, FileForm()).records)
    except BadInput as error:
        refused = str(error)
    assert not refused or path.name in refused


def test_a_parquet_file_gives_what_was_written(tmp_path):
    path = tmp_path / "odd [name]*.parquet"
    duckdb.sql("SELECT 1 AS a, 'x' AS b, NULL::INT AS c UNION ALL SELECT 2, 'y', 3").write_parquet(str(path))
    table = open_table(path, FileForm())
    assert table.columns == ("a", "b", "c")
    assert sorted(table.records, key=lambda row: row["a"]) == [
        {"a": 1, "b": "x", "c": None},
        {"a": 2, "b": "y", "c": 3},
    ]


def test_a_text_file_in_another_form_is_read_as_the_mapping_says(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Menge;Größe\n1.234,5;ä\n", encoding="cp1252")
    with pytest.raises(BadInput, match="encoding"):
        list(open_table(path, FileForm(delimiter=";")).records)
    assert list(open_table(path, FileForm(encoding="cp1252", delimiter=";")).records) == [
        {"Menge": "1.234,5", "Größe": "ä"}
    ]
