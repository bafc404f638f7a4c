/* history.h — metrics.csv of a run: one line for each step.
 * SPDX-License-Identifier: MIT
 *
 * The columns: step,epoch,seconds,loss_generator,loss_discriminator,p_real,
 * p_fake,rate_generator,rate_discriminator,images_per_second. As RaqamPoint has
 * them; seconds since the run began, without those between two sessions; numbers
 * as in C, "nan" for what is none.
 *
 * One thread at a time. Lines wait in memory until raqam_history_flush().
 */

#pragma once

#include <glib.h>

#include "engine/error.h"
#include "engine/point.h"

G_BEGIN_DECLS

typedef struct _RaqamHistory RaqamHistory;

/**
 * raqam_history_open:
 * @folder: the run's, which exists
 * @keep_steps: lines of later steps are dropped, 0 for a new run
 * @points: (out) (optional) (transfer full) (element-type RaqamPoint): those kept
 *
 * Opens or makes metrics.csv for more lines. From the first line on that is
 * torn, damaged or out of order nothing is kept: it is what a crash leaves
 * after the newest checkpoint, or somebody's editing.
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_RUN
 */
RaqamHistory *raqam_history_open (const char *folder, guint64 keep_steps, GArray **points,
                                  GError **error);

/* Adds a line; @images_per_second may be 0 while it is unknown. */
void raqam_history_add (RaqamHistory *self, const RaqamPoint *point, double images_per_second);

/**
 * raqam_history_flush:
 *
 * Writes the lines that wait, and waits until the disk has them. After a
 * failure (a full disk) nothing is lost: the next flush writes them all.
 *
 * Returns: FALSE with RAQAM_ERROR_RUN
 */
gboolean raqam_history_flush (RaqamHistory *self, GError **error);

/* Drops the lines that were not flushed. NULL is allowed. */
void raqam_history_close (RaqamHistory *self);

/**
 * raqam_history_read:
 *
 * Reads metrics.csv of a run that may be training; as raqam_history_open() but
 * without a change.
 *
 * Returns: (transfer full) (element-type RaqamPoint): NULL with RAQAM_ERROR_RUN
 */
GArray *raqam_history_read (const char *folder, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamHistory, raqam_history_close)

G_END_DECLS
