"""Inventory turns: how often the stock was turned over."""

from mom.kpis.kpi import Kpi, share

inventory_turns = Kpi(
    name="inventory_turns",
    title="Inventory turns",
    unit="turns",
    formula="TH / mean inventory: what was issued in the window by what lay in stock on average, at its cost",
    source="ISO 22400-2:2014, no. 24",
    needs=("TH", "INV", "WINDOW"),
    compute=lambda v: share(v["TH"] * v["WINDOW"], v["INV"]),
    undefined="nothing lay in stock",
    noun="stock_levels",
    group="inventory",
)
