"""Accounts, grants, sessions and one-use links."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import codes
from portal.core.audit import Audited
from portal.core.db import Base, BigId, Uid, Utc, enum_type, new_uid
from portal.core.errors import Message
from portal.domain.permissions import Role, Scope


class State(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"

    @property
    def label(self) -> Message:
        return STATE_LABELS[self]


STATE_LABELS = {
    State.INVITED: Message("Invited"),
    State.ACTIVE: Message("Active"),
    State.DISABLED: Message("Disabled"),
}


BADGE_SIGNS = 13
"""65 random bits: nobody finds a badge by trying."""


def new_badge_code() -> str:
    """A code that no other badge has."""
    return codes.draw(BADGE_SIGNS)


class Account(Base, Audited):
    """A person who may sign in. `email` is kept lower-case; `organisation_id` is None for own staff.

    `badge_code` leads to the page that says whether the person's service badge is valid; whoever holds the badge may
    see that page (STF-3).
    """

    __tablename__ = "account"
    versioned = {"profile": ("name", "phone", "language", "zone"), "badge": ("staff_number",)}
    scope_columns = {Scope.OWN: "id", Scope.ORGANISATION: "organisation_id"}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True, info={"personal": True})
    name: Mapped[str] = mapped_column(info={"personal": True})
    sort_key: Mapped[str] = mapped_column(sa.String(200), index=True, default="", info={"personal": True})
    phone: Mapped[str] = mapped_column(sa.String(40), default="", info={"personal": True})
    language: Mapped[str] = mapped_column(sa.String(2), default="zh")
    zone: Mapped[str] = mapped_column(sa.String(40), default="Asia/Shanghai")
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    state: Mapped[State] = mapped_column(enum_type(State, "state"))
    password_hash: Mapped[str] = mapped_column(default="", info={"quiet": True})
    profile_version: Mapped[int] = mapped_column(default=1)
    staff_number: Mapped[str] = mapped_column(sa.String(20), default="", server_default="", info={"personal": True})
    badge_code: Mapped[str] = mapped_column(
        sa.String(BADGE_SIGNS), default=new_badge_code, unique=True, info={"quiet": True}
    )
    badge_version: Mapped[int] = mapped_column(default=1, server_default="1")

    grants: Mapped[list["RoleGrant"]] = relationship(order_by="RoleGrant.id", back_populates="account")


class RoleGrant(Base):
    """A role held by an account, bounded by the organisation, site, dealer or centre it is given for."""

    __tablename__ = "role_grant"

    id: Mapped[BigId] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int | None] = mapped_column(sa.ForeignKey("centre.id"))
    ended_at: Mapped[Utc | None]

    account: Mapped[Account] = relationship(back_populates="grants")


class SignedInSession(Base):
    """One signed-in browser. Only the token's hash is kept; ending the row signs it out."""

    __tablename__ = "signed_in_session"
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    created_at: Mapped[Utc]
    last_seen_at: Mapped[Utc]
    address: Mapped[str] = mapped_column(sa.String(64), default="")
    agent: Mapped[str] = mapped_column(sa.String(200), default="")
    ended_at: Mapped[Utc | None]

    account: Mapped[Account] = relationship()


class SecondStep(Base):
    """What a person signs in with beside the password. `secret` and `offer` are locked (`core/lockbox`).

    `last_step` is the time step of the last code that was taken. `offer` waits to be confirmed; it holds the
    telephone's secret and the recovery codes as shown, `offer_hashes` what will be kept of those.
    """

    __tablename__ = "second_step"
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), unique=True)
    secret: Mapped[str] = mapped_column(default="")
    last_step: Mapped[int] = mapped_column(default=0)
    set_up_at: Mapped[Utc | None]
    offer: Mapped[str] = mapped_column(default="")
    offer_hashes: Mapped[str] = mapped_column(default="")


class RecoveryCode(Base):
    """Signs in once where the telephone is lost. Only its hash is kept."""

    __tablename__ = "recovery_code"
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[Utc | None]


class SignInAttempt(Base):
    """One wrong try, for the throttle: by account name and by address."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        sa.Index("ix_sign_in_attempt_account", "account_key", "at"),
        sa.Index("ix_sign_in_attempt_address", "address", "at"),
    )
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    account_key: Mapped[str] = mapped_column(sa.String(64))
    address: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[Utc]


class Purpose(StrEnum):
    INVITATION = "invitation"
    RESET = "reset"
    FIRST_ADMIN = "first_admin"


class OneUseLink(Base):
    """A mailed link that works once, for one purpose, until it expires. Only its hash is kept."""

    __tablename__ = "one_use_link"
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(enum_type(Purpose, "purpose"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[Utc]
    expires_at: Mapped[Utc]
    used_at: Mapped[Utc | None]
