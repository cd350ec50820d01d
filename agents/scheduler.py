"""Knows the orders and plans, and proposes to move orders."""

from agents.agent import Agent
from tools.orders import list_orders
from tools.plant import get_plant, get_window
from tools.proposing import may_propose
from tools.schedule import get_schedule_options

scheduler = Agent(
    "scheduler",
    "scheduler",
    "orders, due dates, what is late or at risk, plans of the lines; proposes to move orders.",
    tools=(get_plant, get_window, list_orders, get_schedule_options, may_propose("schedule_change")),
)
