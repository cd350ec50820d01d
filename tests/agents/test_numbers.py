"""Wrong numbers planted in answers are marked, right ones are not (TRUST C4)."""

import json
import os
import random
import re

import pytest

from agents.numbers import check_numbers
from agents.numerals import numerals
from mom import words

REASONS = (
    "cap jam",
    "fill valve fault",
    "label break",
    "fallen bottle",
    "glue fault",
    "drive overload",
    "carton empty",
)
MACHINES = ("Capper 2", "Filler 1", "Labeller 1", "Packer 2", "Depalletiser 2")


def figure(name: str, title: str, value: float, unit: str) -> dict:
    return {"name": name, "title": title, "value": value, "unit": unit, "from": "2026-03-26T14:00:00+01:00"}


def scene(rng: random.Random) -> tuple[list[dict], str]:
    """What tools returned, and an answer that says it rightly, in one of several wordings."""
    currency, line = "EUR", rng.choice(("Line 1", "Line 2"))
    picked = rng.sample(REASONS, 4)
    losses = [
        {
            "ref": f"loss:{n}",
            "title": reason,
            "machine": rng.choice(MACHINES),
            "seconds": rng.uniform(60, 9000),
            "units": float(rng.randrange(100, 40_000)),
            "money": round(rng.uniform(20, 9000), 2),
        }
        for n, reason in enumerate(picked)
    ]
    shares = [rng.uniform(0.4, 0.99) for _ in range(4)]
    names = (
        ("oee", "OEE"),
        ("availability", "Availability"),
        ("effectiveness", "Performance"),
        ("quality_ratio", "Quality"),
    )
    figures = [figure(n, t, v, "1") for (n, t), v in zip(names, shares, strict=True)]
    order = str(rng.randrange(400_000, 440_000))
    minute = f"{rng.randrange(6, 22):02d}:{rng.randrange(60):02d}"
    total = round(sum(row["money"] for row in losses), 2)
    data = {
        "window": f"late shift, yesterday 14:00 to 22:00 ({line})",
        "money_total": total,
        "count": rng.randrange(12, 90),
        "losses": losses,
        "figures": figures,
        "order": order,
        "since_at": f"2026-03-26T{minute}:00+01:00",
    }
    top, second = losses[0], losses[1]
    said = [
        f"{line}: OEE {words.percent(shares[0])}, availability {words.percent(shares[1], 0)}, quality {words.percent(shares[3])}.",
        f"Since {minute} it makes order {order}.",
        f"Most was lost by {top['title']} at {top['machine']}: {words.duration(top['seconds'])}, "
        f"{words.quantity(top['units'], 'bottles')}, {words.money(top['money'], currency)} [loss:0].",
        f"Then {second['title']} cost {words.money(second['money'], currency)} in {second['seconds'] / 60:.1f} min.",
        f"Altogether {data['count']} losses cost {words.money(total, currency)}, late shift, 14:00 to 22:00.",
    ]
    rng.shuffle(said)
    return _messages(data), " ".join(said)


def _messages(data: dict) -> list[dict]:
    call = {"id": "c", "type": "function", "function": {"name": "list_losses", "arguments": "{}"}}
    return [
        {"role": "user", "content": "What cost most?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "name": "list_losses", "content": json.dumps(data)},
    ]


def planted(rng: random.Random, token: str) -> str:
    """A wrong number in the place of a right one: a digit changed, two swapped, off by a part, or of another size."""
    digits = [i for i, sign in enumerate(token) if sign.isdigit()]
    if re.fullmatch(r"\d{1,2}:\d{2}", token):
        return f"{rng.randrange(0, 5):02d}:{rng.randrange(60):02d}"
    place = rng.choice(digits[:2])
    other = rng.choice([d for d in "123456789" if d != token[place]])
    return token[:place] + other + token[place + 1 :]


def test_planted_numbers_are_marked_and_right_ones_are_not():
    seed = int(os.environ.get("LINESIDE_SEED") or random.SystemRandom().randrange(10**6))
    print(f"seed {seed}: LINESIDE_SEED={seed} runs it again")
    rng = random.Random(seed)
    right = wrong_marks = plants = found = 0
    for _ in range(110):
        messages, text = scene(rng)
        checked = check_numbers(re.sub(r" \[\w+:\d+\]", "", text), messages)
        right += checked.numbers
        wrong_marks += len(checked.unsupported)
        plain = re.sub(r" \[\w+:\d+\]", "", text)
        for number in list(numerals(plain)):
            if (
                number.before in ("line", "capper", "filler", "labeller", "packer", "depalletiser")
                or number.kind == "name"
            ):
                continue
            false = planted(rng, number.text)
            marked = check_numbers(plain[: number.start] + false + plain[number.end :], messages).unsupported
            plants += 1
            found += any(
                start <= number.start < end or number.start <= start < number.start + len(false)
                for start, end in marked
            )
    print(f"{plants} planted, {found} marked; {right} right ones, {wrong_marks} marked")
    assert plants > 1000
    assert found / plants >= 0.99
    assert wrong_marks / right <= 0.01


@pytest.mark.parametrize(
    ("said", "marked"),
    [
        ("Line 1 had an OEE of 83.4 %.", []),
        ("Line 1 had an OEE of 83 %.", []),
        ("Line 1 had an OEE of 0.834.", []),
        ("Line 1 had an OEE of 84.3 %.", ["84.3 %"]),
        ("It stood for 6 min (6.1 min).", []),
        ("It stood for about 6 minutes, 366 s to be exact.", []),
        ("It stood for 7 min.", ["7 min"]),
        ("Since 14:02 the cap jam cost € 3,180.", []),
        ("Since 14:20 the cap jam cost € 3,810.", ["14:20", "€ 3,810"]),
        ("On 26 Mar 2026 it made 1,240 bottles of WAT-050, order PO-1042.", []),
        ("It made 1,420 bottles of WAT-055, order PO-1043.", ["1,420", "WAT-055", "PO-1043"]),
        ("Two of the last 3 shifts were worse.", ["3"]),
        ("The gap of € 1,940 is mine.", ["€ 1,940"]),
    ],
)
def test_one_number(said, marked):
    data = {
        "line": "Line 1",
        "figures": [figure("oee", "OEE", 0.8341, "1")],
        "stop": {"reason": "cap jam", "seconds": 366.0, "money": 3180.4, "started_at": "2026-03-26T14:02:11+01:00"},
        "produced": 1240.0,
        "product": "WAT-050",
        "order": "PO-1042",
    }
    checked = check_numbers(said, _messages(data))
    assert [said[start:end] for start, end in checked.unsupported] == marked


def test_a_value_of_another_row_does_not_support_what_is_said_of_this_one():
    rows = [{"machine": "Capper 2", "seconds": 2520.0}, {"machine": "Filler 1", "seconds": 720.0}]
    messages = _messages({"stops": rows})
    assert check_numbers("Capper 2 stood for 42 min, Filler 1 for 12 min.", messages).unsupported == ()
    assert len(check_numbers("Capper 2 stood for 12 min.", messages).unsupported) == 1
