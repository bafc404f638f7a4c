/* mailbox.h — reports from the engine's threads to one main context.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _RaqamMailbox RaqamMailbox;

/* A kind of report. */
typedef struct
{
  /* Runs on the mailbox's main context. */
  void     (*deliver) (gpointer target, gpointer report);
  void     (*free)    (gpointer report);

  /* For reports that coalesce: takes both, returns the one to deliver. NULL:
   * every report is delivered. Runs in the posting thread. */
  gpointer (*merge)   (gpointer older, gpointer newer);
} RaqamReportClass;

/**
 * raqam_mailbox_new:
 * @target: handed to deliver; not kept alive
 *
 * Attaches one source to the thread-default main context of the caller.
 *
 * Returns: (transfer full): counted by references
 */
RaqamMailbox *raqam_mailbox_new   (gpointer target);
RaqamMailbox *raqam_mailbox_ref   (RaqamMailbox *self);
void          raqam_mailbox_unref (RaqamMailbox *self);

/**
 * raqam_mailbox_close:
 *
 * Nothing is delivered any more; what waits or is still posted is freed. Only
 * on the mailbox's main context.
 */
void raqam_mailbox_close (RaqamMailbox *self);

/**
 * raqam_mailbox_post:
 * @key: reports merge only with those of the same class and key
 * @report: (transfer full)
 *
 * Any thread. Never waits for the main context.
 */
void raqam_mailbox_post (RaqamMailbox *self, const RaqamReportClass *klass, guint key,
                         gpointer report);

/* A merge that keeps the newer one, freeing the older with @free. */
gpointer raqam_mailbox_keep_newer (gpointer older, gpointer newer, GDestroyNotify free);

G_END_DECLS
