"""Drafts into rows and back, and everything that can be done with a statement. The caller commits."""

from datetime import datetime

from sqlalchemy.orm import Session

from content.scenarios import Kind, Scenario
from feedback.drafts import Audience, Draft, Given, Stage, Told
from people import routing
from people.hours import Rota
from storage import statements
from storage.tables import Alert, Answer, Chat, Message, Statement
from storage.tables.statements import Consent, Origin, StatementState

#: Article rights.complaint: stage 1 of a complaint is answered within 10 working days; one that is
#: complex may take 20.
COMPLAINT_DAYS, HARD_COMPLAINT_DAYS = 10, 20
AGE_BANDS = ((16, 17), (18, 20), (21, 25))


def age_band(age: int | None) -> str | None:
    """Return the band that stands for an age, such as `16_17`; None when not known or outside."""
    found = [f"{low}_{high}" for low, high in AGE_BANDS if age is not None and low <= age <= high]
    return found[0] if found else None


def draft_of(session: Session, chat: Chat) -> Draft | None:
    """Return the statement they are in the middle of, or put aside last."""
    found = statements.newest_draft(session, chat)
    return _draft(session, found) if found else None


def told_in(session: Session, chat: Chat) -> tuple[Told, ...]:
    """Return everything told in a chat that is not deleted, newest first."""
    return tuple(
        told(session, one)
        for one in statements.all_of(session, chat)
        if one.state != StatementState.DELETED
    )


def told(session: Session, statement: Statement) -> Told:
    """Return a statement as its author sees it."""
    return Told(
        draft=_draft(session, statement),
        state=StatementState(statement.state),
        began_at=statement.began_at,
        sent_at=statement.sent_at,
        opened_at=statement.opened_at,
        answer_by=statement.answer_by,
    )


def _draft(session: Session, row: Statement) -> Draft:
    scenario = Scenario.from_body(row.copy.body)
    return Draft(
        reference=row.reference,
        scenario=scenario,
        origin=Origin(row.origin),
        audience=Audience(row.audience or scenario.audience),
        stage=Stage(row.stage),
        question=row.question,
        given=tuple(_given(one) for one in statements.answers(session, row)),
        easy=row.easy,
        resting=row.rested_at is not None,
        asked_at=row.touched_at,
    )


def _given(row: Answer) -> Given:
    return Given(
        question=row.question,
        picked=row.value.get("picked") or row.value.get("feeling") or "",
        number=row.value.get("number"),
        words=row.value.get("words", ""),
        consent=Consent(row.consent),
    )


def value_of(given: Given, kind: Kind) -> dict[str, str | int]:
    """Return what is sealed of an answer: only what was said."""
    picked = "feeling" if kind is Kind.FEELING else "picked"
    said = {picked: given.picked, "number": given.number, "words": given.words}
    return {name: value for name, value in said.items() if value not in {"", None}}


def keep(
    session: Session,
    chat: Chat,
    draft: Draft,
    *,
    council: str | None,
    age: int | None,
    update_id: int | None,
    now: datetime,
) -> Statement:
    """Keep a draft exactly as it stands; a changed answer is a new row that points at the former."""
    row = statements.by_reference(session, chat, draft.reference)
    if not draft.resting:
        statements.rest_others(session, chat, draft.reference, now)
    if row is None:
        row = _begun(session, chat, draft, now)
    _put_owner(row, chat, draft, council, age)
    _put_answers(session, row, draft, update_id, now)
    row.origin, row.easy, row.audience = draft.origin, draft.easy, draft.audience
    row.stage, row.question, row.touched_at = draft.stage, draft.question, draft.asked_at or now
    row.rested_at = now if draft.resting else None
    row.feelings = _feelings(draft)
    session.flush()
    return row


def _put_owner(
    row: Statement, chat: Chat, draft: Draft, council: str | None, age: int | None
) -> None:
    """Note whose it is; somebody may have joined since they began it as a stranger."""
    row.person_id, row.council = chat.person_id, council
    row.age_band = age_band(age)
    if draft.scenario.hidden and chat.person is not None:
        # From the first word on: it must not be seen around a flag either.
        row.hidden_from_id = row.hidden_from_id or chat.person.adviser_id


def _begun(session: Session, chat: Chat, draft: Draft, now: datetime) -> Statement:
    scenario = draft.scenario
    statements.keep_copy(session, scenario.digest, scenario.body, now)
    row = Statement(
        reference=draft.reference,
        chat_id=chat.id,
        scenario=scenario.id,
        scenario_version=scenario.version,
        copy_digest=scenario.digest,
        origin=draft.origin,
        state=StatementState.DRAFT,
        stage=draft.stage,
        complaint=scenario.complaint,
        feelings=[],
        began_at=now,
        touched_at=now,
    )
    session.add(row)
    session.flush()
    statements.note(session, row, StatementState.DRAFT, now)
    return row


def _put_answers(
    session: Session, row: Statement, draft: Draft, update_id: int | None, now: datetime
) -> None:
    kept = {one.question: one for one in statements.answers(session, row)}
    for given in draft.given:
        former = kept.pop(given.question, None)
        if former is not None and _given(former).value == given.value:
            continue
        question = draft.scenario.question(given.question)
        kind = question.kind if question else Kind.WORDS
        fresh = Answer(
            statement_id=row.id,
            question=given.question,
            kind=kind,
            value=value_of(given, kind),
            quotable=bool(question and question.quotable and given.words),
            consent=former.consent if former else Consent.NO,
            consent_at=former.consent_at if former else None,
            update_id=update_id,
            given_at=now,
        )
        statements.replace_answer(session, former, fresh)
    for gone in kept.values():
        gone.replaced_at = now


def follow_edit(session: Session, chat: Chat, edit: Message, now: datetime) -> None:
    """Let an edited message change the answer that it gave, while nobody has been sent it."""
    former = statements.former_wording(session, edit)
    row = statements.newest_draft(session, chat)
    if row is None or not former.strip() or not edit.text:
        return
    for answer in statements.answers(session, row):
        words = str(answer.value.get("words", ""))
        if former.strip() in words.split("\n") or former.strip() == words:
            fresh = Answer(
                statement_id=row.id,
                question=answer.question,
                kind=answer.kind,
                value={**answer.value, "words": words.replace(former.strip(), edit.text.strip())},
                quotable=answer.quotable,
                consent=answer.consent,
                consent_at=answer.consent_at,
                update_id=edit.update_id,
                given_at=now,
            )
            statements.replace_answer(session, answer, fresh)
            return


def _feelings(draft: Draft) -> list[str]:
    return [
        given.picked
        for question, given in draft.told()
        if question and question.kind is Kind.FEELING and given.picked
    ]


def send(
    session: Session, chat: Chat, row: Statement, *, rota: Rota, council: str | None, now: datetime
) -> None:
    """Send a statement to whom it says, and have them told. A complaint gets its date."""
    hidden = row.hidden_from_id is not None or Scenario.from_body(row.copy.body).hidden
    where = routing.statement_route(
        session, chat, row.audience or "", hidden=hidden, council=council, now=now
    )
    row.route, row.owner_id = where.name, where.staff.id if where.staff else None
    row.hidden_from_id = where.hidden_from or row.hidden_from_id
    row.voice, row.new_voice = statements.voice_in(session, chat, now)
    row.sent_at, row.rested_at = now, None
    row.due_at = routing.due(rota, now)
    row.answer_by = rota.working_days(now, COMPLAINT_DAYS) if row.complaint else None
    statements.note(session, row, StatementState.SENT, now)
    session.add(
        Alert(statement_id=row.id, staff_id=row.owner_id, urgent=False, made_at=now, due_at=now)
    )


def keep_for_them(session: Session, row: Statement, now: datetime) -> None:
    """Keep a finished statement for nobody but its author."""
    row.rested_at, row.closed_at = None, now
    statements.note(session, row, StatementState.KEPT, now)


def take_back(session: Session, row: Statement, *, delete: bool, now: datetime) -> bool:
    """Take back what nobody has opened, or delete what may go; return whether it could be done."""
    seen = told(session, row)
    if not (seen.can_delete if delete else seen.can_take_back):
        return False
    if delete:
        statements.forget_words(session, row)
    row.closed_at, row.touched_at, row.rested_at = now, now, None
    row.due_at = row.answer_by = None
    statements.drop_alerts(session, row)
    state = StatementState.DELETED if delete else StatementState.WITHDRAWN
    statements.note(session, row, state, now)
    return True


def reopen(session: Session, chat: Chat, row: Statement, now: datetime) -> None:
    """Go on with what was kept, taken back or put aside, where it was."""
    if row.state not in {StatementState.DRAFT, StatementState.KEPT, StatementState.WITHDRAWN}:
        return
    statements.rest_others(session, chat, row.reference, now)
    if row.state != StatementState.DRAFT:
        row.stage, row.question = Stage.REVIEW, ""
        row.sent_at = row.closed_at = row.due_at = row.owner_id = row.route = None
        statements.note(session, row, StatementState.DRAFT, now)
    row.rested_at, row.touched_at = None, now
