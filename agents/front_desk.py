"""Understands what is asked, answers what is simple, and asks the specialists for the rest."""

from agents.agent import Agent
from tools.conditions import list_conditions
from tools.handover import get_handover
from tools.kpis import get_kpis
from tools.line_status import get_line_status
from tools.losses import list_losses
from tools.orders import list_orders
from tools.plant import get_plant, get_window
from tools.proposals import list_decided_proposals, list_waiting_proposals

front_desk = Agent(
    "front_desk",
    "front desk",
    "any question about the plant.",
    tools=(
        get_plant,
        get_window,
        get_line_status,
        get_kpis,
        list_losses,
        list_conditions,
        list_orders,
        list_waiting_proposals,
        list_decided_proposals,
        get_handover,
    ),
    asks=("loss_analyst", "quality_analyst", "maintenance_planner", "scheduler", "improvement_coach"),
)
