/* explorer-plans.c — draws styles with one model: its digits, and mixtures of two of them.
 * SPDX-License-Identifier: MIT */

#include "engine/explorer-plans.h"

#include "engine/blend.h"
#include "engine/generator.h"

/* A GPU draws one picture by a plan for one, and more by a plan for so many. */
#define STRIP 10

#define N_LABELS (RAQAM_MIX_MAX + 1)

/* The picture may mix other digits than the strip below it does. */
#define N_MIXTURES 2

typedef struct
{
  RaqamGenerator *generator; /* or NULL */
  RaqamModel     *model;     /* whose weights it has */
} Plan;

/* Draws with the labels of one model. */
typedef struct
{
  RaqamModel *model; /* or NULL */
  Plan        one, strip;
} Source;

/* The lower digit is the first. */
typedef struct
{
  int first, second;
} Pair;

typedef struct
{
  Source  source; /* its model is blended */
  Pair    pair;
  guint64 used;   /* when, in draws */
} Mixture;

struct _RaqamPlans
{
  Source   digits;
  Mixture  mixtures[N_MIXTURES];
  guint64  n_draws;
  gboolean gpu;
};

static void
clear_plan (Plan *plan)
{
  g_clear_pointer (&plan->generator, raqam_generator_free);
  g_clear_pointer (&plan->model, raqam_model_unref);
}

static void
clear_plans (Source *source)
{
  clear_plan (&source->one);
  clear_plan (&source->strip);
}

static void
clear_all_plans (RaqamPlans *self)
{
  clear_plans (&self->digits);
  for (int i = 0; i < N_MIXTURES; i++)
    clear_plans (&self->mixtures[i].source);
}

RaqamPlans *
raqam_plans_new (void)
{
  return g_new0 (RaqamPlans, 1);
}

void
raqam_plans_free (RaqamPlans *self)
{
  raqam_plans_set_model (self, NULL);
  g_free (self);
}

void
raqam_plans_set_model (RaqamPlans *self, RaqamModel *model)
{
  g_clear_pointer (&self->digits.model, raqam_model_unref);
  for (int i = 0; i < N_MIXTURES; i++)
    g_clear_pointer (&self->mixtures[i].source.model, raqam_model_unref);
  self->digits.model = model;
  if (model == NULL)
    clear_all_plans (self);
}

RaqamModel *
raqam_plans_get_model (const RaqamPlans *self)
{
  return self->digits.model;
}

gboolean
raqam_plans_have_drawn (const RaqamPlans *self)
{
  return self->digits.one.generator != NULL;
}

static RaqamGenerator *
new_generator (const RaqamModel *model, const char *device, int batch, GError **error)
{
  RaqamDeviceOptions options = { .n_threads = 1, .interactive = TRUE };

  return raqam_generator_new (model, device, &options, batch, error);
}

/* Gives @plan the weights of @source's model, anew only where its layers are others. */
static gboolean
prepare (RaqamPlans *self, Source *source, Plan *plan, GError **error)
{
  if (plan->model == source->model)
    return TRUE;

  if (plan->generator != NULL
      && (!raqam_generator_fits (plan->generator, source->model)
          || !raqam_generator_set_model (plan->generator, source->model, NULL)))
    g_clear_pointer (&plan->generator, raqam_generator_free);
  g_clear_pointer (&plan->model, raqam_model_unref);

  if (plan->generator == NULL)
    plan->generator = new_generator (source->model, self->gpu ? "cuda" : "cpu",
                                     plan == &source->one ? 1 : STRIP, error);
  if (plan->generator != NULL)
    plan->model = raqam_model_ref (source->model);
  return plan->generator != NULL;
}

static gboolean
is_mixed (const RaqamStyle *style)
{
  return style->digit != style->other && style->mix > 0 && style->mix < RAQAM_MIX_MAX;
}

static Pair
pair_of (const RaqamStyle *style)
{
  return (Pair) { MIN (style->digit, style->other), MAX (style->digit, style->other) };
}

/* Whether the labels of @pair's mixture can say what @style shows. */
static gboolean
has_label (Pair pair, const RaqamStyle *style)
{
  Pair own = pair_of (style);
  int digit = raqam_style_main_digit (style);

  return is_mixed (style) ? own.first == pair.first && own.second == pair.second
                          : digit == pair.first || digit == pair.second;
}

static guint8
mixed_label (Pair pair, const RaqamStyle *style)
{
  if (!is_mixed (style))
    return raqam_style_main_digit (style) == pair.first ? 0 : RAQAM_MIX_MAX;
  return (guint8) (style->digit == pair.first ? style->mix : RAQAM_MIX_MAX - style->mix);
}

/* Returns: how many of @styles, from the first, show either digits or mixtures of one pair */
static int
count_alike (const RaqamStyle *styles, int n)
{
  int mixed = 0, alike = 0;

  while (mixed < n && !is_mixed (&styles[mixed]))
    mixed++;
  if (mixed == n)
    return n;

  while (alike < n && has_label (pair_of (&styles[mixed]), &styles[alike]))
    alike++;
  return alike > mixed ? alike : mixed;
}

static Mixture *
find_mixture (RaqamPlans *self, Pair pair)
{
  Mixture *oldest = &self->mixtures[0];

  for (int i = 0; i < N_MIXTURES; i++)
    {
      Mixture *mixture = &self->mixtures[i];

      if (mixture->source.model != NULL && mixture->pair.first == pair.first
          && mixture->pair.second == pair.second)
        return mixture;
      if (mixture->used < oldest->used)
        oldest = mixture;
    }

  g_clear_pointer (&oldest->source.model, raqam_model_unref);
  oldest->source.model = raqam_model_blend (self->digits.model, pair.first, pair.second, N_LABELS);
  oldest->pair = pair;
  return oldest;
}

/* @labels: (@n), overwritten with what the labels of @styles are there */
static Source *
find_source (RaqamPlans *self, guint8 *labels, const RaqamStyle *styles, int n)
{
  Mixture *mixture = NULL;

  for (int i = 0; i < n && mixture == NULL; i++)
    if (is_mixed (&styles[i]))
      mixture = find_mixture (self, pair_of (&styles[i]));

  for (int i = 0; i < n; i++)
    labels[i] = mixture != NULL ? mixed_label (mixture->pair, &styles[i])
                                : (guint8) raqam_style_main_digit (&styles[i]);
  if (mixture == NULL)
    return &self->digits;
  mixture->used = ++self->n_draws;
  return &mixture->source;
}

int
raqam_plans_draw (RaqamPlans *self, guint8 *pixels, const RaqamStyle *styles, int n, GError **error)
{
  int latent = styles[0].latent;
  int some = count_alike (styles, MIN (n, self->gpu ? STRIP : 1));
  g_autofree float *z = NULL;
  guint8 labels[STRIP];
  Source *source;
  Plan *plan;

  g_return_val_if_fail (latent == self->digits.model->recipe->latent, 0);

  source = find_source (self, labels, styles, some);
  plan = some == 1 ? &source->one : &source->strip;
  z = g_new (float, some * latent);
  for (int i = 0; i < some; i++)
    raqam_style_effective (z + i * latent, &styles[i]);
  if (!prepare (self, source, plan, error)
      || !raqam_generator_draw (plan->generator, pixels, z, labels, some, error))
    return 0;

  raqam_generator_clear_paper (pixels, (gsize) some * RAQAM_IMAGE_SIZE, source->model->recipe);
  return some;
}

gboolean
raqam_plans_open_gpu (RaqamPlans *self, const char *device, GError **error)
{
  RaqamModel *model = self->digits.model;
  RaqamGenerator *one = new_generator (model, device, 1, error);
  RaqamGenerator *strip = NULL;

  if (one != NULL && g_str_equal (raqam_generator_get_backend (one), "cuda"))
    strip = new_generator (model, "cuda", STRIP, error);
  if (strip == NULL)
    {
      g_clear_pointer (&one, raqam_generator_free);
      return FALSE;
    }

  raqam_plans_use_gpu (self, TRUE);
  self->digits.one = (Plan) { one, raqam_model_ref (model) };
  self->digits.strip = (Plan) { strip, raqam_model_ref (model) };
  return TRUE;
}

void
raqam_plans_use_gpu (RaqamPlans *self, gboolean gpu)
{
  clear_all_plans (self);
  self->gpu = gpu;
}
