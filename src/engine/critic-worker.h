/* critic-worker.h — the critic's thread: what is quick first, the newest question only.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/critic.h"
#include "engine/mailbox.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _RaqamCriticWorker RaqamCriticWorker;

/* What it posts. @serial: of the model it is about, as raqam_critic_worker_set_model() named it. */
typedef struct
{
  guint        serial;
  RaqamOpinion opinion;
} RaqamCriticAnswer;

typedef struct
{
  guint            serial;
  RaqamCriticState state;
} RaqamCriticNews;

typedef struct
{
  GError *error; /* why there is no classifier now; NULL where there is, and after a cancel */
} RaqamCriticEnd;

typedef struct
{
  const RaqamReportClass *answer;   /* RaqamCriticAnswer; key 1 for neighbours, else 0 */
  const RaqamReportClass *news;     /* RaqamCriticNews */
  const RaqamReportClass *progress; /* double */
  const RaqamReportClass *trained;  /* RaqamCriticEnd */
} RaqamCriticReports;

void raqam_critic_answer_free (gpointer answer);
void raqam_critic_news_free   (gpointer news);
void raqam_critic_end_free    (gpointer end);

/**
 * raqam_critic_worker_new:
 * @mailbox: a reference is taken
 * @reports: static
 *
 * Returns: (transfer full): its thread is running
 */
RaqamCriticWorker *raqam_critic_worker_new (RaqamMailbox *mailbox, const RaqamCriticReports *reports);

/* Gives up what is in hand and joins the thread. */
void raqam_critic_worker_free (RaqamCriticWorker *self);

/* The rest return at once; main thread. */
void raqam_critic_worker_set_model (RaqamCriticWorker *self, RaqamModel *model, guint serial);
void raqam_critic_worker_ask       (RaqamCriticWorker *self, GBytes *pixels, int digit);
/* @cancellable: a reference is taken */
void raqam_critic_worker_train     (RaqamCriticWorker *self, GCancellable *cancellable);

G_END_DECLS
