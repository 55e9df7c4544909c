"""Tables as text: CSV read piece by piece from where one left off, and CSV written as Salesforce writes it."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any
from weakref import finalize

import orjson

DELIMITERS = {"BACKQUOTE": "`", "CARET": "^", "COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "TAB": "\t"}
ENDINGS = {"LF": "\n", "CRLF": "\r\n"}
NULL = "#N/A"
"""What stands for null; an empty cell leaves the field as it is (documented)."""
_IN_MEMORY = 1 << 20
_CELL_MAX = 1 << 20


class BadSheet(Exception):
    """The text is no table; what it says is what the job or batch shows."""


class Upload:
    """The bytes of one upload: written once, read from any place; large ones are on disk."""

    def __init__(self, content: bytes) -> None:
        self.size = len(content)
        self._file: IO[bytes] = io.BytesIO() if self.size <= _IN_MEMORY else TemporaryFile()  # noqa: SIM115
        finalize(self, self._file.close)  # it lives as long as the upload
        self._file.write(content)

    def lines(self, offset: int) -> Iterator[bytes]:
        """The lines from a place on, each read when it is asked for."""
        while offset < self.size:
            self._file.seek(offset)
            line = self._file.readline()
            offset += len(line)
            yield line

    def all(self) -> bytes:
        """Everything."""
        self._file.seek(0)
        return self._file.read()


class Table:
    """An upload as rows: CSV under a header, or one JSON object per line.

    Lines end as `ending` says, or either way without it.
    """

    def __init__(
        self, upload: Upload, delimiter: str = ",", ending: str | None = None, *, is_json: bool = False
    ) -> None:
        self.upload = upload
        self._delimiter, self._ending, self._is_json = delimiter, ending, is_json
        self.header, self.begin = ([], 0) if is_json else self._head()

    def _head(self) -> tuple[list[str], int]:
        first = next(self.upload.lines(0), b"")
        crlf = first.endswith(b"\r\n")
        if self._ending and first.endswith(b"\n") and crlf != (self._ending == "\r\n"):
            name = next(name for name, ending in ENDINGS.items() if ending == self._ending)
            wrong = f"ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is {name}"
            raise BadSheet(wrong)
        found, behind = self._read(0, 1)
        header = [name.strip() for name in found[0]] if found else []
        if not any(header):
            message = "InvalidBatch : The upload has no header row"
            raise BadSheet(message)
        if "" in header:
            message = f"InvalidBatch : Field name not found : column {header.index('') + 1} has no name"
            raise BadSheet(message)
        if len({name.lower() for name in header}) < len(header):
            message = "InvalidBatch : Duplicate field names in the header row"
            raise BadSheet(message)
        return header, behind

    def rows(self, offset: int, count: int) -> tuple[list[Any], int]:
        """At most so many rows from a place on, and the place behind them. Raises BadSheet.

        Rows before a broken one are given first; the broken one is met when it is the first.
        """
        if not self._is_json:
            return self._read(offset, count)
        found = []
        for line in self.upload.lines(offset):
            found.append(orjson.loads(line))
            offset += len(line)
            if len(found) == count:
                break
        return found, offset

    def _read(self, offset: int, count: int) -> tuple[list[list[str]], int]:
        place = [offset]
        csv.field_size_limit(_CELL_MAX)
        reader = csv.reader(self._texts(place), delimiter=self._delimiter, strict=True)
        found: list[list[str]] = []
        behind = offset
        try:
            for row in reader:
                behind = place[0]
                if row:
                    found.append(row)
                if len(found) == count:
                    break
            else:
                behind = place[0]
        except (csv.Error, UnicodeDecodeError) as wrong:
            if not found:
                what = "the text is not UTF-8" if isinstance(wrong, UnicodeDecodeError) else str(wrong)
                message = f"ClientInputError : Failed to parse CSV behind byte {behind}: {what}"
                raise BadSheet(message) from None
        return found, behind

    def _texts(self, place: list[int]) -> Iterator[str]:
        for line in self.upload.lines(place[0]):
            text = line.decode("utf-8-sig" if place[0] == 0 else "utf-8")
            place[0] += len(line)
            yield text

    def pairs(self, row: Any) -> list[tuple[str, Any]]:
        """The cells of a row by their columns; of a CSV row only the filled ones, null for `#N/A`."""
        if self._is_json:
            return list(row.items()) if isinstance(row, dict) else []
        cells = zip(self.header, row, strict=False)
        return [(name, None if cell == NULL else cell) for name, cell in cells if cell != ""]

    def cells(self, row: Sequence[str]) -> list[str]:
        """A CSV row with as many cells as there are columns."""
        return [*row, *[""] * len(self.header)][: len(self.header)]


def written(rows: Iterable[Sequence[Any]], delimiter: str = ",", ending: str = "\n") -> Iterator[bytes]:
    """Rows as CSV, every cell in quotes, in pieces of some hundred rows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([_cell(each) for each in row])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
