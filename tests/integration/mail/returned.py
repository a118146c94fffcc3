"""Reports of returned letters, as mail servers write them."""

from uuid import UUID, uuid4

_REPORT = """Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.ministry.example>
To: no-reply@survey.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <{own_id}@mx.ministry.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I am sorry to have to inform you.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.ministry.example
{ids}
Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <{recipient}>: No such person here

--B
Content-Type: {returned}

From: Rapporteur <no-reply@survey.example>
To: {recipient}
Subject: Invitation
Message-ID: <{message_id}@survey.example>

--B--
"""


def report(
    message_id: UUID | str,
    action: str = "failed",
    status: str = "5.1.1",
    recipient: str = "ada@ministry.example",
    returned: str = "text/rfc822-headers",
    envelope_id: str = "",
) -> bytes:
    """A report after RFC 3464; each is another one, as it would be."""
    text = _REPORT.format(
        own_id=uuid4(),
        ids=f"Original-Envelope-Id: {envelope_id}\n" if envelope_id else "",
        recipient=recipient,
        action=action,
        status=status,
        returned=returned,
        message_id=message_id,
    )
    return text.replace("\n", "\r\n").encode()
