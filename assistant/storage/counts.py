"""Daily counts: what is left of conversations and requests when their words are gone."""

from collections import Counter
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.storage import moments
from assistant.storage.tables import daily_counts
from assistant.storage.upsert import insert

_KEY = ["day", "name"]


def add(connection: Connection, happened: Iterable[tuple[int, str]]) -> None:
    """Raise the counts in the running transaction; safe beside others that raise the same ones.

    Args:
        connection: The running transaction.
        happened: Moment in ms since 1970 and the name of what happened, a word of this code or an article id.
    """
    counted = Counter((moments.from_ms(at).date().isoformat(), name) for at, name in happened)
    # Always in the same order, so that two transactions cannot wait for each other in a circle.
    for (day, name), extra in sorted(counted.items()):
        connection.execute(_raised(connection, {"day": day, "name": name, "value": extra}))


def _raised(connection: Connection, row: dict[str, str | int]) -> sa.Executable:
    statement = insert(connection, daily_counts).values(**row)
    higher = daily_counts.c.value + statement.excluded.value
    return statement.on_conflict_do_update(index_elements=_KEY, set_={"value": higher})
