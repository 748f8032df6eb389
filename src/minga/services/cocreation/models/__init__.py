from .integration import Aim, Integrated, Join, Party, Step
from .proposals import Cycle, Method, Proposal, Statistics
from .selection import Confirmation, Pick, Placement, Score

__all__ = [
    "Aim",
    "Confirmation",
    "Cycle",
    "Integrated",
    "Join",
    "Method",
    "Party",
    "Pick",
    "Placement",
    "Proposal",
    "Score",
    "Statistics",
    "Step",
]
