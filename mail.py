"""How an alert leaves: by e-mail through an SMTP server, else on the console. Holds nothing personal."""

import smtplib
import ssl
import sys
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from safeguarding.alerts import AlertError, Notification, Notify

TIMEOUT_SECONDS = 15


def notifier(smtp_url: str | None, sender: str) -> Notify:
    """Return how alerts are sent: to `smtp://` or `smtps://user:password@host:port`, else the console."""
    if smtp_url is None:
        return on_console
    server = urlsplit(smtp_url)

    def by_mail(notification: Notification) -> str:
        if notification.to is None:
            # Nobody has an address: the console is better than nobody at all.
            return on_console(notification)
        try:
            _send(smtp_url, server.hostname or "localhost", notification, sender)
        except (smtplib.SMTPException, OSError) as error:
            raise AlertError("The mail server did not take an alert.") from error
        return "email"

    return by_mail


def on_console(notification: Notification) -> str:
    """Print an alert where whoever runs Kith sees it."""
    sys.stdout.write(f"\n*** {notification.subject}\n{notification.text}\n")
    sys.stdout.flush()
    return "console"


def _send(url: str, host: str, notification: Notification, sender: str) -> None:
    parts = urlsplit(url)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        sender,
        notification.to,
        notification.subject,
    )
    mail.set_content(notification.text)
    secure = parts.scheme == "smtps"
    port = parts.port or (465 if secure else 25)
    with (
        smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
        if secure
        else smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    ) as connection:
        if not secure and connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
        connection.send_message(mail)
