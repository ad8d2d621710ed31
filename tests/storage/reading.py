"""How much PostgreSQL reads to answer a question: counted by itself, so that no test hangs on a clock."""

from typing import Any

from sqlalchemy import Select, text

from storage.database import Database


def most_rows_read(database: Database, query: Select[Any]) -> float:
    """Return the most rows that any part of the plan of a question looked at, handed on or not."""
    words = query.compile(database.engine, compile_kwargs={"literal_binds": True})
    with database.transaction() as session:
        plan = session.scalars(text(f"explain (analyze, format json) {words}")).one()
    return _most(plan[0]["Plan"])


def _most(node: dict[str, Any]) -> float:
    looked_at = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return max(float(looked_at), *(_most(one) for one in node.get("Plans", [])), 0.0)
