/* shuffle.h — the order in which an epoch takes its images.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * raqam_shuffle:
 * @order: (@n), overwritten: 0 to @n - 1, shuffled (Fisher and Yates) by
 *   RAQAM_STREAM_SHUFFLE with @epoch for the step
 */
void raqam_shuffle (guint32 *order, gsize n, guint64 seed, guint64 epoch);

G_END_DECLS
