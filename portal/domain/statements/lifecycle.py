"""What can be done to statements."""

from portal.core import outbox
from portal.core.errors import Message
from portal.core.verbs import NEW, Act, Lifecycle, Verb
from portal.domain.permissions import P
from portal.domain.statements.models import Statement, StatementRun
from portal.domain.statements.words import RunState, StatementState

DRAW_UP_ALL = "statements.draw_up"
"""The job that draws up all statements of a run."""


def _ask_for_them(act: Act) -> None:
    outbox.put(act.session, DRAW_UP_ALL, {"run_id": act.record.id}, actor_id=act.actor.id)


DRAW_UP = Verb(
    "draw_up",
    on=NEW,
    to=StatementState.DRAFT,
    permission=P.STATEMENT_EDIT,
    label=Message("Draw up a statement"),
)
ISSUE = Verb(
    "issue",
    on=(StatementState.DRAFT,),
    to=StatementState.ISSUED,
    permission=P.STATEMENT_EDIT,
    label=Message("Issue the statement"),
)
CORRECT = Verb(
    "correct",
    on=(StatementState.ISSUED,),
    permission=P.STATEMENT_EDIT,
    label=Message("Issue a corrected statement"),
    asks_reason=True,
)
STATEMENT_LIFECYCLE = Lifecycle(Statement, StatementState, [DRAW_UP, ISSUE, CORRECT])

ASK = Verb(
    "ask",
    on=NEW,
    to=RunState.RUNNING,
    permission=P.STATEMENT_EDIT,
    label=Message("Draw up the statements of a month"),
    effects=(_ask_for_them,),
)
FINISH = Verb(
    "finish",
    on=(RunState.RUNNING,),
    to=RunState.DONE,
    permission=P.STATEMENT_KEEP,
    label=Message("All statements are drawn up"),
)
RUN_LIFECYCLE = Lifecycle(StatementRun, RunState, [ASK, FINISH])
