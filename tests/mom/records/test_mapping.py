"""A mapping is checked whole before a record is read; what is written in it never runs as code."""

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mom.errors import BadInput
from mom.records.formula import parse
from mom.records.load import load_mapping

EXAMPLES = Path(__file__).parents[3] / "examples"
START = "site: {id: s}\nsource: erp\nrecords:\n  - {name: n, noun: production_orders, files: 'a*', key: [k], "
WHOLE = START + "fields: {product: p, quantity: q}}\n"


@pytest.mark.parametrize(
    "path", sorted(EXAMPLES.glob("**/mapping.yaml")) + sorted(EXAMPLES.glob("webhooks/*.yaml")), ids=str
)
def test_every_example_is_a_mapping(path):
    assert load_mapping(path).records


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("records:\n  - nonsense: 1\n", ":2: records.0.nonsense: unknown key"),
        (WHOLE.replace("quantity: q", "quantty: q"), "did you mean quantity?"),
        (WHOLE.replace("product: p, ", ""), "need the field product"),
        (WHOLE.replace("production_orders", "production_order"), "did you mean production_orders?"),
        (WHOLE.replace("quantity: q", "quantity: {calc: 'a ** b'}"), "is not understood"),
        (WHOLE.replace("quantity: q", "quantity: {calc: '__import__(\"os\")'}"), "is not understood"),
        (WHOLE.replace("quantity: q", "quantity: {column: a, constant: 1}"), "exactly one of"),
        (WHOLE.replace("quantity: q", "quantity: {text: '{a'}"), "expected columns in braces"),
        (WHOLE.replace("quantity: q", "quantity: q, due_at: {shift_end: {date: d, shift: s}}"), "add calendar"),
        (WHOLE.replace("key: [k]", "key: [k], join: {x: y}"), "there is no lookup 'x'"),
        (WHOLE.replace("'a*'", "'../a'"), "below the data folder"),
        (WHOLE.replace("site: {id: s}\n", ""), "no files, as there is no site"),
        (WHOLE.replace("files: 'a*', ", ""), "need files"),
        (WHOLE.replace("{id: s}", "{id: s, time_zone: Mars}"), "time zone"),
        (WHOLE + "form: {encoding: klingon}\n", "expected an encoding"),
        (WHOLE.replace("]", ""), "not valid YAML"),
        ("", "has none"),
    ],
)
def test_what_is_wrong_is_said_with_file_line_and_remedy(tmp_path, text, said):
    path = tmp_path / "mapping.yaml"
    path.write_text(text)
    with pytest.raises(BadInput, match=r"mapping\.yaml:\d+: ") as refused:
        load_mapping(path)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "value"), [("a - b", 3), ("-a * 2 + col('c d') / 4", -9), ("x.y / 0", None), ("a * gone", None)]
)
def test_a_formula_is_arithmetic(text, value):
    columns = {"a": 5.0, "b": 2.0, "c d": 4.0, "x.y": 1.0}
    assert parse(text).value(columns.get) == value


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_no_formula_does_anything_else(text):
    try:
        formula = parse(text)
    except ValueError:
        return
    value = formula.value(lambda _: 1.0)
    assert value is None or isinstance(value, float)


NAMES = [
    "site",
    "id",
    "source",
    "records",
    "name",
    "noun",
    "files",
    "key",
    "fields",
    "calc",
    "text",
    "form",
    "encoding",
]
YAML = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.one_of(st.text(max_size=120), YAML.map(lambda value: yaml.safe_dump(value, allow_unicode=True))))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_mapping_or_refused_by_line(tmp_path, text):
    path = tmp_path / "mapping.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        load_mapping(path)
    except BadInput as error:
        refused = str(error)
    else:
        refused = "mapping.yaml"
    assert "mapping.yaml" in refused
