"""Three questions that could come next and that the data can answer, by what was just looked at."""

from typing import Any

from agents.agent import Message
from agents.reading import data_of, results

_NEXT: dict[str, tuple[str, ...]] = {
    "get_line_status": ("What cost {line} most this shift?", "Why did {line} stop?", "Which orders are at risk?"),
    "list_losses": (
        "Why did {line} stop?",
        "What should we do about the biggest loss?",
        "Compare {line} with the shift before",
    ),
    "explain_loss": ("What should we do about it?", "When did we see this before?", "What is waiting for me?"),
    "list_stops": ("Why did {machine} stop?", "What was done to {machine} before?", "What cost {line} most this week?"),
    "get_kpis": ("What cost {line} most?", "Compare {line} with last week", "Scrap by reason on {line}"),
    "get_scrap": ("What cost {line} most?", "Compare scrap on {line} with last week", "When did we see this before?"),
    "compare_periods": ("What cost {line} most?", "Scrap by reason on {line}", "Which crew does best on {line}?"),
    "compare_lines": ("What cost us most?", "Compare the shifts", "Which orders are at risk?"),
    "compare_shifts": ("What cost {line} most?", "Scrap by reason on {line}", "Compare the lines"),
    "list_orders": ("Move the late order", "How is the line now?", "What cost us most today?"),
    "find_similar": ("What was done to {machine} before?", "Why did {machine} stop?", "What should we do about it?"),
    "list_maintenance": ("When did we see this before?", "How is {line} now?", "What is waiting for me?"),
    "list_waiting_proposals": (
        "What cost us most this shift?",
        "How are the improvement tasks doing?",
        "How are the lines now?",
    ),
    "get_control_chart": (
        "Which lots are touched?",
        "What drives scrap on {line}?",
        "What is the capability of {line}?",
    ),
    "list_nonconformances": ("Which lots are touched?", "Is {line} in control?", "Scrap by reason on {line}"),
    "list_touched_lots": (
        "Is {machine} in control?",
        "What drives scrap on {machine}?",
        "What was done to {machine} before?",
    ),
    "explain_quality": ("Is {line} in control?", "Scrap by reason on {line}", "What was done to {machine} before?"),
    "get_capability": ("Is {machine} in control?", "What drives scrap on {machine}?", "Which lots are touched?"),
    "find_bottleneck": ("What cost {line} most this week?", "Compare {line} with last week", "Why did {line} stop?"),
    "compare_crews": ("What cost {line} most this week?", "Compare the shifts", "What changed since yesterday?"),
    "get_energy": (
        "Does the compressed air leak?",
        "Energy per bottle on {line} last week",
        "What is wrong right now?",
    ),
    "list_conditions": ("Is {machine} in control?", "What was done to {machine} before?", "What is wrong right now?"),
    "list_tasks": ("What is waiting for me?", "What cost us most last week?", "How are the lines now?"),
    "get_handover": ("What is waiting for me?", "Which orders are at risk?", "What cost us most this shift?"),
}
_ALWAYS = ("What is wrong right now?", "What cost us most this shift?", "What is waiting for me?")


def follow_ups(messages: list[Message]) -> tuple[str, ...]:
    """By the last tools first; what was just asked is left out."""
    seen = results(messages)
    names = _names(seen)
    offered = [
        text.format(**names) for message in reversed(seen) for text in _offered(message) if names or "{" not in text
    ]
    question = next((m["content"] for m in reversed(messages) if m["role"] == "user"), "")
    return tuple(
        dict.fromkeys(text for text in (*offered, *_ALWAYS) if text.lower().rstrip("?") != question.lower().rstrip("?"))
    )[:3]


def _offered(message: Message) -> tuple[str, ...]:
    """What can follow on a result; a specialist has offered its own."""
    name = str(message.get("name", ""))
    return tuple(data_of(message).get("follow_ups", ())) if name.startswith("ask_") else _NEXT.get(name, ())


def _names(seen: list[Message]) -> dict[str, Any]:
    about: dict[str, Any] = next((m["about"] for m in reversed(seen) if m.get("about", {}).get("name")), {})
    name = about.get("name")
    return {"line": name, "machine": name} if name else {}
