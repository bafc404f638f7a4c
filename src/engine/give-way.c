/* give-way.c — threads whose work can wait for the rest of the desktop.
 * SPDX-License-Identifier: MIT */

#include "engine/give-way.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* On Linux a thread has a niceness of its own. */
void
raqam_give_way (void)
{
  setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), 10);
}
