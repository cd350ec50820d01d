"""PackML states (ISA-TR88.00.02) and what they mean for time."""

UNKNOWN = "Unknown"
"""Our own: nothing was heard."""

PRODUCING = frozenset({"Execute"})
STANDING = frozenset({"Aborting", "Aborted", "Clearing", "Stopping", "Stopped", "Holding", "Held", "Unholding"})
"""It stands for a cause inside it."""
OUTSIDE = frozenset({"Suspending", "Suspended", "Unsuspending"})
"""It stands for a cause outside it: starved or blocked."""
WAITING = frozenset({"Idle", "Starting", "Resetting", "Completing", "Complete"})
STATES = PRODUCING | STANDING | OUTSIDE | WAITING


def parse_state(text: str) -> tuple[str, str]:
    """`Suspended:starved` → (`Suspended`, `starved`). A name that PackML does not have is Unknown."""
    name, _, detail = text.strip().partition(":")
    return (name, detail.strip()) if name in STATES else (UNKNOWN, "")
