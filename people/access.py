"""Who may see and do what: one decision, denied unless something here allows it (safety.md SEC-20).

What an adviser may not see does not exist for them: pages answer 404, counts leave it out.
"""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, or_, select

from people import sight
from storage.tables import AlsoFor, Chat, Flag, Person, Request, Staff, Statement, Task
from storage.tables.people import Role


class May(StrEnum):
    """What a page lets somebody do."""

    SEE_FLAGS = "see_flags"
    WORK_ON_FLAGS = "work_on_flags"
    SEE_REQUESTS = "see_requests"
    SEE_STATEMENTS = "see_statements"
    WORK_ON_STATEMENTS = "work_on_statements"
    KEEP_IN_TOUCH = "keep_in_touch"
    ANNOUNCE = "announce"
    REPLY = "reply"
    SEE_PEOPLE = "see_people"
    SEE_CONTENT = "see_content"
    SEE_GAPS = "see_gaps"
    SEE_AUDIT = "see_audit"
    SEE_STAFF = "see_staff"
    CHANGE_STAFF = "change_staff"
    SEE_SYSTEM = "see_system"
    SET_COVER = "set_cover"
    SET_ANYBODYS_COVER = "set_anybodys_cover"
    SEE_ROTA = "see_rota"
    SET_ROTA = "set_rota"
    SWITCH_OFF = "switch_off"
    SIGN_OUT = "sign_out"


_EVERYBODY = frozenset({May.SEE_CONTENT, May.SIGN_OUT})
_STATEMENTS = frozenset({May.SEE_STATEMENTS, May.WORK_ON_STATEMENTS})
_CASEWORK = _STATEMENTS | {
    May.SEE_FLAGS,
    May.WORK_ON_FLAGS,
    May.SEE_REQUESTS,
    May.REPLY,
    May.SEE_PEOPLE,
    May.KEEP_IN_TOUCH,
    May.SET_COVER,
    May.SEE_ROTA,
}
#: The whole of it. The participation team sees no identity and an administrator no message.
ALLOWED: dict[Role, frozenset[May]] = {
    Role.ADVISER: _EVERYBODY | _CASEWORK,
    Role.MANAGER: _EVERYBODY
    | _CASEWORK
    | {May.SEE_GAPS, May.SEE_STAFF, May.SEE_SYSTEM, May.SET_ANYBODYS_COVER}
    | {May.SET_ROTA, May.SWITCH_OFF, May.ANNOUNCE},
    Role.PARTICIPATION: _EVERYBODY | _STATEMENTS | {May.SEE_GAPS, May.ANNOUNCE},
    Role.ADMIN: _EVERYBODY
    | {May.SEE_STAFF, May.CHANGE_STAFF, May.SEE_AUDIT, May.SEE_SYSTEM, May.SEE_GAPS}
    | {May.SEE_ROTA, May.SET_ROTA, May.SWITCH_OFF},
}


def allows(member: Staff, wish: May) -> bool:
    """Whether a member of staff may do this at all. Which rows they may do it to is decided below."""
    return member.left_at is None and wish in ALLOWED[Role(member.role)]


def own_people(member: Staff) -> ColumnElement[bool]:
    """Return what must be true of a young person whose record a member of staff may see.

    Those of a colleague who is away are theirs too while they stand in, and no longer.
    """
    match member.role:
        case Role.ADVISER:
            return Person.adviser_id.in_([member.id, *member.covers])
        case Role.MANAGER:
            return Person.council == member.council
        case _:
            return false()


def _own_chats(member: Staff) -> ColumnElement[bool]:
    theirs = select(Chat.id).join(Person, Person.id == Chat.person_id).where(own_people(member))
    if member.role != Role.MANAGER:
        return Flag.chat_id.in_(theirs)
    # Strangers belong to no adviser: a manager of the council they named sees them, or of any.
    strangers = select(Chat.id).where(
        Chat.person_id.is_(None), or_(Chat.council == member.council, Chat.council.is_(None))
    )
    return or_(Flag.chat_id.in_(theirs), Flag.chat_id.in_(strangers))


def own_flags(member: Staff) -> ColumnElement[bool]:
    """Return what must be true of a flag that a member of staff may see.

    Never one that is about them (safety.md SEC-23); else those of their people, those they own, and
    those that are also theirs because of their topic. Whose work they do today counts as their own.
    """
    if not allows(member, May.SEE_FLAGS):
        return false()
    return and_(
        sight.not_kept_from(member, Flag.hidden_from_id, Flag.owner_id),
        or_(
            Flag.owner_id.in_([member.id, *member.covers]),
            _own_chats(member),
            Flag.id.in_(select(AlsoFor.flag_id).where(AlsoFor.staff_id == member.id)),
        ),
    )


def own_requests(member: Staff) -> ColumnElement[bool]:
    """Return what must be true of a request that a member of staff may see."""
    if not allows(member, May.SEE_REQUESTS):
        return false()
    not_about_them = sight.not_kept_from(member, Request.hidden_from_id, Request.staff_id)
    theirs_or_also = or_(
        Request.staff_id.in_([member.id, *member.covers]),
        Request.id.in_(select(AlsoFor.request_id).where(AlsoFor.staff_id == member.id)),
    )
    if member.role != Role.MANAGER:
        return and_(not_about_them, theirs_or_also)
    team = select(Chat.id).outerjoin(Person, Person.id == Chat.person_id)
    theirs = team.where(
        or_(
            Person.council == member.council,
            and_(
                Chat.person_id.is_(None),
                or_(Chat.council == member.council, Chat.council.is_(None)),
            ),
        )
    )
    return and_(not_about_them, or_(theirs_or_also, Request.chat_id.in_(theirs)))


def own_statements(member: Staff) -> ColumnElement[bool]:
    """Return what must be true of a statement that a member of staff may read: sent to them."""
    return sight.readable(member) if allows(member, May.SEE_STATEMENTS) else false()


def own_statements_of(person: Person, member: Staff) -> ColumnElement[bool]:
    """Return the same for those of one young person: never one that was sent without a name."""
    return and_(own_statements(member), sight.named(), Statement.person_id == person.id)


def own_tasks(member: Staff) -> ColumnElement[bool]:
    """Return what must be true of a task that a member of staff may see: about their people."""
    return Task.person_id.in_(select(Person.id).where(own_people(member)))
