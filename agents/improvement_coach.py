"""Helps to choose what to improve, and to see whether it helped."""

from agents.agent import Agent
from tools.kpis import get_kpis
from tools.losses import explain_loss, list_losses
from tools.plant import get_plant, get_window
from tools.proposing import may_propose
from tools.tasks import list_tasks

improvement_coach = Agent(
    "improvement_coach",
    "improvement coach",
    "improvement tasks, their baselines and effects, what to improve next; proposes improvement tasks.",
    tools=(get_plant, get_window, list_tasks, list_losses, explain_loss, get_kpis, may_propose("improvement_task")),
)
