"""CSV files as people have them: whichever way they are written they read the same; what is wrong is said with its line."""

import pytest

from evals.lathe.recordings import causes_of, expert_graph, normals, runs
from evals.sheet import sheet
from mom.errors import BadInput

HEADER = "time_s,node,value,type"
ROWS = ["0.0,a,False,Binary", "1.0,a,True,Binary", "1.5,b,2.5,Continuous"]


def written(folder, text, name="normal/one.csv"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def plain(*rows):
    return "\n".join([HEADER, *rows]) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        plain(*ROWS),
        plain(*ROWS).rstrip("\n"),
        plain(*ROWS).replace("\n", "\r\n"),
        b"\xef\xbb\xbf" + plain(*ROWS).encode(),
        plain(*ROWS).replace(",", ";"),
        plain(*ROWS).replace(",", "\t"),
        plain(*ROWS[::-1], ROWS[1]),
        plain(*ROWS) + "\n\n",
        plain(*ROWS, "1.6,b,nan,Continuous"),
        plain(*ROWS).replace("True", "1").replace("False", "0"),
        "extra,type,value,node,time_s\nx,Binary,False,a,0\nx,binary,true,a,1\ny,Continuous,2.5,b,1.5\n",
    ],
)
def test_a_recording_reads_the_same_however_it_is_written(tmp_path, text):
    (one,) = normals(written(tmp_path, text))
    assert list(one.tracks["a"].changes()) == [(1.0, True)]
    assert (one.tracks["b"].times, one.tracks["b"].values) == ((1.5,), (2.5,))


@pytest.mark.parametrize("moment", ["2024-07-08T10:00:01.500Z", "2024-07-08T12:00:01.5+02:00", "2024-07-08 10:00:01.5"])
def test_a_moment_may_be_a_date_and_time_in_any_zone(tmp_path, moment):
    (one,) = normals(written(tmp_path, plain("2024-07-08T10:00:00+00:00,a,False,Binary", f"{moment},a,True,Binary")))
    assert one.end - one.start == 1.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "normal/one.csv is empty"),
        (HEADER + "\n", "normal/one.csv holds no rows"),
        ("time_s,node,value\n0,a,True\n", "has no column type: there are time_s, node, value"),
        (plain(*ROWS) + "2.0,b", "line 5: 2 of 4 columns: '2.0,b'. Mend or take away the line"),
        (plain("0,a,maybe,Binary"), "line 2: value 'maybe' is none of True, False, 1, 0"),
        (plain("0,a,much,Continuous"), "line 2: value 'much' is no number"),
        (plain("noon,a,1,Binary"), "line 2: time_s 'noon' is no number of seconds"),
        (plain("nan,a,1,Binary"), "line 2: time_s 'nan' is no moment"),
        (plain(*ROWS).encode() + b"2.0,T\xfcr,True,Binary\n", "one.csv is no CSV in UTF-8"),
        (bytes(range(256)), "one.csv is no CSV in UTF-8"),
    ],
)
def test_what_is_wrong_with_a_recording_is_said_with_its_line(tmp_path, text, message):
    with pytest.raises(BadInput) as error:
        normals(written(tmp_path, text))
    assert message in str(error.value)


def test_a_quoted_cell_may_hold_lines_and_the_line_told_is_the_file_s(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"two\nlines"\n3\n')
    with pytest.raises(BadInput, match="line 4: 1 of 2 columns"):
        sheet(path, "a.csv")


def test_a_run_that_lacks_a_column_is_not_passed_over_in_silence(tmp_path):
    written(tmp_path, "id,label\n1,a\n", "faults/nodes.csv")
    written(tmp_path, plain(*ROWS), "faults/s/run_1/one.csv")
    assert [run.name for run in runs(tmp_path)] == ["faults/s/run_1/one.csv"]
    written(tmp_path, "time_s,node,value\n0,a,True\n", "faults/s/run_2/two.csv")
    with pytest.raises(BadInput, match=r"run_2/two.csv has no column type"):
        runs(tmp_path)
    written(tmp_path, "", "faults/s/run_2/two.csv")
    with pytest.raises(BadInput, match=r"run_2/two.csv is empty"):
        runs(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("from,to\na,b\n", "has no column source_label, target_label"),
        ("source_label,target_label\n", "holds no edges"),
        ("source_label,target_label\na,\n", "line 2: source_label or target_label is empty"),
    ],
)
def test_a_graph_that_is_none_is_refused(tmp_path, text, message):
    with pytest.raises(BadInput, match=message):
        expert_graph(written(tmp_path, text, "expert_graph/all_edges.csv"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ('{"group": "g"}', "expected group, exp_id, manipulatedVars"),
        ('{"group": "g", "exp_id": 1, "manipulatedVars": []}', r"manipulatedVars is \[\]"),
    ],
)
def test_a_label_that_says_nothing_is_refused(tmp_path, text, message):
    written(tmp_path, text, "faults/s/s_description.json")
    with pytest.raises(BadInput, match=message):
        causes_of(tmp_path, "faults/s/run_1/one.csv")
