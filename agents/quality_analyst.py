"""Watches whether processes keep their limits, and what quality hangs on."""

from agents.agent import Agent
from tools.nonconformances import list_nonconformances, list_touched_lots
from tools.plant import get_plant, get_window
from tools.quality import explain_quality, get_capability, get_control_chart
from tools.scrap import get_scrap

quality_analyst = Agent(
    "quality_analyst",
    "quality analyst",
    "control charts, whether a process is in control or capable, nonconformances and the lots they touch, what drives a result or scrap.",
    tools=(
        get_plant,
        get_window,
        get_control_chart,
        get_capability,
        list_nonconformances,
        list_touched_lots,
        explain_quality,
        get_scrap,
    ),
)
