"""What can be done to products."""

from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Lifecycle, Verb
from portal.domain.catalog.models import Product
from portal.domain.permissions import P

LIST = Verb("list", on=NEW, permission=P.PRODUCT_EDIT, label=Message("Add product"))
EDIT = Verb("edit", on=ANY, permission=P.PRODUCT_EDIT, label=Message("Edit product"), edits="details")

PRODUCT_LIFECYCLE = Lifecycle(Product, None, [LIST, EDIT])
