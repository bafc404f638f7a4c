/* explore-models.c — what is explored: any model, and beside it a second one.
 * SPDX-License-Identifier: MIT */

#include "app/explore-models.h"

#include "app/model-chooser.h"
#include "app/model-row.h"
#include "app/ui.h"
#include "print/format.h"

#include <glib/gi18n.h>

struct _RaqamExploreModels
{
  RaqamExplorePanel parent_instance;

  RaqamModelRow *main;
  RaqamModelRow *beside;
  GtkSwitch     *follow;
  GtkWidget     *compare;

  RaqamEngine *engine;
  gboolean     quiet; /* the model that is being opened may fail untold */
  char        *caption;
  char        *beside_caption;

  /* The picture to be shown once its model is there. */
  char   *wanted; /* the model's origin, or NULL */
  guint64 wanted_seed;
  guint64 wanted_number;
  int     wanted_digit;
};

enum
{
  PROP_CAPTION = 1,
  PROP_BESIDE_CAPTION,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RaqamExploreModels, raqam_explore_models, RAQAM_TYPE_EXPLORE_PANEL)

static RaqamExploreScene *
get_scene (RaqamExploreModels *self)
{
  return raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
}

static gboolean
is_training (RaqamExploreModels *self)
{
  return raqam_engine_get_state (self->engine) != RAQAM_STATE_IDLE;
}

static void
tell (RaqamExploreModels *self, const char *format, const GError *error)
{
  g_autofree char *message = g_strdup_printf (format, error->message);

  raqam_explore_scene_problem (get_scene (self), message);
}

/* Returns: (transfer full): why the second model cannot draw the style of the first, or NULL */
static char *
find_difference (const RaqamModel *model, const RaqamModel *beside)
{
  g_autofree char *length = NULL;
  g_autofree char *other = NULL;

  if (model == NULL || beside == NULL || model->recipe->latent == beside->recipe->latent)
    return NULL;
  length = raqam_format_integer (model->recipe->latent);
  other = raqam_format_integer (beside->recipe->latent);
  /* Translators: both are numbers: the lengths of two models' latent vectors */
  return g_strdup_printf (_("This model has vectors of %s numbers, the first one of %s: it cannot "
                            "draw the same style."),
                          other, length);
}

static char *
get_caption (RaqamModelRow *row)
{
  char *caption;

  g_object_get (row, "caption", &caption, NULL);
  return caption;
}

static void
caption_cb (RaqamExploreModels *self)
{
  RaqamExploreScene *scene = get_scene (self);
  char *difference = NULL;

  if (scene != NULL)
    difference = find_difference (raqam_explore_scene_get_model (scene),
                                  raqam_explore_scene_get_beside (scene));
  g_free (self->caption);
  g_free (self->beside_caption);
  self->caption = get_caption (self->main);
  self->beside_caption = difference != NULL ? difference : get_caption (self->beside);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAPTION]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BESIDE_CAPTION]);
}

/* The picture that was asked for, where it is one of @model's. */
static void
show_wanted (RaqamExploreModels *self, const RaqamModel *model)
{
  RaqamStyle style;

  if (self->wanted == NULL || g_strcmp0 (self->wanted, model->origin) != 0)
    return;
  g_clear_pointer (&self->wanted, g_free);
  raqam_style_init (&style, self->wanted_digit, model->recipe->latent);
  raqam_style_randomise (&style, self->wanted_seed, self->wanted_number);
  raqam_explore_scene_set_style (get_scene (self), &style, NULL);
}

static void
model_cb (RaqamEngine *engine, RaqamModel *model, const GError *error, RaqamExploreModels *self)
{
  gboolean quiet = self->quiet;

  self->quiet = FALSE;
  if (model == NULL)
    {
      raqam_model_row_await (self->main, NULL);
      if (!quiet && error != NULL)
        tell (self, _("The model could not be opened: %s"), error);
      return;
    }
  raqam_model_row_set_model (self->main, model,
                             is_training (self) && gtk_switch_get_active (self->follow));
  show_wanted (self, model);
}

static void
beside_cb (RaqamEngine *engine, RaqamModel *model, const GError *error, RaqamExploreModels *self)
{
  if (error != NULL)
    {
      raqam_model_row_await (self->beside, NULL);
      tell (self, _("The second model could not be opened: %s"), error);
      return;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->beside), model != NULL);
  gtk_widget_set_visible (self->compare, model == NULL);
  raqam_model_row_set_model (self->beside, model, FALSE);
}

static void
saved_cb (RaqamEngine *engine, const char *path, RaqamExploreModels *self)
{
  raqam_model_row_saved (self->main, path);
  raqam_model_row_saved (self->beside, path);
}

static void
state_cb (RaqamEngine *engine, GParamSpec *pspec, RaqamExploreModels *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->follow), is_training (self));
}

static void
follow_cb (RaqamExploreModels *self)
{
  if (self->engine != NULL)
    raqam_engine_follow (self->engine, gtk_switch_get_active (self->follow));
}

void
raqam_explore_models_follow (RaqamExploreModels *self)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_MODELS (self));

  gtk_switch_set_active (self->follow, TRUE);
  raqam_engine_follow (self->engine, TRUE);
}

void
raqam_explore_models_open (RaqamExploreModels *self, const char *path, gboolean quiet)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_MODELS (self));

  self->quiet = quiet;
  g_clear_pointer (&self->wanted, g_free);
  gtk_switch_set_active (self->follow, FALSE);
  raqam_model_row_await (self->main, path);
  raqam_engine_open_model (self->engine, path);
}

void
raqam_explore_models_show (RaqamExploreModels *self, const char *path, guint64 seed,
                           guint64 number, int digit)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_MODELS (self));
  g_return_if_fail (digit >= 0 && digit < RAQAM_N_DIGITS);

  raqam_explore_models_open (self, path, FALSE);
  self->wanted = g_filename_display_name (path);
  self->wanted_seed = seed;
  self->wanted_number = number;
  self->wanted_digit = digit;
}

void
raqam_explore_models_step (RaqamExploreModels *self, int by)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_MODELS (self));

  raqam_model_row_step (self->main, by);
}

void
raqam_explore_models_choose_file (RaqamExploreModels *self)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_MODELS (self));

  raqam_model_row_choose_file (self->main);
}

void
raqam_explore_models_choose_folder (RaqamExploreModels *self)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_MODELS (self));

  raqam_model_row_choose_folder (self->main);
}

static void
picked_cb (RaqamExploreModels *self, const char *path)
{
  raqam_explore_models_open (self, path, FALSE);
}

static void
beside_picked_cb (RaqamExploreModels *self, const char *path)
{
  raqam_model_row_await (self->beside, path);
  raqam_engine_open_beside (self->engine, path);
}

static void
close_cb (RaqamExploreModels *self)
{
  raqam_engine_open_beside (self->engine, NULL);
}

static void
raqam_explore_models_start (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreModels *self = RAQAM_EXPLORE_MODELS (panel);

  self->engine = g_object_ref (raqam_explore_scene_get_engine (scene));
  g_signal_connect_object (self->engine, "model", G_CALLBACK (model_cb), self, 0);
  g_signal_connect_object (self->engine, "beside", G_CALLBACK (beside_cb), self, 0);
  g_signal_connect_object (self->engine, "saved", G_CALLBACK (saved_cb), self, 0);
  g_signal_connect_object (self->engine, "notify::state", G_CALLBACK (state_cb), self, 0);
  g_signal_connect_object (scene, "model-changed", G_CALLBACK (caption_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (scene, "beside-changed", G_CALLBACK (caption_cb), self,
                           G_CONNECT_SWAPPED);
  state_cb (self->engine, NULL, self);
}

static void
raqam_explore_models_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RaqamExploreModels *self = RAQAM_EXPLORE_MODELS (object);

  switch (id)
    {
    case PROP_CAPTION:
      g_value_set_string (value, self->caption);
      break;
    case PROP_BESIDE_CAPTION:
      g_value_set_string (value, self->beside_caption);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
raqam_explore_models_dispose (GObject *object)
{
  g_clear_object (&RAQAM_EXPLORE_MODELS (object)->engine);

  G_OBJECT_CLASS (raqam_explore_models_parent_class)->dispose (object);
}

static void
raqam_explore_models_finalize (GObject *object)
{
  RaqamExploreModels *self = RAQAM_EXPLORE_MODELS (object);

  g_free (self->caption);
  g_free (self->beside_caption);
  g_free (self->wanted);

  G_OBJECT_CLASS (raqam_explore_models_parent_class)->finalize (object);
}

static void
raqam_explore_models_class_init (RaqamExploreModelsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = raqam_explore_models_dispose;
  object_class->finalize = raqam_explore_models_finalize;
  object_class->get_property = raqam_explore_models_get_property;
  RAQAM_EXPLORE_PANEL_CLASS (klass)->start = raqam_explore_models_start;

  props[PROP_CAPTION] = g_param_spec_string ("caption", NULL, NULL, NULL,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_BESIDE_CAPTION] = g_param_spec_string ("beside-caption", NULL, NULL, NULL,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (RAQAM_TYPE_MODEL_CHOOSER);
  g_type_ensure (RAQAM_TYPE_MODEL_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-models"));
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreModels, main);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreModels, beside);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreModels, follow);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreModels, compare);
  gtk_widget_class_bind_template_callback (widget_class, follow_cb);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, beside_picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, caption_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_cb);
}

static void
raqam_explore_models_init (RaqamExploreModels *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
