/* SPDX-License-Identifier: MIT */
#include "tests/store/faults.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_int calls_left;	/* 0: no fault to come */
static enum fault next_fault;
static atomic_int has_happened;

static void (*hook)(void *ctx);
static void *hook_ctx;
static int hook_calls_left;

void
faults_set(int n, enum fault fault)
{
	next_fault = fault;
	has_happened = 0;
	calls_left = n;
}

int
faults_happened(void)
{
	return has_happened;
}

void
faults_before_fsync(int n, void (*call)(void *ctx), void *ctx)
{
	hook = call;
	hook_ctx = ctx;
	hook_calls_left = n;
}

int
faults_before_fsync_left(void)
{
	return hook_calls_left;
}

static bool
is_about_halves(void)
{
	return next_fault == FAULT_KILL_HALF || next_fault == FAULT_SHORT;
}

/* 0: go on; 1: write half of it; -1: fail with errno. */
static int
fault_now(void)
{
	if (calls_left == 0 || --calls_left > 0)
		return 0;
	/* The next call is the last one again. */
	if (next_fault == FAULT_STAYS_FULL)
		calls_left = 1;
	has_happened = 1;
	switch (next_fault) {
	case FAULT_KILL:
	case FAULT_KILL_NAMES:
		kill(getpid(), SIGKILL);
		break;
	case FAULT_KILL_HALF:
	case FAULT_SHORT:
		return 1;
	case FAULT_FULL:
	case FAULT_STAYS_FULL:
		errno = ENOSPC;
		return -1;
	case FAULT_IO:
		errno = EIO;
		return -1;
	}
	return 0;
}

static ssize_t
half_done(ssize_t n)
{
	if (next_fault == FAULT_KILL_HALF)
		kill(getpid(), SIGKILL);
	return n;
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	int fault = fault_now();

	if (fault < 0)
		return -1;
	if (fault > 0)
		return half_done(syscall(SYS_pwrite64, fd, p, n / 2, at));
	return syscall(SYS_pwrite64, fd, p, n, at);
}

ssize_t
writev(int fd, const struct iovec *v, int n)
{
	int fault = fault_now();

	if (fault < 0)
		return -1;
	if (fault > 0)
		return half_done(syscall(SYS_writev, fd, v, n / 2));
	return syscall(SYS_writev, fd, v, n);
}

int
fdatasync(int fd)
{
	/* There is no half of this one, so it is not counted then. */
	if (!is_about_halves() && fault_now() < 0)
		return -1;
	return (int)syscall(SYS_fdatasync, fd);
}

/* -1: fail with errno. */
static int
fault_at_name(void)
{
	return next_fault == FAULT_KILL_NAMES ||
	    next_fault == FAULT_STAYS_FULL ? fault_now() : 0;
}

/* At one that gives room back. */
static void
fault_at_removal(void)
{
	if (next_fault == FAULT_KILL_NAMES)
		fault_now();
}

/* Not what goes through a pipe: that is how a test is told of things. */
static bool
is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* Copies of whole files are written with it. */
ssize_t
write(int fd, const void *p, size_t n)
{
	if (is_file(fd) && fault_at_name() < 0)
		return -1;
	if (next_fault == FAULT_KILL_HALF && is_file(fd) && fault_now() > 0)
		return half_done(syscall(SYS_write, fd, p, n / 2));
	return syscall(SYS_write, fd, p, n);
}

int
symlink(const char *target, const char *path)
{
	if (fault_at_name() < 0)
		return -1;
	return (int)syscall(SYS_symlinkat, target, AT_FDCWD, path);
}

int
link(const char *from, const char *to)
{
	if (fault_at_name() < 0)
		return -1;
	return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
unlinkat(int dir, const char *path, int flags)
{
	fault_at_removal();
	return (int)syscall(SYS_unlinkat, dir, path, flags);
}

int
fsync(int fd)
{
	if (hook_calls_left > 0) {
		hook_calls_left--;
		hook(hook_ctx);
	}
	if (fault_at_name() < 0)
		return -1;
	return (int)syscall(SYS_fsync, fd);
}

int
rename(const char *from, const char *to)
{
	if (fault_at_name() < 0)
		return -1;
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
renameat2(int from_dir, const char *from, int to_dir, const char *to,
    unsigned flags)
{
	if (fault_at_name() < 0)
		return -1;
	return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

int
unlink(const char *path)
{
	fault_at_removal();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int
rmdir(const char *path)
{
	fault_at_removal();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

int
mkdir(const char *path, mode_t mode)
{
	if (fault_at_name() < 0) {
		/* One that is there needs no room, and is told of first. */
		errno = access(path, F_OK) == 0 ? EEXIST : ENOSPC;
		return -1;
	}
	return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int
posix_fallocate(int fd, off_t at, off_t n)
{
	if (fault_at_name() < 0 || syscall(SYS_fallocate, fd, 0, at, n) != 0)
		return errno;
	return 0;
}
