/* plan-tournament.c — plans run against the clock.
 * SPDX-License-Identifier: MIT */

#include "cuda/plan-tournament.h"

#include "cuda/descriptor.h"
#include "cuda/edge.h"

#include <math.h>

#define N_RUNS 5

typedef struct
{
  RaqamDevice    *device;
  RaqamPlanMemory memory;
  cudaEvent_t     begin;
  cudaEvent_t     end;
} Track;

typedef struct
{
  RaqamPlanCandidate *plan;
  float               milliseconds;
} Score;

gboolean
raqam_cuda_plan_execute (RaqamDevice *device, const RaqamPlanCandidate *plan,
                         const RaqamPlanMemory *memory, GError **error)
{
  gint64 names[3] = { RAQAM_PLAN_IN, RAQAM_PLAN_OUT, RAQAM_PLAN_WEIGHTS };
  gpointer pointers[3] = { memory->in, memory->out, memory->weights };
  RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
  cudnnBackendDescriptor_t pack;
  cudnnStatus_t status;

  raqam_cuda_making_set (&making, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_TYPE_INT64, 3, names);
  raqam_cuda_making_set (&making, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR, 3,
                         pointers);
  raqam_cuda_making_set (&making, CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR, 1,
                         &memory->workspace);
  status = raqam_cuda_making_end (&making, &pack);
  if (status == CUDNN_STATUS_SUCCESS)
    status = cudnnBackendExecute (device->cudnn, plan->plan, pack);
  raqam_cuda_descriptor_clear (&pack);

  return raqam_cudnn_check (status, "a convolution", error);
}

static void
track_clear (Track *track)
{
  raqam_cuda_free (track->device, track->memory.in);
  raqam_cuda_free (track->device, track->memory.out);
  raqam_cuda_free (track->device, track->memory.weights);
  if (track->begin != NULL)
    cudaEventDestroy (track->begin);
  if (track->end != NULL)
    cudaEventDestroy (track->end);

  /* What went wrong here is the candidates' own; else the next check of launches would
   * find it. */
  cudaGetLastError ();
}

static gboolean
track_init (Track *track, RaqamDevice *device, const RaqamConvShape *shape)
{
  RaqamEdge in = raqam_cuda_edge (device, shape->n, shape->in_h, shape->in_w, shape->in_c, TRUE);
  RaqamEdge out = raqam_cuda_edge (device, shape->n, shape->out_h, shape->out_w, shape->out_c,
                                   TRUE);

  *track = (Track) { .device = device };
  track->memory.in = raqam_cuda_alloc (device, raqam_cuda_edge_size (&in), NULL);
  if (track->memory.in != NULL)
    track->memory.out = raqam_cuda_alloc (device, raqam_cuda_edge_size (&out), NULL);
  if (track->memory.out != NULL)
    track->memory.weights
        = raqam_cuda_alloc (device, raqam_cuda_plan_n_weights (shape) * sizeof (float), NULL);

  return track->memory.weights != NULL && cudaEventCreate (&track->begin) == cudaSuccess
         && cudaEventCreate (&track->end) == cudaSuccess;
}

/* A training step is recorded, so a plan that cannot be is of no use. */
static gboolean
can_be_recorded (const Track *track, const RaqamPlanCandidate *plan)
{
  cudaGraph_t graph = NULL;
  gboolean executed;

  if (cudaStreamBeginCapture (track->device->stream, cudaStreamCaptureModeThreadLocal)
      != cudaSuccess)
    return FALSE;
  executed = raqam_cuda_plan_execute (track->device, plan, &track->memory, NULL);
  if (cudaStreamEndCapture (track->device->stream, &graph) != cudaSuccess || graph == NULL)
    {
      cudaGetLastError ();
      return FALSE;
    }

  cudaGraphDestroy (graph);
  return executed;
}

/* Returns: milliseconds, or less than 0 where the plan does not run */
static float
run_once (const Track *track, const RaqamPlanCandidate *plan)
{
  cudaStream_t stream = track->device->stream;
  float milliseconds = -1.0f;

  if (cudaEventRecord (track->begin, stream) != cudaSuccess
      || !raqam_cuda_plan_execute (track->device, plan, &track->memory, NULL)
      || cudaEventRecord (track->end, stream) != cudaSuccess
      || cudaEventSynchronize (track->end) != cudaSuccess
      || cudaEventElapsedTime (&milliseconds, track->begin, track->end) != cudaSuccess)
    return -1.0f;

  return milliseconds;
}

/* The best of a few, which what else the GPU does disturbs the least; the first run,
 * which loads the code, does not count.
 *
 * Returns: milliseconds, infinity where there is no memory for it now, or less than 0
 *   where the plan is of no use */
static float
measure (Track *track, const RaqamPlanCandidate *plan)
{
  float best = INFINITY;

  if (plan->workspace > 0)
    track->memory.workspace = raqam_cuda_alloc (track->device, plan->workspace, NULL);
  if (plan->workspace > 0 && track->memory.workspace == NULL)
    return INFINITY;

  if (run_once (track, plan) < 0.0f || !can_be_recorded (track, plan))
    best = -1.0f;
  for (int i = 0; i < N_RUNS && best >= 0.0f; i++)
    best = MIN (best, run_once (track, plan));

  raqam_cuda_free (track->device, track->memory.workspace);
  track->memory.workspace = NULL;
  return best;
}

static int
compare_scores (gconstpointer a, gconstpointer b)
{
  float x = ((const Score *) a)->milliseconds, y = ((const Score *) b)->milliseconds;

  return (x > y) - (x < y);
}

gboolean
raqam_cuda_plan_tournament (RaqamDevice *device, GPtrArray *candidates,
                            const RaqamConvShape *shape)
{
  g_autoptr (GArray) scores = g_array_new (FALSE, FALSE, sizeof (Score));
  Track track;

  if (!track_init (&track, device, shape))
    {
      track_clear (&track);
      return FALSE;
    }

  while (candidates->len > 0)
    {
      Score score = { g_ptr_array_steal_index (candidates, 0), 0.0f };

      score.milliseconds = measure (&track, score.plan);
      if (score.milliseconds >= 0.0f)
        g_array_append_val (scores, score);
      else
        raqam_cuda_plan_candidate_free (score.plan);
    }
  track_clear (&track);

  g_array_sort (scores, compare_scores);
  for (guint i = 0; i < scores->len; i++)
    g_ptr_array_add (candidates, g_array_index (scores, Score, i).plan);

  return TRUE;
}
