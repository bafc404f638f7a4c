/* chart-save.c — asks for a file, and writes a chart into it.
 * SPDX-License-Identifier: MIT */

#include "app/chart-save.h"

#include "app/chart-export.h"
#include "app/toast.h"

#include <glib/gi18n.h>

#define LEAST_WIDTH 800
#define LEAST_HEIGHT 400

static const char *const format_names[RAQAM_CHART_N_FORMATS] = {
  N_ ("Picture (.png)"),
  N_ ("Drawing (.svg)"),
  N_ ("Printable page (.pdf)"),
  N_ ("Table of all points (.csv)"),
};

/* One saving, from the question to the answer. */
typedef struct
{
  RaqamLossChart *chart;
  char           *name; /* of the file, for people */
} Saving;

static void
saving_free (Saving *self)
{
  g_object_unref (self->chart);
  g_free (self->name);
  g_free (self);
}

/* The window may be gone by now. */
static void
tell (RaqamLossChart *chart, const char *message)
{
  AdwToast *toast = NULL;

  if (gtk_widget_get_ancestor (GTK_WIDGET (chart), ADW_TYPE_TOAST_OVERLAY) == NULL)
    return;
  raqam_toast_show (GTK_WIDGET (chart), &toast, message, NULL);
  g_object_unref (toast);
}

static void
start (RaqamLossChart *widget, RaqamChartFormat format, const char *path,
       GAsyncReadyCallback callback, gpointer data)
{
  RaqamChartStyle style;
  RaqamChart chart;

  raqam_loss_chart_get_paper (widget, &chart, &style);
  raqam_chart_export_async (&chart, MAX (gtk_widget_get_width (GTK_WIDGET (widget)), LEAST_WIDTH),
                            MAX (gtk_widget_get_height (GTK_WIDGET (widget)), LEAST_HEIGHT), format,
                            path, NULL, callback, data);
  raqam_chart_style_clear (&style);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Saving *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = raqam_chart_export_finish (result, &error);
  g_autofree char *message =
    bytes != NULL ? g_strdup_printf (_ ("Saved: %s"), self->name)
                  : g_strdup_printf (_ ("“%s” could not be saved: %s"), self->name, error->message);

  tell (self->chart, message);
  saving_free (self);
}

static RaqamChartFormat
picked_format (GtkFileChooser *chooser)
{
  GtkFileFilter *filter = gtk_file_chooser_get_filter (chooser);

  for (guint i = 0; filter != NULL && i < RAQAM_CHART_N_FORMATS; i++)
    if (g_strcmp0 (gtk_file_filter_get_name (filter), _ (format_names[i])) == 0)
      return (RaqamChartFormat) i;
  return RAQAM_CHART_PNG;
}

static void
save (Saving *self, GtkFileChooser *chooser, const char *typed)
{
  RaqamChartFormat format = raqam_chart_format_of (typed);
  g_autofree char *path = g_strdup (typed);

  if (format == RAQAM_CHART_N_FORMATS)
    {
      format = picked_format (chooser);
      g_free (path);
      path = g_strconcat (typed, raqam_chart_format_get_suffix (format), NULL);
    }
  self->name = g_filename_display_basename (path);
  start (self->chart, format, path, written_cb, self);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, Saving *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL && g_file_peek_path (file) != NULL)
    save (self, GTK_FILE_CHOOSER (dialog), g_file_peek_path (file));
  else
    {
      if (file != NULL)
        tell (self->chart, _("This place is not a folder of this computer: choose another one "
                              "to save to."));
      saving_free (self);
    }
  g_object_unref (dialog);
}

void
raqam_chart_save_ask (RaqamLossChart *chart)
{
  Saving *self = g_new0 (Saving, 1);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
    _("Save Chart"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (chart))),
    GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), NULL);

  self->chart = g_object_ref (chart);
  for (guint i = 0; i < RAQAM_CHART_N_FORMATS; i++)
    {
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
      g_autofree char *pattern = g_strconcat ("*", raqam_chart_format_get_suffix (i), NULL);

      gtk_file_filter_set_name (filter, _ (format_names[i]));
      gtk_file_filter_add_pattern (filter, pattern);
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
    }
  /* Translators: the name of a file that a chart is saved to */
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), _("chart.png"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RaqamLossChart) chart = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = raqam_chart_export_finish (result, &error);
  g_autoptr (GdkContentProvider) content = NULL;
  g_autofree char *message = NULL;

  if (bytes == NULL)
    {
      message = g_strdup_printf (_("The picture could not be copied: %s"), error->message);
      tell (chart, message);
      return;
    }
  content = gdk_content_provider_new_for_bytes ("image/png", bytes);
  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (chart)), content);
  tell (chart, _("Picture copied"));
}

void
raqam_chart_save_copy (RaqamLossChart *chart)
{
  start (chart, RAQAM_CHART_PNG, NULL, copied_cb, g_object_ref (chart));
}
