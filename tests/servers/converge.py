#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whatever two clients do, surat and the server agree in the end.

To be run inside a mail host; see test_converge.sh.  CONVERGE says what:

  sample                for `make check`; this is so when it is not set
  long                  all of it, for `make check-long`
  seed bare 17          one seed with one list of capabilities
  upheaval bare, cuts bare, kills bare
                        one claim, and each octet or write
"""
import concurrent.futures
import os
import random
import sys
import traceback

from client import ACCOUNT, Client, Failure, Host
from cutter import DOWN, UP, Cutter
from ledger import Ledger
from mate import KEYWORDS, Mate
import stops
import upheavals

LETTERS, NROUNDS = 40, 3
WORKERS = 2 + (os.cpu_count() or 2)	# much of the time is spent waiting
FLAGS = ("seen", "flagged", "answered", "forwarded", "junk")
TARGETS = ("INBOX", "Sent", "Trash")	# which the mate leaves where they are

# What surat is not to use.  Masked in its configuration and not at the
# server: so one Dovecot serves all of them at the same time, and what Dovecot
# sends does not depend on what it announces, but on what it was asked for.
# "bare" is filled from what the server announces.
MASKS = {
    "full": (),
    "no-qresync": ("QRESYNC",),
    "no-condstore": ("QRESYNC", "CONDSTORE", "UIDPLUS", "MOVE"),
    "bare": None,
}


class World:
    """One user of the mail host, his surat and his mate."""

    def __init__(self, name, mask, seed, **more):
        self.random = random.Random(name)
        self.ledger = Ledger()
        host = Host(name)
        self.mate = Mate(host, seed, self.ledger)
        if mask is None:
            words = self.mate.ask("capability")[0].decode().split()
            mask = [w for w in words if w != "IMAP4rev1"]
        self.ledger.has_uidplus = "UIDPLUS" not in mask
        self.surat = Client(host, os.path.join(
            os.environ["MAILHOST_DIR"], "profile-" + name), mask, **more)
        self.acts = [a for a in ACTS if self.surat.knows(a[0])]

    def close(self):
        self.surat.drop()
        self.mate.close()
        self.surat.remove()

    def check(self):
        """Both sides are at rest: they must agree."""
        self.surat.sync()
        state = self.mate.state()
        wrong = self.surat.differences(state) + self.ledger.complaints(state)
        if wrong:
            raise Failure("\n".join(wrong))
        self.ledger.begin()


# The acts of surat's user: each takes a world, and tells its ledger.

def some_rows(world, most=4):
    folders = world.surat.folders()
    if not folders:
        return []
    rows = world.surat.rows(world.random.choice(folders))
    n = world.random.randint(1, most)
    return world.random.sample(rows, min(n, len(rows)))


def change(world, words, mark, value):
    rows = some_rows(world)
    if rows and world.surat.try_act(words, rows):
        for r in rows:
            world.ledger.surat_marked(r, mark, value)


def act_mark(world):
    flag = world.random.choice(FLAGS)
    value = world.random.random() < 0.7
    change(world, ("mark", "--add" if value else "--remove", flag), flag,
           value)


def act_keyword(world):
    word = world.random.choice(KEYWORDS)
    value = world.random.random() < 0.7
    change(world, ("mark", "--keyword", ("+" if value else "-") + word), word,
           value)


def act_delete(world):
    change(world, ("delete",), "deleted", True)


def act_undelete(world):
    change(world, ("mark", "--remove", "deleted"), "deleted", False)


def shift(world, words, rows, target=None):
    """Of letters that it shifted before, surat does not tell the place."""
    rows = [r for r in rows if r.uid and r.folder != target and
            r.id not in world.ledger.shifted]
    if rows and world.surat.try_act(words, rows):
        for r in rows:
            world.ledger.surat_shifted(words[0], r, target)


def shift_to(world, word):
    target = world.random.choice(TARGETS)
    shift(world, (word, "%s/%s" % (ACCOUNT, target)), some_rows(world),
          target)


def act_move(world):
    shift_to(world, "move")


def act_copy(world):
    shift_to(world, "copy")


def act_purge(world):
    rows = some_rows(world, 20)
    shift(world, ("purge",), [r for r in rows if "deleted" in r.flags])


def act_create(world):
    name = "Buatan %d" % len(world.ledger.made)
    if name not in [f["folder"] for f in world.surat.objects("folders")]:
        world.surat.run("folder", "create", "%s/%s" % (ACCOUNT, name))
        world.ledger.surat_made(name)


ACTS = (
    # what surat's help has, weight, act; without that it is passed over
    ("mark", 8, act_mark),
    ("--keyword", 3, act_keyword),
    ("delete", 2, act_delete),
    ("mark", 1, act_undelete),
    ("move", 3, act_move),
    ("copy", 2, act_copy),
    ("purge", 1, act_purge),
    ("folder", 1, act_create),
)


def surat_step(world):
    weights = [weight for _, weight, _ in world.acts]
    _, _, act = world.random.choices(world.acts, weights)[0]
    act(world)


def either_steps(world, n):
    for _ in range(n):
        if world.random.random() < 0.5:
            surat_step(world)
        else:
            world.mate.step()


# The rounds.

def round_apart(world):
    """surat is not connected."""
    either_steps(world, world.random.randint(4, 14))


def keep_up(world):
    if "IDLE" not in world.surat.mask:
        world.surat.keeps_up("INBOX", lambda: world.mate.letters("INBOX"))


def round_watched(world):
    """surat listens.  It is stopped in the middle of something, or when what
    is pushed has brought it into step with the folder that it watches."""
    world.ledger.is_live = True
    world.surat.watch()
    either_steps(world, world.random.randint(4, 14))
    if world.random.random() < 0.5:
        keep_up(world)
    world.surat.stop_watching()
    world.ledger.is_live = False


def round_cut(world):
    """The line breaks somewhere; surat comes back by itself."""
    cutter = Cutter(world.surat.host.clear_port)
    way, octets = world.random.choice(((UP, 5000), (DOWN, 20000)))
    limit = world.random.randint(1, octets)
    world.ledger.is_live = True
    world.surat.configure(cutter.port)
    with concurrent.futures.ThreadPoolExecutor(1) as beside:
        beside.submit(cutter.carry, way, limit)
        beside.submit(cutter.carry)
        try:
            world.surat.watch()
            either_steps(world, world.random.randint(4, 14))
            keep_up(world)
            world.surat.stop_watching()
        finally:
            world.surat.drop()
            cutter.release()
    cutter.close()
    world.surat.configure()
    world.ledger.is_live = False


def round_crossing(world):
    """A pass while the mate acts; surat's acts were made before.

    Dovecot hangs up when the open folder goes: then the pass may fail (69).
    """
    either_steps(world, world.random.randint(2, 8))
    world.ledger.is_live = True
    with concurrent.futures.ThreadPoolExecutor(1) as beside:
        crossing = beside.submit(world.surat.run, "sync", codes=(0, 69))
        while not crossing.done():
            world.mate.step()
        crossing.result()
    world.ledger.is_live = False


ROUNDS = (round_apart, round_apart, round_watched, round_cut, round_crossing)


# What is claimed; each returns what is wrong.

def within(name, mask, tell, seed=0):
    """tell(world), with what led to a failure."""
    world = World(name, MASKS[mask], seed)
    try:
        return tell(world)
    except Exception as error:
        return ([str(error)] + world.ledger.trace +
                traceback.format_exc().splitlines())
    finally:
        world.close()


def converge(mask, seed):
    def tell(world):
        world.mate.settle_in(LETTERS)
        world.check()
        for _ in range(NROUNDS):
            world.random.choice(ROUNDS)(world)
            world.check()
        return []

    return within("seed-%s-%s" % (seed, mask), mask, tell, seed)


def upheave(mask):
    def tell(world):
        world.mate.settle_in(LETTERS)
        world.check()
        upheavals.befall(world, act_mark)
        return []

    return within("upheaval-" + mask, mask, tell)


def cut(mask, step):
    def tell(world):
        with concurrent.futures.ThreadPoolExecutor(1) as beside:
            return stops.cuts(world, beside, step)

    return within("cut-" + mask, mask, tell)


def kill(mask, step):
    return within("kill-" + mask, mask,
                  lambda world: stops.kills(world, step))


class Scale:
    def __init__(self, seeds, octets, writes, masks):
        self.seeds = seeds
        self.octets = octets		# between two cuts
        self.writes = writes		# between two kills
        self.masks = masks		# for all but the seeds


SCALES = {
    "sample": Scale(3, {UP: 211, DOWN: 3001}, 23, ("full", "bare")),
    "long": Scale(100, {UP: 1, DOWN: 1}, 1, tuple(MASKS)),
}


def works(scale):
    """What is claimed, how it is run alone, a function and its arguments."""
    for mask in MASKS:
        yield ("%d seeds of acts" % scale.seeds, mask,
               [("seed %s %d" % (mask, s), converge, mask, s)
                for s in range(1, scale.seeds + 1)])
    for mask in scale.masks:
        yield ("new numbers, folders made anew, mailboxes emptied", mask,
               [("upheaval " + mask, upheave, mask)])
        yield ("cuts after any octet", mask,
               [("cuts " + mask, cut, mask, scale.octets)])
        yield ("kills at any write", mask,
               [("kills " + mask, kill, mask, scale.writes)])


def claim(number, text, mask, tried):
    """Prints TAP; False: something is wrong."""
    wrong = [(again, future.result()) for again, future in tried
             if future.result()]
    print("%s %d - %s converge, capabilities: %s" % (
        "not ok" if wrong else "ok", number, text, mask))
    for again, lines in wrong:
        print("# alone: CONVERGE='%s' sh tests/servers/test_converge.sh" %
              again)
        for l in "\n".join(lines).splitlines():
            print("#   " + l)
    sys.stdout.flush()
    return not wrong


def chosen(words):
    """The claims of CONVERGE; see the head."""
    if words[0] in SCALES:
        return list(works(SCALES[words[0]]))
    alone = " ".join(words)
    if words[0] == "seed":
        return [(alone, words[1], [(alone, converge, words[1], words[2])])]
    return [(text, mask, some) for text, mask, some in works(SCALES["long"])
            if some[0][0] == alone]


def main():
    words = os.environ.get("CONVERGE", "sample").split()
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        claims = [(text, mask, [(again, pool.submit(*call))
                                for again, *call in some])
                  for text, mask, some in chosen(words)]
        print("1..%d" % len(claims))
        well = [claim(i, *c) for i, c in enumerate(claims, 1)]
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
