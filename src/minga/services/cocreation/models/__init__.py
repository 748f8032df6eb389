from .integration import Aim, Integrated, Join, Party, Step
from .proposals import Cycle, Method, Proposal, Statistics
from .selection import Confirmation, Placement, Score
from .workshops import (
    Batch,
    Guest,
    Phase,
    Registration,
    Remark,
    Row,
    Sheet,
    Sketch,
    Table,
    Workshop,
)

__all__ = [
    "Aim",
    "Batch",
    "Confirmation",
    "Cycle",
    "Guest",
    "Integrated",
    "Join",
    "Method",
    "Party",
    "Phase",
    "Placement",
    "Proposal",
    "Registration",
    "Remark",
    "Row",
    "Score",
    "Sheet",
    "Sketch",
    "Statistics",
    "Step",
    "Table",
    "Workshop",
]
