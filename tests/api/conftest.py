"""What the doors are opened for."""

import pytest

from mom.caller import Caller


@pytest.fixture
def a_repair():
    """A proposal on the first site: its machine is to be called "capper"."""
    return {
        "caller": Caller(1, None, "triage"),
        "agent": "maintenance_planner",
        "action": "maintenance_order",
        "payload": {"title": "Replace the chuck", "equipment": "capper"},
        "rationale": "It is worn.",
        "expected_effect": "Fewer jams.",
    }
