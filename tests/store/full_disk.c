/* SPDX-License-Identifier: MIT */
#include "tests/store/full_disk.h"

#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

#include "base/xalloc.h"
#include "tests/store/damage.h"
#include "tests/store/faults.h"

/* What a child answers; an ended test is neither. */
enum { WAS_DONE = 40, WAS_FULL = 41 };

#define SMALL_DISK "size=10m,nr_inodes=60"

/* The map of a store that is open grows meanwhile, too. */
static const struct env_limits small = {
	.map_octets = 1 << 21,
	.room_octets = 1 << 20,
	.wait_ms = 60000,
};

static const char *const way_names[FULL_WAYS] = {
	"at call", "with pages a file", "with pages left", "with names left",
};

/* Of the child; set before the fork. */
static const struct full_disk *disk;
static const struct full_work *work;
static enum full_way way;
static int moment;
static struct buf first, last;		/* what was there, what is to come */

/* For this process alone, and gone with it however it ends. */
static bool
mount_small(const char *dir)
{
	return unshare(CLONE_NEWNS) == 0 &&
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("tmpfs", dir, "tmpfs", 0, SMALL_DISK) == 0;
}

bool
full_disk_init(struct full_disk *d, bool is_small)
{
	char disk_dir[280];

	*d = (struct full_disk){ .is_small = false };
	scratch_dir(&d->s);
	snprintf(disk_dir, sizeof disk_dir, "%s/disk", d->s.dir);
	snprintf(d->begun, sizeof d->begun, "%s/begun", d->s.dir);
	snprintf(d->dir, sizeof d->dir, "%s/work", disk_dir);
	cr_assert_eq(mkdir(disk_dir, 0700), 0);
	d->is_small = is_small && mount_small(disk_dir);
	return d->is_small == is_small;
}

void
full_disk_fini(struct full_disk *d)
{
	char disk_dir[280];

	snprintf(disk_dir, sizeof disk_dir, "%s/disk", d->s.dir);
	if (d->is_small)
		cr_assert_eq(umount(disk_dir), 0);
	rmdir(disk_dir);
	scratch_fini(&d->s);
}

static void
copy_file(const char *from, const char *to)
{
	static char bytes[1 << 16];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ssize_t n;

	cr_assert(in >= 0 && out >= 0, "%s", to);
	while ((n = read(in, bytes, sizeof bytes)) > 0)
		cr_assert_eq(write(out, bytes, (size_t)n), n);
	cr_assert_eq(n, 0);
	close(in);
	close(out);
}

static int
copy_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	char to[600], target[300];
	ssize_t n;

	(void)st;
	(void)ftw;
	snprintf(to, sizeof to, "%s%s", disk->dir, path + strlen(disk->begun));
	if (type == FTW_D)
		return mkdir(to, 0700);
	if (type != FTW_SL) {
		copy_file(path, to);
		return 0;
	}
	n = readlink(path, target, sizeof target - 1);
	cr_assert_gt(n, 0);
	target[n] = '\0';
	return symlink(target, to);
}

static char *
filler_path(void)
{
	return xasprintf("%s/disk/filler", disk->s.dir);
}

/* Takes all the room of the small disk but so many pages or names. */
static void
take_pages(const char *filler, int left)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/0", filler);
	CLEANUP(cleanup_close) int fd = open(path,
	    O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	struct statvfs fs;
	off_t n;

	cr_assert(fd >= 0 && statvfs(filler, &fs) == 0);
	n = (off_t)fs.f_bavail - left;
	if (n > 0)
		cr_assert_eq(posix_fallocate(fd, 0, n * (off_t)fs.f_frsize), 0);
}

static void
take_names(const char *filler, int left)
{
	struct statvfs fs;

	cr_assert_eq(statvfs(filler, &fs), 0);
	for (int n = (int)fs.f_ffree - left; n > 0; n--) {
		CLEANUP(cleanup_free) char *path = xasprintf("%s/%d", filler,
		    n);
		CLEANUP(cleanup_close) int fd = open(path,
		    O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

		cr_assert_geq(fd, 0);
	}
}

static void
take_room(void)
{
	struct rlimit limit = { (rlim_t)moment * DAMAGE_PAGE, RLIM_INFINITY };
	CLEANUP(cleanup_free) char *filler = filler_path();

	switch (way) {
	case FULL_CALLS:
		faults_set(moment, FAULT_STAYS_FULL);
		return;
	case FULL_LIMIT:
		signal(SIGXFSZ, SIG_IGN);
		cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
		return;
	case FULL_PAGES:
		cr_assert_eq(mkdir(filler, 0700), 0);
		take_pages(filler, moment);
		return;
	case FULL_NAMES:
		cr_assert_eq(mkdir(filler, 0700), 0);
		take_names(filler, moment);
		return;
	case FULL_WAYS:
		return;
	}
}

static void
give_room(void)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
	CLEANUP(cleanup_free) char *filler = filler_path();

	faults_set(0, FAULT_STAYS_FULL);
	setrlimit(RLIMIT_FSIZE, &limit);
	scratch_remove(filler);
}

static struct store *
open_store(void)
{
	CLEANUP(cleanup_free) char *path = xasprintf("%s/store", disk->dir);
	struct store *store = NULL;
	struct error e = { 0 };

	if (work->is_open)
		cr_assert_eq(store_open_limited(path, &small, &store, &e),
		    ERR_OK, "%s", e.text);
	return store;
}

/* What went wrong is read by the parent. */
__attribute__((format(printf, 1, 2)))
static int
complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	return 1;
}

static bool
is_consistent(struct store *store)
{
	CLEANUP(buf_fini) struct buf now = { 0 };

	if (work->is_made_by_run)
		return true;
	work->look(disk->dir, store, &now);
	return work->is_in_steps ||
	    span_eq(buf_span(&now), buf_span(&first)) ||
	    span_eq(buf_span(&now), buf_span(&last));
}

static int
go_on(struct store *store)
{
	struct error e = { 0 };

	if (!is_consistent(store))
		return complain("it has become something else");
	if (work->run(disk->dir, store, &e) != ERR_OK)
		return complain("it does not go on: %s", e.text);
	store_close(store);
	return WAS_FULL;
}

static int
at_moment(const char *dir)
{
	struct store *store = open_store();
	struct error e = { 0 };
	enum err err;

	take_room();
	err = work->run(dir, store, &e);
	give_room();
	if (err != ERR_OK) {
		if (err != ERR_FULL || e.kind != err || !strstr(e.text, dir))
			return complain("%s: %s", err_name(err), e.text);
		return go_on(store);
	}
	store_close(store);
	return WAS_DONE;
}

static void
look_alone(struct buf *out)
{
	struct store *store = open_store();

	out->n = 0;
	work->look(disk->dir, store, out);
	store_close(store);
}

/* And what it is without any fault. */
static void
make(void)
{
	struct store *store;
	struct error e = { 0 };

	cr_assert_eq(mkdir(disk->begun, 0700), 0);
	work->make(disk->begun);
	cr_assert_eq(nftw(disk->begun, copy_one, 8, FTW_PHYS), 0);
	if (!work->is_made_by_run)
		look_alone(&first);
	store = open_store();
	cr_assert_eq(work->run(disk->dir, store, &e), ERR_OK, "%s", e.text);
	store_close(store);
	look_alone(&last);
	scratch_remove(disk->dir);
}

int
full_disk_sweep(struct full_disk *d, const struct full_work *w,
    enum full_way by)
{
	CLEANUP(buf_fini) struct buf now = { 0 };
	int code = WAS_FULL, n = 0;

	disk = d;
	work = w;
	way = by;
	make();
	for (moment = by == FULL_CALLS; code == WAS_FULL;
	    moment += w->step[by]) {
		struct damage_end end;

		cr_assert_eq(nftw(d->begun, copy_one, 8, FTW_PHYS), 0);
		end = damage_end_of(d->dir, at_moment);
		code = WIFEXITED(end.status) ? WEXITSTATUS(end.status) : -1;
		cr_assert(code == WAS_DONE || code == WAS_FULL,
		    "%s, %s %d: status %x: %s", w->name, way_names[by],
		    moment, end.status, end.text);
		look_alone(&now);
		cr_assert(span_eq(buf_span(&now), buf_span(&last)),
		    "%s, %s %d: in the end there is\n%.*s\ninstead of\n%.*s",
		    w->name, way_names[by], moment, SPAN_ARG(buf_span(&now)),
		    SPAN_ARG(buf_span(&last)));
		scratch_remove(d->dir);
		n += code == WAS_FULL;
	}
	cr_assert_geq(n, w->min[by], "%s, %s: only %d moments", w->name,
	    way_names[by], n);
	scratch_remove(d->begun);
	buf_fini(&first);
	buf_fini(&last);
	first = last = (struct buf){ 0 };
	return n;
}

void
full_disk_try(const struct full_work *w)
{
	struct full_disk d;

	cr_assert(full_disk_init(&d, false));
	full_disk_sweep(&d, w, FULL_CALLS);
	full_disk_sweep(&d, w, FULL_LIMIT);
	full_disk_fini(&d);
}

bool
full_disk_try_small(const struct full_work *const *works, size_t n)
{
	struct full_disk d;
	bool is_there = full_disk_init(&d, true);

	for (size_t i = 0; is_there && i < n; i++) {
		full_disk_sweep(&d, works[i], FULL_PAGES);
		full_disk_sweep(&d, works[i], FULL_NAMES);
	}
	full_disk_fini(&d);
	return is_there;
}
