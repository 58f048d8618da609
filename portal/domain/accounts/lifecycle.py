"""What can be done to an account.

An administrator invites, grants and disables, but never sets a password: only the person does, through a mailed
link or with the old one. Nobody changes their own roles.
"""

from portal.core.errors import Message
from portal.core.verbs import NEW, Act, Lifecycle, Verb
from portal.domain.accounts import notices
from portal.domain.accounts.models import Account, State
from portal.domain.permissions import P, Role

HERE = (State.INVITED, State.ACTIVE)


def by_the_system(act: Act) -> Message | None:
    """No person chooses another's password."""
    return None if act.actor.is_system else Message("People are invited and choose their own password.")


def not_oneself(act: Act) -> Message | None:
    return Message("You cannot do this to your own account.") if act.actor.id == act.record.id else None


def ward_users_alone(act: Act) -> Message | None:
    """A hospital looks after its ward users; whoever holds more than that is looked after by us."""
    held = {grant.role for grant in act.record.grants if grant.ended_at is None}
    return None if held <= {Role.WARD} else Message("This person is more than a ward user. Please ask us instead.")


def technicians_alone(act: Act) -> Message | None:
    """The badge says that somebody comes to repair."""
    held = {grant.role for grant in act.record.grants if grant.ended_at is None}
    return None if Role.TECHNICIAN in held else Message("Only technicians carry a service badge.")


INVITE = Verb(
    "invite",
    on=NEW,
    to=State.INVITED,
    permission=P.ACCOUNT_INVITE,
    label=Message("Invite"),
    effects=(notices.invited,),
)
INVITE_AGAIN = Verb(
    "invite_again",
    on=(State.INVITED,),
    permission=P.ACCOUNT_INVITE,
    label=Message("Send the invitation again"),
    effects=(notices.invited,),
)
ENROL = Verb(
    "enrol",
    on=NEW,
    to=State.ACTIVE,
    permission=P.ACCOUNT_INVITE,
    label=Message("Enrol"),
    needs=(by_the_system,),
)
ACCEPT_INVITATION = Verb(
    "accept_invitation",
    on=(State.INVITED,),
    to=State.ACTIVE,
    permission=P.ACCOUNT_SELF,
    label=Message("Accept the invitation"),
)
EDIT_PROFILE = Verb(
    "edit_profile",
    on=(State.ACTIVE,),
    permission=P.ACCOUNT_SELF,
    label=Message("Edit profile"),
    edits="profile",
)
EDIT_BADGE = Verb(
    "edit_badge",
    on=HERE,
    permission=P.BADGE_EDIT,
    label=Message("Change the service badge"),
    needs=(technicians_alone,),
    edits="badge",
)
RENEW_BADGE = Verb(
    "renew_badge",
    on=HERE,
    permission=P.BADGE_EDIT,
    label=Message("Give a new badge code"),
    needs=(technicians_alone,),
    asks_reason=True,
)
CHOOSE_LANGUAGE = Verb(
    "choose_language", on=(State.ACTIVE,), permission=P.ACCOUNT_SELF, label=Message("Choose language")
)
CHANGE_PASSWORD = Verb(
    "change_password",
    on=(State.ACTIVE,),
    permission=P.ACCOUNT_SELF,
    label=Message("Change password"),
    effects=(notices.password_changed,),
)
RESET_PASSWORD = Verb(
    "reset_password",
    on=(State.ACTIVE,),
    permission=P.ACCOUNT_SELF,
    label=Message("Set a new password"),
    effects=(notices.password_changed,),
)
STRENGTHEN = Verb(
    "strengthen", on=(State.ACTIVE,), permission=P.ACCOUNT_SELF, label=Message("Keep the password more strongly")
)
SIGN_OUT_EVERYWHERE = Verb(
    "sign_out_everywhere", on=(State.ACTIVE,), permission=P.ACCOUNT_SELF, label=Message("Sign out everywhere")
)
FAIL_PROOF = Verb(
    "fail_proof",
    on=(State.ACTIVE,),
    permission=P.ACCOUNT_SELF,
    label=Message("Wrong password at signing"),
    effects=(notices.proof_failed,),
)
SET_UP_SECOND_STEP = Verb(
    "set_up_second_step",
    on=(State.ACTIVE,),
    permission=P.ACCOUNT_SELF,
    label=Message("Set up the second step"),
    effects=(notices.second_step_changed,),
)
DROP_SECOND_STEP = Verb(
    "drop_second_step",
    on=(State.ACTIVE,),
    permission=P.ACCOUNT_SELF,
    label=Message("Do without the second step"),
    effects=(notices.second_step_changed,),
)
USE_RECOVERY_CODE = Verb(
    "use_recovery_code",
    on=(State.ACTIVE,),
    permission=P.ACCOUNT_SELF,
    label=Message("Sign in with a recovery code"),
    effects=(notices.second_step_changed,),
)
RESET_SECOND_STEP = Verb(
    "reset_second_step",
    on=(State.ACTIVE,),
    permission=P.ACCOUNT_UNLOCK,
    label=Message("Reset the second step"),
    needs=(not_oneself,),
    asks_reason=True,
    effects=(notices.second_step_changed,),
)
GRANT_ROLE = Verb("grant_role", on=HERE, permission=P.ACCOUNT_GRANT, label=Message("Grant role"), needs=(not_oneself,))
END_ROLE = Verb("end_role", on=HERE, permission=P.ACCOUNT_GRANT, label=Message("End role"), needs=(not_oneself,))
DISABLE = Verb(
    "disable",
    on=HERE,
    to=State.DISABLED,
    permission=P.ACCOUNT_DISABLE,
    label=Message("Disable"),
    needs=(not_oneself,),
    asks_reason=True,
)
ENABLE = Verb(
    "enable", on=(State.DISABLED,), to=State.ACTIVE, permission=P.ACCOUNT_DISABLE, label=Message("Enable again")
)

INVITE_WARD_USER = Verb(
    "invite_ward_user",
    on=NEW,
    to=State.INVITED,
    permission=P.WARD_USER_MANAGE,
    label=Message("Invite a ward user"),
    needs=(ward_users_alone,),
    effects=(notices.invited,),
)
INVITE_WARD_USER_AGAIN = Verb(
    "invite_ward_user_again",
    on=(State.INVITED,),
    permission=P.WARD_USER_MANAGE,
    label=Message("Send the invitation again"),
    needs=(ward_users_alone,),
    effects=(notices.invited,),
)
DISABLE_WARD_USER = Verb(
    "disable_ward_user",
    on=HERE,
    to=State.DISABLED,
    permission=P.WARD_USER_MANAGE,
    label=Message("Disable a ward user"),
    needs=(not_oneself, ward_users_alone),
    asks_reason=True,
)
ENABLE_WARD_USER = Verb(
    "enable_ward_user",
    on=(State.DISABLED,),
    to=State.ACTIVE,
    permission=P.WARD_USER_MANAGE,
    label=Message("Enable a ward user again"),
    needs=(ward_users_alone,),
)

ACCOUNT_LIFECYCLE = Lifecycle(
    Account,
    State,
    [
        INVITE,
        INVITE_AGAIN,
        ENROL,
        ACCEPT_INVITATION,
        EDIT_PROFILE,
        EDIT_BADGE,
        RENEW_BADGE,
        CHOOSE_LANGUAGE,
        CHANGE_PASSWORD,
        RESET_PASSWORD,
        STRENGTHEN,
        SIGN_OUT_EVERYWHERE,
        FAIL_PROOF,
        SET_UP_SECOND_STEP,
        DROP_SECOND_STEP,
        USE_RECOVERY_CODE,
        RESET_SECOND_STEP,
        GRANT_ROLE,
        END_ROLE,
        DISABLE,
        ENABLE,
        INVITE_WARD_USER,
        INVITE_WARD_USER_AGAIN,
        DISABLE_WARD_USER,
        ENABLE_WARD_USER,
    ],
)
