/* plan-engines.c — which of cuDNN's engines may do a convolution, and how.
 * SPDX-License-Identifier: MIT */

#include "cuda/plan-engines.h"

#include "cuda/descriptor.h"

#include <string.h>

#define BIT(note) (1u << (note))

static guint
notes_refused (RaqamPrecision precision)
{
  guint always = BIT (CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC)
                 | BIT (CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION)
                 | BIT (CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS);

  if (precision != RAQAM_PRECISION_F32)
    return always;
  return always | BIT (CUDNN_NUMERICAL_NOTE_TENSOR_CORE) | BIT (CUDNN_NUMERICAL_NOTE_FFT)
         | BIT (CUDNN_NUMERICAL_NOTE_WINOGRAD) | BIT (CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_4x4)
         | BIT (CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_6x6)
         | BIT (CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_13x13);
}

/* Notes that a newer cuDNN has and this one's header has not are not ours to judge. */
static gboolean
is_allowed (cudnnBackendDescriptor_t engine, RaqamPrecision precision)
{
  cudnnBackendNumericalNote_t notes[CUDNN_NUMERICAL_NOTE_TYPE_COUNT];
  guint found = 0;
  gint64 n = 0;

  if (cudnnBackendGetAttribute (engine, CUDNN_ATTR_ENGINE_NUMERICAL_NOTE,
                                CUDNN_TYPE_NUMERICAL_NOTE, G_N_ELEMENTS (notes), &n, notes)
      != CUDNN_STATUS_SUCCESS)
    return FALSE;

  for (gint64 i = 0; i < MIN (n, (gint64) G_N_ELEMENTS (notes)); i++)
    if (notes[i] < CUDNN_NUMERICAL_NOTE_TYPE_COUNT)
      found |= BIT (notes[i]);
  return (found & notes_refused (precision)) == 0;
}

/* Descriptors to be filled by cuDNN are made by us. */
static gint64
get_descriptors (cudnnBackendDescriptor_t from, cudnnBackendAttributeName_t name,
                 cudnnBackendDescriptorType_t type, cudnnBackendDescriptor_t *to, gint64 max)
{
  gint64 n = 0;

  for (gint64 i = 0; i < max; i++)
    if (cudnnBackendCreateDescriptor (type, &to[i]) != CUDNN_STATUS_SUCCESS)
      return 0;
  if (cudnnBackendGetAttribute (from, name, CUDNN_TYPE_BACKEND_DESCRIPTOR, max, &n, to)
      != CUDNN_STATUS_SUCCESS)
    return 0;

  return MIN (n, max);
}

static void
clear_descriptors (cudnnBackendDescriptor_t *descriptors, gint64 n)
{
  for (gint64 i = 0; i < n; i++)
    raqam_cuda_descriptor_clear (&descriptors[i]);
}

static gboolean
read_int (int *value, cudnnBackendDescriptor_t from, cudnnBackendAttributeName_t name)
{
  gint64 wide = -1, n = 0;

  if (cudnnBackendGetAttribute (from, name, CUDNN_TYPE_INT64, 1, &n, &wide)
          != CUDNN_STATUS_SUCCESS
      || wide < G_MININT || wide > G_MAXINT)
    return FALSE;

  *value = (int) wide;
  return TRUE;
}

static gboolean
read_engine (RaqamPlanChoice *choice, cudnnBackendDescriptor_t config)
{
  cudnnBackendDescriptor_t engine = NULL;
  gboolean read;

  read = get_descriptors (config, CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_BACKEND_ENGINE_DESCRIPTOR,
                          &engine, 1) == 1
         && read_int (&choice->engine, engine, CUDNN_ATTR_ENGINE_GLOBAL_INDEX);
  raqam_cuda_descriptor_clear (&engine);
  return read;
}

static gboolean
read_knob (int *type, int *value, cudnnBackendDescriptor_t knob)
{
  cudnnBackendKnobType_t knob_type = CUDNN_KNOB_TYPE_COUNTS;
  gint64 n = 0;

  if (cudnnBackendGetAttribute (knob, CUDNN_ATTR_KNOB_CHOICE_KNOB_TYPE, CUDNN_TYPE_KNOB_TYPE, 1,
                                &n, &knob_type) != CUDNN_STATUS_SUCCESS)
    return FALSE;

  *type = knob_type;
  return read_int (value, knob, CUDNN_ATTR_KNOB_CHOICE_KNOB_VALUE);
}

static gboolean
read_knobs (RaqamPlanChoice *choice, cudnnBackendDescriptor_t config)
{
  cudnnBackendDescriptor_t knobs[RAQAM_MAX_KNOBS] = { NULL };
  gboolean read = TRUE;

  choice->n_knobs = get_descriptors (config, CUDNN_ATTR_ENGINECFG_KNOB_CHOICES,
                                     CUDNN_BACKEND_KNOB_CHOICE_DESCRIPTOR, knobs,
                                     RAQAM_MAX_KNOBS);
  for (int i = 0; i < choice->n_knobs && read; i++)
    read = read_knob (&choice->types[i], &choice->values[i], knobs[i]);

  clear_descriptors (knobs, RAQAM_MAX_KNOBS);
  return read;
}

static void
append_new (GArray *choices, const RaqamPlanChoice *choice)
{
  for (guint i = 0; i < choices->len; i++)
    if (memcmp (&g_array_index (choices, RaqamPlanChoice, i), choice, sizeof *choice) == 0)
      return;
  g_array_append_val (choices, *choice);
}

static void
append_results (GArray *choices, cudnnBackendDescriptor_t heuristics)
{
  g_autofree cudnnBackendDescriptor_t *configs = NULL;
  gint64 max = 0, n;

  if (cudnnBackendGetAttribute (heuristics, CUDNN_ATTR_ENGINEHEUR_RESULTS,
                                CUDNN_TYPE_BACKEND_DESCRIPTOR, 0, &max, NULL)
      != CUDNN_STATUS_SUCCESS)
    return;

  configs = g_new0 (cudnnBackendDescriptor_t, max + 1);
  n = get_descriptors (heuristics, CUDNN_ATTR_ENGINEHEUR_RESULTS,
                       CUDNN_BACKEND_ENGINECFG_DESCRIPTOR, configs, max);
  for (gint64 i = 0; i < n; i++)
    {
      RaqamPlanChoice choice = { 0 };

      if (read_engine (&choice, configs[i]) && read_knobs (&choice, configs[i]))
        append_new (choices, &choice);
    }
  clear_descriptors (configs, max);
}

static void
append_choices (GArray *choices, const RaqamPlanGraph *graph, cudnnBackendHeurMode_t mode)
{
  RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
  cudnnBackendDescriptor_t heuristics;

  raqam_cuda_making_set_descriptor (&making, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph->graph);
  raqam_cuda_making_set (&making, CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE, 1, &mode);
#if CUDNN_VERSION >= 90800
  if (graph->target.handle == NULL)
    raqam_cuda_making_set_descriptor (&making, CUDNN_ATTR_ENGINEHEUR_DEVICEPROP,
                                      graph->target.properties);
#endif
  if (raqam_cuda_making_end (&making, &heuristics) == CUDNN_STATUS_SUCCESS)
    append_results (choices, heuristics);
  raqam_cuda_descriptor_clear (&heuristics);
}

static cudnnStatus_t
make_engine (RaqamPlanCandidate *self)
{
  const RaqamPlanGraph *graph = self->graph;
  RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_ENGINE_DESCRIPTOR);

  raqam_cuda_making_set_descriptor (&making, CUDNN_ATTR_ENGINE_OPERATION_GRAPH, graph->graph);
  raqam_cuda_making_set_int (&making, CUDNN_ATTR_ENGINE_GLOBAL_INDEX, self->choice.engine);
#if CUDNN_VERSION >= 90800
  if (graph->target.handle == NULL)
    raqam_cuda_making_set_descriptor (&making, CUDNN_ATTR_ENGINE_DEVICEPROP,
                                      graph->target.properties);
#endif
  return raqam_cuda_making_end (&making, &self->engine);
}

static cudnnStatus_t
make_knob (cudnnBackendDescriptor_t *knob, int type, gint64 value)
{
  cudnnBackendKnobType_t knob_type = type;
  RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_KNOB_CHOICE_DESCRIPTOR);

  raqam_cuda_making_set (&making, CUDNN_ATTR_KNOB_CHOICE_KNOB_TYPE, CUDNN_TYPE_KNOB_TYPE, 1,
                         &knob_type);
  raqam_cuda_making_set_int (&making, CUDNN_ATTR_KNOB_CHOICE_KNOB_VALUE, value);
  return raqam_cuda_making_end (&making, knob);
}

static cudnnStatus_t
make_config (RaqamPlanCandidate *self)
{
  cudnnBackendDescriptor_t knobs[RAQAM_MAX_KNOBS] = { NULL };
  RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
  int n = self->choice.n_knobs;

  for (int i = 0; i < n && making.status == CUDNN_STATUS_SUCCESS; i++)
    making.status = make_knob (&knobs[i], self->choice.types[i], self->choice.values[i]);
  raqam_cuda_making_set_descriptor (&making, CUDNN_ATTR_ENGINECFG_ENGINE, self->engine);
  if (n > 0)
    raqam_cuda_making_set (&making, CUDNN_ATTR_ENGINECFG_KNOB_CHOICES,
                           CUDNN_TYPE_BACKEND_DESCRIPTOR, n, knobs);
  raqam_cuda_making_end (&making, &self->config);

  clear_descriptors (knobs, n);
  return making.status;
}

static cudnnStatus_t
make_plan (RaqamPlanCandidate *self)
{
  const RaqamPlanTarget *target = &self->graph->target;
  RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);

  if (target->handle != NULL)
    raqam_cuda_making_set (&making, CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE, 1,
                           &target->handle);
#if CUDNN_VERSION >= 90800
  else
    raqam_cuda_making_set_descriptor (&making, CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP,
                                      target->properties);
#endif
  raqam_cuda_making_set_descriptor (&making, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG,
                                    self->config);
  return raqam_cuda_making_end (&making, &self->plan);
}

static gboolean
read_workspace (RaqamPlanCandidate *self)
{
  gint64 size = -1, n = 0;

  if (cudnnBackendGetAttribute (self->plan, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE,
                                CUDNN_TYPE_INT64, 1, &n, &size) != CUDNN_STATUS_SUCCESS
      || size < 0 || size > RAQAM_MAX_WORKSPACE)
    return FALSE;

  self->workspace = size;
  return TRUE;
}

RaqamPlanCandidate *
raqam_cuda_plan_candidate_new (const RaqamPlanGraph *graph, const RaqamPlanChoice *choice,
                               RaqamPrecision precision)
{
  g_autoptr (RaqamPlanCandidate) self = g_new0 (RaqamPlanCandidate, 1);

  self->graph = graph;
  self->choice = *choice;
  if (make_engine (self) != CUDNN_STATUS_SUCCESS
      || !is_allowed (self->engine, precision)
      || make_config (self) != CUDNN_STATUS_SUCCESS
      || make_plan (self) != CUDNN_STATUS_SUCCESS
      || !read_workspace (self))
    return NULL;

  return g_steal_pointer (&self);
}

void
raqam_cuda_plan_candidate_free (RaqamPlanCandidate *self)
{
  raqam_cuda_descriptor_clear (&self->plan);
  raqam_cuda_descriptor_clear (&self->config);
  raqam_cuda_descriptor_clear (&self->engine);
  g_free (self);
}

void
raqam_cuda_plan_candidates (GPtrArray *candidates, const RaqamPlanGraph *graph,
                            RaqamPrecision precision, int max, int seconds)
{
  static const cudnnBackendHeurMode_t modes[] = {
    CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_B, CUDNN_HEUR_MODE_FALLBACK,
  };
  g_autoptr (GArray) choices = g_array_new (FALSE, TRUE, sizeof (RaqamPlanChoice));
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  guint next = 0;
  int n = 0;

  for (guint mode = 0; mode < G_N_ELEMENTS (modes) && n < max; mode++)
    {
      append_choices (choices, graph, modes[mode]);
      for (; next < choices->len && n < max; next++)
        {
          const RaqamPlanChoice *choice = &g_array_index (choices, RaqamPlanChoice, next);
          RaqamPlanCandidate *candidate;

          if (n > 0 && g_get_monotonic_time () > end)
            return;
          candidate = raqam_cuda_plan_candidate_new (graph, choice, precision);
          if (candidate == NULL)
            continue;

          g_ptr_array_add (candidates, candidate);
          n++;
        }
    }
}
