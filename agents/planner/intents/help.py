"""What can you do?"""

from agents.planner.intent import Call, Intent, Seen
from agents.planner.intents.unknown import abilities
from agents.planner.request import Request


def plan(request: Request, seen: Seen) -> list[Call]:
    return []


def word(request: Request, seen: Seen) -> str:
    return abilities(request)


help = Intent(
    "help",
    "what I can do",
    ("What can you do?", "Help", "Hello", "What can I ask?"),
    (
        (r"\bwhat (can|could) (you|i) (do|ask|help)\b", 3.0),
        (r"^(help|hello|hi|hey|good (morning|evening|afternoon)|thanks|thank you)\b[\s!.?]*$", 3.0),
        (r"\bhow do (you|i) (work|use|ask)\b|\bwho are you\b", 2.4),
    ),
    plan,
    word,
)
