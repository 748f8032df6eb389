from datetime import UTC, datetime, timedelta
from itertools import count

from minga.kernel.catalogue import actions
from minga.kernel.catalogue.models import Record

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
numbers = count(1)


def a_record(
    title: str = "Presupuesto", text: str = "", *, type: str = "test.thing", reference: str = ""
) -> Record:
    number = next(numbers)
    return actions.publish(
        type=type,
        reference=reference or str(number),
        title=title,
        text=text,
        address=f"/cosas/{number}/",
        demo=False,
        at=NOON + timedelta(minutes=number),
    )
