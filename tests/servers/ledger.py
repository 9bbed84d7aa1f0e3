# SPDX-License-Identifier: MIT
"""What must be true of the server once two clients have come to rest.

The ledger hears of every act of both.  It knows how often each letter exists,
and what surat's user wished for of a flag; a wish that the mate contradicted
later, or may have (when both were connected nobody knows who came last), is
no longer looked at.  Letters are told apart by folder and uid; where a folder
is renamed or removed by the mate, the wishes about its letters end as well.
A letter that surat moves, copies or purges while the mate takes it away may be
there once more or less.
"""
import collections


class Ledger:
    def __init__(self):
        self.copies = collections.Counter()	# by message-id
        self.is_live = False			# surat is connected
        self.has_uidplus = True			# surat may use it
        self.trace = []
        self.begin()

    def begin(self):
        """Both are at rest and agree."""
        self.wishes = {}	# (folder, uid, flag): (value, what it was)
        self.touched = set()	# by the mate, while surat was connected
        self.ended = set()	# (folder, uid) that the mate took away
        self.shifts = []	# (folder, uid, message-id, target or None)
        self.shifted = set()	# surat's ids of those
        self.made = set()	# folders that surat made
        self.loose = collections.Counter()	# once more or less
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
        self.unshift(lambda s: s[:2] == (folder, uid))

    def unshift(self, is_contradicted):
        for shift in [s for s in self.shifts if is_contradicted(s)]:
            self.shifts.remove(shift)
            self.loose[shift[2]] += 1

    def mate_took(self, folder, uid, message_id):
        self.ended.add((folder, uid))
        self.forget(folder, uid)
        self.unshift(lambda s: s[2] == message_id)

    def mate_marked(self, folder, uid, flag):
        self.say("mate: mark", folder, uid, flag)
        self.wishes.pop((folder, uid, flag), None)
        if self.is_live:
            self.touched.add((folder, uid, flag))

    def mate_moved(self, folder, uid, message_id, target):
        self.say("mate: move", folder, uid, message_id, "to", target)
        self.mate_took(folder, uid, message_id)

    def mate_expunged(self, folder, uid, message_id):
        self.say("mate: expunge", folder, uid, message_id)
        self.mate_took(folder, uid, message_id)
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
        def is_in(name):
            return name is not None and (name + "/").startswith(folder + "/")

        for key in [k for k in self.wishes if is_in(k[0])]:
            del self.wishes[key]
        self.unshift(lambda s: is_in(s[0]) or is_in(s[3]))

    # The user of surat.  row: as it was listed just before.

    def surat_marked(self, row, flag, value):
        key = (row.folder, row.uid, flag)
        self.say("surat: mark", row.folder, row.uid, flag, value)
        if row.uid == 0 or row.id in self.shifted:
            return		# where the server has it is not told
        was = self.wishes.get(key, (None, row.has(flag)))[1]
        if key not in self.touched:
            self.wishes[key] = (value, was)

    def surat_shifted(self, word, row, target=None):
        """move and copy, to the target; purge."""
        self.say("surat:", word, row.folder, row.uid, row.message_id,
                 "to", target)
        self.copies[row.message_id] += {"copy": 1, "purge": -1}.get(word, 0)
        if word != "copy":
            self.forget(row.folder, row.uid)
            self.shifted.add(row.id)
        self.shifts.append((row.folder, row.uid, row.message_id, target))
        if (row.folder, row.uid) in self.ended:
            self.unshift(lambda s: s[:2] == (row.folder, row.uid))

    def surat_made(self, folder):
        self.say("surat: create", folder)
        self.made.add(folder)

    # At rest.

    def complaints(self, state):
        """state: of the server, as Mate.state gives it."""
        letters = [l for some in state.values() for l in some]
        there = {(l.folder, l.uid): l for l in letters}
        places = {(l.folder, l.message_id) for l in letters}
        wrong = ["lost: folder " + f for f in self.made - set(state)]
        for (folder, uid, flag), (value, was) in self.wishes.items():
            l = there.get((folder, uid))
            if l and value != was and l.has(flag) != value:
                wrong.append("lost: %s of %s %d is not %s" % (
                    flag, folder, uid, value))
        for folder, uid, message_id, target in self.shifts:
            if target and (target, message_id) not in places:
                wrong.append("lost: %s of %s %d is not in %s" % (
                    message_id, folder, uid, target))
        return wrong + self.miscounts(
            collections.Counter(l.message_id for l in letters),
            collections.Counter(l.message_id for l in letters
                                if l.has("deleted")))

    def miscounts(self, found, struck):
        """Without UIDPLUS what others marked as deleted keeps surat from
        expunging: what it moved away, or purged, stays there as marked."""
        wrong = []
        for message_id in set(found) | set(self.copies):
            there, known = found[message_id], self.copies[message_id]
            may_stay = 0 if self.has_uidplus else struck[message_id]
            if not (-self.loose[message_id] <= there - known <=
                    self.loose[message_id] + may_stay):
                wrong.append("%s is there %d times, not %d" % (
                    message_id, there, known))
            self.copies[message_id] = there
        return wrong
