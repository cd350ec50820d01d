"""Finds what the lines lose, and why."""

from agents.agent import Agent

loss_analyst = Agent(
    "loss_analyst",
    "loss analyst",
    "what a line lost in time, pieces and money, and why; stops, scrap, figures; compares periods, lines, shifts and crews.",
    tools=(),
)
