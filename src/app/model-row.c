/* model-row.c — a model: its name, its run's other checkpoints, and the way to another one.
 * SPDX-License-Identifier: MIT */

#include "app/model-row.h"

#include "app/evaluate-target.h"
#include "app/model-chooser.h"
#include "app/ui.h"
#include "engine/timeline.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

struct _RaqamModelRow
{
  AdwBin parent_instance;

  GtkLabel          *title;
  GtkLabel          *subtitle;
  AdwBin            *suffix;
  GtkMenuButton     *choose;
  RaqamModelChooser *chooser;
  GtkWidget         *time;
  GtkScale          *scale;
  GtkWidget         *earlier;
  GtkWidget         *later;
  GtkWidget         *best_button;

  char                *path;     /* of the model, or NULL */
  double               epoch;    /* of the model */
  gboolean             training; /* the model is the one that trains now */
  RaqamEvaluateTarget *run;      /* that the model belongs to, or NULL */
  char                *folder;   /* of the run that is looked at or for, or NULL */
  char                *awaited;  /* the checkpoint that will come next, or NULL */
  char                *best;     /* the checkpoint, or NULL */
  char                *caption;
  GCancellable        *looking;
  gboolean             in_bulk;
};

enum
{
  PROP_CAPTION = 1,
  PROP_SUFFIX,
  PROP_CHOOSE_LABEL,
  PROP_TIME_LABEL,
  N_PROPS
};

enum
{
  PICKED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamModelRow, raqam_model_row, ADW_TYPE_BIN)

/* FOLDER of "FOLDER/checkpoints/NAME", else NULL. */
static char *
run_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (folder);

  return g_str_equal (name, "checkpoints") ? g_path_get_dirname (folder) : NULL;
}

static char *
make_title (RaqamModelRow *self)
{
  if (self->path == NULL)
    return g_strdup ("");
  if (self->training)
    return g_strdup (_("Training now"));
  if (self->run != NULL)
    return g_strdup (self->run->title);
  return g_filename_display_basename (self->folder != NULL ? self->folder : self->path);
}

static void
show_title (RaqamModelRow *self)
{
  g_autofree char *title = make_title (self);
  g_autofree char *epoch = raqam_format_number (self->epoch, 2);

  gtk_label_set_label (self->title, title);
  g_free (self->caption);
  /* Translators: a run's or file's name, and the number of epochs that the model was trained */
  self->caption = g_strdup_printf (_("%s, epoch %s"), title, epoch);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAPTION]);
}

/* The slider goes from the oldest checkpoint to the newest; the list the other way round. */
static const char *
checkpoint_at (RaqamModelRow *self, int place)
{
  int n = self->run != NULL ? (int) self->run->checkpoints->len : 0;

  return place >= 0 && place < n ? self->run->checkpoints->pdata[n - 1 - place] : NULL;
}

static int
place_of (RaqamModelRow *self, const char *path)
{
  int n = self->run != NULL ? (int) self->run->checkpoints->len : 0;

  for (int place = 0; place < n; place++)
    if (g_strcmp0 (checkpoint_at (self, place), path) == 0)
      return place;
  return -1;
}

static int
current_place (RaqamModelRow *self)
{
  return place_of (self, self->awaited != NULL ? self->awaited : self->path);
}

static double
epoch_of (RaqamModelRow *self, const char *checkpoint)
{
  const RaqamRun *run = self->run->run;

  return run->step > 0 ? raqam_checkpoint_step (checkpoint) * run->epoch / (double) run->step : 0;
}

/* Where the slider stands, in words; and which ways are open from there. */
static void
show_place (RaqamModelRow *self)
{
  int place = current_place (self);
  int n = self->run != NULL ? (int) self->run->checkpoints->len : 0;
  g_autofree char *epoch = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_sensitive (self->earlier, place > 0);
  gtk_widget_set_sensitive (self->later, place >= 0 && place < n - 1);
  if (place < 0)
    return;
  epoch = raqam_format_number (epoch_of (self, checkpoint_at (self, place)), 2);
  text = g_strdup_printf (_("Epoch %s"), epoch);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  text, -1);
}

static void
show_best (RaqamModelRow *self)
{
  int best = self->run != NULL ? raqam_timeline_best (self->run->timeline) : -1;
  g_autofree char *epoch = NULL;
  g_autofree char *text = NULL;

  g_clear_pointer (&self->best, g_free);
  gtk_scale_clear_marks (self->scale);
  if (best >= 0)
    self->best = g_strdup (raqam_evaluate_target_find (
      self->run, g_array_index (self->run->timeline, RaqamQuality, best).step));
  gtk_widget_set_visible (self->best_button, self->best != NULL);
  if (self->best == NULL)
    return;
  gtk_scale_add_mark (self->scale, place_of (self, self->best), GTK_POS_TOP, NULL);
  epoch = raqam_format_number (epoch_of (self, self->best), 2);
  text = g_strdup_printf (_("Best checkpoint: epoch %s"), epoch);
  gtk_widget_set_tooltip_text (self->best_button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->best_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
show_time (RaqamModelRow *self)
{
  int n = self->run != NULL ? (int) self->run->checkpoints->len : 0;
  int place = current_place (self);

  gtk_widget_set_visible (self->time, !self->training && n > 1 && place >= 0);
  self->in_bulk = TRUE;
  gtk_range_set_range (GTK_RANGE (self->scale), 0, MAX (n - 1, 1));
  if (place >= 0)
    gtk_range_set_value (GTK_RANGE (self->scale), place);
  self->in_bulk = FALSE;
  show_place (self);
}

static void
run_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  RaqamEvaluateTarget *run = raqam_evaluate_target_finish (result, &error);
  RaqamModelRow *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_pointer (&self->run, raqam_evaluate_target_free);
  self->run = run; /* a file that lies in no run is a model all the same */
  show_title (self);
  show_best (self);
  show_time (self);
}

static void
look (RaqamModelRow *self)
{
  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  if (self->folder == NULL)
    return;
  self->looking = g_cancellable_new ();
  raqam_evaluate_target_async (self->folder, self->looking, run_cb, self);
}

static void
set_folder (RaqamModelRow *self, char *folder)
{
  if (g_strcmp0 (self->folder, folder) == 0)
    {
      g_free (folder);
      if (place_of (self, self->path) < 0)
        look (self);
      return;
    }
  g_free (self->folder);
  self->folder = folder;
  g_clear_pointer (&self->run, raqam_evaluate_target_free);
  show_best (self);
  look (self);
}

void
raqam_model_row_set_model (RaqamModelRow *self, const RaqamModel *model, gboolean training)
{
  g_autofree char *epoch = NULL;
  g_autofree char *subtitle = NULL;

  g_return_if_fail (RAQAM_IS_MODEL_ROW (self));

  g_free (self->path);
  self->path = model != NULL ? g_strdup (model->origin) : NULL;
  self->epoch = model != NULL ? model->epoch : 0;
  self->training = training;
  if (training || g_strcmp0 (self->path, self->awaited) == 0)
    g_clear_pointer (&self->awaited, g_free);
  if (model == NULL)
    return;

  set_folder (self, training ? NULL : run_folder (self->path));
  epoch = raqam_format_number (model->epoch, 2);
  /* Translators: a recipe's name and the number of epochs that a model was trained */
  subtitle = g_strdup_printf (_("%s, epoch %s"), _(model->recipe->title), epoch);
  gtk_label_set_label (self->subtitle, subtitle);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), model->origin);
  show_title (self);
  show_time (self);
}

void
raqam_model_row_await (RaqamModelRow *self, const char *path)
{
  g_return_if_fail (RAQAM_IS_MODEL_ROW (self));

  g_free (self->awaited);
  self->awaited = place_of (self, path) >= 0 ? g_strdup (path) : NULL;
  show_time (self);
}

void
raqam_model_row_saved (RaqamModelRow *self, const char *path)
{
  g_autofree char *folder = NULL;

  g_return_if_fail (RAQAM_IS_MODEL_ROW (self));

  folder = run_folder (path);
  if (self->folder != NULL && g_strcmp0 (folder, self->folder) == 0)
    look (self);
}

static void
pick_place (RaqamModelRow *self, int place)
{
  g_autofree char *path = g_strdup (checkpoint_at (self, place));

  if (path != NULL && place != current_place (self))
    g_signal_emit (self, signals[PICKED], 0, path);
}

void
raqam_model_row_step (RaqamModelRow *self, int by)
{
  int place;

  g_return_if_fail (RAQAM_IS_MODEL_ROW (self));

  place = current_place (self);
  if (place >= 0)
    pick_place (self, place + by);
}

void
raqam_model_row_choose_file (RaqamModelRow *self)
{
  g_return_if_fail (RAQAM_IS_MODEL_ROW (self));

  raqam_model_chooser_choose_file (self->chooser);
}

void
raqam_model_row_choose_folder (RaqamModelRow *self)
{
  g_return_if_fail (RAQAM_IS_MODEL_ROW (self));

  raqam_model_chooser_choose_folder (self->chooser);
}

static void
moved_cb (RaqamModelRow *self)
{
  if (!self->in_bulk)
    pick_place (self, (int) lround (gtk_range_get_value (GTK_RANGE (self->scale))));
}

static void
earlier_cb (RaqamModelRow *self)
{
  raqam_model_row_step (self, -1);
}

static void
later_cb (RaqamModelRow *self)
{
  raqam_model_row_step (self, 1);
}

static void
best_cb (RaqamModelRow *self)
{
  pick_place (self, place_of (self, self->best));
}

static void
chosen_cb (RaqamModelRow *self, const char *path)
{
  g_signal_emit (self, signals[PICKED], 0, path);
}

static void
raqam_model_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RaqamModelRow *self = RAQAM_MODEL_ROW (object);

  if (id == PROP_CAPTION)
    g_value_set_string (value, self->caption);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
raqam_model_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RaqamModelRow *self = RAQAM_MODEL_ROW (object);

  switch (id)
    {
    case PROP_SUFFIX:
      adw_bin_set_child (self->suffix, g_value_get_object (value));
      break;
    case PROP_CHOOSE_LABEL:
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->choose), g_value_get_string (value));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->choose), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      g_value_get_string (value), -1);
      break;
    case PROP_TIME_LABEL:
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      g_value_get_string (value), -1);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
raqam_model_row_dispose (GObject *object)
{
  RaqamModelRow *self = RAQAM_MODEL_ROW (object);

  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);

  G_OBJECT_CLASS (raqam_model_row_parent_class)->dispose (object);
}

static void
raqam_model_row_finalize (GObject *object)
{
  RaqamModelRow *self = RAQAM_MODEL_ROW (object);

  g_free (self->path);
  g_free (self->folder);
  g_free (self->awaited);
  g_free (self->best);
  g_free (self->caption);
  g_clear_pointer (&self->run, raqam_evaluate_target_free);

  G_OBJECT_CLASS (raqam_model_row_parent_class)->finalize (object);
}

static void
raqam_model_row_class_init (RaqamModelRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = raqam_model_row_dispose;
  object_class->finalize = raqam_model_row_finalize;
  object_class->get_property = raqam_model_row_get_property;
  object_class->set_property = raqam_model_row_set_property;

  props[PROP_CAPTION] = g_param_spec_string ("caption", NULL, NULL, NULL,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_SUFFIX] = g_param_spec_object ("suffix", NULL, NULL, GTK_TYPE_WIDGET,
                                            G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_CHOOSE_LABEL] = g_param_spec_string ("choose-label", NULL, NULL, NULL,
                                                  G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_TIME_LABEL] = g_param_spec_string ("time-label", NULL, NULL, NULL,
                                                G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (RAQAM_TYPE_MODEL_CHOOSER);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("model-row"));
  gtk_widget_class_bind_template_child (widget_class, RaqamModelRow, title);
  gtk_widget_class_bind_template_child (widget_class, RaqamModelRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, RaqamModelRow, suffix);
  gtk_widget_class_bind_template_child (widget_class, RaqamModelRow, choose);
  gtk_widget_class_bind_template_child (widget_class, RaqamModelRow, chooser);
  gtk_widget_class_bind_template_child (widget_class, RaqamModelRow, time);
  gtk_widget_class_bind_template_child (widget_class, RaqamModelRow, scale);
  gtk_widget_class_bind_template_child (widget_class, RaqamModelRow, earlier);
  gtk_widget_class_bind_template_child (widget_class, RaqamModelRow, later);
  gtk_widget_class_bind_template_child (widget_class, RaqamModelRow, best_button);
  gtk_widget_class_bind_template_callback (widget_class, moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, earlier_cb);
  gtk_widget_class_bind_template_callback (widget_class, later_cb);
  gtk_widget_class_bind_template_callback (widget_class, best_cb);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
}

static void
raqam_model_row_init (RaqamModelRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_time (self);
}
