"""A report as CSV and as JSON."""

import csv
import io
import json

from checkins.intouch import formula_safe
from participation.report import Done, Report


def watermark(report: Report) -> str:
    """Return who had the report made, when, and under which reference."""
    made = f"{report.made_at.day} {report.made_at:%B %Y %H:%M}"
    return f"Release {report.reference}, made {made} UK time for {report.made_by}"


def action_cells(done: Done) -> tuple[str, ...]:
    """Return one line of the action log, in the order of its columns."""
    action = f"{done.action}: {done.did}" if done.did else done.action
    return (
        done.minute or done.reference,
        done.subject,
        done.officer,
        action,
        done.updated_on.isoformat(),
        done.status,
    )


def csv_file(report: Report) -> bytes:
    """Return the figures as one long CSV table (RFC 4180), UTF-8 with a byte order mark.

    A line is one number: table, row, column, number or words, unit. Excel takes a file for UTF-8 only
    with the mark.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["table", "row", "column", "value", "unit", "council", "period", "release"])
    for table in report.tables:
        for row in table.rows:
            for heading, value in zip(table.headings[1:], row[1:], strict=True):
                line = [table.title, row[0], heading, value, table.unit]
                line += [report.council, report.period_said, watermark(report)]
                writer.writerow([formula_safe(str(cell)) for cell in line])
    return ("\ufeff" + out.getvalue()).encode()


def json_file(report: Report) -> bytes:
    """Return the report as JSON. A number that is not shown is words."""
    body = {
        "title": report.title,
        "council": report.council,
        "period": {
            "said": report.period_said,
            "first_month": report.period.first.isoformat(),
            "last_month": report.period.last.isoformat(),
        },
        "release": report.reference,
        "watermark": watermark(report),
        "summary": list(report.summary),
        "tables": [
            {
                "id": table.id,
                "title": table.title,
                "unit": table.unit,
                "about": table.about,
                "columns": list(table.headings),
                "rows": [list(row) for row in table.rows],
            }
            for table in report.tables
        ],
        "actions": [list(action_cells(one)) for one in report.actions],
        "notes": list(report.words.raw["about"]),
    }
    return (json.dumps(body, indent=1, ensure_ascii=False) + "\n").encode()
