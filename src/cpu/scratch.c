/* scratch.c — a block's memory in one piece, and sums that its workers share.
 * SPDX-License-Identifier: MIT */

#include "cpu/scratch.h"

typedef struct
{
  double *sums;
  gsize   pitch;
  int     n_workers;
} Sum;

static void
sum_share (gpointer data, int worker, int begin, int end)
{
  const Sum *job = data;

  for (int i = 1; i < job->n_workers; i++)
    for (int j = begin; j < end; j++)
      job->sums[j] += job->sums[i * job->pitch + j];
}

void
raqam_cpu_sum_workers (double *sums, gsize pitch, int n, RaqamPool *pool)
{
  Sum job = { sums, pitch, raqam_pool_n_workers (pool) };

  if (job.n_workers > 1)
    raqam_pool_run (pool, sum_share, &job, n);
}
