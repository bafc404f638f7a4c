/* kept-data.h — data that stay loaded from one evaluation to the next.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/evaluation.h"

G_BEGIN_DECLS

/* All zero: nothing is kept. */
typedef struct
{
  RaqamEvaluationData *data;  /* or NULL */
  char                *stamp; /* of the files that it was loaded from */
  gboolean             grey;
} RaqamKeptData;

/* Whether it holds these files as they are now: neither the size nor the time of one
 * has changed. It reads no file. */
gboolean raqam_kept_data_has (const RaqamKeptData *self, const char *const *paths, gboolean grey);

/* Whether it was these files, as they are now, that could not be loaded the last time. */
gboolean raqam_kept_data_failed (const RaqamKeptData *self, const char *const *paths, gboolean grey);

/* As raqam_evaluation_data_load(), in place of what was kept. */
gboolean raqam_kept_data_load (RaqamKeptData *self, const char *const *paths, gboolean grey,
                               GCancellable *cancellable, GError **error);

void raqam_kept_data_clear (RaqamKeptData *self);

G_END_DECLS
