/* give-way.h — threads whose work can wait for the rest of the desktop.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The calling thread is scheduled behind others from now on (nice 10), as the CPU
 * backend's workers are. What it was refused is no loss. */
void raqam_give_way (void);

G_END_DECLS
