"""A report in each kind of file. Every file is new, and holds what the report says and nothing else (PRIV-35)."""

from collections.abc import Callable, Mapping

from participation.report import Report
from participation.writing import pages, plain, sheets

Write = Callable[[Report], bytes]
#: How to write each kind of file, by the ending of its name.
FORMATS: Mapping[str, Write] = {
    "csv": plain.csv_file,
    "json": plain.json_file,
    "xlsx": sheets.xlsx_file,
    "ods": sheets.ods_file,
    "html": pages.html_file,
    "pdf": pages.pdf_file,
}
