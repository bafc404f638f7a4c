/* explore-morph.c — a morph through several pictures: chosen, previewed, saved.
 * SPDX-License-Identifier: MIT */

#include "app/explore-morph.h"

#include "app/ink.h"
#include "app/kept-list.h"
#include "app/morph-row.h"
#include "app/morph-task.h"
#include "app/spin.h"
#include "app/ui.h"
#include "print/format.h"

#include <glib/gi18n.h>

#define PREVIEW_SCALE 4
#define DEFAULT_SIZE 2 /* of the sizes */

static const int SIZES[] = { 28, 112, 224, 448 };

struct _RaqamExploreMorph
{
  RaqamExplorePanel parent_instance;

  GtkPicture      *preview;
  GtkToggleButton *play;
  RaqamMorphRow   *row;
  GtkLabel        *hint;
  GtkWidget       *add_kept;
  GtkWidget       *clear;
  GtkAdjustment   *seconds;
  GtkSpinButton   *spin;
  GtkSwitch       *loop;
  AdwComboRow     *size;
  GtkStringList   *sizes;
  GtkSwitch       *crisp;
  GtkStack        *stack;
  GtkWidget       *save_gif;
  GtkWidget       *save_frames;
  GtkProgressBar  *progress;

  /* The preview. Its frames are of the points and settings they were asked for with. */
  GBytes       *frames;   /* or NULL */
  GCancellable *drawing;  /* NULL: nothing is being drawn */
  gboolean      outdated; /* by what has changed since then */
  guint         asked_per_leg;
  guint         tick; /* 0: it does not play */
  gint64        began;
  guint         shown;

  GtkFileChooserNative *dialog;
  GCancellable         *saving; /* NULL: nothing is being saved */
};

G_DEFINE_FINAL_TYPE (RaqamExploreMorph, raqam_explore_morph, RAQAM_TYPE_EXPLORE_PANEL)

static RaqamExploreScene *
scene_of (RaqamExploreMorph *self)
{
  return raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
}

static gboolean
plays (RaqamExploreMorph *self)
{
  return gtk_toggle_button_get_active (self->play);
}

static void
show_picture (RaqamExploreMorph *self, const guint8 *pixels)
{
  g_autoptr (GdkTexture) texture = raqam_ink_texture_new (pixels, 1, 1, 1, PREVIEW_SCALE, FALSE);

  gtk_picture_set_paintable (self->preview, GDK_PAINTABLE (texture));
}

static void
show_first (RaqamExploreMorph *self)
{
  const guint8 *pixels = raqam_morph_row_get_pixels (self->row, 0);

  if (pixels != NULL)
    show_picture (self, pixels);
  else
    gtk_picture_set_paintable (self->preview, NULL);
}

/* @styles: overwritten: a new array, the caller's; of one picture it is twice that one */
static RaqamMorph
make_morph (RaqamExploreMorph *self, RaqamStyle **styles)
{
  guint n_points = raqam_morph_row_get_n (self->row), n = MAX (n_points, 2);

  *styles = g_new (RaqamStyle, n);
  for (guint i = 0; i < n; i++)
    (*styles)[i] = *raqam_morph_row_get_style (self->row, MIN (i, n_points - 1));
  return (RaqamMorph) {
    .styles = *styles,
    .n_styles = n,
    .frames_per_leg = (guint) gtk_adjustment_get_value (self->seconds) * RAQAM_MORPH_RATE,
    .loop = gtk_switch_get_active (self->loop),
    .eased = TRUE,
  };
}

static void refresh (RaqamExploreMorph *self);

static void
frames_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RaqamExploreMorph) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) frames = raqam_morph_frames_finish (result, &error);
  gboolean current = !self->outdated;

  g_clear_object (&self->drawing);
  if (frames != NULL && current)
    {
      const guint8 *pixels = g_bytes_get_data (frames, NULL);

      for (guint i = 0; i < raqam_morph_row_get_n (self->row); i++)
        raqam_morph_row_set_pixels (self->row, i,
                                    pixels + (gsize) i * self->asked_per_leg * RAQAM_IMAGE_SIZE);
      g_clear_pointer (&self->frames, g_bytes_unref);
      self->frames = g_steal_pointer (&frames);
      if (!plays (self))
        show_first (self);
    }
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
           && scene_of (self) != NULL)
    {
      gtk_toggle_button_set_active (self->play, FALSE);
      raqam_explore_scene_problem (scene_of (self), error->message);
    }
  if (!current)
    refresh (self);
}

/* Draws the points, and what is between them while it plays; one drawing at a time. */
static void
refresh (RaqamExploreMorph *self)
{
  RaqamExploreScene *scene = scene_of (self);
  RaqamModel *model = scene != NULL ? raqam_explore_scene_get_model (scene) : NULL;
  g_autofree RaqamStyle *styles = NULL;
  RaqamMorphJob job = { .model = model };

  self->outdated = self->drawing != NULL;
  if (self->outdated || model == NULL || raqam_morph_row_get_n (self->row) == 0
      || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  job.morph = make_morph (self, &styles);
  if (!plays (self))
    {
      job.morph.frames_per_leg = 1;
      job.morph.loop = FALSE;
    }
  self->asked_per_leg = job.morph.frames_per_leg;
  self->drawing = g_cancellable_new ();
  raqam_morph_frames_async (&job, self->drawing, frames_cb, g_object_ref (self));
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  RaqamExploreMorph *self = RAQAM_EXPLORE_MORPH (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  guint n, frame;

  if (self->frames == NULL)
    return G_SOURCE_CONTINUE;
  n = (guint) (g_bytes_get_size (self->frames) / RAQAM_IMAGE_SIZE);
  frame = (guint) ((now - self->began) * RAQAM_MORPH_RATE / G_USEC_PER_SEC % n);
  if (frame == self->shown)
    return G_SOURCE_CONTINUE;
  self->shown = frame;
  show_picture (self, (const guint8 *) g_bytes_get_data (self->frames, NULL)
                        + (gsize) frame * RAQAM_IMAGE_SIZE);
  return G_SOURCE_CONTINUE;
}

static void
stop_tick (RaqamExploreMorph *self)
{
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
}

static void
play_toggled_cb (RaqamExploreMorph *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_button_set_icon_name (GTK_BUTTON (self->play), plays (self)
                                                       ? "media-playback-pause-symbolic"
                                                       : "media-playback-start-symbolic");
  stop_tick (self);
  g_clear_pointer (&self->frames, g_bytes_unref);
  if (!plays (self))
    {
      show_first (self);
      return;
    }
  self->began = gdk_frame_clock_get_frame_time (gtk_widget_get_frame_clock (widget));
  self->shown = G_MAXUINT;
  self->tick = gtk_widget_add_tick_callback (widget, tick_cb, NULL, NULL);
  refresh (self);
}

static void
changed_cb (RaqamExploreMorph *self)
{
  if (plays (self))
    refresh (self);
}

static void
points_changed (RaqamExploreMorph *self)
{
  guint n = raqam_morph_row_get_n (self->row);
  gboolean enough = n >= 2;

  gtk_widget_set_sensitive (GTK_WIDGET (self->play), enough);
  gtk_widget_set_sensitive (self->save_gif, enough);
  gtk_widget_set_sensitive (self->save_frames, enough);
  gtk_widget_set_sensitive (self->clear, n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->row), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->preview), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), !enough);
  if (!enough)
    gtk_toggle_button_set_active (self->play, FALSE);
  if (!plays (self))
    show_first (self);
  refresh (self);
}

static void
add_present_cb (RaqamExploreMorph *self)
{
  raqam_morph_row_add (self->row, raqam_explore_scene_get_style (scene_of (self)));
  points_changed (self);
}

/* All that are not there yet, in their order. */
static void
add_kept_cb (RaqamExploreMorph *self)
{
  GListModel *kept = G_LIST_MODEL (raqam_explore_scene_get_kept (scene_of (self)));
  int latent = raqam_explore_scene_get_style (scene_of (self))->latent;

  for (guint i = 0; i < g_list_model_get_n_items (kept); i++)
    {
      g_autoptr (RaqamKeptItem) item = g_list_model_get_item (kept, i);
      const RaqamStyle *style = raqam_kept_item_get_style (item);

      if (style->latent == latent && !raqam_morph_row_has (self->row, style))
        raqam_morph_row_add (self->row, style);
    }
  points_changed (self);
}

static void
kept_changed_cb (RaqamExploreMorph *self)
{
  GListModel *kept = G_LIST_MODEL (raqam_explore_scene_get_kept (scene_of (self)));

  gtk_widget_set_sensitive (self->add_kept, g_list_model_get_n_items (kept) > 0);
}

static void
clear_cb (RaqamExploreMorph *self)
{
  raqam_morph_row_clear (self->row);
  points_changed (self);
}

static void
set_saving (RaqamExploreMorph *self, GCancellable *cancellable)
{
  g_set_object (&self->saving, cancellable);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_stack_set_visible_child_name (self->stack, cancellable != NULL ? "progress" : "save");
}

static void
progress_cb (double share, gpointer data)
{
  RaqamExploreMorph *self = RAQAM_EXPLORE_MORPH (data);

  if (scene_of (self) != NULL)
    gtk_progress_bar_set_fraction (self->progress, share);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RaqamExploreMorph) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = raqam_morph_save_finish (result, &error);

  if (scene_of (self) == NULL)
    return; /* the window is closed */
  set_saving (self, NULL);
  if (message != NULL)
    raqam_explore_scene_notice (scene_of (self), message);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *problem
        = g_strdup_printf (_("The morph could not be saved: %s"), error->message);

      raqam_explore_scene_problem (scene_of (self), problem);
    }
}

static void
save (RaqamExploreMorph *self, const char *path, gboolean frames)
{
  g_autofree RaqamStyle *styles = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  RaqamMorphJob job = {
    .model = raqam_explore_scene_get_model (scene_of (self)),
    .morph = make_morph (self, &styles),
    .crisp = gtk_switch_get_active (self->crisp),
    .side = SIZES[adw_combo_row_get_selected (self->size)],
    .path = path,
    .frames = frames,
  };

  set_saving (self, cancellable);
  raqam_morph_save_async (&job, cancellable, progress_cb, saved_cb, g_object_ref (self));
}

static void
response_cb (GtkNativeDialog *dialog, int response, RaqamExploreMorph *self)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  g_autoptr (GFile) file = NULL;
  gboolean frames
    = gtk_file_chooser_get_action (chooser) == GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (chooser);
  /* Another model's vectors may have emptied the row in the meantime. */
  if (file != NULL && g_file_peek_path (file) != NULL && raqam_morph_row_get_n (self->row) >= 2)
    save (self, g_file_peek_path (file), frames);
  g_clear_object (&self->dialog);
}

static void
choose (RaqamExploreMorph *self, GtkFileChooserAction action)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  gboolean frames = action == GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER;

  if (self->dialog != NULL)
    return;
  self->dialog = gtk_file_chooser_native_new (
    frames ? _("Save PNG Frames in a New Folder Here") : _("Save Morph"), parent, action,
    _("_Save"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->dialog), TRUE);
  if (!frames)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->dialog), "morph.gif");
  g_signal_connect_object (self->dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->dialog));
}

static void
save_gif_cb (RaqamExploreMorph *self)
{
  choose (self, GTK_FILE_CHOOSER_ACTION_SAVE);
}

static void
save_frames_cb (RaqamExploreMorph *self)
{
  choose (self, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

static void
stop_cb (RaqamExploreMorph *self)
{
  g_cancellable_cancel (self->saving);
}

static void
raqam_explore_morph_model_changed (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreMorph *self = RAQAM_EXPLORE_MORPH (panel);
  int latent = raqam_explore_scene_get_style (scene)->latent;

  if (raqam_morph_row_get_n (self->row) > 0
      && raqam_morph_row_get_style (self->row, 0)->latent != latent)
    clear_cb (self);
  refresh (self);
}

static void
raqam_explore_morph_start (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  g_signal_connect_object (raqam_explore_scene_get_kept (scene), "items-changed",
                           G_CALLBACK (kept_changed_cb), panel, G_CONNECT_SWAPPED);
  kept_changed_cb (RAQAM_EXPLORE_MORPH (panel));
}

static void
raqam_explore_morph_unmap (GtkWidget *widget)
{
  gtk_toggle_button_set_active (RAQAM_EXPLORE_MORPH (widget)->play, FALSE);

  GTK_WIDGET_CLASS (raqam_explore_morph_parent_class)->unmap (widget);
}

static void
raqam_explore_morph_dispose (GObject *object)
{
  RaqamExploreMorph *self = RAQAM_EXPLORE_MORPH (object);

  stop_tick (self);
  g_cancellable_cancel (self->saving);
  g_cancellable_cancel (self->drawing);
  g_clear_object (&self->saving);
  g_clear_object (&self->dialog);

  G_OBJECT_CLASS (raqam_explore_morph_parent_class)->dispose (object);
}

static void
raqam_explore_morph_finalize (GObject *object)
{
  RaqamExploreMorph *self = RAQAM_EXPLORE_MORPH (object);

  g_clear_pointer (&self->frames, g_bytes_unref);
  g_clear_object (&self->drawing);

  G_OBJECT_CLASS (raqam_explore_morph_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-morph"));
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, preview);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, play);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, row);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, hint);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, add_kept);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, clear);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, seconds);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, spin);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, loop);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, size);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, sizes);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, crisp);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, stack);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, save_gif);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, save_frames);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreMorph, progress);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, points_changed);
  gtk_widget_class_bind_template_callback (widget_class, play_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_present_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_kept_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_gif_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_frames_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
}

static void
raqam_explore_morph_class_init (RaqamExploreMorphClass *klass)
{
  RaqamExplorePanelClass *panel_class = RAQAM_EXPLORE_PANEL_CLASS (klass);
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = raqam_explore_morph_dispose;
  object_class->finalize = raqam_explore_morph_finalize;
  widget_class->unmap = raqam_explore_morph_unmap;
  panel_class->start = raqam_explore_morph_start;
  panel_class->model_changed = raqam_explore_morph_model_changed;

  g_type_ensure (RAQAM_TYPE_MORPH_ROW);
  bind_template (widget_class);
}

static void
raqam_explore_morph_init (RaqamExploreMorph *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  raqam_spin_localise (self->spin);
  for (guint i = 0; i < G_N_ELEMENTS (SIZES); i++)
    {
      g_autofree char *side = raqam_format_integer (SIZES[i]);
      /* Translators: a picture's width and height in pixels */
      g_autofree char *text = g_strdup_printf (_("%s × %s pixels"), side, side);

      gtk_string_list_append (self->sizes, text);
    }
  adw_combo_row_set_selected (self->size, DEFAULT_SIZE);
}
