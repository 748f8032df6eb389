"""The follow-up report: when it is due. Pure Python.

PAGA I, l. 573-577 and 826: a report that tells people the treatment their proposals got.
"""

from .method import Kind, Method


def is_due(method: Method | None, stage: str) -> bool:
    """From the stage of accountability on; without a method never."""
    if method is None or stage not in method.stages:
        return False
    keys = list(method.stages)
    told = [key for key, part in method.stages.items() if Kind.ACCOUNTABILITY in part.kinds]
    return bool(told) and keys.index(stage) >= keys.index(told[0])
