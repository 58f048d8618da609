"""Every table of the portal, so that migrations and the guard know them all."""

from portal.core import access, audit, deadlines, figures, idempotency, notices, numbering, outbox, schedules, search
from portal.core.files import models as files
from portal.domain.absences import models as absences
from portal.domain.accounts import models as accounts
from portal.domain.answers import models as answers
from portal.domain.catalog import models as catalog
from portal.domain.charges import models as charges
from portal.domain.checklists import models as checklists
from portal.domain.complaints import models as complaints
from portal.domain.cover import models as cover
from portal.domain.devices import models as devices
from portal.domain.documents import models as documents
from portal.domain.duty import models as duty
from portal.domain.escalations import models as escalations
from portal.domain.faultcodes import models as faultcodes
from portal.domain.holds import models as holds
from portal.domain.kits import models as kits
from portal.domain.labels import models as labels
from portal.domain.nonconformities import models as nonconformities
from portal.domain.organisations import models as organisations
from portal.domain.plans import models as plans
from portal.domain.policies import models as policies
from portal.domain.qualifications import models as qualifications
from portal.domain.ratings import models as ratings
from portal.domain.releases import models as releases
from portal.domain.servicing import models as servicing
from portal.domain.statements import models as statements
from portal.domain.wards import models as wards

MODULES = (
    absences,
    access,
    accounts,
    answers,
    audit,
    catalog,
    checklists,
    complaints,
    charges,
    cover,
    deadlines,
    devices,
    documents,
    escalations,
    duty,
    faultcodes,
    figures,
    files,
    holds,
    idempotency,
    labels,
    kits,
    nonconformities,
    notices,
    numbering,
    organisations,
    outbox,
    plans,
    policies,
    qualifications,
    ratings,
    releases,
    schedules,
    search,
    servicing,
    statements,
    wards,
)
