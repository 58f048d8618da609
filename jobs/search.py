"""Keeping the search index: what a new name drags along, and the whole index anew."""

from jobs import JobContext, job
from portal.domain.search.entries import REFRESH, Kind
from portal.domain.search.rebuilding import rebuild, refresh


@job(REFRESH, timeout=240)
def write_bearers_anew(ctx: JobContext) -> None:
    """The entries that carry the name of a record which is called otherwise now."""
    refresh(ctx.saving, Kind(ctx.payload["kind"]), int(ctx.payload["id"]))


@job("search.rebuild", timeout=280)
def write_all_anew(ctx: JobContext) -> None:
    """Every entry: asked for by the migration that brings the index into a house with records."""
    rebuild(ctx.saving)
