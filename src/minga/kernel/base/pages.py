"""Lists in pages, by the last row seen instead of a number: one statement a page, no count.

Every page, the last one too, is reached by the index, however long the list; a row added or
hidden meanwhile moves nobody. What an address says is signed: a changed one is the first page.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hmac import compare_digest
from typing import Any, Generic, Literal, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode

PARAMETER = "pagina"
LAST = "ultima"
SIGNATURE = 12  # characters: 72 bits

RowT = TypeVar("RowT")
ModelT = TypeVar("ModelT", bound=Model)
Place = Sequence[Any]
Query = QueryDict | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Order:
    """One column to sort by. A column that may be empty says where the empty ones go."""

    field: str
    descending: bool = False
    nulls: Literal["first", "last"] | None = None

    def turned(self) -> "Order":
        nulls: dict[str | None, Literal["first", "last"]] = {"first": "last", "last": "first"}
        return Order(self.field, not self.descending, nulls.get(self.nulls))

    def expression(self) -> OrderBy:
        first, last = self.nulls == "first" or None, self.nulls == "last" or None
        return OrderBy(F(self.field), self.descending, nulls_first=first, nulls_last=last)

    def same(self, value: object) -> Q:
        return Q(**{f"{self.field}__isnull": True}) if value is None else Q(**{self.field: value})

    def after(self, value: object) -> Q | None:
        """The rows that this column alone puts after the value; None when there are none."""
        empty = Q(**{f"{self.field}__isnull": True})
        if value is None:
            return ~empty if self.nulls == "first" else None
        later = Q(**{f"{self.field}__{'lt' if self.descending else 'gt'}": value})
        return later | empty if self.nulls == "last" else later

    def not_before(self, value: object) -> Q:
        """Says less than `after`, but in a form that an index can start from."""
        if self.nulls:
            return Q()
        return Q(**{f"{self.field}__{'lte' if self.descending else 'gte'}": value})


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """Rows, and the addresses of the pages around them: "" or "?…" with the same filters."""

    rows: Sequence[RowT]
    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""


def keyset(
    queryset: QuerySet[ModelT], *, order: Sequence[Order], query: Query, size: int = 20
) -> Page[ModelT]:
    """The page of the list that the query of the address asks for."""
    order = complete(queryset.model, order)
    side, place = asked(str(query.get(PARAMETER, "")), order)
    backward = side in (LAST, "antes")
    way = [column.turned() for column in order] if backward else order
    found = queryset.filter(beyond(way, place)) if place else queryset
    rows = list(found.order_by(*(column.expression() for column in way))[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backward:
        rows.reverse()
    before = more if backward else place is not None
    after = side == "antes" if backward else more
    return Page(
        rows,
        first=address(query, "") if before else "",
        previous=address(query, written("antes", order, rows[:1]) or LAST) if before else "",
        next=address(query, written("despues", order, rows[-1:])) if after else "",
        last=address(query, LAST) if after else "",
    )


def complete(model: type[Model], order: Sequence[Order]) -> list[Order]:
    """The order with the key at its end, so that no two rows are equal."""
    for column in order:
        if "__" in column.field or column.field not in {f.name for f in model._meta.fields}:
            continue
        field = model._meta.get_field(column.field)
        if getattr(field, "null", False) and column.nulls is None:
            raise ValueError(f"{column.field} may be empty: say where the empty ones go")
    return [*order, Order("pk", order[-1].descending if order else False)]


def beyond(order: Sequence[Order], place: Place) -> Q:
    """The rows after a place: later in one column, and the same in those before it."""
    condition, same = Q(pk__in=[]), Q()
    for column, value in zip(order, place, strict=True):
        if (later := column.after(value)) is not None:
            condition |= same & later
        same &= column.same(value)
    return order[0].not_before(place[0]) & condition


def value(row: object, field: str) -> Any:
    for part in field.split("__"):
        row = getattr(row, part) if row is not None else None
    return row


def tagged(part: object) -> object:
    """Plain JSON, and moments and days as what they are."""
    if isinstance(part, datetime):
        return {"at": part.isoformat()}
    if isinstance(part, date):
        return {"on": part.isoformat()}
    if isinstance(part, Decimal):
        return {"decimal": str(part)}
    if part is None or isinstance(part, str | int):
        return part
    raise TypeError(f"A list cannot be paged by {type(part).__name__}")


def untagged(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    if "decimal" in part:
        return Decimal(part["decimal"])
    return datetime.fromisoformat(part["at"]) if "at" in part else date.fromisoformat(part["on"])


def signature(text: str, order: Sequence[Order]) -> str:
    digest = salted_hmac("minga.kernel.base.pages", f"{text} {order}", algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode()[:SIGNATURE]


def written(side: str, order: Sequence[Order], edge: Sequence[object]) -> str:
    """The place of a row as an address carries it."""
    if not edge:
        return ""
    place = [tagged(value(edge[0], column.field)) for column in order]
    body = json.dumps(place, ensure_ascii=False, separators=(",", ":")).encode()
    text = f"{side}.{urlsafe_b64encode(body).decode().rstrip('=')}"
    return f"{text}.{signature(text, order)}"


def asked(token: str, order: Sequence[Order]) -> tuple[str, Place | None]:
    """The side and the place that an address asks for; what we did not write is the start."""
    if token == LAST:
        return LAST, None
    text, _, signed = token.rpartition(".")
    if not compare_digest(signature(text, order).encode(), signed.encode("utf-8", "replace")):
        return "", None
    side, _, body = text.partition(".")
    place = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return side, [untagged(part) for part in place]


def address(query: Query, page: str) -> str:
    """The query of the address with another page; its filters stay."""
    pairs = query.lists() if isinstance(query, QueryDict) else query.items()
    kept = {name: value for name, value in pairs if name != PARAMETER}
    return f"?{urlencode(kept | ({PARAMETER: page} if page else {}), doseq=True)}"
