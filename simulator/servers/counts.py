"""What the simulated controllers were asked for: every service and function code, writes apart."""

from collections import Counter

READING_CODES = frozenset({1, 2, 3, 4, 43})
"""Modbus function codes that change nothing (43: identification)."""
WRITING_SERVICES = frozenset(
    {"Write", "Call", "AddNodes", "AddReferences", "DeleteNodes", "DeleteReferences", "HistoryUpdate"}
)
"""OPC UA services that change something."""


class Counts:
    """Counts of requests; `writes` must stay 0 over every run of the product."""

    def __init__(self) -> None:
        self.modbus: Counter[int] = Counter()
        self.opcua: Counter[str] = Counter()

    @property
    def writes(self) -> int:
        codes = sum(n for code, n in self.modbus.items() if code not in READING_CODES)
        return codes + sum(n for service, n in self.opcua.items() if service in WRITING_SERVICES)

    def as_dict(self) -> dict[str, object]:
        return {
            "modbus": {str(code): n for code, n in sorted(self.modbus.items())},
            "opcua": dict(sorted(self.opcua.items())),
            "writes": self.writes,
        }
