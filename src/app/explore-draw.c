/* explore-draw.c — draw a digit, and the model comes as near as it can.
 * SPDX-License-Identifier: MIT */

#include "app/explore-draw.h"

#include "app/draw-pad.h"
#include "app/picture-cell.h"
#include "app/picture-search.h"
#include "app/split.h"
#include "app/ui.h"
#include "engine/sketch.h"
#include "print/format.h"

#include <glib/gi18n.h>

#define CELL_SIDE 132
#define REST 400 /* milliseconds after a stroke before it is looked for */

struct _RaqamExploreDraw
{
  RaqamExplorePanel parent_instance;

  RaqamDrawPad     *pad;
  RaqamPictureCell *target_cell;
  RaqamPictureCell *found_cell;
  GtkLabel         *verdict;
  GtkRange         *brush;
  GtkDropDown      *digit;
  GtkCheckButton   *fill;
  GtkWidget        *find_button;
  GtkWidget        *stop_button;
  GtkProgressBar   *progress;

  RaqamPictureSearch   *search;
  RaqamModel           *searched; /* the model that is searched, or NULL */
  GCancellable         *loading;  /* of the picture being opened, or NULL */
  GtkFileChooserNative *dialog;   /* or NULL */
  guint                 rest;     /* source, or 0 */
};

G_DEFINE_FINAL_TYPE (RaqamExploreDraw, raqam_explore_draw, RAQAM_TYPE_EXPLORE_PANEL)

static RaqamExploreScene *
scene_of (RaqamExploreDraw *self)
{
  return raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
}

static int
chosen_digit (RaqamExploreDraw *self)
{
  return (int) gtk_drop_down_get_selected (self->digit) - 1; /* the first is "any" */
}

static void
show_busy (RaqamExploreDraw *self)
{
  gboolean busy = raqam_picture_search_is_busy (self->search);

  gtk_widget_set_visible (self->find_button, !busy);
  gtk_widget_set_visible (self->stop_button, busy);
  gtk_widget_set_sensitive (self->find_button, raqam_explore_scene_get_model (scene_of (self)) != NULL);
  gtk_widget_set_opacity (GTK_WIDGET (self->progress), busy ? 1 : 0);
}

static void
stop (RaqamExploreDraw *self)
{
  g_clear_handle_id (&self->rest, g_source_remove);
  raqam_picture_search_stop (self->search);
  g_clear_pointer (&self->searched, raqam_model_unref);
  show_busy (self);
}

static const char *
in_words (double distance)
{
  if (distance < 0.08)
    return _("Hardly to be told apart");
  if (distance < 0.18)
    return _("Very near");
  if (distance < 0.35)
    return _("Alike");
  return _("Far away: the model does not know such a digit");
}

static void
show_found (RaqamExploreDraw *self, const RaqamInversion *found)
{
  g_autofree char *share = raqam_format_number (100 * (1 - found->distance), 0);
  g_autofree char *distance = raqam_format_number (found->distance, 3);
  g_autofree char *text = NULL;
  g_autofree char *label = NULL;

  /* Translators: the first %s is "Very near" or the like, the second a percentage without
   * its sign, the third a number such as 0.064 */
  text = g_strdup_printf (_("%s: %s percent of the ink is shared (distance %s)"),
                          in_words (found->distance), share, distance);
  gtk_label_set_text (self->verdict, text);
  /* Translators: %s is a Persian digit */
  label = g_strdup_printf (_("Nearest picture of the model: digit %s"),
                           raqam_format_persian_digit (found->style.digit));
  raqam_picture_cell_set (self->found_cell, found->pixels, label);
}

static void
progress_cb (RaqamExploreDraw *self, const RaqamInversion *best, double done)
{
  gtk_progress_bar_set_fraction (self->progress, done);
  show_found (self, best);
}

static void
ended_cb (RaqamExploreDraw *self, const RaqamInversion *found, const GError *error)
{
  RaqamExploreScene *scene = scene_of (self);

  g_clear_pointer (&self->searched, raqam_model_unref);
  show_busy (self);
  if (found == NULL)
    {
      raqam_explore_scene_problem (scene, error->message);
      return;
    }
  show_found (self, found);
  if (found->style.latent == raqam_explore_scene_get_style (scene)->latent)
    raqam_explore_scene_set_style (scene, &found->style, NULL);
}

/* What was drawn as the model's data are; FALSE where there is nothing. A zero is small,
 * so it is never enlarged. */
static gboolean
make_target (RaqamExploreDraw *self, guint8 *target, const RaqamModel *model)
{
  g_autoptr (RaqamSketch) sketch = raqam_draw_pad_get_sketch (self->pad);
  gboolean fill = gtk_check_button_get_active (self->fill) && chosen_digit (self) != 0;

  raqam_sketch_fit (target, sketch, fill, model != NULL && model->recipe->grey);
  for (int i = 0; i < RAQAM_FIT_PIXELS; i++)
    if (target[i] > 0)
      return TRUE;
  return FALSE;
}

static void
show_target (RaqamExploreDraw *self)
{
  guint8 target[RAQAM_FIT_PIXELS];
  gboolean any = make_target (self, target, raqam_explore_scene_get_model (scene_of (self)));

  raqam_picture_cell_set (self->target_cell, any ? target : NULL, _("What is looked for"));
}

static void
find (RaqamExploreDraw *self)
{
  RaqamModel *model = raqam_explore_scene_get_model (scene_of (self));
  guint8 target[RAQAM_FIT_PIXELS];

  if (model == NULL)
    return;
  stop (self);
  if (!make_target (self, target, model))
    {
      gtk_label_set_text (self->verdict, _("Draw something first."));
      return;
    }
  self->searched = raqam_model_ref (model);
  gtk_progress_bar_set_fraction (self->progress, 0);
  raqam_picture_search_start (self->search, model, target, chosen_digit (self));
  show_busy (self);
}

static gboolean
rest_cb (gpointer data)
{
  RaqamExploreDraw *self = data;

  self->rest = 0;
  find (self);
  return G_SOURCE_REMOVE;
}

/* A new drawing gives up the search for the old one, and is looked for after a rest. */
static void
drawn_cb (RaqamExploreDraw *self)
{
  gboolean empty;

  if (scene_of (self) == NULL)
    return;
  stop (self);
  show_target (self);
  g_object_get (self->pad, "is-empty", &empty, NULL);
  if (empty)
    {
      raqam_picture_cell_set (self->found_cell, NULL, _("Nearest picture of the model"));
      gtk_label_set_text (self->verdict, _("Draw a digit; the nearest picture of the model is found."));
      return;
    }
  self->rest = g_timeout_add (REST, rest_cb, self);
}

static void
brush_cb (RaqamExploreDraw *self)
{
  g_object_set (self->pad, "brush", gtk_range_get_value (self->brush), NULL);
}

static void
undo_cb (RaqamExploreDraw *self)
{
  raqam_draw_pad_undo (self->pad);
}

static void
clear_cb (RaqamExploreDraw *self)
{
  raqam_draw_pad_clear (self->pad);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RaqamExploreDraw) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamSketch) sketch = g_task_propagate_pointer (G_TASK (result), &error);

  /* One that came too late, or whose panel is gone, has nothing to say. */
  if (self->loading != g_task_get_cancellable (G_TASK (result)))
    return;
  g_clear_object (&self->loading);
  if (sketch != NULL)
    raqam_draw_pad_set_sketch (self->pad, sketch);
  else
    raqam_explore_scene_problem (scene_of (self), error->message);
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  RaqamSketch *sketch = raqam_sketch_load (data, cancellable, &error);

  if (sketch != NULL)
    g_task_return_pointer (task, sketch, (GDestroyNotify) raqam_sketch_free);
  else
    g_task_return_error (task, error);
}

void
raqam_explore_draw_open (RaqamExploreDraw *self, GFile *file)
{
  GtkWidget *tabs;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (RAQAM_IS_EXPLORE_DRAW (self));

  tabs = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_VIEW_STACK);
  for (GtkWidget *page = GTK_WIDGET (self); tabs != NULL; page = gtk_widget_get_parent (page))
    if (gtk_widget_get_parent (page) == tabs)
      {
        adw_view_stack_set_visible_child (ADW_VIEW_STACK (tabs), page);
        break;
      }
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  task = g_task_new (NULL, self->loading, loaded_cb, g_object_ref (self));
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, load_thread);
}

static void
response_cb (GtkNativeDialog *dialog, int response, RaqamExploreDraw *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    raqam_explore_draw_open (self, file);
  g_clear_object (&self->dialog);
}

static void
open_cb (RaqamExploreDraw *self)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  if (self->dialog != NULL)
    return;
  self->dialog = gtk_file_chooser_native_new (_("Open a Picture of a Digit"), parent,
                                              GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->dialog), TRUE);
  gtk_file_filter_set_name (filter, _("PNG pictures"));
  gtk_file_filter_add_mime_type (filter, "image/png");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->dialog), filter);
  g_signal_connect_object (self->dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->dialog));
}

/* A search goes on with the model that it began with: one that trains is another twice a
 * second, and what is found of it is nearly as near with the next. What is found of
 * another run or file is of no use to this one. */
static void
model_cb (RaqamExploreDraw *self)
{
  const RaqamModel *model = raqam_explore_scene_get_model (scene_of (self));

  if (self->searched != NULL
      && (model == NULL || model->recipe->latent != self->searched->recipe->latent
          || g_strcmp0 (model->origin, self->searched->origin) != 0))
    {
      stop (self);
      gtk_label_set_text (self->verdict, _("The model has changed; press Find to search it."));
    }
  show_busy (self);
}

static void
raqam_explore_draw_start (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreDraw *self = RAQAM_EXPLORE_DRAW (panel);

  g_signal_connect_object (scene, "model-changed", G_CALLBACK (model_cb), self, G_CONNECT_SWAPPED);
  show_busy (self);
}

static void
raqam_explore_draw_dispose (GObject *object)
{
  RaqamExploreDraw *self = RAQAM_EXPLORE_DRAW (object);

  g_clear_handle_id (&self->rest, g_source_remove);
  if (self->search != NULL)
    raqam_picture_search_stop (self->search);
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->search);
  g_clear_object (&self->dialog);
  g_clear_pointer (&self->searched, raqam_model_unref);

  G_OBJECT_CLASS (raqam_explore_draw_parent_class)->dispose (object);
}

static void
raqam_explore_draw_class_init (RaqamExploreDrawClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_explore_draw_dispose;
  RAQAM_EXPLORE_PANEL_CLASS (klass)->start = raqam_explore_draw_start;

  g_type_ensure (RAQAM_TYPE_DRAW_PAD);
  g_type_ensure (RAQAM_TYPE_PICTURE_CELL);
  g_type_ensure (RAQAM_TYPE_SPLIT);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-draw"));
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDraw, pad);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDraw, target_cell);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDraw, found_cell);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDraw, verdict);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDraw, brush);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDraw, digit);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDraw, fill);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDraw, find_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDraw, stop_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDraw, progress);
  gtk_widget_class_bind_template_callback (widget_class, drawn_cb);
  gtk_widget_class_bind_template_callback (widget_class, brush_cb);
  gtk_widget_class_bind_template_callback (widget_class, undo_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
  gtk_widget_class_bind_template_callback (widget_class, find);
  gtk_widget_class_bind_template_callback (widget_class, stop);
}

static void
raqam_explore_draw_init (RaqamExploreDraw *self)
{
  g_autoptr (GtkStringList) digits = gtk_string_list_new (NULL);

  self->search = raqam_picture_search_new ();
  g_signal_connect_object (self->search, "progress", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_string_list_append (digits, _("Any digit"));
  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    gtk_string_list_append (digits, raqam_format_persian_digit (d));
  gtk_drop_down_set_model (self->digit, G_LIST_MODEL (digits));
  g_signal_connect_object (self->digit, "notify::selected", G_CALLBACK (drawn_cb), self,
                           G_CONNECT_SWAPPED);
  raqam_picture_cell_set_side (self->target_cell, CELL_SIDE);
  raqam_picture_cell_set_side (self->found_cell, CELL_SIDE);
  raqam_picture_cell_set (self->target_cell, NULL, _("What is looked for"));
  raqam_picture_cell_set (self->found_cell, NULL, _("Nearest picture of the model"));
}
