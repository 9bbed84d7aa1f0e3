/* SPDX-License-Identifier: MIT */
/*
 * surat that dies: a command of it, ended by SIGKILL instead of the N-th
 * write to the disk.  `mortal N DIR COMMAND...`, DIR as for --profile.  Every
 * commit of the store is some such writes, so that every N is every state
 * that a kill can leave.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "src/cli/cli.h"
#include "tests/store/faults.h"

int
main(int argc, char **argv)
{
	if (argc < 4) {
		fputs("usage: mortal N DIR COMMAND...\n", stderr);
		return EX_USAGE;
	}
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	faults_set((int)strtol(argv[1], NULL, 10), FAULT_KILL);
	return cli_run(argv[2], argc - 3, argv + 3);
}
