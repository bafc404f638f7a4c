/* chart-export.c — a chart as a file or as a picture to paste.
 * SPDX-License-Identifier: MIT */

#include "app/chart-export.h"

#include "engine/file.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define PNG_SCALE 2
#define MARGIN 12
#define POINTS_PER_PIXEL 0.75
#define CHUNK (1 << 16) /* bytes of a table that are written at a time */

static const char *const suffixes[RAQAM_CHART_N_FORMATS] = { ".png", ".svg", ".pdf", ".csv" };

/* What the thread has of a chart: a picture, or bytes, or a table. */
typedef struct
{
  RaqamChartFormat format;
  char            *path;
  cairo_surface_t *surface; /* PNG */
  GByteArray      *bytes;   /* SVG, PDF; of PNG in the end */
  char           **names;   /* CSV */
  double          *xs;      /* (n) */
  float           *ys;      /* (n, n_curves) */
  gsize            n;
  guint            n_curves;
} Job;

static void
job_free (Job *job)
{
  g_free (job->path);
  g_clear_pointer (&job->surface, cairo_surface_destroy);
  g_byte_array_unref (job->bytes);
  g_strfreev (job->names);
  g_free (job->xs);
  g_free (job->ys);
  g_free (job);
}

const char *
raqam_chart_format_get_suffix (RaqamChartFormat format)
{
  return suffixes[format];
}

RaqamChartFormat
raqam_chart_format_of (const char *path)
{
  RaqamChartFormat format = RAQAM_CHART_PNG;

  for (; format < RAQAM_CHART_N_FORMATS; format++)
    {
      gsize n = strlen (path), n_suffix = strlen (suffixes[format]);

      if (n > n_suffix && g_ascii_strcasecmp (path + n - n_suffix, suffixes[format]) == 0)
        break;
    }
  return format;
}

static cairo_status_t
write_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
surface_new (Job *job, int width, int height)
{
  switch (job->format)
    {
    case RAQAM_CHART_SVG:
      return cairo_svg_surface_create_for_stream (write_cb, job->bytes, width * POINTS_PER_PIXEL,
                                                  height * POINTS_PER_PIXEL);
    case RAQAM_CHART_PDF:
      return cairo_pdf_surface_create_for_stream (write_cb, job->bytes, width * POINTS_PER_PIXEL,
                                                  height * POINTS_PER_PIXEL);
    case RAQAM_CHART_PNG:
    default:
      return cairo_image_surface_create (CAIRO_FORMAT_RGB24, width * PNG_SCALE, height * PNG_SCALE);
    }
}

static gboolean
succeeded (cairo_status_t status, GError **error)
{
  if (status != CAIRO_STATUS_SUCCESS)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 /* Translators: why, in the words of the drawing library */
                 _("The chart could not be drawn: %s. A smaller window needs less memory."),
                 cairo_status_to_string (status));
  return status == CAIRO_STATUS_SUCCESS;
}

static gboolean
draw (Job *job, const RaqamChart *chart, int width, int height, GError **error)
{
  int whole_width = width + 2 * MARGIN, whole_height = height + 2 * MARGIN;
  cairo_surface_t *surface = surface_new (job, whole_width, whole_height);
  double scale = job->format == RAQAM_CHART_PNG ? PNG_SCALE : POINTS_PER_PIXEL;
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_scale (cr, scale, scale);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_translate (cr, MARGIN, MARGIN);
  raqam_chart_draw (chart, cr, width, height, NULL);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (job->format == RAQAM_CHART_PNG)
    job->surface = surface;
  else
    {
      cairo_surface_finish (surface);
      status = status == CAIRO_STATUS_SUCCESS ? cairo_surface_status (surface) : status;
      cairo_surface_destroy (surface);
    }
  return succeeded (status, error);
}

static void
copy_points (Job *job, const RaqamChart *chart)
{
  job->n = raqam_curves_get_n (chart->curves);
  job->n_curves = chart->n_curves;
  job->names = g_strdupv ((char **) chart->names);
  job->xs = g_new (double, job->n);
  job->ys = g_new (float, job->n * job->n_curves);
  for (gsize i = 0; i < job->n; i++)
    {
      job->xs[i] = raqam_curves_get_x (chart->curves, i);
      for (guint c = 0; c < job->n_curves; c++)
        job->ys[i * job->n_curves + c] = raqam_curves_get_y (chart->curves, c, i);
    }
}

/* Quoted as RFC 4180 has it. */
static void
append_name (GString *text, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", parts);

  g_string_append_printf (text, ",\"%s\"", doubled);
}

static void
append_row (GString *text, const Job *job, gsize row)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_formatd (number, sizeof number, "%.10g", job->xs[row]));
  for (guint c = 0; c < job->n_curves; c++)
    {
      float y = job->ys[row * job->n_curves + c];

      g_string_append_c (text, ',');
      if (isfinite (y))
        g_string_append (text, g_ascii_formatd (number, sizeof number, "%.9g", y));
    }
  g_string_append (text, "\r\n");
}

static gboolean
write_table (const Job *job, GError **error)
{
  g_autoptr (RaqamFileWriter) writer = raqam_file_writer_new (job->path, error);
  g_autoptr (GString) text = g_string_new ("epoch");

  if (writer == NULL)
    return FALSE;
  for (guint c = 0; c < job->n_curves; c++)
    append_name (text, job->names[c]);
  g_string_append (text, "\r\n");
  for (gsize i = 0; i < job->n; i++)
    {
      append_row (text, job, i);
      if (text->len < CHUNK)
        continue;
      if (!raqam_file_writer_write (writer, text->str, text->len, error))
        return FALSE;
      g_string_truncate (text, 0);
    }
  return raqam_file_writer_write (writer, text->str, text->len, error)
         && raqam_file_writer_commit (writer, error);
}

static gboolean
write_job (Job *job, GError **error)
{
  if (job->format == RAQAM_CHART_CSV)
    return write_table (job, error);
  if (job->format == RAQAM_CHART_PNG
      && !succeeded (cairo_surface_write_to_png_stream (job->surface, write_cb, job->bytes), error))
    return FALSE;
  return job->path == NULL
         || raqam_file_replace (job->path, job->bytes->data, job->bytes->len, error);
}

static void
write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (write_job (job, &error))
    g_task_return_pointer (task, g_bytes_new (job->bytes->data, job->bytes->len),
                           (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

void
raqam_chart_export_async (const RaqamChart *chart, int width, int height, RaqamChartFormat format,
                          const char *path, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);
  GError *error = NULL;

  g_return_if_fail (path != NULL || format == RAQAM_CHART_PNG);

  job->format = format;
  job->path = g_strdup (path);
  job->bytes = g_byte_array_new ();
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  if (format == RAQAM_CHART_CSV)
    copy_points (job, chart);
  else if (!draw (job, chart, width, height, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_run_in_thread (task, write_thread);
}

GBytes *
raqam_chart_export_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
