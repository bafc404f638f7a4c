/* pool.h — worker threads that share out the rows of a loop.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _RaqamPool RaqamPool;

/**
 * RaqamPoolFunc:
 * @worker: 0 to n_workers - 1; worker 0 is the calling thread
 * @begin: first item of this worker's share
 * @end: one past its last; a share may be empty
 */
typedef void (*RaqamPoolFunc) (gpointer data, int worker, int begin, int end);

/**
 * raqam_pool_new:
 * @n_workers: at least 1, the calling thread among them
 * @background: the workers (not the caller) run at nice 10
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_DEVICE when a thread cannot be started
 */
RaqamPool *raqam_pool_new       (int n_workers, gboolean background, GError **error);
void       raqam_pool_free      (RaqamPool *self);
int        raqam_pool_n_workers (const RaqamPool *self);

/**
 * raqam_pool_share:
 *
 * The share of @worker of @n items: contiguous, equal but for one item, in the
 * workers' order, and the same at every call, so that sums taken share by share
 * come out the same bit for bit.
 */
void raqam_pool_share (int *begin, int *end, int n, int worker, int n_workers);

/**
 * raqam_pool_run:
 *
 * Calls @func once in every worker with its share of @n items and returns when
 * all are done. Allocates nothing. One caller at a time.
 */
void raqam_pool_run (RaqamPool *self, RaqamPoolFunc func, gpointer data, int n);

G_END_DECLS
