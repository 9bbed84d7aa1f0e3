#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A second client of an IMAP account, which does what it likes.

Given a seed it does random acts on a few folders, and can print all that the
server holds, a letter a line: folder, uid, message-id, flags, keywords.  It
uses whatever the server has (UIDPLUS, MOVE): what surat is not to use is
masked in surat's configuration, which does not concern a mate.  Whatever it
does is told to a listener (see ledger.py), by folder and uid.

  mate.py --port N --ca FILE --user NAME --password WORD [--seed N] [--steps N]
"""
import argparse
import base64
import imaplib
import random
import re
import ssl
import time

FOLDERS = ("INBOX", "Arsip", "Proyek")		# where letters are put first
FLAGS = ("\\Seen", "\\Seen", "\\Flagged", "\\Answered", "\\Deleted",
         "$Forwarded", "$Junk")
KEYWORDS = ("kerja", "Penting", "label-3")
NAMES = ("Proyek/Alfa", "Kuitansi", "Räksmörgås & co", "Lama")
WORDS = {"\\seen": "seen", "\\answered": "answered", "\\flagged": "flagged",
         "\\deleted": "deleted", "\\draft": "draft", "$forwarded": "forwarded",
         "$junk": "junk", "$notjunk": "notjunk", "$mdnsent": "mdnsent"}
LISTED = re.compile(rb'\((?P<attributes>[^)]*)\) (?:"."|NIL) '
                    rb'"?(?P<name>.*?)"?$')


def encode_name(title):
    """A mailbox name as RFC 3501 5.1.3 has it on the wire, quoted."""
    def shift(match):
        text = base64.b64encode(match.group().encode("utf-16-be"))
        return "&" + text.decode().rstrip("=").replace("/", ",") + "-"

    return '"' + re.sub("[^ -~]+", shift, title.replace("&", "&-")) + '"'


def decode_name(raw):
    def shift(match):
        text = match.group(1).replace(",", "/")
        if not text:
            return "&"
        return base64.b64decode(text + "===").decode("utf-16-be")

    return re.sub("&([^-]*)-", shift, raw)


def word(mark):
    """A flag as surat calls it; keywords stay as they are."""
    return WORDS.get(mark.lower(), mark)


def line(folder, uid, message_id, flags, keywords):
    """A letter as both sides print it."""
    return "%s %d %s flags=%s keywords=%s" % (
        folder, uid, message_id, ",".join(sorted(flags)),
        ",".join(sorted(keywords)))


class Letter:
    def __init__(self, folder, uid, message_id, marks):
        self.folder, self.uid, self.message_id = folder, uid, message_id
        self.marks = marks		# as the server spells them
        self.flags = {word(m) for m in marks if word(m) != m}
        self.keywords = {m for m in marks if word(m) == m}

    def has(self, mark):
        return mark in self.flags or mark in self.keywords

    def __str__(self):
        return line(self.folder, self.uid, self.message_id, self.flags,
                    self.keywords)


def lines_of(state):
    """Sorted; a folder without letters is a line as well."""
    return sorted([str(l) for letters in state.values() for l in letters] +
                  ["%s is empty" % f for f in state if not state[f]])


class Silent:
    """A listener that does not care."""

    def __getattr__(self, name):
        return lambda *arguments: None


class Mate:
    def __init__(self, host, seed, listener=None, prefix="mate"):
        """host: port, ca, user, password."""
        context = ssl.create_default_context(cafile=host.ca)
        self.imap = imaplib.IMAP4_SSL("localhost", host.port,
                                      ssl_context=context)
        self.imap.login(host.user, host.password)
        self.random = random.Random(seed)
        self.listener = listener or Silent()
        self.prefix = "%s-%s" % (prefix, seed)
        self.count = 0

    def close(self):
        self.imap.logout()

    def ask(self, name, *arguments):
        """The untagged data; anything but OK is an error."""
        status, data = getattr(self.imap, name)(*arguments)
        if status != "OK":
            raise RuntimeError("%s %s: %s" % (name, arguments, data))
        return data

    def open(self, folder):
        """False: it is empty."""
        return int(self.ask("select", encode_name(folder))[0]) > 0

    # What there is.

    def folders(self):
        found = []
        for item in self.ask("list", '""', '"*"'):
            if isinstance(item, tuple):		# a name as literal
                item = item[0][:item[0].rindex(b"{")] + item[1]
            match = LISTED.match(item or b"")
            if match and b"noselect" not in match["attributes"].lower():
                found.append(decode_name(match["name"].decode()))
        return sorted(found)

    def letters(self, folder):
        if not self.open(folder):
            return []
        found = []
        data = self.ask("uid", "FETCH", "1:*", "(UID FLAGS BODY.PEEK"
                        "[HEADER.FIELDS (MESSAGE-ID)])")
        for item in data:
            if not isinstance(item, tuple):
                continue
            marks = re.search(rb"FLAGS \(([^)]*)\)", item[0]).group(1)
            found.append(Letter(
                folder, int(re.search(rb"UID (\d+)", item[0]).group(1)),
                re.search(rb"<([^>]*)>", item[1]).group(1).decode(),
                [m for m in marks.decode().split() if m != "\\Recent"]))
        return found

    def state(self):
        """By folder, the letters in it."""
        return {folder: self.letters(folder) for folder in self.folders()}

    # What it does when told to.

    def append(self, folder, body="Isi."):
        self.count += 1
        message_id = "%s-%d@kantor.example" % (self.prefix, self.count)
        when = 1764000000 + self.count * 60
        text = ("From: Ratna <ratna@kantor.example>\r\n"
                "To: ani@kantor.example\r\nSubject: letter %d\r\n"
                "Date: %s\r\nMessage-ID: <%s>\r\n\r\n%s\r\n" % (
                    self.count, time.strftime(
                        "%a, %d %b %Y %H:%M:%S +0000", time.gmtime(when)),
                    message_id, body))
        self.ask("append", encode_name(folder), None,
                 imaplib.Time2Internaldate(when), text.encode())
        self.listener.appended(folder, message_id)
        return message_id

    def multiply(self, folder, least):
        """Its letters copied into it again and again, until there are so
        many: quicker than other ones."""
        letters = self.letters(folder)
        while len(letters) < least:
            self.ask("uid", "COPY", "1:*", encode_name(folder))
            for l in letters:
                self.listener.copied(l.message_id, folder)
            letters = self.letters(folder)

    def store(self, folder, letters, add, mark):
        if not letters:
            return
        uids = ",".join(str(l.uid) for l in letters)
        self.ask("uid", "STORE", uids, "+FLAGS" if add else "-FLAGS",
                 "(%s)" % mark)
        for l in letters:
            self.listener.mate_marked(folder, l.uid, word(mark))

    def expunge(self, folder, letters):
        """These, which are of the folder that is open."""
        if not letters:
            return
        uids = ",".join(str(l.uid) for l in letters)
        self.ask("uid", "STORE", uids, "+FLAGS.SILENT", "(\\Deleted)")
        self.ask("uid", "EXPUNGE", uids)
        for l in letters:
            self.listener.mate_expunged(folder, l.uid, l.message_id)

    def create(self, folder):
        self.ask("create", encode_name(folder))
        self.listener.folder_made(folder)

    def delete(self, folder):
        letters = self.letters(folder)
        self.ask("select", "INBOX")
        self.ask("delete", encode_name(folder))
        for l in letters:
            self.listener.mate_expunged(folder, l.uid, l.message_id)
        self.listener.folder_gone(folder)

    def restore(self, state):
        """Flags as they were; nothing else has changed since."""
        for folder, letters in state.items():
            now = {l.uid: l for l in self.letters(folder)}
            for l in letters:
                if str(now[l.uid]) != str(l):
                    self.ask("uid", "STORE", str(l.uid), "FLAGS.SILENT",
                             "(%s)" % " ".join(l.marks))

    # What it does at random.

    def some_folder(self):
        return self.random.choice(self.folders())

    def some_letters(self, most=4):
        """Of a folder that has any, which is open then."""
        folders = self.folders()
        self.random.shuffle(folders)
        for folder in folders:
            letters = self.letters(folder)
            if letters:
                n = self.random.randint(1, min(most, len(letters)))
                return folder, self.random.sample(letters, n)
        return None, []

    def do_append(self):
        self.append(self.some_folder())

    def do_mark(self):
        folder, letters = self.some_letters()
        self.store(folder, letters, self.random.random() < 0.7,
                   self.random.choice(FLAGS))

    def do_keyword(self):
        folder, letters = self.some_letters()
        self.store(folder, letters, self.random.random() < 0.7,
                   self.random.choice(KEYWORDS))

    def do_move(self):
        target = self.some_folder()
        folder, letters = self.some_letters()
        if not letters:
            return
        uids = ",".join(str(l.uid) for l in letters)
        if self.random.random() < 0.5:
            self.ask("uid", "MOVE", uids, encode_name(target))
        else:
            self.ask("uid", "COPY", uids, encode_name(target))
            self.ask("uid", "STORE", uids, "+FLAGS.SILENT", "(\\Deleted)")
            self.ask("uid", "EXPUNGE", uids)
        for l in letters:
            self.listener.mate_moved(folder, l.uid, l.message_id, target)

    def do_copy(self):
        target = self.some_folder()
        _, letters = self.some_letters(2)
        if not letters:
            return
        self.ask("uid", "COPY", ",".join(str(l.uid) for l in letters),
                 encode_name(target))
        for l in letters:
            self.listener.copied(l.message_id, target)

    def do_expunge(self):
        """All of a folder that is marked as deleted, by whomever."""
        folder = self.some_folder()
        before = self.letters(folder)
        if not before:
            return
        self.ask("expunge")
        after = {l.uid for l in self.letters(folder)}
        for l in before:
            if l.uid not in after:
                self.listener.mate_expunged(folder, l.uid, l.message_id)

    def free(self, names):
        """Those that are no folder, and not above one."""
        folders = self.folders()
        return [n for n in names if n not in folders and
                not any(f.startswith(n + "/") for f in folders)]

    def do_create(self):
        free = self.free(NAMES)
        if free:
            self.create(self.random.choice(free))

    def own_folders(self):
        return [f for f in self.folders() if f in NAMES or f in FOLDERS[1:]]

    def do_rename(self):
        free = self.free(NAMES + FOLDERS[1:])
        own = self.own_folders()
        if not free or not own:
            return
        old, new = self.random.choice(own), self.random.choice(free)
        if new.startswith(old + "/"):
            return
        self.ask("select", "INBOX")
        self.ask("rename", encode_name(old), encode_name(new))
        self.listener.folder_renamed(old, new)

    def do_delete(self):
        # With inferiors it would stay, listed as if it could be selected.
        own = [f for f in self.own_folders() if f in NAMES and not
               any(g.startswith(f + "/") for g in self.folders())]
        if not own:
            return
        self.delete(self.random.choice(own))

    def step(self):
        """One random act."""
        acts, weights = zip(*ACTS)
        act = self.random.choices(acts, weights)[0]
        getattr(self, "do_" + act)()
        return act

    def settle_in(self, letters):
        """The mailbox that a run starts from."""
        for folder in FOLDERS[1:]:
            if folder not in self.folders():
                self.ask("create", encode_name(folder))
        for i in range(letters):
            self.append(FOLDERS[i % len(FOLDERS)])


ACTS = (("append", 6), ("mark", 8), ("keyword", 4), ("move", 3), ("copy", 2),
        ("expunge", 2), ("create", 1), ("rename", 0.5), ("delete", 0.5))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ca", required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--seed", default="0")
    parser.add_argument("--steps", type=int, default=0)
    options = parser.parse_args()
    mate = Mate(options, options.seed)
    for _ in range(options.steps):
        mate.step()
    print("\n".join(lines_of(mate.state())))
    mate.close()


if __name__ == "__main__":
    main()
