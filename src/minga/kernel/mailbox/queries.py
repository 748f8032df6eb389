from datetime import datetime

from django.db.models import QuerySet

from .models import Letter


def due(*, at: datetime) -> QuerySet[Letter]:
    """Letters to be tried now, the oldest first."""
    return Letter.objects.filter(due_at__lte=at).order_by("due_at", "pk")
