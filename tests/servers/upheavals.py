# SPDX-License-Identifier: MIT
"""What seldom befalls a mailbox, and then all of it at once.

Each of these is done to a folder that surat knows and whose letters it has
marks for; while surat is away, and while it listens to that very folder.
"""
import itertools

CROWD = 600		# gone at once
MANY = CROWD + 40


def renumber(world):
    """The letters stay, their numbers mean nothing any more."""
    validity = 1900000000 + next(world.numbers)
    world.surat.host.doveadm("mailbox", "update", "--uid-validity",
                             str(validity), "-u", world.surat.host.user,
                             "INBOX")
    world.ledger.folder_ends("INBOX")


def empty(world):
    letters = world.mate.letters("INBOX")
    world.mate.expunge("INBOX", letters)
    for _ in range(3):
        world.mate.append("Arsip")


def fill_again(world):
    for _ in range(12):
        world.mate.append("INBOX")


def remake(world):
    """Another folder of the same name; as many letters, other ones."""
    letters = world.mate.letters("Arsip")
    world.mate.delete("Arsip")
    world.mate.create("Arsip")
    for _ in letters:
        world.mate.append("Arsip")


def mark_all(world):
    """More than is held while a folder opens, and than a visit compares."""
    world.mate.store("Proyek", world.mate.letters("Proyek"), True, "Penting")


def crowd(world):
    """Most of many: more than is believed of a server without asking."""
    letters = world.mate.letters("Proyek")
    world.mate.expunge("Proyek", world.mate.random.sample(letters, CROWD))


UPHEAVALS = (("new numbers", renumber), ("a folder made anew", remake),
             ("none left", empty), ("some again", fill_again),
             ("many marked", mark_all), ("a crowd expunged", crowd))


def befall(world, mark):
    """All of them, one after another.  mark: an act of surat's user."""
    world.numbers = itertools.count(1)
    for is_watched in (False, True):
        world.ledger.is_live = is_watched
        world.mate.multiply("Proyek", MANY)
        world.check()
        for name, upheaval in UPHEAVALS:
            world.ledger.say("upheaval:", name)
            for _ in range(3):
                mark(world)
            if is_watched:
                world.surat.watch()
            upheaval(world)
            if is_watched:
                world.surat.stop_watching()
            world.check()
