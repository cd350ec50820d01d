"""Knows what was done to the machines, and proposes what should be."""

from agents.agent import Agent
from tools.knowledge import find_similar
from tools.losses import explain_loss, list_losses
from tools.maintenance import find_resources, list_maintenance
from tools.plant import get_plant, get_window
from tools.proposing import may_propose
from tools.stops import list_stops

maintenance_planner = Agent(
    "maintenance_planner",
    "maintenance planner",
    "past and open repairs, when something was seen before and what was done, parts and technicians; proposes maintenance orders.",
    tools=(
        get_plant,
        get_window,
        list_maintenance,
        find_similar,
        find_resources,
        list_losses,
        explain_loss,
        list_stops,
        may_propose("maintenance_order"),
        may_propose("improvement_task"),
    ),
)
