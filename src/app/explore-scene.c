/* explore-scene.c — what is being explored: a model, a picture of it, and who draws.
 * SPDX-License-Identifier: MIT */

#include "app/explore-scene.h"

#include "app/explore-history.h"

struct _RaqamExploreScene
{
  GObject parent_instance;

  RaqamEngine         *engine;
  RaqamModel          *model;  /* or NULL */
  RaqamModel          *beside; /* or NULL */
  RaqamStyle           style;
  guint64              seed; /* of the first style */
  RaqamExploreHistory *history;
  GBytes              *pixels; /* or NULL */
  RaqamStyle           drawn;  /* that they are of */
  RaqamKeptList       *kept;
};

enum
{
  PROP_0,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  N_PROPS
};

enum
{
  CHANGED,
  MODEL_CHANGED,
  BESIDE_CHANGED,
  DRAWN,
  NOTICE,
  PROBLEM,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

static const char *const SLOT_NAMES[RAQAM_N_SCENE_SLOTS] = {
  [RAQAM_SCENE_PICTURE] = "picture",       [RAQAM_SCENE_BESIDE] = "beside",
  [RAQAM_SCENE_DIRECTIONS] = "directions", [RAQAM_SCENE_BLEND] = "blend",
  [RAQAM_SCENE_VARIATIONS] = "variations", [RAQAM_SCENE_KEPT] = "kept",
  [RAQAM_SCENE_DIGITS] = "digits",
};

G_DEFINE_FINAL_TYPE (RaqamExploreScene, raqam_explore_scene, G_TYPE_OBJECT)

static void
history_changed (RaqamExploreScene *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_UNDO]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_REDO]);
}

/* The picture is asked for before anything else is, and before anybody else hears of it. */
static void
show (RaqamExploreScene *self)
{
  raqam_explore_scene_draw (self, RAQAM_SCENE_PICTURE, &self->style, 1);
  raqam_explore_scene_draw (self, RAQAM_SCENE_BESIDE, &self->style, 1);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
model_cb (RaqamEngine *engine, RaqamModel *model, const GError *error, RaqamExploreScene *self)
{
  if (model == NULL)
    return;
  g_clear_pointer (&self->model, raqam_model_unref);
  self->model = raqam_model_ref (model);
  g_clear_pointer (&self->pixels, g_bytes_unref);
  raqam_kept_list_set_model (self->kept, model);
  if (self->style.latent != model->recipe->latent)
    {
      raqam_style_init (&self->style, raqam_style_main_digit (&self->style), model->recipe->latent);
      self->seed = g_random_int ();
      raqam_style_randomise (&self->style, self->seed, 0);
      raqam_explore_history_clear (self->history);
      history_changed (self);
    }
  g_signal_emit (self, signals[MODEL_CHANGED], 0);
  show (self);
}

static void
beside_cb (RaqamEngine *engine, RaqamModel *model, const GError *error, RaqamExploreScene *self)
{
  if (error != NULL)
    return;
  g_clear_pointer (&self->beside, raqam_model_unref);
  self->beside = model != NULL ? raqam_model_ref (model) : NULL;
  g_signal_emit (self, signals[BESIDE_CHANGED], 0);
  raqam_explore_scene_draw (self, RAQAM_SCENE_BESIDE, &self->style, 1);
}

static void
drawn_cb (RaqamEngine *engine, guint slot, GBytes *pixels, RaqamExploreScene *self)
{
  if (slot >= RAQAM_N_SCENE_SLOTS)
    return;
  if (slot == RAQAM_SCENE_PICTURE)
    {
      g_clear_pointer (&self->pixels, g_bytes_unref);
      self->pixels = g_bytes_ref (pixels);
      self->drawn = self->style;
    }
  g_signal_emit (self, signals[DRAWN], g_quark_from_static_string (SLOT_NAMES[slot]), slot, pixels);
}

RaqamModel *
raqam_explore_scene_get_model (RaqamExploreScene *self)
{
  g_return_val_if_fail (RAQAM_IS_EXPLORE_SCENE (self), NULL);

  return self->model;
}

RaqamModel *
raqam_explore_scene_get_beside (RaqamExploreScene *self)
{
  g_return_val_if_fail (RAQAM_IS_EXPLORE_SCENE (self), NULL);

  return self->beside;
}

RaqamEngine *
raqam_explore_scene_get_engine (RaqamExploreScene *self)
{
  g_return_val_if_fail (RAQAM_IS_EXPLORE_SCENE (self), NULL);

  return self->engine;
}

const RaqamStyle *
raqam_explore_scene_get_style (RaqamExploreScene *self)
{
  g_return_val_if_fail (RAQAM_IS_EXPLORE_SCENE (self), NULL);

  return &self->style;
}

guint64
raqam_explore_scene_get_seed (RaqamExploreScene *self)
{
  g_return_val_if_fail (RAQAM_IS_EXPLORE_SCENE (self), 0);

  return self->seed;
}

void
raqam_explore_scene_set_style (RaqamExploreScene *self, const RaqamStyle *style,
                               const char *gesture)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_SCENE (self));
  g_return_if_fail (style->latent == self->style.latent);

  if (raqam_style_equal (&self->style, style))
    return;
  raqam_explore_history_push (self->history, &self->style, style, g_intern_string (gesture),
                              g_get_monotonic_time ());
  self->style = *style;
  show (self);
  history_changed (self);
}

void
raqam_explore_scene_set_digit (RaqamExploreScene *self, int digit)
{
  RaqamStyle style;

  g_return_if_fail (RAQAM_IS_EXPLORE_SCENE (self));

  style = self->style;
  style.digit = digit;
  style.other = digit;
  style.mix = 0;
  raqam_explore_scene_set_style (self, &style, NULL);
}

static void
go_to (RaqamExploreScene *self, const RaqamStyle *style)
{
  if (style == NULL)
    return;
  self->style = *style;
  show (self);
  history_changed (self);
}

void
raqam_explore_scene_undo (RaqamExploreScene *self)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_SCENE (self));

  go_to (self, raqam_explore_history_undo (self->history));
}

void
raqam_explore_scene_redo (RaqamExploreScene *self)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_SCENE (self));

  go_to (self, raqam_explore_history_redo (self->history));
}

void
raqam_explore_scene_draw (RaqamExploreScene *self, RaqamSceneSlot slot, const RaqamStyle *styles,
                          guint n)
{
  RaqamStage stage = slot == RAQAM_SCENE_BESIDE ? RAQAM_STAGE_BESIDE : RAQAM_STAGE_MAIN;

  g_return_if_fail (RAQAM_IS_EXPLORE_SCENE (self));

  if ((stage == RAQAM_STAGE_BESIDE ? self->beside : self->model) != NULL)
    raqam_engine_draw (self->engine, stage, slot, styles, n);
}

GBytes *
raqam_explore_scene_get_pixels (RaqamExploreScene *self)
{
  g_return_val_if_fail (RAQAM_IS_EXPLORE_SCENE (self), NULL);

  return self->pixels;
}

const RaqamStyle *
raqam_explore_scene_get_drawn (RaqamExploreScene *self)
{
  g_return_val_if_fail (RAQAM_IS_EXPLORE_SCENE (self), NULL);

  return self->pixels != NULL ? &self->drawn : NULL;
}

RaqamKeptList *
raqam_explore_scene_get_kept (RaqamExploreScene *self)
{
  g_return_val_if_fail (RAQAM_IS_EXPLORE_SCENE (self), NULL);

  return self->kept;
}

void
raqam_explore_scene_notice (RaqamExploreScene *self, const char *message)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_SCENE (self));

  g_signal_emit (self, signals[NOTICE], 0, message);
}

void
raqam_explore_scene_problem (RaqamExploreScene *self, const char *message)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_SCENE (self));

  g_signal_emit (self, signals[PROBLEM], 0, message);
}

static void
raqam_explore_scene_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RaqamExploreScene *self = RAQAM_EXPLORE_SCENE (object);

  switch (prop_id)
    {
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, raqam_explore_history_can_undo (self->history));
      break;
    case PROP_CAN_REDO:
      g_value_set_boolean (value, raqam_explore_history_can_redo (self->history));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
raqam_explore_scene_finalize (GObject *object)
{
  RaqamExploreScene *self = RAQAM_EXPLORE_SCENE (object);

  g_clear_object (&self->engine);
  g_clear_pointer (&self->model, raqam_model_unref);
  g_clear_pointer (&self->beside, raqam_model_unref);
  g_clear_pointer (&self->pixels, g_bytes_unref);
  raqam_explore_history_free (self->history);
  g_clear_object (&self->kept);

  G_OBJECT_CLASS (raqam_explore_scene_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, GSignalFlags flags, guint n_params, GType first, GType second)
{
  return g_signal_new (name, RAQAM_TYPE_EXPLORE_SCENE, G_SIGNAL_RUN_LAST | flags, 0, NULL, NULL,
                       NULL, G_TYPE_NONE, n_params, first, second);
}

static void
raqam_explore_scene_class_init (RaqamExploreSceneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = raqam_explore_scene_get_property;
  object_class->finalize = raqam_explore_scene_finalize;

  props[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[CHANGED] = add_signal ("changed", 0, 0, G_TYPE_NONE, G_TYPE_NONE);
  signals[MODEL_CHANGED] = add_signal ("model-changed", 0, 0, G_TYPE_NONE, G_TYPE_NONE);
  signals[BESIDE_CHANGED] = add_signal ("beside-changed", 0, 0, G_TYPE_NONE, G_TYPE_NONE);
  signals[DRAWN] = add_signal ("drawn", G_SIGNAL_DETAILED, 2, G_TYPE_UINT, G_TYPE_POINTER);
  signals[NOTICE] = add_signal ("notice", 0, 1, G_TYPE_STRING, G_TYPE_NONE);
  signals[PROBLEM] = add_signal ("problem", 0, 1, G_TYPE_STRING, G_TYPE_NONE);
}

static void
raqam_explore_scene_init (RaqamExploreScene *self)
{
  self->history = raqam_explore_history_new ();
  self->kept = raqam_kept_list_new ();
  g_signal_connect_object (self->kept, "problem", G_CALLBACK (raqam_explore_scene_problem), self,
                           G_CONNECT_SWAPPED);
  raqam_style_init (&self->style, 0, 0);
}

RaqamExploreScene *
raqam_explore_scene_new (RaqamEngine *engine)
{
  RaqamExploreScene *self = g_object_new (RAQAM_TYPE_EXPLORE_SCENE, NULL);

  self->engine = g_object_ref (engine);
  g_signal_connect_object (engine, "model", G_CALLBACK (model_cb), self, 0);
  g_signal_connect_object (engine, "beside", G_CALLBACK (beside_cb), self, 0);
  g_signal_connect_object (engine, "drawn", G_CALLBACK (drawn_cb), self, 0);
  return self;
}
