"""How are the improvement tasks doing, did they help?"""

from agents.planner.intent import Call, Data, Intent, Seen
from agents.planner.request import Request
from agents.planner.saying import bullets, cite, money, paragraphs
from mom import words


def plan(request: Request, seen: Seen) -> list[Call]:
    return [Call("list_tasks")]


def word(request: Request, seen: Seen) -> str:
    rows = (seen.one("list_tasks") or {"tasks": []})["tasks"]
    if not rows:
        return "No improvement task is on record."
    checked, going = [row for row in rows if row["effect"]], [row for row in rows if not row["effect"]]
    done = f"Checked:\n{bullets(_checked(row, request.vocabulary.currency) for row in checked[:5])}" if checked else ""
    on = f"Still going on:\n{bullets(_going(row) for row in going[:6])}" if going else ""
    return paragraphs(done, on)


def _going(row: Data) -> str:
    return (
        f"{row['title']}: {row['status']}, {row['owner']}, due {row['due_on']}, checked on {row['check_on']}{cite(row)}"
    )


def _checked(row: Data, currency: str) -> str:
    effect = row["effect"]
    if effect["difference"] is None:
        return f"{row['title']}: {effect['verdict']}{cite(row, effect)}"
    unit = effect["unit"]
    change = f"{words.number(effect['before'])} to {words.number(effect['after'])} {unit}"
    interval = f"difference {words.number(effect['difference'])} ({words.number(effect['low'])} to {words.number(effect['high'])})"
    saved = f", {money(effect['money'], currency)} a day" if effect["money"] is not None else ""
    return f"{row['title']}: **{effect['verdict']}**, {change}, {interval}{saved}{cite(row, effect)}"


tasks = Intent(
    "tasks",
    "how improvement tasks are doing and whether they helped",
    (
        "How are the improvement tasks doing?",
        "Did the task help?",
        "Show open tasks",
        "What did our improvements bring?",
        "Which tasks are due?",
    ),
    (
        (r"\btasks?\b", 1.3),
        (r"\bimprovements?\b", 1.2),
        (r"\bdid (it|they|that|this|the \w+|our \w+) (help|work|bring)\b|\bhelped\b", 1.8),
        (r"\b(did|has|have)\b.*\b(help|helped|paid off|pay off|bring|brought)\b", 1.6),
        (r"\beffects? of\b", 1.4),
        (r"^(open|create|make|start|add|set up|raise)\b", -1.6),
        (r"\bopen (a|an|the|new)\b|\bcreate\b", -1.2),
    ),
    plan,
    word,
    "improvement_coach",
)
