/* session.h — a training and the run folder that keeps it.
 * SPDX-License-Identifier: MIT
 *
 * One thread at a time. The folder's lock is held as long as the session lives.
 */

#pragma once

#include <gio/gio.h>

#include "engine/history.h"
#include "engine/run.h"
#include "engine/settings.h"
#include "engine/trainer.h"

G_BEGIN_DECLS

typedef struct
{
  RaqamRun     *run;
  RaqamTrainer *trainer;
  RaqamHistory *history;
  GArray       *past;     /* RaqamPoint: of the steps before this session; empty for a new run */
  gsize         n_images; /* in the data set */
  GPtrArray    *notices;  /* GError: what people should hear of, though the session is open */
  int           lock;     /* file descriptor; -1 for none */
} RaqamSession;

/**
 * raqam_session_open:
 *
 * Reads the data, plans the training, and makes the run's folder or, when
 * resuming, goes back to its newest whole checkpoint; damaged newer ones get
 * ".damaged" behind their names, and the first of them a notice. A new run's
 * folder is made last, so that what fails before leaves nothing behind. Where
 * the device is "auto" and a GPU is there but fails, also for want of memory, it
 * is the CPU, with a notice.
 *
 * Returns: (transfer full): NULL with whatever stood in the way
 */
RaqamSession *raqam_session_open (const RaqamTrainSettings *settings, GCancellable *cancellable,
                                  GError **error);

/* Leaves the folder as it stands. */
void raqam_session_free (RaqamSession *self);

/**
 * raqam_session_save:
 * @grid: the sample grid to keep beside the checkpoint, (n_rows, n_classes, 784), or NULL
 *
 * Writes checkpoint, metrics, sample sheet and run.json, in this order, and
 * thins older checkpoints: the newest two stay, the one that was judged best
 * (raqam_timeline_best()), and of the others about 32 that stand at the end of
 * an epoch.
 *
 * Returns: (transfer full): the checkpoint's path; NULL with @error, the older ones are then untouched
 */
char *raqam_session_save (RaqamSession *self, const guint8 *grid, int n_rows, GError **error);

/* Returns: whether a checkpoint of the step that is done now would stay for good */
gboolean raqam_session_keeps_step (const RaqamSession *self);

/* Notes in run.json how the run stands: a state of RaqamRun, and a message or NULL. */
gboolean raqam_session_note (RaqamSession *self, const char *state, const char *message,
                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamSession, raqam_session_free)

G_END_DECLS
