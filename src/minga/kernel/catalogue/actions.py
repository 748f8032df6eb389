from datetime import datetime
from secrets import token_hex

from django.db import connection, transaction
from django.db.models import F, Q

from minga.kernel.base.text import plain, sort_key

from . import queries, rules, search
from .models import Link, Publication, Record

# Joins the transaction of the action that calls: what it publishes stands or falls with it,
# and no savepoint is needed.
together = transaction.atomic(savepoint=False)


@together
def publish(  # noqa: PLR0913  # a record has this many parts
    *, type: str, reference: str, title: str, text: str, address: str, demo: bool, at: datetime
) -> Record:
    """Make something findable, or say it anew; it keeps the day it was first public.
    Two statements. The stamp is taken until commit: publish last in an action."""
    title, text = rules.stored(title, text)
    record = Record(
        type=type,
        reference=reference,
        title=title,
        text=text,
        address=address,
        published_at=at,
        demo=demo,
        sort_title=sort_key(title)[: rules.LONGEST_TITLE],
        title_roots=rules.written(title),
        roots=rules.all_roots(type, title, text),
    )
    renewed = ["title", "text", "address", "demo", "sort_title", "title_roots", "roots"]
    Record.objects.bulk_create(
        [record], update_conflicts=True, unique_fields=["type", "reference"], update_fields=renewed
    )
    touch()
    return record


@together
def hide(*, type: str, reference: str) -> bool:
    """Take a record out of sight, with the links that lead to it and from it."""
    record = queries.record(type=type, reference=reference)
    if record is None:
        return False
    Link.objects.filter(Q(from_record=record) | Q(to_record=record)).delete()
    record.delete()  # its search row goes with it
    touch()
    return True


@together
def link(  # noqa: PLR0913  # a link has this many parts
    *, from_record: Record, to_record: Record, kind: str, reason: str, by: str, at: datetime
) -> None:
    """Say that one record gave rise to another; said again, the first saying stands."""
    new = Link(
        from_record=from_record, to_record=to_record, kind=kind, reason=plain(reason), by=by, at=at
    )
    Link.objects.bulk_create([new], ignore_conflicts=True)
    touch()


@together
def touch() -> None:
    """Something public changed: pages kept until now are old once this is committed."""
    Publication.objects.filter(pk=1).update(number=F("number") + 1, mark=token_hex(8))
    transaction.on_commit(queries.forget_stamp)


@transaction.atomic
def prepare_search() -> None:
    """Make the stamp and the search index, write roots anew that older rules made.
    Runs after each migrate, idempotent."""
    there = connection.introspection.table_names()
    if not {Record._meta.db_table, Publication._meta.db_table} <= set(there):
        return  # when only some apps were migrated
    search.prepare()
    publication, _ = Publication.objects.get_or_create(pk=1)
    if publication.roots_version == rules.VERSION:
        return
    for record in Record.objects.only("type", "title", "text").iterator():
        Record.objects.filter(pk=record.pk).update(
            title_roots=rules.written(record.title),
            roots=rules.all_roots(record.type, record.title, record.text),
        )
    Publication.objects.filter(pk=1).update(roots_version=rules.VERSION)
    touch()
