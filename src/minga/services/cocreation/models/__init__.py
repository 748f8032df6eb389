from .integration import Aim, Integrated, Join, Party, Step
from .proposals import Cycle, Method, Proposal, Statistics
from .screening import Screening
from .selection import Confirmation, Placement, Score

__all__ = [
    "Aim",
    "Confirmation",
    "Cycle",
    "Integrated",
    "Join",
    "Method",
    "Party",
    "Placement",
    "Proposal",
    "Score",
    "Screening",
    "Statistics",
    "Step",
]
