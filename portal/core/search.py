"""Full-text search: one table of entries, found through an index on SQLite (FTS5) and PostgreSQL (tsvector, GIN).

Chinese has no spaces and most of its words have two characters, so neither engine's own tokenizer serves. One tokenizer
here cuts texts into tokens for both, each with a letter in front that says what it is:

    监护 护仪 仪     a run of Chinese: overlapping pairs, then its last character
    wleak           a word, found by how it begins
    g042 g421 g21   a code (serial, telephone): overlapping triples, then its last pair, found by any part of it
    ihxj            initials of pinyin, cut like codes
    kdevice         the kind of the entry
    sdevicesite7    who may find it: the scopes of its record

Pieces longer than a token are looked for as tokens in a row, so that nothing is found by accident. What may be found is
part of the match. The index only finds; what is shown is read from the records, under the reader's permissions.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.db import Base, BigId, Utc
from portal.core.permissions import ALL

LONGEST_TEXT = 20_000
LONGEST_WORD = 60
LONGEST_QUERY = 80
MOST_PIECES = 8
LONGEST_TOLD = 300
MOST_TOLD = 60
LITTLE_SAID = (
    *("that", "this", "with", "does", "from", "have", "when", "what"),
    *("will", "been", "also", "then", "than", "they", "your", "which", "there"),
)
"""English words that stand in any sentence."""

HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LETTER = rf"(?:(?![{HAN}])[^\W_])"
PIECE = re.compile(rf"(?P<han>[{HAN}]+)|(?P<word>{LETTER}+(?:[-./]{LETTER}+)*)")
JOINTS = re.compile(r"[-./]")


class SearchEntry(Base):
    """By what a record, or one part of it such as a message, can be found. Written beside the verbs, from the records.

    `record_id` is the record that is shown when the entry is found; `part_id` the part that holds the text, else 0.
    """

    __tablename__ = "search_entry"
    __table_args__ = (sa.UniqueConstraint("record_id", "kind", "part_id"),)
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    record_id: Mapped[int]
    part_id: Mapped[int] = mapped_column(default=0)
    tokens: Mapped[str]
    scopes: Mapped[str]
    updated_at: Mapped[Utc] = mapped_column(index=True)


E = SearchEntry.__table__
FOUND = (E.c.id, E.c.kind, E.c.record_id, E.c.part_id)
INDEX_OF_SQLITE = "search_match"
COLUMN_OF_POSTGRESQL = "match"


def made_by_migration(name: str | None, kind: str) -> bool:
    """Whether this table or column is the engine's own index, which no model describes."""
    return bool(name) and (
        (kind == "table" and name.startswith(INDEX_OF_SQLITE))
        or (kind == "column" and name == COLUMN_OF_POSTGRESQL)
        or (kind == "index" and name == f"ix_search_entry_{COLUMN_OF_POSTGRESQL}")
    )


@dataclass(frozen=True)
class Findable:
    """By what something can be found: texts, codes (any part of them), and keys of pinyin with spaces (initials)."""

    texts: Iterable[str] = ()
    codes: Iterable[str] = ()
    keys: Iterable[str] = ()

    def tokens(self, kind: str) -> str:
        """All tokens in a row, as the index keeps them."""
        found = [f"k{kind}"]
        for text in self.texts:
            found += _tokens_of_text(text)
        for code in self.codes:
            found += _tokens_of_code("g", squeezed(code))
        for key in self.keys:
            found += _tokens_of_code("i", "".join(part[0] for part in key.split()))
        return " ".join(found)


def plain(text: str) -> str:
    """As it is compared: full-width forms like half-width ones, capitals like small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def squeezed(code: str) -> str:
    """A code without blanks, dashes and brackets."""
    return "".join(ch for ch in plain(code) if ch.isalnum())


def _tokens_of_text(text: str) -> Iterator[str]:
    for piece in PIECE.finditer(plain(text[:LONGEST_TEXT])):
        if piece["han"]:
            yield from _pairs(piece["han"])
            continue
        parts = JOINTS.split(piece["word"])
        yield f"w{''.join(parts)[:LONGEST_WORD]}"
        if len(parts) > 1:
            yield from (f"w{part[:LONGEST_WORD]}" for part in parts)


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run))]


def _tokens_of_code(mark: str, code: str) -> list[str]:
    """Triples, then the pair at the end, so that two characters are found anywhere by how a triple begins."""
    if len(code) < 2:
        return []
    return [f"{mark}{code[n : n + 3]}" for n in range(max(len(code) - 1, 1))]


class Way(NamedTuple):
    """One way to match a piece: tokens in a row, the last of them perhaps only begun."""

    tokens: tuple[str, ...]
    begun: bool = False


Clause = tuple[Way, ...]
"""Ways of which one must match."""


def pieces(typed: str) -> list[str]:
    """What is looked for, piece by piece: runs of Chinese, and words with their joints taken out."""
    found = PIECE.finditer(plain(typed[:LONGEST_QUERY]))
    return [piece["han"] or JOINTS.sub("", piece["word"])[:LONGEST_WORD] for piece in found][:MOST_PIECES]


def clauses(typed: str) -> list[Clause]:
    """What somebody typed, as clauses that all must match; none where there is nothing to look for."""
    return [_of_han(piece) if re.match(f"[{HAN}]", piece) else _of_word(piece) for piece in pieces(typed)]


def _of_han(run: str) -> Clause:
    if len(run) == 1:
        return (Way((run,), begun=True),)
    return (Way(tuple(_pairs(run)[:-1])),)


def _of_word(word: str) -> Clause:
    """A word by how it begins; a code or initials by any part of them. One letter alone only as a whole word."""
    if len(word) == 1:
        return (Way((f"w{word}",)),)
    return (Way((f"w{word}",), begun=True), _part_of("g", word), _part_of("i", word))


def _part_of(mark: str, word: str) -> Way:
    if len(word) == 2:
        return Way((f"{mark}{word}",), begun=True)
    return Way(tuple(f"{mark}{word[n : n + 3]}" for n in range(len(word) - 2)))


def alike(told: str) -> Clause:
    """What somebody told in sentences, as one clause: each pair of Chinese characters, each longer word, each code."""
    found = dict.fromkeys(way for piece in PIECE.finditer(plain(told[:LONGEST_TOLD])) for way in _telling(piece))
    return tuple(found)[:MOST_TOLD]


def _telling(piece: re.Match[str]) -> Iterator[Way]:
    if piece["han"]:
        yield from (Way((pair,)) for pair in _pairs(piece["han"])[:-1])
        return
    word = JOINTS.sub("", piece["word"])[:LONGEST_WORD]
    if (len(word) > 3 and word not in LITTLE_SAID) or (len(word) > 1 and re.search(r"\d", word)):
        yield Way((f"w{word}",), begun=True)


def shared(wanted: Clause, texts: Iterable[str]) -> int:
    """How many of the ways that `alike` gave are found in these texts."""
    tokens = {token for text in texts for token in _tokens_of_text(text)}
    return sum(
        any(token == first or (begun and token.startswith(first)) for token in tokens) for (first,), begun in wanted
    )


def scope_tokens(noun: str, columns: Mapping[str, str], record: object) -> str:
    """Who may find the record, as the index keeps it: one token for each scope it lies within."""
    values = ((scope, getattr(record, column)) for scope, column in columns.items())
    return " ".join(f"s{noun}{scope}{value}" for scope, value in values if value is not None)


@dataclass(frozen=True)
class Arm:
    """Entries of one kind that the reader may find. `reach` as Person.reach gives it; `noun` as in scope_tokens."""

    kind: str
    noun: str
    reach: Mapping[str, frozenset[int]]

    def clauses(self) -> list[Clause]:
        """The conditions that go into the match."""
        of_kind = (Way((f"k{self.kind}",)),)
        if ALL in self.reach:
            return [of_kind]
        marks = [f"s{self.noun}{scope}{n}" for scope, ids in sorted(self.reach.items()) for n in sorted(ids)]
        return [of_kind, tuple(Way((mark,)) for mark in marks)]

    @property
    def is_empty(self) -> bool:
        return ALL not in self.reach and not any(self.reach.values())


class Hit(NamedTuple):
    """An entry that was found; the higher its id, the newer."""

    id: int
    kind: str
    record_id: int
    part_id: int


def find(session: Session, wanted: Sequence[Clause], arms: Sequence[Arm], size: int) -> list[Hit]:
    """The newest entries that match, at most `size` of each arm. One statement; nothing for an empty question."""
    arms = [arm for arm in arms if not arm.is_empty]
    if not wanted or not arms:
        return []
    sqlite = session.get_bind().dialect.name == "sqlite"
    bounded = [(_in_sqlite if sqlite else _in_postgresql)([*wanted, *arm.clauses()], size) for arm in arms]
    statement = bounded[0] if len(bounded) == 1 else sa.union_all(*(sa.select(s.subquery()) for s in bounded))
    return sorted((Hit(*row) for row in session.execute(statement)), reverse=True)


def _in_sqlite(all_of: Sequence[Clause], size: int) -> sa.Select:
    match = sa.table(INDEX_OF_SQLITE, sa.column("rowid", sa.BigInteger), sa.column(INDEX_OF_SQLITE))
    question = sa.bindparam(None, " AND ".join(f"({' OR '.join(map(_fts5, ways))})" for ways in all_of), sa.Text)
    rows = sa.select(match.c.rowid).where(match.c[INDEX_OF_SQLITE].op("MATCH")(question))
    newest = rows.order_by(match.c.rowid.desc()).limit(size).subquery()
    return sa.select(*FOUND).join_from(newest, E, E.c.id == newest.c.rowid)


def _fts5(way: Way) -> str:
    return f'"{" ".join(way.tokens)}"{"*" if way.begun else ""}'


def _in_postgresql(all_of: Sequence[Clause], size: int) -> sa.Select:
    question = " & ".join(f"({' | '.join(map(_tsquery, ways))})" for ways in all_of)
    vector = sa.literal_column(COLUMN_OF_POSTGRESQL, TSVECTOR)
    rows = sa.select(*FOUND).where(vector.op("@@")(sa.cast(question, TSQUERY)))
    return rows.order_by(E.c.id.desc()).limit(size)


def _tsquery(way: Way) -> str:
    row = " <-> ".join(f"'{token}'" for token in way.tokens)
    return f"({row}{':*' if way.begun else ''})"


def put(session: Session, kind: str, record_id: int, tokens: str, scopes: str, *, part_id: int = 0) -> None:
    """Make the entry, or make it anew. Two statements at most."""
    values = {"tokens": tokens, "scopes": scopes, "updated_at": clock.now()}
    mine = sa.and_(E.c.record_id == record_id, E.c.kind == kind, E.c.part_id == part_id)
    if not session.execute(sa.update(E).where(mine).values(values)).rowcount:
        add(session, kind, record_id, tokens, scopes, part_id=part_id)


def add(session: Session, kind: str, record_id: int, tokens: str, scopes: str, *, part_id: int = 0) -> None:
    """Make the entry of what is new. One statement."""
    values = {"kind": kind, "record_id": record_id, "part_id": part_id, "tokens": tokens, "scopes": scopes}
    session.execute(sa.insert(E).values(values | {"updated_at": clock.now()}))


def rescope(session: Session, kinds: Sequence[str], record_id: int, scopes: str) -> None:
    """Others may find the record and its parts from now on. One statement."""
    mine = sa.and_(E.c.record_id == record_id, E.c.kind.in_(kinds))
    session.execute(sa.update(E).where(mine).values(scopes=scopes, updated_at=clock.now()))


def remove(session: Session, kind: str, record_id: int, *, part_id: int = 0) -> None:
    """There is nothing to be found any more. One statement."""
    mine = sa.and_(E.c.record_id == record_id, E.c.kind == kind, E.c.part_id == part_id)
    session.execute(sa.delete(E).where(mine))
