"""What can be done to products and to the families that they belong to."""

from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Lifecycle, Verb
from portal.domain.catalog.models import Product, ProductFamily
from portal.domain.permissions import P

LIST = Verb("list", on=NEW, permission=P.PRODUCT_EDIT, label=Message("Add product"))
EDIT = Verb("edit", on=ANY, permission=P.PRODUCT_EDIT, label=Message("Edit product"), edits="details")

PRODUCT_LIFECYCLE = Lifecycle(Product, None, [LIST, EDIT])

ADD_FAMILY = Verb("add", on=NEW, permission=P.PRODUCT_EDIT, label=Message("Add product family"))
RENAME_FAMILY = Verb(
    "rename", on=ANY, permission=P.PRODUCT_EDIT, label=Message("Rename product family"), edits="details"
)

FAMILY_LIFECYCLE = Lifecycle(ProductFamily, None, [ADD_FAMILY, RENAME_FAMILY])
