from django.db.models import QuerySet

from .models import Edition, Node, Plan


def plans() -> QuerySet[Plan]:
    return Plan.objects.order_by("-period", "key")


def current(plan: str) -> Edition | None:
    """The edition in force of a plan: the last one."""
    editions = Edition.objects.filter(plan__key=plan).select_related("plan")
    return editions.order_by("-number").first()


def nodes(edition: Edition) -> QuerySet[Node]:
    """The whole tree in the document's own order."""
    return edition.nodes.order_by("position")
