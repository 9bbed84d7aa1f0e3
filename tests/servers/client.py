# SPDX-License-Identifier: MIT
"""surat as the tests of convergence use it: one profile, one IMAP account."""
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
import time

from mate import Letter, lines_of

SURAT = os.path.join(os.environ.get("builddir", "."), "surat")
ACCOUNT = "kerja"
PATIENCE_S = 30		# for what a push should bring at once


class Failure(Exception):
    """Something that must not be; its text is for whoever runs the test."""


class Host:
    """A user of the mail host that runs; see mailhost for the variables."""

    def __init__(self, user):
        self.port = int(os.environ["IMAPS_PORT"])
        self.clear_port = int(os.environ["IMAP_PORT"])
        self.ca = os.environ["CA_FILE"]
        self.password = os.environ["PASSWORD"]
        self.user = user + "@kantor.example"
        self.at = self.user.replace("@", "%40")	# in a URL

    def doveadm(self, *arguments):
        conf = os.path.join(os.environ["MAILHOST_DIR"], "dovecot.conf")
        subprocess.run(("doveadm", "-c", conf) + arguments, check=True,
                       capture_output=True)


def listen(pipe, heard):
    for said in pipe:
        heard.put(said)
    heard.put("")


class Row(Letter):
    """A letter as surat lists it."""

    def __init__(self, listed):
        super().__init__(listed["folder"], listed["uid"],
                         listed["message_id"], ())
        self.id = listed["id"]
        self.flags = set(listed["flags"])
        self.keywords = set(listed["keywords"])
        self.body = listed["body"]


class Client:
    def __init__(self, host, profile, mask=(), keep="live"):
        """mask: capabilities not to be used."""
        self.host, self.profile = host, profile
        self.mask, self.keep = mask, keep
        os.makedirs(profile)
        self.configure()
        self.watching = self.heard = None

    def configure(self, clear_port=None):
        """clear_port: where to connect without TLS."""
        url = "imaps://%s@localhost:%d" % (self.host.at, self.host.port)
        if clear_port:
            url = "imap+insecure://%s@localhost:%d" % (self.host.at,
                                                       clear_port)
        path = os.path.join(self.profile, "surat.conf")
        with open(path, "w", encoding="utf-8") as conf:
            conf.write("[account %s]\nname = Ani\naddress = %s\n"
                       "receive = %s\nkeep = %s\npassword = %s\n"
                       "tls-ca = %s\nnever-use = %s\n" % (
                           ACCOUNT, self.host.user, url, self.keep, self.host.password, self.host.ca,
                           ",".join(self.mask)))
        os.chmod(path, 0o600)

    def copy(self, profile):
        """The same again, as it is now, with a store of its own."""
        twin = Client(self.host, profile, self.mask, self.keep)
        shutil.rmtree(profile)
        shutil.copytree(self.profile, profile)
        return twin

    def remove(self):
        shutil.rmtree(self.profile)

    def command(self, *arguments):
        return (SURAT, "--profile", self.profile) + arguments

    def run(self, *arguments, codes=(0,)):
        """What it prints.  codes: exit codes that are well."""
        done = subprocess.run(self.command(*arguments),
                              capture_output=True, check=False, text=True,
                              timeout=120)
        if done.returncode not in codes:
            raise Failure("surat %s: exit code %d: %s" % (
                " ".join(arguments), done.returncode, done.stderr))
        return done.stdout

    def try_act(self, words, rows):
        """False: one of the letters has gone meanwhile, and nothing was
        done."""
        done = subprocess.run(
            self.command(*words, *(str(r.id) for r in rows)),
            capture_output=True, check=False, text=True)
        if done.returncode not in (0, 66):
            raise Failure("surat %s: exit code %d: %s" % (
                " ".join(words), done.returncode, done.stderr))
        return done.returncode == 0

    def run_mortal(self, mortal, write, *arguments):
        """Killed at that write to the disk.  0: it ended before."""
        done = subprocess.run((mortal, str(write), self.profile) + arguments,
                              capture_output=True, check=False, timeout=120)
        if done.returncode not in (0, -signal.SIGKILL):
            raise Failure("mortal: exit code %d: %s" % (done.returncode,
                                                        done.stderr))
        return done.returncode

    def objects(self, *arguments):
        return [json.loads(l) for l in
                self.run(*arguments, "--json").splitlines()]

    def folders(self):
        """Those with letters."""
        return [f["folder"] for f in self.objects("folders") if f["total"]]

    def rows(self, folder):
        return [Row(r) for r in self.objects(
            "list", "%s/%s" % (ACCOUNT, folder))]

    def knows(self, command):
        """A command or an option; some acts come with newer programs."""
        text = subprocess.run((SURAT, "--help"), capture_output=True,
                              check=True, text=True).stdout
        return "\n  %s " % command in text or "[%s " % command in text

    # Connected.

    def watch(self):
        """Stays connected; returns once it is in step and listens."""
        self.watching = subprocess.Popen(
            self.command("watch", "--json"), stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        for said in self.watching.stdout:
            if '"listening"' in said:
                break
        self.heard = queue.SimpleQueue()	# lines, and "" at the end
        threading.Thread(target=listen, daemon=True,
                         args=(self.watching.stdout, self.heard)).start()

    def keeps_up(self, folder, letters):
        """While it watches: the folder becomes as letters() tells, and
        nothing is left to be done, without anybody asking for it."""
        until = time.monotonic() + PATIENCE_S
        while True:
            wrong = set(map(str, letters())) ^ \
                set(map(str, self.rows(folder)))
            wrong |= {str(a) for a in self.objects("journal")
                      if a["state"] != "failed"}
            if not wrong:
                return
            try:
                self.heard.get(timeout=until - time.monotonic())
            except (ValueError, queue.Empty):
                raise Failure("does not keep up: " +
                              "\n".join(wrong)) from None

    def stop_watching(self):
        self.watching.send_signal(signal.SIGTERM)
        code = self.watching.wait(60)
        self.watching = None
        if code != 0:
            raise Failure("surat watch: exit code %d" % code)

    def drop(self):
        """Ends what is connected still, after a failure."""
        if self.watching:
            self.watching.kill()
            self.watching.wait()
            self.watching = None

    def sync(self):
        """Passes until the journal is empty; each must succeed."""
        for _ in range(4):
            self.run("sync")
            acts = self.objects("journal")
            if not [a for a in acts if a["state"] != "failed"]:
                return
        raise Failure("the journal is not empty: %s" % acts)

    def differences(self, state):
        """From the server's state, as Mate.state gives it."""
        counted = self.objects("folders")
        here = {f["folder"]: self.rows(f["folder"]) if f["total"] else []
                for f in counted}
        server_lines, lines = lines_of(state), lines_of(here)
        wrong = ["only on the server: " + l
                 for l in sorted(set(server_lines) - set(lines))]
        wrong += ["only here: " + l
                  for l in sorted(set(lines) - set(server_lines))]
        if not wrong and len(server_lines) != len(lines):
            wrong.append("a letter is here more than once")
        if self.keep == "offline":
            wrong += ["no body: %s" % r for rows in here.values()
                      for r in rows if r.body != "whole"]
        return wrong + miscounts(counted, state)


def miscounts(counted, state):
    """Letters marked as deleted are not counted as unread."""
    wrong = []
    for f in counted:
        letters = state.get(f["folder"], ())
        really = (len(letters),
                  sum(not l.flags & {"seen", "deleted"} for l in letters),
                  sum("flagged" in l.flags for l in letters))
        told = (f["total"], f["unread"], f["flagged"])
        if told != really:
            wrong.append("%s: counted %d letters, %d unread, %d flagged; "
                         "they are %d, %d, %d" % (
                             (f["folder"],) + told + really))
    return wrong
