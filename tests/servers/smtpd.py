#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A submission server for the demo and for tests without root.

STARTTLS on one port, implicit TLS on the other, AUTH required; every letter
is handed to an LMTP server on loopback, whose refusals become ours.
"""
import argparse
import asyncio
import signal
import smtplib
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Relay:
    def __init__(self, lmtp_port):
        self.lmtp_port = lmtp_port

    async def handle_DATA(self, server, session, envelope):
        loop = asyncio.get_running_loop()
        try:
            refused = await loop.run_in_executor(None, self.deliver, envelope)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except (OSError, smtplib.SMTPException) as error:
            return "451 4.3.0 " + str(error).replace("\r", " ").replace("\n", " ")
        if refused:
            code, text = next(iter(refused.values()))
            return "%d %s" % (code, text.decode("ascii", "replace"))
        return "250 2.0.0 handed over"

    def deliver(self, envelope):
        # LMTP answers once for each recipient, smtplib reads one answer: so
        # one recipient at a time.
        refused = {}
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as lmtp:
            for recipient in envelope.rcpt_tos:
                refused.update(lmtp.sendmail(envelope.mail_from or "<>",
                                             [recipient],
                                             envelope.original_content))
        return refused


def authenticator(password):
    def check(server, session, envelope, mechanism, auth_data):
        ok = (isinstance(auth_data, LoginPassword)
              and auth_data.password == password.encode())
        return AuthResult(success=ok, handled=ok)
    return check


async def serve(options):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(options.cert, options.key)
    relay = Relay(options.lmtp_port)
    loop = asyncio.get_running_loop()

    def session(**more):
        return SMTP(relay, hostname="localhost", enable_SMTPUTF8=True,
                    data_size_limit=30000000, auth_required=True,
                    authenticator=authenticator(options.password), **more)

    servers = [
        await loop.create_server(
            lambda: session(tls_context=context, require_starttls=True),
            "127.0.0.1", options.port),
        await loop.create_server(
            lambda: session(auth_require_tls=False),
            "127.0.0.1", options.tls_port, ssl=context),
    ]
    with open(options.ready, "w", encoding="ascii") as ready:
        ready.write("ready\n")
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
    for server in servers:
        server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tls-port", type=int, required=True)
    parser.add_argument("--lmtp-port", type=int, required=True)
    parser.add_argument("--cert", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--ready", required=True)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
