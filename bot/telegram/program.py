"""The bot process: receive, handle, deliver, tell staff; and answer from memory when all else is down."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot import beside, effects, handling, reaching
from bot.engine import Background, Engine, Heard
from bot.incoming import Incoming, Kind, read
from bot.lanes import Lanes
from bot.telegram.api import Api, Sent
from bot.telegram.delivery import Deliverer
from bot.telegram.pacing import Pace
from bot.telegram.receiving import Receiver
from nlu import parts
from nlu.client import Client, NluError
from nlu.understanding import NOT_UNDERSTOOD, Understanding
from safeguarding.levels import Level
from safeguarding.screening import with_understanding
from storage import chats, health, inbox, outbox
from storage.database import Database
from storage.tables import Chat, Message, Send
from storage.tables.outbox import Lane

logger = structlog.get_logger()
#: One bot process holds this; a second waits, so that nothing is read or sent twice (REL-01).
LEADER_LOCK = 7_164_212
FAULT_AGAIN_AFTER = timedelta(hours=1)
LOOK_AT_LEAD_EVERY = 5.0
#: Three senders, so that none waits for a slow call of another: danger, answers, and the rest.
SENDERS = ((Lane.SAFETY,), (Lane.REPLY, Lane.STAFF), (Lane.BULK,))
SendAlerts = Callable[[datetime], bool]


class LostLeadError(Exception):
    """Another bot process leads now. End; whoever supervises starts us again, and we wait."""


class Program:
    """Everything of one bot process. Run with `await run()`; cancel to stop."""

    def __init__(
        self,
        api: Api,
        database: Database,
        engine: Engine,
        rasa: Client,
        send_alerts: SendAlerts,
        *,
        per_second: int,
    ) -> None:
        """Wire the parts; nothing runs yet. `per_second` is how much Telegram takes of us."""
        self._api, self._database, self._engine, self._rasa = (
            api,
            database,
            engine,
            rasa,
        )
        self._send_alerts = send_alerts
        keyboard = [engine.library.label("help_now"), engine.library.label("menu")]
        pace = Pace(per_second)
        self._safety, self._others, self._bulk = (
            Deliverer(api, database, lanes, keyboard, self._lost, pace, zone=engine.zone)
            for lanes in SENDERS
        )
        self._lanes = Lanes(self.handle_next)
        self._receiver = Receiver(api, database, self._lanes.wake, self.answer_from_memory)
        self._receiver.beat = self._beat
        self._beaten: dict[str, float] = {}
        self._answered: dict[int, float] = {}
        self._fault_said: dict[int, float] = {}
        self._alert_due = asyncio.Event()
        self._offers: set[asyncio.Task[None]] = set()

    async def run(self, *, webhook: tuple[str, str, int] | None = None) -> None:
        """Run until cancelled. `webhook` is its address, secret and port; without it, poll."""
        await self._api.start()
        leader = await self._lead()
        await asyncio.to_thread(self._release)
        logger.info("bot started", bot=self._api.bot_id, process=os.getpid())
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._safety.deliver_for_ever())
                group.create_task(self._others.deliver_for_ever())
                group.create_task(self._bulk.deliver_for_ever())
                group.create_task(self._wake_waiting_for_ever())
                group.create_task(self._alert_for_ever())
                group.create_task(self._keep_leading(leader))
                group.create_task(self._receive(webhook))
        finally:
            leader.close()
            await self._api.stop()

    async def _receive(self, webhook: tuple[str, str, int] | None) -> None:
        if webhook is None:
            await self._api.use_polling()
            await self._receiver.poll_for_ever()
            return
        address, secret, port = webhook
        runner = web.AppRunner(self._receiver.webhook(secret), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "0.0.0.0", port).start()  # noqa: S104 (Telegram pushes from outside)
        await self._api.use_webhook(address, secret)
        await asyncio.Event().wait()

    async def _lead(self) -> Connection:
        """Wait to be the only one. The lock lives and dies with its connection."""
        connection = await asyncio.to_thread(self._database.engine.connect)
        while not await asyncio.to_thread(_take_lead, connection):
            logger.warning("another bot process leads; waiting")
            await asyncio.sleep(2)
        return connection

    async def _keep_leading(self, connection: Connection) -> None:
        """Watch the connection that holds the lead; when the database was away, take it again.

        Meanwhile danger is answered from memory, so the process stays. Raise LostLeadError when
        another process was faster: two must never read and send side by side.
        """
        while True:
            await asyncio.sleep(LOOK_AT_LEAD_EVERY)
            try:
                await asyncio.to_thread(_still_there, connection)
            except (SQLAlchemyError, OSError):
                logger.warning("the lead is lost with the database; taking it again")
                connection.invalidate()
                if not await self._lead_again(connection):
                    raise LostLeadError("another bot process leads now") from None

    async def _lead_again(self, connection: Connection) -> bool:
        while True:
            try:
                if connection.in_transaction():
                    connection.rollback()
                return await asyncio.to_thread(_take_lead, connection)
            except (SQLAlchemyError, OSError):
                connection.invalidate()
                await asyncio.sleep(1)

    def _release(self) -> None:
        with self._database.transaction() as session:
            outbox.release_claims(session)

    async def handle_next(self, index: bytes) -> bool:
        """Handle the oldest waiting update of a chat; False when there is none or it must wait."""
        try:
            found = await asyncio.to_thread(self._look, index)
            if found is None:
                return False
            incoming, background = found
            heard = await self.hear(incoming, background)
            handled = await asyncio.to_thread(self._handle, index, heard)
        except (SQLAlchemyError, OSError) as error:
            logger.warning("the database is away; the message waits", failure=type(error).__name__)
            await asyncio.sleep(0.5)
            return False
        except Exception as error:  # noqa: BLE001 (the edge: one broken message must not stop the rest)
            logger.error(  # noqa: TRY400 (a traceback may hold what people wrote)
                "handling failed", failure=type(error).__name__, where=_where(error)
            )
            return await asyncio.to_thread(self._put_aside, index)
        self._safety.wake()
        self._others.wake()
        self._alert_due.set()
        if handled and incoming is not None and heard.later is not None:
            self._offer_later(index, incoming.message_id, heard.later)
        return handled

    def _offer_later(
        self, index: bytes, message_id: int | None, later: Awaitable[Understanding | None]
    ) -> None:
        """Offer what else a message asked, once its danger was answered; nobody waits for this."""

        async def offer() -> None:
            understanding = await later
            if understanding is not None and understanding.parts:
                await asyncio.to_thread(self._offer, index, message_id, understanding)
                self._others.wake()

        task = asyncio.create_task(offer())
        self._offers.add(task)
        task.add_done_callback(self._offered)

    def _offered(self, task: "asyncio.Task[None]") -> None:
        self._offers.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.warning("an offer was not made", failure=type(error).__name__)

    def _offer(self, index: bytes, message_id: int | None, understanding: Understanding) -> None:
        with self._database.transaction() as session:
            chats.lock(session, index)
            beside.offer(session, self._engine, index, message_id, understanding, datetime.now(UTC))

    def _look(self, index: bytes) -> tuple[Incoming | None, Background] | None:
        with self._database.transaction() as session:
            update = inbox.next_for(session, index)
            if update is None:
                return None
            incoming = handling.incoming_of(update)
            return incoming, handling.background(session, index, datetime.now(UTC))

    async def hear(self, incoming: Incoming | None, background: Background) -> Heard:
        """Screen the words, and ask Rasa at the same time; danger does not wait for Rasa."""
        if incoming is None or not (incoming.text or incoming.button):
            return Heard(self._engine.screen("", background), NOT_UNDERSTOOD)
        if incoming.callback_id:
            asyncio.create_task(self._api.answer_press(incoming.callback_id))  # noqa: RUF006 (best effort)
        words = handling.words_to_screen(incoming)
        asked = asyncio.create_task(self._understand(words)) if incoming.text else None
        screening = await asyncio.to_thread(self._engine.screen, words, background)
        if asked is None or screening.level.at_least(Level.SAME_DAY):
            return Heard(screening, NOT_UNDERSTOOD, later=asked)
        understanding = await asked
        if understanding is None:
            return Heard(screening, NOT_UNDERSTOOD, nlu_away=True)
        return Heard(
            with_understanding(screening, understanding.intent, understanding.confidence),
            understanding,
        )

    async def _understand(self, words: str) -> Understanding | None:
        try:
            return await parts.hear(self._rasa.parse, words, self._rasa.timeout)
        except NluError:
            return None

    def _handle(self, index: bytes, heard: Heard) -> bool:
        with self._database.transaction() as session:
            chats.lock(session, index)
            update = inbox.next_for(session, index)
            if update is None:
                return False
            handling.handle(session, self._engine, update, heard, datetime.now(UTC))
        return True

    def _put_aside(self, index: bytes) -> bool:
        with self._database.transaction() as session:
            chats.lock(session, index)
            handling.put_aside(session, self._engine, index, datetime.now(UTC))
        time.sleep(
            0.1
        )  # A worker's own thread, so that a message that fails is not tried in a rush.
        return True

    async def answer_from_memory(self, updates: list[dict[str, Any]]) -> None:
        """Say the static help card when nothing can be saved: to danger always, else once an hour."""
        for raw in updates:
            incoming = read(raw)
            if (
                incoming is None
                or incoming.kind is Kind.GROUP
                or raw["update_id"] in self._answered
            ):
                continue
            now = time.monotonic()
            self._answered[raw["update_id"]] = now
            screening = self._engine.screen(handling.words_to_screen(incoming), Background())
            urgent = incoming.button == "help_now" or screening.level.at_least(Level.SAME_DAY)
            said = self._fault_said.get(incoming.chat_id)
            if urgent:
                await self._api.say(
                    incoming.chat_id, self._engine.library.replies["static.help_now"]
                )
            elif said is None or now - said > FAULT_AGAIN_AFTER.total_seconds():
                self._fault_said[incoming.chat_id] = now
                await self._api.say(incoming.chat_id, self._engine.library.replies["static.fault"])

    def _lost(self, session: Any, send: Send, result: Sent, now: datetime) -> None:
        """Note who cannot be reached; a danger reply that never arrived is itself a flag."""
        chat = session.get_one(Chat, send.chat_id)
        if result.unreachable:
            reaching.note_unreachable(session, self._engine, chat, result.unreachable, now)
        if send.lane == Lane.SAFETY:
            message = Message(chat_id=chat.id, direction="out", kind="not_delivered", at=now)
            session.add(message)
            session.flush()
            effects.flag(
                session,
                self._engine,
                chat,
                message,
                effects.unscreened("reply_not_delivered", Level.SAME_DAY),
                now,
            )

    async def _wake_waiting_for_ever(self) -> None:
        """Look for waiting chats now and then: after a crash, and for what another worker left."""
        while True:
            try:
                for index in await asyncio.to_thread(self._waiting):
                    self._lanes.wake(index)
            except (SQLAlchemyError, OSError):
                logger.warning("cannot look for waiting chats")
            await asyncio.sleep(2)

    def _waiting(self) -> list[bytes]:
        with self._database.transaction() as session:
            return inbox.waiting_chats(session)

    async def _alert_for_ever(self) -> None:
        while True:
            self._alert_due.clear()
            try:
                while await asyncio.to_thread(self._send_alerts, datetime.now(UTC)):
                    pass
            except (SQLAlchemyError, OSError):
                logger.warning("alerts wait for the database")
            try:
                await asyncio.wait_for(self._alert_due.wait(), 2)
            except TimeoutError:
                continue

    def _beat(self, part: str) -> None:
        """Leave a sign of life, at most every five seconds."""
        if time.monotonic() - self._beaten.get(part, -9e9) < 5:
            return
        self._beaten[part] = time.monotonic()
        with self._database.transaction() as session:
            health.beat(session, part, datetime.now(UTC))


def _take_lead(connection: Connection) -> bool:
    taken = connection.scalar(text(f"select pg_try_advisory_lock({LEADER_LOCK})"))
    connection.commit()
    return bool(taken)


def _still_there(connection: Connection) -> None:
    connection.execute(text("select 1"))
    connection.commit()


def _where(error: BaseException) -> str:
    """Return the place an error was raised, which holds no words of anybody's."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (
        f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""
    )
