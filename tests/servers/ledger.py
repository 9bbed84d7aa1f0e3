# SPDX-License-Identifier: MIT
"""What must be true of the server once two clients have come to rest.

The ledger hears of every act of both.  It knows how often each letter exists,
and what surat's user wished for of a flag; a wish that the mate contradicted
later, or may have (when both were connected nobody knows who came last), is
no longer looked at.  Letters are told apart by folder and uid; where a folder
is renamed or removed by the mate, the wishes about its letters end as well.
"""
import collections


class Ledger:
    def __init__(self):
        self.copies = collections.Counter()	# by message-id
        self.is_live = False			# surat is connected
        self.trace = []
        self.begin()

    def begin(self):
        """Both are at rest and agree."""
        self.wishes = {}	# (folder, uid, flag): (value, what it was)
        self.touched = set()	# by the mate, while surat was connected
        self.trace.clear()

    def say(self, *words):
        self.trace.append(" ".join(str(w) for w in words))

    # The mate.

    def appended(self, folder, message_id):
        self.say("mate: append", folder, message_id)
        self.copies[message_id] += 1

    def copied(self, message_id, target):
        self.say("mate: copy", message_id, "to", target)
        self.copies[message_id] += 1

    def forget(self, folder, uid):
        for key in [k for k in self.wishes if k[:2] == (folder, uid)]:
            del self.wishes[key]

    def mate_marked(self, folder, uid, flag):
        self.say("mate: mark", folder, uid, flag)
        self.wishes.pop((folder, uid, flag), None)
        if self.is_live:
            self.touched.add((folder, uid, flag))

    def mate_moved(self, folder, uid, message_id, target):
        self.say("mate: move", folder, uid, message_id, "to", target)
        self.forget(folder, uid)

    def mate_expunged(self, folder, uid, message_id):
        self.say("mate: expunge", folder, uid, message_id)
        self.forget(folder, uid)
        self.copies[message_id] -= 1

    def folder_made(self, folder):
        self.say("mate: create", folder)

    def folder_gone(self, folder):
        self.say("mate: delete", folder)
        self.folder_ends(folder)

    def folder_renamed(self, old, new):
        self.say("mate: rename", old, "to", new)
        self.folder_ends(old)

    def folder_ends(self, folder):
        for key in list(self.wishes):
            if key[0] == folder or key[0].startswith(folder + "/"):
                del self.wishes[key]

    # The user of surat.

    def surat_marked(self, row, flag, value):
        """row: as it was listed just before."""
        key = (row.folder, row.uid, flag)
        self.say("surat: mark", row.folder, row.uid, flag, value)
        was = self.wishes.get(key, (None, flag in row.flags))[1]
        if key not in self.touched:
            self.wishes[key] = (value, was)

    # At rest.

    def complaints(self, state):
        """state: of the server, as Mate.state gives it."""
        found = collections.Counter()
        there = {}
        for folder, letters in state.items():
            for l in letters:
                found[l.message_id] += 1
                there[folder, l.uid] = l
        wrong = []
        for message_id in set(found) | set(self.copies):
            if found[message_id] != self.copies[message_id]:
                wrong.append("%s is there %d times, not %d" % (
                    message_id, found[message_id], self.copies[message_id]))
        for (folder, uid, flag), (value, was) in self.wishes.items():
            l = there.get((folder, uid))
            if l and value != was and (flag in l.flags) != value:
                wrong.append("lost: %s of %s %d is not %s" % (
                    flag, folder, uid, value))
        return wrong
