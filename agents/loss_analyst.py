"""Finds what the lines lose, and why."""

from agents.agent import Agent
from tools.bottleneck import find_bottleneck
from tools.changed import compare_what_changed
from tools.compare import compare_lines, compare_periods, compare_shifts
from tools.conditions import list_conditions
from tools.corrections import list_corrections
from tools.energy import get_energy
from tools.knowledge import find_similar
from tools.kpis import get_kpis
from tools.losses import explain_loss, list_losses
from tools.people import compare_crews
from tools.plant import get_plant, get_window
from tools.scrap import get_scrap
from tools.stops import list_stops

loss_analyst = Agent(
    "loss_analyst",
    "loss analyst",
    "what a line lost in time, pieces and money, and why; stops, scrap, energy, figures; compares them by period, line, shift, crew.",
    tools=(
        get_plant,
        get_window,
        list_losses,
        explain_loss,
        list_stops,
        list_conditions,
        find_bottleneck,
        list_corrections,
        get_scrap,
        get_kpis,
        get_energy,
        compare_periods,
        compare_lines,
        compare_shifts,
        compare_crews,
        compare_what_changed,
        find_similar,
    ),
)
