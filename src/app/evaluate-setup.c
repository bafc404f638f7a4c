/* evaluate-setup.c — the fields that say what is judged, and on what.
 * SPDX-License-Identifier: MIT */

#include "app/evaluate-setup.h"

#include "app/device-group.h"
#include "app/spin.h"
#include "app/ui.h"
#include "print/format.h"

#include <glib/gi18n.h>

struct _RaqamEvaluateSetup
{
  AdwBin parent_instance;

  AdwComboRow      *model_row;
  AdwComboRow      *checkpoint_row;
  AdwActionRow     *data_row;
  RaqamDeviceGroup *devices;
  GtkSpinButton    *images;
  GtkSpinButton    *seed;
  GtkSwitch        *scores;
  GtkSwitch        *utility;

  GPtrArray            *paths;       /* of what the model row lists */
  GPtrArray            *checkpoints; /* of what the checkpoint row lists; the first: the newest */
  char                 *path;        /* what is picked, or NULL */
  char                **data;        /* or NULL */
  gboolean              data_chosen; /* by the user: another target does not change them */
  gboolean              in_bulk;     /* rows are being filled */
  GtkFileChooserNative *dialog;
};

enum
{
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamEvaluateSetup, raqam_evaluate_setup, ADW_TYPE_BIN)

static guint
find_path (RaqamEvaluateSetup *self, const char *path)
{
  for (guint i = 0; path != NULL && i < self->paths->len; i++)
    if (g_str_equal (self->paths->pdata[i], path))
      return i;
  return GTK_INVALID_LIST_POSITION;
}

static GtkStringList *
titles (AdwComboRow *row)
{
  return GTK_STRING_LIST (adw_combo_row_get_model (row));
}

static void
empty (AdwComboRow *row)
{
  GtkStringList *list = titles (row);

  gtk_string_list_splice (list, 0, g_list_model_get_n_items (G_LIST_MODEL (list)), NULL);
}

static char *
run_title (const RaqamRun *run)
{
  if (g_strcmp0 (run->state, "training") == 0)
    /* Translators: a run's name */
    return g_strdup_printf (_("%s · training now"), run->name);
  return g_strdup (run->name);
}

static void
add_model (RaqamEvaluateSetup *self, const char *path, const char *title)
{
  g_ptr_array_add (self->paths, g_strdup (path));
  gtk_string_list_append (titles (self->model_row), title);
}

static void
add_file (RaqamEvaluateSetup *self, const char *path)
{
  g_autofree char *title = g_filename_display_basename (path);

  add_model (self, path, title);
}

static void
pick (RaqamEvaluateSetup *self, const char *path)
{
  g_free (self->path);
  self->path = g_strdup (path);
  self->in_bulk = TRUE;
  adw_combo_row_set_selected (self->model_row, find_path (self, path));
  self->in_bulk = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->model_row), self->paths->len > 0);
}

void
raqam_evaluate_setup_set_runs (RaqamEvaluateSetup *self, GPtrArray *runs)
{
  g_autofree char *picked = g_strdup (self->path);

  g_return_if_fail (RAQAM_IS_EVALUATE_SETUP (self));

  self->in_bulk = TRUE;
  g_ptr_array_set_size (self->paths, 0);
  empty (self->model_row);
  for (guint i = 0; i < runs->len; i++)
    {
      const RaqamRun *run = runs->pdata[i];
      g_autofree char *title = run_title (run);

      add_model (self, run->folder, title);
    }
  if (picked != NULL && find_path (self, picked) == GTK_INVALID_LIST_POSITION)
    add_file (self, picked);
  self->in_bulk = FALSE;
  pick (self, picked != NULL ? picked : self->paths->len > 0 ? self->paths->pdata[0] : NULL);
  if (picked == NULL && self->path != NULL)
    g_signal_emit (self, signals[PICKED], 0, self->path);
}

void
raqam_evaluate_setup_set_path (RaqamEvaluateSetup *self, const char *path)
{
  g_return_if_fail (RAQAM_IS_EVALUATE_SETUP (self));

  self->in_bulk = TRUE;
  if (find_path (self, path) == GTK_INVALID_LIST_POSITION)
    add_file (self, path);
  self->in_bulk = FALSE;
  pick (self, path);
}

static void
show_data (RaqamEvaluateSetup *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; self->data != NULL && self->data[i] != NULL; i++)
    {
      g_autofree char *name = g_filename_display_basename (self->data[i]);

      g_string_append (text, text->len > 0 ? " · " : "");
      g_string_append (text, name);
    }
  adw_action_row_set_subtitle (self->data_row, text->len > 0 ? text->str : _("None chosen"));
}

static void
set_data (RaqamEvaluateSetup *self, char **paths)
{
  char **copy = g_strdupv (paths);

  g_strfreev (self->data);
  self->data = copy;
  show_data (self);
}

/* "Epoch 7.5": a checkpoint's name holds its step alone; the run knows both of its newest. */
static char *
checkpoint_title (const RaqamEvaluateTarget *target, const char *checkpoint)
{
  guint64 step = raqam_checkpoint_step (checkpoint);
  double epochs_a_step =
    target->run->step > 0 ? target->run->epoch / (double) target->run->step : 0;
  g_autofree char *epoch = raqam_format_number ((double) step * epochs_a_step, 1);

  return g_strdup_printf (_("Epoch %s"), epoch);
}

static void
show_checkpoints (RaqamEvaluateSetup *self, const RaqamEvaluateTarget *target)
{
  guint selected = adw_combo_row_get_selected (self->checkpoint_row);
  g_autofree char *before = NULL;

  if (selected > 0 && selected < self->checkpoints->len)
    before = g_strdup (self->checkpoints->pdata[selected]);
  self->in_bulk = TRUE;
  empty (self->checkpoint_row);
  g_ptr_array_set_size (self->checkpoints, 0);
  selected = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->checkpoint_row), target != NULL && target->is_run);
  if (target != NULL && target->is_run)
    {
      g_ptr_array_add (self->checkpoints, g_strdup (target->path));
      gtk_string_list_append (titles (self->checkpoint_row), _("Newest"));
      for (guint i = 0; i < target->checkpoints->len; i++)
        {
          const char *path = target->checkpoints->pdata[i];
          g_autofree char *title = checkpoint_title (target, path);

          if (g_strcmp0 (path, before) == 0)
            selected = i + 1;
          g_ptr_array_add (self->checkpoints, g_strdup (path));
          gtk_string_list_append (titles (self->checkpoint_row), title);
        }
      adw_combo_row_set_selected (self->checkpoint_row, selected);
    }
  self->in_bulk = FALSE;
}

void
raqam_evaluate_setup_set_target (RaqamEvaluateSetup *self, const RaqamEvaluateTarget *target)
{
  g_return_if_fail (RAQAM_IS_EVALUATE_SETUP (self));

  show_checkpoints (self, target);
  if (target != NULL && !self->data_chosen)
    set_data (self, target->data);
}

const char *
raqam_evaluate_setup_get_model (RaqamEvaluateSetup *self)
{
  guint index;

  g_return_val_if_fail (RAQAM_IS_EVALUATE_SETUP (self), NULL);

  index = adw_combo_row_get_selected (self->checkpoint_row);
  return index < self->checkpoints->len ? self->checkpoints->pdata[index] : self->path;
}

const char *const *
raqam_evaluate_setup_get_data (RaqamEvaluateSetup *self)
{
  g_return_val_if_fail (RAQAM_IS_EVALUATE_SETUP (self), NULL);

  return (const char *const *) self->data;
}

void
raqam_evaluate_setup_get_settings (RaqamEvaluateSetup *self, RaqamEvaluationSettings *settings)
{
  g_return_if_fail (RAQAM_IS_EVALUATE_SETUP (self));

  *settings = (RaqamEvaluationSettings){
    .n_images = gtk_spin_button_get_value_as_int (self->images),
    .seed = (guint64) gtk_spin_button_get_value (self->seed),
    .threshold = TRUE,
    .scores = gtk_switch_get_active (self->scores),
    .utility = gtk_switch_get_active (self->utility),
    .device = raqam_device_group_get_device (self->devices),
    .options = { .precision = raqam_device_group_get_precision (self->devices) },
  };
}

static void
model_selected_cb (RaqamEvaluateSetup *self)
{
  guint index;

  if (self->in_bulk || self->paths == NULL)
    return;
  index = adw_combo_row_get_selected (self->model_row);
  if (index >= self->paths->len || g_strcmp0 (self->paths->pdata[index], self->path) == 0)
    return;
  g_free (self->path);
  self->path = g_strdup (self->paths->pdata[index]);
  g_signal_emit (self, signals[PICKED], 0, self->path);
}

static void
model_response_cb (GtkNativeDialog *dialog, int response, RaqamEvaluateSetup *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      if (file != NULL && g_file_peek_path (file) != NULL)
        {
          raqam_evaluate_setup_set_path (self, g_file_peek_path (file));
          g_signal_emit (self, signals[PICKED], 0, self->path);
        }
    }
  g_clear_object (&self->dialog);
}

static void
data_response_cb (GtkNativeDialog *dialog, int response, RaqamEvaluateSetup *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
      g_auto (GStrv) paths = NULL;

      for (guint i = 0; i < g_list_model_get_n_items (files); i++)
        {
          g_autoptr (GFile) file = g_list_model_get_item (files, i);

          if (g_file_peek_path (file) != NULL)
            g_strv_builder_add (builder, g_file_peek_path (file));
        }
      paths = g_strv_builder_end (builder);
      if (paths[0] != NULL)
        {
          self->data_chosen = TRUE;
          set_data (self, paths);
        }
    }
  g_clear_object (&self->dialog);
}

static void
choose (RaqamEvaluateSetup *self, const char *title, const char *kind, const char *pattern,
        GCallback response)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autoptr (GtkFileFilter) filter = NULL;

  if (self->dialog != NULL)
    return;
  self->dialog =
    gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->dialog), TRUE);
  filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, kind);
  gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->dialog), filter);
  g_signal_connect (self->dialog, "response", response, self);
}

void
raqam_evaluate_setup_choose_model (RaqamEvaluateSetup *self)
{
  g_return_if_fail (RAQAM_IS_EVALUATE_SETUP (self));

  choose (self, _("Open Model or Checkpoint"), _("Models and checkpoints (.safetensors)"),
          "*.safetensors", G_CALLBACK (model_response_cb));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->dialog));
}

static void
choose_data_cb (RaqamEvaluateSetup *self)
{
  choose (self, _("Choose Data Files"), _("Hoda digits (.cdb)"), "*.cdb",
          G_CALLBACK (data_response_cb));
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->dialog));
}

static void
raqam_evaluate_setup_dispose (GObject *object)
{
  g_clear_object (&RAQAM_EVALUATE_SETUP (object)->dialog);

  G_OBJECT_CLASS (raqam_evaluate_setup_parent_class)->dispose (object);
}

static void
raqam_evaluate_setup_finalize (GObject *object)
{
  RaqamEvaluateSetup *self = RAQAM_EVALUATE_SETUP (object);

  g_ptr_array_unref (self->paths);
  g_ptr_array_unref (self->checkpoints);
  g_free (self->path);
  g_strfreev (self->data);

  G_OBJECT_CLASS (raqam_evaluate_setup_parent_class)->finalize (object);
}

static void
raqam_evaluate_setup_class_init (RaqamEvaluateSetupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = raqam_evaluate_setup_dispose;
  object_class->finalize = raqam_evaluate_setup_finalize;

  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (RAQAM_TYPE_DEVICE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("evaluate-setup"));
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateSetup, model_row);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateSetup, checkpoint_row);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateSetup, data_row);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateSetup, devices);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateSetup, images);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateSetup, seed);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateSetup, scores);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateSetup, utility);
  gtk_widget_class_bind_template_callback (widget_class, model_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_data_cb);
  gtk_widget_class_bind_template_callback (widget_class, raqam_evaluate_setup_choose_model);
}

static void
raqam_evaluate_setup_init (RaqamEvaluateSetup *self)
{
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->checkpoints = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  raqam_spin_localise (self->images);
  raqam_spin_localise (self->seed);
  pick (self, NULL);
  raqam_evaluate_setup_set_target (self, NULL);
  show_data (self);
}
