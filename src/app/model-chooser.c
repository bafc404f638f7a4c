/* model-chooser.c — all runs to open a model of, and the way to any other file.
 * SPDX-License-Identifier: MIT */

#include "app/model-chooser.h"

#include "app/evaluate-target.h"
#include "app/run-item.h"
#include "app/ui.h"

#include <glib/gi18n.h>

struct _RaqamModelChooser
{
  AdwBin parent_instance;

  GtkStack       *stack;
  GtkSearchEntry *search;
  GListStore     *runs;
  GtkListView    *list;

  GCancellable         *reading;
  GtkFileChooserNative *dialog;
};

enum
{
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamModelChooser, raqam_model_chooser, ADW_TYPE_BIN)

static void
put_away (RaqamModelChooser *self)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
pick (RaqamModelChooser *self, const char *path)
{
  put_away (self);
  g_signal_emit (self, signals[PICKED], 0, path);
}

static void
runs_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = raqam_evaluate_runs_finish (result, &error);
  RaqamModelChooser *self = data;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree gpointer *stolen = NULL;
  gsize n;

  if (runs == NULL)
    return;
  stolen = g_ptr_array_steal (runs, &n);
  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (items, raqam_run_item_new (stolen[i]));
  g_list_store_splice (self->runs, 0, g_list_model_get_n_items (G_LIST_MODEL (self->runs)),
                       items->pdata, items->len);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "runs" : "none");
}

static void
activate_cb (RaqamModelChooser *self, guint position)
{
  GListModel *shown = G_LIST_MODEL (gtk_list_view_get_model (self->list));
  g_autoptr (RaqamRunItem) item = g_list_model_get_item (shown, position);
  g_autofree char *folder = NULL;

  if (item == NULL)
    return;
  folder = g_strdup (raqam_run_item_get_run (item)->folder);
  pick (self, folder);
}

static void
search_activate_cb (RaqamModelChooser *self)
{
  activate_cb (self, 0);
}

static void
dialog_response_cb (GtkNativeDialog *dialog, int response, RaqamModelChooser *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      if (file != NULL && g_file_peek_path (file) != NULL)
        g_signal_emit (self, signals[PICKED], 0, g_file_peek_path (file));
    }
  g_clear_object (&self->dialog);
}

static void
ask (RaqamModelChooser *self, const char *title, GtkFileChooserAction action)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));

  self->dialog = gtk_file_chooser_native_new (title, parent, action, _("_Open"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->dialog), TRUE);
  g_signal_connect_object (self->dialog, "response", G_CALLBACK (dialog_response_cb), self, 0);
}

void
raqam_model_chooser_choose_file (RaqamModelChooser *self)
{
  g_autoptr (GtkFileFilter) filter = NULL;

  g_return_if_fail (RAQAM_IS_MODEL_CHOOSER (self));

  put_away (self);
  if (self->dialog != NULL)
    return;
  ask (self, _("Open Model or Checkpoint"), GTK_FILE_CHOOSER_ACTION_OPEN);
  filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, _("Models and checkpoints (.safetensors)"));
  gtk_file_filter_add_pattern (filter, "*.safetensors");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->dialog), filter);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->dialog));
}

void
raqam_model_chooser_choose_folder (RaqamModelChooser *self)
{
  g_autofree char *runs = NULL;
  g_autoptr (GFile) folder = NULL;

  g_return_if_fail (RAQAM_IS_MODEL_CHOOSER (self));

  put_away (self);
  if (self->dialog != NULL)
    return;
  ask (self, _("Open Run Folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
  runs = raqam_runs_folder ();
  folder = g_file_new_for_path (runs);
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->dialog), folder, NULL);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->dialog));
}

static void
raqam_model_chooser_map (GtkWidget *widget)
{
  RaqamModelChooser *self = RAQAM_MODEL_CHOOSER (widget);

  GTK_WIDGET_CLASS (raqam_model_chooser_parent_class)->map (widget);

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  raqam_evaluate_runs_async (self->reading, runs_cb, self);
}

static void
raqam_model_chooser_dispose (GObject *object)
{
  RaqamModelChooser *self = RAQAM_MODEL_CHOOSER (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->dialog);

  G_OBJECT_CLASS (raqam_model_chooser_parent_class)->dispose (object);
}

static void
raqam_model_chooser_class_init (RaqamModelChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_model_chooser_dispose;
  widget_class->map = raqam_model_chooser_map;

  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (RAQAM_TYPE_RUN_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("model-chooser"));
  gtk_widget_class_bind_template_child (widget_class, RaqamModelChooser, stack);
  gtk_widget_class_bind_template_child (widget_class, RaqamModelChooser, search);
  gtk_widget_class_bind_template_child (widget_class, RaqamModelChooser, runs);
  gtk_widget_class_bind_template_child (widget_class, RaqamModelChooser, list);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, raqam_model_chooser_choose_file);
  gtk_widget_class_bind_template_callback (widget_class, raqam_model_chooser_choose_folder);
}

static void
raqam_model_chooser_init (RaqamModelChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
