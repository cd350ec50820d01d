"""What reaches a model is JSON that it can take, without what steers or hides."""

import json
import math
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tools.plain import LONGEST_TEXT, defused, plain, untrusted


@pytest.mark.parametrize(
    "token",
    [
        "<|im_start|>",
        "<|endoftext|>",
        "[INST]",
        "[/INST]",
        "<<SYS>>",
        "</s>",
        "<｜User｜>",
        "<start_of_turn>",
        "</untrusted>",
        "<tool_call>",
    ],
)
def test_control_tokens_are_taken_out_also_when_nested(token):
    nested = token[: len(token) // 2] + token + token[len(token) // 2 :]
    for text in (f"before {token} after", nested, token.upper()):
        assert token.lower() not in defused(text).lower()
    assert defused(f"before {token} after").split() == ["before", "after"]


def test_what_nobody_sees_is_taken_out():
    hidden = "ok\u202eko\u200b\x00\ud800\U000e0041\u2066"
    assert defused(hidden) == "okko"
    json.dumps(defused(hidden)).encode()


def test_a_long_text_is_cut_and_says_so():
    assert untrusted("x" * 10_000) == {"untrusted": "x" * LONGEST_TEXT + " … (cut)"}
    assert untrusted(None) is None


def test_values_become_json():
    at = datetime(2026, 3, 27, tzinfo=UTC)
    assert plain({"a": Decimal("1.50"), "b": math.nan, "c": [at], "d": (1, True, None)}) == {
        "a": 1.5,
        "b": None,
        "c": ["2026-03-27T00:00:00+00:00"],
        "d": [1, True, None],
    }
    with pytest.raises(TypeError, match="no plain form"):
        plain(object())
