"""The method of a cycle, as it keeps it."""

import tomllib
from functools import lru_cache

from minga.kernel.base.files import made
from minga.services.cocreation.models import Cycle, Method
from minga.services.cocreation.rules import method as rule
from minga.services.cocreation.rules.breaches import Breach, Rule


@lru_cache(maxsize=32)
def parsed(text: str) -> rule.Method:
    return made(rule.Method, tomllib.loads(text), "al comienzo")


def method(cycle: Cycle) -> rule.Method | None:
    """What a cycle follows; None: it only receives and accepts."""
    return parsed(cycle.method.text) if cycle.method else None


def allows(cycle: Cycle, kind: rule.Kind) -> bool:
    found = method(cycle)
    return found is not None and found.allows(cycle.stage, kind)


def brought(key: str) -> rule.Method | None:
    """The last of this name that the country brought in."""
    row = Method.objects.filter(key=key).order_by("-pk").first()
    return parsed(row.text) if row else None


def needed(cycle: Cycle) -> rule.Method:
    """What a cycle follows, for something that cannot be done without a method."""
    found = method(cycle)
    if found is None:
        raise Breach(Rule.NO_METHOD)
    return found


def require(cycle: Cycle, kind: rule.Kind) -> rule.Method:
    """The method of a cycle whose stage allows this; else it is out of order."""
    found = needed(cycle)
    if not found.allows(cycle.stage, kind):
        raise Breach(Rule.STAGE, kind, cycle.stage)
    return found
