"""A council of the size that the design names, written into an empty database by the database itself."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from passlib.totp import TOTP
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from content.library import Library, load
from dashboard.signing_in.door import HASHER
from storage import encryption, statements
from storage.database import Database
from storage.tables import Event, Staff
from tests import crowd

ADVISERS = crowd.ADVISERS
COUNCIL = "cheshire_east"
PASSWORD = "three otters borrow lanterns"
SCENARIO = "problem"
#: Of fifty who are signed in at once, so many lead or take part; the rest are advisers.
MANAGERS, PARTICIPATION = 6, 4
SIGNED_IN = 50

#: What there is of each thing, `n` being a number and `p` how many people there are.
FILL = (
    # Messages, two years of them.
    """insert into messages (chat_id, direction, kind, text, level, degraded, at)
       select 1 + n % :p + :first, case when n % 2 = 0 then 'in' else 'out' end, 'text', :words, 'none', false,
              :now - make_interval(secs => (n::bigint * 63072000 / :messages)::int)
       from generate_series(1, :messages) n""",
    # A flag open for one in ten, and four closed for each.
    """insert into flags (reference, chat_id, level, categories, third_party, about_staff, owner_id, why,
              rules_version, raised_at, last_sign_at, due_at, opened_at, closed_at, outcome, version)
       select 'F' || n, c.id, (array['concern', 'same_day', 'concern', 'immediate'])[1 + n % 4],
              array['low_mood'], false, false, pe.adviser_id, :why, 'bench', at, at, at + interval '8 hours',
              case when n % 3 > 0 then at + interval '1 hour' end,
              case when n > :p / 10 then at + interval '5 hours' end,
              case when n > :p / 10 then 'spoke_with_them' end, 1
       from generate_series(1, :p * 4) n
       join chats c on c.id = 1 + (n * 7) % :p + :first
       join people pe on pe.id = c.person_id,
       lateral (select :now - make_interval(hours => case when n > :p / 10 then n / 3 else n % 70 end) as at) t
       on conflict do nothing""",
    # A request open for one in twenty, and three answered for each.
    """insert into requests (reference, chat_id, kind, route, staff_id, words, asked_at, due_at, answered_at, closed_at)
       select 'R' || n, c.id, 'talk_to_adviser', 'adviser', pe.adviser_id, :asked, at, at + interval '8 hours',
              done, done
       from generate_series(1, :p * 3) n
       join chats c on c.id = 1 + (n * 11) % :p + :first
       join people pe on pe.id = c.person_id,
       lateral (select :now - make_interval(hours => n % 9000) as at) t,
       lateral (select case when n > :p / 20 then at + interval '3 hours' end as done) d""",
    # Two statements that wait for every five people, and four finished for each.
    """insert into statements (reference, chat_id, person_id, council, scenario, scenario_version, copy_digest,
              origin, state, stage, audience, complaint, route, owner_id, tone, began_at, touched_at, sent_at,
              due_at, answer_by, closed_at)
       select 'S' || n, c.id, pe.id, pe.council, :scenario, 1, :digest, 'own',
              case when n > :p * 2 / 5 then 'done' else 'sent' end, 'review',
              (array['adviser', 'adviser', 'manager', 'participation_anonymous'])[1 + n % 4], n % 50 = 0, 'adviser',
              case when n % 4 < 2 then pe.adviser_id end, 'problem', at, at, at, at + interval '5 days',
              case when n % 50 = 0 then at + interval '10 days' end,
              case when n > :p * 2 / 5 then at + interval '2 days' end
       from generate_series(1, :p * 4) n
       join chats c on c.id = 1 + (n * 13) % :p + :first
       join people pe on pe.id = c.person_id,
       lateral (select :now - make_interval(hours => n % 9000) as at) t""",
    # Two years of fortnightly check-ins: planned, sent and mostly answered.
    """insert into due_contacts (person_id, kind, what, due_at, expires_at, state, once_key, made_at, settled_at)
       select pe.id, 'check_in', 'going_well', at, at + interval '2 hours',
              case when n = 0 then 'waiting' else 'sent' end, 'b' || n || pe.id, at, case when n > 0 then at end
       from people pe, generate_series(0, 50) n,
       lateral (select :now + interval '7 days' - make_interval(days => n * 14) as at) t""",
    """insert into check_in_answers (person_id, question, question_version, feeling, words, at)
       select pe.id, 'going_well', 1, 1 + (n * 7 + length(pe.name)) % 5, :answer,
              :now - make_interval(days => n * 14)
       from people pe, generate_series(1, 40) n""",
    """insert into contacts (person_id, kind, at, on_day, two_way, by_id, noted_at)
       select pe.id, (array['bot', 'call', 'visit', 'message'])[1 + n % 4], at, at::date, true,
              case when n % 4 > 0 then pe.adviser_id end, at
       from people pe, generate_series(1, 60) n,
       lateral (select :now - make_interval(days => n * 10) as at) t""",
    """insert into tasks (reference, person_id, staff_id, kind, tried, made_at, due_at)
       select 'T' || row_number() over (), pe.id, pe.adviser_id, 'silent', :tried, :now, :now
       from people pe where pe.id::text < '2'""",
    """insert into traces (at, staff_id, action, about, person_id, request_id, chain)
       select :now - make_interval(mins => n), pe.adviser_id, 'replied', 'F' || n % 20000, pe.id, 'bench', :chain
       from generate_series(1, 40) n, people pe""",
)


@dataclass(frozen=True)
class Account:
    """A member of staff who can sign in."""

    email: str
    role: str
    key: str


def fill(database: Database, people: int, messages: int, now: datetime) -> list[Account]:
    """Fill an empty database, and return who can sign in to the pages of it."""
    crowd.populate(database, people, now - timedelta(days=700))
    with database.transaction() as session:
        _fill(session, load(demo=True), people, messages, now)
        accounts = _accounts(session, now)
        _announcements(session, now)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    return accounts


def _fill(session: Session, library: Library, people: int, messages: int, now: datetime) -> None:
    kind, ring = library.scenarios[SCENARIO], encryption.keyring()
    statements.keep_copy(session, kind.digest, kind.body, now)
    values = {
        "p": people,
        "messages": messages,
        "now": now,
        "first": (session.scalar(text("select min(id) from chats")) or 1) - 1,
        "scenario": SCENARIO,
        "digest": kind.digest,
        "words": ring.seal("how do i get help with my rent", column="messages.text"),
        "asked": ring.seal("please ring me", column="requests.words"),
        "answer": ring.seal("work is going fine", column="check_in_answers.words"),
        "why": ring.seal("[]", column="flags.why"),
        "tried": ring.seal("[]", column="tasks.tried"),
        "chain": bytes(32),
    }
    for statement in FILL:
        wanted = {name: value for name, value in values.items() if f":{name}" in statement}
        session.execute(text(statement), wanted)
    # Somebody is always heard from last.
    session.execute(
        text("update chats set heard_at = :now - make_interval(mins => id::int)"), {"now": now}
    )


def _accounts(session: Session, now: datetime) -> list[Account]:
    """Let fifty sign in: some who lead, some who take part, and advisers."""
    others = [("manager", number) for number in range(MANAGERS)]
    others += [("participation", number) for number in range(PARTICIPATION)]
    session.add_all(
        Staff(
            email=f"{role}{number}@example.org",
            name=f"{role.title()} {number}",
            role=role,
            council=COUNCIL,
            added_at=now,
        )
        for role, number in others
    )
    session.flush()
    leading = list(session.scalars(select(Staff).where(Staff.role != "adviser")))
    advisers = select(Staff).where(Staff.role == "adviser").order_by(Staff.email)
    members = leading + list(session.scalars(advisers.limit(SIGNED_IN - len(leading))))
    random.Random(1).shuffle(members)  # noqa: S311 (so that any first few are of each kind)
    password = HASHER.hash(PASSWORD)
    for one in members:
        one.password_hash, one.totp_secret = password, TOTP.new().base32_key
    session.flush()
    return [Account(one.email, one.role, str(one.totp_secret)) for one in members]


def _announcements(session: Session, now: datetime) -> None:
    author = session.scalars(select(Staff.id).where(Staff.role == "manager")).first()
    session.add_all(
        Event(
            reference=f"E{number}",
            council=COUNCIL,
            interest="job_fairs",
            youngest=16,
            oldest=25,
            title=f"Fair {number}",
            words="Come and meet people who give jobs.",
            made_by_id=author,
            made_at=now,
        )
        for number in range(200)
    )
