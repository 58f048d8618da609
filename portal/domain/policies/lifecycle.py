"""What can be done to figures. A figure without a row stands as shipped; setting it makes the row."""

from portal.core.errors import Message
from portal.core.figures import Figure
from portal.core.verbs import ANY, NEW, Lifecycle, Verb
from portal.domain.permissions import P

SET = Verb("set", on=NEW, permission=P.FIGURE_EDIT, label=Message("Set the figure"))
CHANGE = Verb("change", on=ANY, permission=P.FIGURE_EDIT, label=Message("Change the figure"), edits="figure")

FIGURE_LIFECYCLE = Lifecycle(Figure, None, [SET, CHANGE])
