/* picture-save.c — asks where a picture or its vector shall be saved, and saves it.
 * SPDX-License-Identifier: MIT */

#include "app/picture-save.h"

#include "app/picture-dialog.h"

#include <glib/gi18n.h>

/* One saving, from the first question to the last answer. */
typedef struct
{
  RaqamExploreScene  *scene;
  RaqamPictureExport *export; /* NULL once it is under way */
  char               *name;
} Saving;

static void
saving_free (Saving *self)
{
  g_clear_object (&self->scene);
  g_clear_pointer (&self->export, raqam_picture_export_free);
  g_free (self->name);
  g_free (self);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Saving *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = raqam_picture_export_finish (result, &error);
  g_autofree char *message = NULL;

  if (bytes != NULL)
    {
      message = g_strdup_printf (_("Saved: %s"), self->name);
      raqam_explore_scene_notice (self->scene, message);
    }
  else
    {
      message = g_strdup_printf (_("“%s” could not be saved: %s"), self->name, error->message);
      raqam_explore_scene_problem (self->scene, message);
    }
  saving_free (self);
}

static const char *
suffix_of (const RaqamPictureExport *export)
{
  return export->pixels != NULL ? ".png" : ".json";
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, Saving *self)
{
  g_autoptr (GFile) file = NULL;
  const char *path;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_object_unref (dialog);
  path = file != NULL ? g_file_peek_path (file) : NULL;
  if (path == NULL)
    {
      if (file != NULL)
        raqam_explore_scene_problem (self->scene,
                                     _("This place is not a folder of this computer: choose "
                                       "another one to save to."));
      saving_free (self);
      return;
    }
  self->export->path = g_strdup (path);
  self->name = g_filename_display_basename (path);
  raqam_picture_export_async (g_steal_pointer (&self->export), NULL, written_cb, self);
}

static void
choose_file (GtkWindow *parent, Saving *self)
{
  const char *suffix = suffix_of (self->export);
  GtkFileChooserNative *dialog
    = gtk_file_chooser_native_new (self->export->pixels != NULL ? _("Save Picture")
                                                                : _("Save Vector"),
                                   parent, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), NULL);
  /* Translators: a file name; a digit and the file's kind are appended, as in digit-4.png */
  g_autofree char *name = g_strdup_printf ("%s-%d%s", _("digit"),
                                           raqam_style_main_digit (&self->export->style), suffix);
  g_autofree char *pattern = g_strconcat ("*", suffix, NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, self->export->pixels != NULL ? _("Pictures (.png)")
                                                                 : _("Vectors (.json)"));
  gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
look_cb (RaqamPictureDialog *dialog, const char *response, Saving *self)
{
  if (!g_str_equal (response, "save"))
    {
      saving_free (self);
      return;
    }
  raqam_picture_dialog_get_look (dialog, &self->export->look);
  choose_file (gtk_window_get_transient_for (GTK_WINDOW (dialog)), self);
}

void
raqam_picture_save_ask (GtkWindow *parent, RaqamExploreScene *scene, RaqamPictureExport *export)
{
  Saving *self = g_new0 (Saving, 1);
  GtkWidget *dialog;

  self->scene = g_object_ref (scene);
  self->export = export;
  if (export->pixels == NULL)
    {
      choose_file (parent, self);
      return;
    }
  dialog = raqam_picture_dialog_new (parent, export->look.crisp);
  g_signal_connect (dialog, "response", G_CALLBACK (look_cb), self);
  gtk_window_present (GTK_WINDOW (dialog));
}
