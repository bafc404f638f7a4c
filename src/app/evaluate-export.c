/* evaluate-export.c — asks for a file, and writes an evaluation into it.
 * SPDX-License-Identifier: MIT */

#include "app/evaluate-export.h"

#include "engine/evaluation-write.h"
#include "engine/file.h"
#include "engine/timeline.h"
#include "print/report-pdf.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  const char *suffix;
  const char *title;
  char *(*write) (const RaqamEvaluation *evaluation); /* NULL: PDF */
} Format;

/* In the order in which they are offered. */
static const Format formats[] = {
  { ".pdf", N_ ("Printable report (.pdf)"), NULL },
  { ".md", N_ ("Markdown (.md)"), raqam_evaluation_to_markdown },
  { ".csv", N_ ("Table of figures (.csv)"), raqam_evaluation_to_csv },
  { ".json", N_ ("Every figure and setting (.json)"), raqam_evaluation_to_json },
};

typedef struct
{
  RaqamEvaluation *evaluation;
  char            *folder; /* or NULL */
  char            *path;
  const Format    *format;
} Export;

static void
export_free (Export *export)
{
  raqam_evaluation_unref (export->evaluation);
  g_free (export->folder);
  g_free (export->path);
  g_free (export);
}

static const Format *
format_of (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      gsize n = strlen (path), n_suffix = strlen (formats[i].suffix);

      if (n > n_suffix && g_ascii_strcasecmp (path + n - n_suffix, formats[i].suffix) == 0)
        return &formats[i];
    }
  return NULL;
}

static gboolean
write_pdf (const Export *export, GError **error)
{
  g_autoptr (GArray) timeline =
    export->folder != NULL ? raqam_timeline_read (export->folder) : NULL;
  RaqamReportExtras extras = { .timeline = timeline };

  return raqam_report_pdf_write (export->evaluation, &extras, export->path, error);
}

static gboolean
write_text (const Export *export, GError **error)
{
  g_autofree char *text = export->format->write (export->evaluation);

  return raqam_file_replace (export->path, text, strlen (text), error);
}

static void
write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Export *export = data;
  g_autofree char *name = g_filename_display_basename (export->path);
  GError *error = NULL;

  if (export->format->write == NULL ? write_pdf (export, &error) : write_text (export, &error))
    g_task_return_pointer (task, g_strdup_printf (_("Written: %s"), name), g_free);
  else
    {
      g_prefix_error (&error, _("The report could not be written: "));
      g_task_return_error (task, error);
    }
}

static const Format *
picked_format (GtkFileChooser *chooser)
{
  GtkFileFilter *filter = gtk_file_chooser_get_filter (chooser);

  for (guint i = 0; filter != NULL && i < G_N_ELEMENTS (formats); i++)
    if (g_strcmp0 (gtk_file_filter_get_name (filter), _ (formats[i].title)) == 0)
      return &formats[i];
  return &formats[0];
}

static void
response_cb (GtkNativeDialog *dialog, int response, GTask *task)
{
  Export *export = g_task_get_task_data (task);
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file == NULL || g_file_peek_path (file) == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "no file was chosen");
  else
    {
      export->format = format_of (g_file_peek_path (file));
      if (export->format != NULL)
        export->path = g_strdup (g_file_peek_path (file));
      else
        {
          export->format = picked_format (GTK_FILE_CHOOSER (dialog));
          export->path = g_strconcat (g_file_peek_path (file), export->format->suffix, NULL);
        }
      g_task_run_in_thread (task, write_thread);
    }
  g_object_unref (task);
  g_object_unref (dialog);
}

static void
add_filters (GtkFileChooser *chooser)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
      g_autofree char *pattern = g_strconcat ("*", formats[i].suffix, NULL);

      gtk_file_filter_set_name (filter, _ (formats[i].title));
      gtk_file_filter_add_pattern (filter, pattern);
      gtk_file_chooser_add_filter (chooser, filter);
    }
}

void
raqam_evaluate_export (GtkWindow *parent, RaqamEvaluation *evaluation, const char *folder,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Export *export = g_new0 (Export, 1);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
    _("Export Report"), parent, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), NULL);

  export->evaluation = raqam_evaluation_ref (evaluation);
  export->folder = g_strdup (folder);
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  add_filters (GTK_FILE_CHOOSER (dialog));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), "evaluation.pdf");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), task);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

char *
raqam_evaluate_export_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
