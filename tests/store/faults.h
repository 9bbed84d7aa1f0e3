/* SPDX-License-Identifier: MIT */
/*
 * A disk that goes wrong at a chosen moment: this program has its own
 * pwrite, writev and fdatasync, through which LMDB writes, and its own calls
 * that change directories.  Only for child processes: what is set here is of
 * the whole process.
 */
#pragma once

enum fault {
	FAULT_KILL,		/* SIGKILL instead of the call */
	FAULT_KILL_HALF,	/* SIGKILL with half of the bytes written */
	FAULT_FULL,		/* the call fails with ENOSPC */
	FAULT_IO,		/* the call fails with EIO */
	FAULT_SHORT,		/* half of the bytes are written */
	FAULT_KILL_NAMES,	/* FAULT_KILL, at fsync and at names, too */
	FAULT_STAYS_FULL,	/* from that call on, all that take room (names,
				   too) fail with ENOSPC until it is set anew */
};

/* The n-th call from now on (from 1) goes wrong, once; 0: none. */
void faults_set(int n, enum fault fault);
/* True when it has. */
int faults_happened(void);

/*
 * What happens elsewhere just before a file is made durable: `call` at each
 * of the next n calls of fsync.  For programs with one thread.
 */
void faults_before_fsync(int n, void (*call)(void *ctx), void *ctx);
/* How many of the n are still to come. */
int faults_before_fsync_left(void);
