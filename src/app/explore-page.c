/* explore-page.c — the page that explores: a digit, a latent vector, the picture.
 * SPDX-License-Identifier: MIT */

#include "app/explore-page.h"

#include "app/digit-picture.h"
#include "app/digit-row.h"
#include "print/format.h"
#include "app/latent-field.h"
#include "app/sample-grid.h"
#include "app/split.h"
#include "app/ui.h"
#include "engine/generator.h"
#include "engine/run.h"

#include <glib/gi18n.h>

/* Slots of raqam_engine_draw(). */
enum
{
  SLOT_PICTURE,
  SLOT_STRIP,
};

struct _RaqamExplorePage
{
  AdwBin parent_instance;

  GtkStack          *stack;
  RaqamDigitRow     *digits;
  RaqamDigitPicture *picture;
  RaqamSampleGrid   *strip;
  AdwActionRow      *model_row;
  GtkSwitch         *follow;
  GtkLabel          *latent_label;
  RaqamLatentField  *latent;

  RaqamEngine          *engine;
  GtkFileChooserNative *dialog;
  gboolean              quiet; /* the model that is being opened may fail untold */

  /* The picture to be shown once its model is there. */
  char   *wanted; /* the model's origin, or NULL */
  guint64 wanted_seed;
  guint64 wanted_number;
  int     wanted_digit;
};

enum
{
  PROBLEM,
  DEVICE_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamExplorePage, raqam_explore_page, ADW_TYPE_BIN)

static void
draw_picture (RaqamExplorePage *self)
{
  guint8 label = (guint8) raqam_digit_row_get_digit (self->digits);
  int length = raqam_latent_field_get_length (self->latent);

  if (length > 0)
    raqam_engine_draw (self->engine, SLOT_PICTURE, raqam_latent_field_get_values (self->latent),
                       length, &label, 1);
}

/* The ten digits of one style. */
static void
draw_strip (RaqamExplorePage *self)
{
  int length = raqam_latent_field_get_length (self->latent);
  const float *values = raqam_latent_field_get_values (self->latent);
  g_autofree float *z = NULL;
  guint8 labels[RAQAM_N_DIGITS];

  if (length == 0)
    return;
  z = g_new (float, length * RAQAM_N_DIGITS);
  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    {
      labels[d] = (guint8) d;
      for (int i = 0; i < length; i++)
        z[d * length + i] = values[i];
    }
  raqam_engine_draw (self->engine, SLOT_STRIP, z, length, labels, RAQAM_N_DIGITS);
}

static void
latent_changed_cb (RaqamExplorePage *self)
{
  draw_picture (self);
  draw_strip (self);
}

static void
digit_changed_cb (RaqamExplorePage *self)
{
  if (self->engine != NULL)
    draw_picture (self);
}

static void
surprise_cb (RaqamExplorePage *self)
{
  raqam_latent_field_surprise (self->latent);
}

static void
reset_cb (RaqamExplorePage *self)
{
  raqam_latent_field_reset (self->latent);
}

static gboolean
is_training (RaqamExplorePage *self)
{
  return raqam_engine_get_state (self->engine) != RAQAM_STATE_IDLE;
}

/* A checkpoint is called by its run: FOLDER of "…/FOLDER/checkpoints/step-….safetensors". */
static char *
model_name (const RaqamModel *model)
{
  g_autofree char *folder = g_path_get_dirname (model->origin);
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *run = g_path_get_dirname (folder);

  return g_filename_display_basename (g_str_equal (name, "checkpoints") ? run : model->origin);
}

static void
show_model (RaqamExplorePage *self, const RaqamModel *model)
{
  g_autofree char *epoch = raqam_format_number (model->epoch, 2);
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;

  if (is_training (self) && gtk_switch_get_active (self->follow))
    title = g_strdup (_("Training now"));
  else
    title = model_name (model);
  /* Translators: a recipe's name and the number of epochs that a model was trained */
  subtitle = g_strdup_printf (_("%s, epoch %s"), _(model->recipe->title), epoch);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->model_row), model->origin);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->model_row), title);
  adw_action_row_set_subtitle (self->model_row, subtitle);
}

static void
show_length (RaqamExplorePage *self, int length)
{
  g_autofree char *number = raqam_format_integer (length);
  g_autofree char *text = g_strdup_printf (
    g_dngettext (NULL, "%s number; a double click sets it to 0",
                 "%s numbers; a double click sets one to 0", length),
    number);

  gtk_label_set_label (self->latent_label, text);
}

/* Returns: whether the picture that was asked for is one of @model's, and is shown now */
static gboolean
show_wanted (RaqamExplorePage *self, const RaqamModel *model)
{
  g_autofree float *z = NULL;

  if (g_strcmp0 (self->wanted, model->origin) != 0)
    return FALSE;
  g_clear_pointer (&self->wanted, g_free);
  z = g_new (float, model->recipe->latent);
  raqam_generator_random_latents (z, 1, model->recipe->latent, self->wanted_seed,
                                  self->wanted_number);
  raqam_digit_row_set_digit (self->digits, self->wanted_digit);
  raqam_latent_field_set_values (self->latent, z);
  return TRUE;
}

static void
model_cb (RaqamEngine *engine, RaqamModel *model, const GError *error, RaqamExplorePage *self)
{
  g_autofree char *message = NULL;
  gboolean same_length;

  if (model == NULL)
    {
      if (!self->quiet && error != NULL)
        {
          message = g_strdup_printf (_("The model could not be opened: %s"), error->message);
          g_signal_emit (self, signals[PROBLEM], 0, message);
        }
      self->quiet = FALSE;
      return;
    }
  self->quiet = FALSE;
  show_model (self, model);
  gtk_stack_set_visible_child_name (self->stack, "model");
  same_length = raqam_latent_field_get_length (self->latent) == model->recipe->latent;
  if (!same_length)
    {
      raqam_latent_field_set_length (self->latent, model->recipe->latent);
      show_length (self, model->recipe->latent);
    }
  if (show_wanted (self, model))
    return;
  if (same_length)
    latent_changed_cb (self);
  else
    raqam_latent_field_surprise (self->latent);
}

static void
drawn_cb (RaqamEngine *engine, guint slot, GBytes *pixels, RaqamExplorePage *self)
{
  if (slot == SLOT_PICTURE)
    raqam_digit_picture_set_pixels (self->picture, pixels,
                                    raqam_digit_row_get_digit (self->digits));
  else if (slot == SLOT_STRIP)
    raqam_sample_grid_set_pixels (self->strip, pixels, RAQAM_N_DIGITS, 1, NULL);
}

static void
failed_cb (RaqamEngine *engine, const GError *error, RaqamExplorePage *self)
{
  g_autofree char *message
    = g_strdup_printf (_("The picture could not be drawn: %s"), error->message);

  g_signal_emit (self, signals[raqam_error_is_device (error) ? DEVICE_FAILED : PROBLEM], 0,
                 message);
}

static void
state_cb (RaqamEngine *engine, GParamSpec *pspec, RaqamExplorePage *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->follow), is_training (self));
}

static void
follow_cb (RaqamExplorePage *self)
{
  if (self->engine != NULL)
    raqam_engine_follow (self->engine, gtk_switch_get_active (self->follow));
}

void
raqam_explore_page_follow (RaqamExplorePage *self)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_PAGE (self));

  gtk_switch_set_active (self->follow, TRUE);
  raqam_engine_follow (self->engine, TRUE);
}

void
raqam_explore_page_open (RaqamExplorePage *self, const char *path, gboolean quiet)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_PAGE (self));

  self->quiet = quiet;
  gtk_switch_set_active (self->follow, FALSE);
  raqam_engine_open_model (self->engine, path);
}

void
raqam_explore_page_show (RaqamExplorePage *self, const char *path, guint64 seed, guint64 number,
                         int digit)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_PAGE (self));
  g_return_if_fail (digit >= 0 && digit < RAQAM_N_DIGITS);

  g_free (self->wanted);
  self->wanted = g_filename_display_name (path);
  self->wanted_seed = seed;
  self->wanted_number = number;
  self->wanted_digit = digit;
  raqam_explore_page_open (self, path, FALSE);
}

static void
dialog_response_cb (GtkNativeDialog *dialog, int response, RaqamExplorePage *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      if (file != NULL && g_file_peek_path (file) != NULL)
        raqam_explore_page_open (self, g_file_peek_path (file), FALSE);
    }
  g_clear_object (&self->dialog);
}

static void
choose (RaqamExplorePage *self, const char *title, GtkFileChooserAction action)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));

  if (self->dialog != NULL)
    return;
  self->dialog = gtk_file_chooser_native_new (title, parent, action, _("_Open"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->dialog), TRUE);
  if (action == GTK_FILE_CHOOSER_ACTION_OPEN)
    {
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

      gtk_file_filter_set_name (filter, _("Models and checkpoints (.safetensors)"));
      gtk_file_filter_add_pattern (filter, "*.safetensors");
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->dialog), filter);
    }
  else
    {
      g_autofree char *runs = raqam_runs_folder ();
      g_autoptr (GFile) folder = g_file_new_for_path (runs);

      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->dialog), folder, NULL);
    }
  g_signal_connect (self->dialog, "response", G_CALLBACK (dialog_response_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->dialog));
}

static void
open_file_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  choose (RAQAM_EXPLORE_PAGE (widget), _("Open Model or Checkpoint"),
          GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
open_run_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  choose (RAQAM_EXPLORE_PAGE (widget), _("Open Run Folder"),
          GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

static gboolean
digit_key_cb (GtkWidget *widget, GVariant *args, gpointer digit)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (widget);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->digits)))
    return GDK_EVENT_PROPAGATE;
  raqam_digit_row_set_digit (self->digits, GPOINTER_TO_INT (digit));
  return GDK_EVENT_STOP;
}

static gboolean
surprise_key_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (widget);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->digits)))
    return GDK_EVENT_PROPAGATE;
  surprise_cb (self);
  return GDK_EVENT_STOP;
}

static void
add_shortcut (GtkEventController *controller, guint key, GtkShortcutFunc callback, int digit)
{
  GtkShortcut *shortcut
    = gtk_shortcut_new (gtk_keyval_trigger_new (key, 0),
                        gtk_callback_action_new (callback, GINT_TO_POINTER (digit), NULL));

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
}

/* Latin, Persian and Arabic digits, wherever the focus is. */
static void
add_shortcuts (RaqamExplorePage *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    {
      add_shortcut (controller, GDK_KEY_0 + d, digit_key_cb, d);
      add_shortcut (controller, GDK_KEY_KP_0 + d, digit_key_cb, d);
      add_shortcut (controller, GDK_KEY_Farsi_0 + d, digit_key_cb, d);
      add_shortcut (controller, GDK_KEY_Arabic_0 + d, digit_key_cb, d);
    }
  add_shortcut (controller, GDK_KEY_r, surprise_key_cb, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

void
raqam_explore_page_set_engine (RaqamExplorePage *self, RaqamEngine *engine)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_PAGE (self));
  g_return_if_fail (self->engine == NULL);

  self->engine = g_object_ref (engine);
  g_signal_connect_object (engine, "model", G_CALLBACK (model_cb), self, 0);
  g_signal_connect_object (engine, "drawn", G_CALLBACK (drawn_cb), self, 0);
  g_signal_connect_object (engine, "failed", G_CALLBACK (failed_cb), self, 0);
  g_signal_connect_object (engine, "notify::state", G_CALLBACK (state_cb), self, 0);
  state_cb (engine, NULL, self);
}

static void
raqam_explore_page_dispose (GObject *object)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (object);

  g_clear_object (&self->engine);
  g_clear_object (&self->dialog);
  g_clear_pointer (&self->wanted, g_free);

  G_OBJECT_CLASS (raqam_explore_page_parent_class)->dispose (object);
}

static void
raqam_explore_page_class_init (RaqamExplorePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_explore_page_dispose;

  signals[PROBLEM] = g_signal_new ("problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  signals[DEVICE_FAILED] = g_signal_new ("device-failed", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                         G_TYPE_STRING);

  gtk_widget_class_install_action (widget_class, "explore.open-file", NULL, open_file_cb);
  gtk_widget_class_install_action (widget_class, "explore.open-run", NULL, open_run_cb);

  g_type_ensure (RAQAM_TYPE_DIGIT_PICTURE);
  g_type_ensure (RAQAM_TYPE_DIGIT_ROW);
  g_type_ensure (RAQAM_TYPE_LATENT_FIELD);
  g_type_ensure (RAQAM_TYPE_SAMPLE_GRID);
  g_type_ensure (RAQAM_TYPE_SPLIT);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-page"));
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, stack);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, digits);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, picture);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, strip);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, model_row);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, follow);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, latent_label);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, latent);
  gtk_widget_class_bind_template_callback (widget_class, digit_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, latent_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, follow_cb);
  gtk_widget_class_bind_template_callback (widget_class, surprise_cb);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
}

static void
raqam_explore_page_init (RaqamExplorePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_shortcuts (self);
}
