"""PackML's states by number, as the controllers of every simulated plant tell them."""

STOPPED, STARTING, IDLE, EXECUTE, ABORTED, HELD, COMPLETE, STARVED, BLOCKED = 2, 3, 4, 6, 9, 11, 17, 51, 52
STATES = {
    1: "Clearing", 2: "Stopped", 3: "Starting", 4: "Idle", 5: "Suspended", 6: "Execute", 7: "Stopping", 8: "Aborting",
    9: "Aborted", 10: "Holding", 11: "Held", 12: "Unholding", 13: "Suspending", 14: "Unsuspending", 15: "Resetting",
    16: "Completing", 17: "Complete", 51: "Suspended:starved", 52: "Suspended:blocked",
}  # fmt: skip
"""Suspended is told apart as plants do: 51 starved, 52 blocked."""
