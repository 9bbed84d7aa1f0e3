# SPDX-License-Identifier: MIT
"""A pass that is stopped: by a cut of the connection after any octet, by a
kill at any write to the disk.  The next pass goes on to the end, and both
sides agree.

The pass is the same each time: log in, list, select two folders, the headers
of fifteen letters, what the mate has marked and expunged, the user's marks
told to the server, thirty bodies.  The store before it is kept and copied; the
user's marks are taken off the server again.
"""
import os

from client import Failure
from cutter import DOWN, UP, Cutter

MORTAL = os.path.join(os.environ.get("builddir", "."),
                      "tests/servers/mortal")
LETTERS, GONE = 30, 4


class Stops:
    """One user, whose pass is stopped again and again."""

    def __init__(self, world):
        self.world, self.mate = world, world.mate
        self.cutter = Cutter(world.surat.host.clear_port)
        for i in range(LETTERS // 2 + GONE):
            self.mate.append("INBOX" if i % 4 else "Sent")
        world.check()
        self.mark()
        self.meddle()
        for i in range(LETTERS // 2):
            self.mate.append("INBOX", "Isi surat.\r\n" * (i * 5))
        world.surat.keep = "offline"
        self.before = self.mate.state()

    def meddle(self):
        """What surat is to find."""
        for folder in ("INBOX", "Sent"):
            letters = self.mate.letters(folder)
            self.mate.store(folder, letters[-2:], True, "Penting")
            self.mate.store(folder, letters[-1:], True, "\\Answered")
            self.mate.expunge(folder, letters[2:2 + GONE // 2])

    def mark(self):
        rows = self.world.surat.rows("INBOX")
        for flag, some in (("seen", rows[::2]), ("flagged", rows[1::3]),
                           ("deleted", rows[:2]), ("junk", rows[4:6])):
            self.world.surat.run("mark", "--add", flag,
                                 *(str(r.id) for r in some))
            for r in some:
                self.world.ledger.surat_marked(r, flag, True)

    def twin(self):
        twin = self.world.surat.copy(self.world.surat.profile + "-twin")
        twin.configure(self.cutter.port)
        return twin

    def finish(self, twin):
        """The next pass; what is wrong then."""
        twin.configure()
        twin.sync()
        state = self.mate.state()
        wrong = twin.differences(state) + self.world.ledger.complaints(state)
        twin.remove()
        self.mate.restore(self.before)
        return wrong

    def octets(self, pool):
        """How many go each way when nobody cuts."""
        twin = self.twin()
        carried = pool.submit(self.cutter.carry)
        twin.run("sync")
        went = carried.result()
        wrong = self.finish(twin)
        if wrong:
            raise Failure("without a cut: " + "\n".join(wrong))
        return went

    def cut(self, pool, way, octets):
        twin = self.twin()
        carried = pool.submit(self.cutter.carry, way, octets)
        twin.run("sync", codes=(0, 69, 75, 76))
        carried.result()
        return ["cut %s after %d: %s" % (way, octets, w)
                for w in self.finish(twin)]

    def kill(self, write):
        """What is wrong, and whether it came to its end before."""
        twin = self.twin()
        twin.configure()
        said = twin.run_mortal(MORTAL, write, "sync")
        wrong = ["killed at write %d: %s" % (write, w)
                 for w in self.finish(twin)]
        return wrong, said == 0


def cuts(world, pool, step):
    """Cuts after every step-th octet either way; what is wrong."""
    stops, wrong = Stops(world), []
    try:
        went = stops.octets(pool)
        for way in (UP, DOWN):
            for octets in range(step[way] // 2, went[way], step[way]):
                wrong += stops.cut(pool, way, octets)
    finally:
        stops.cutter.close()
    return wrong


def kills(world, step):
    """Kills at every step-th write to the disk; what is wrong."""
    stops, wrong = Stops(world), []
    write, is_over = 1, False
    try:
        while not is_over:
            more, is_over = stops.kill(write)
            wrong += more
            write += step
    finally:
        stops.cutter.close()
    return wrong
