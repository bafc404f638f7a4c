/* tensorboard.c — a run as an event file of TensorBoard.
 * SPDX-License-Identifier: MIT */

#include "engine/tensorboard.h"

#include "engine/crc32c.h"
#include "engine/file.h"
#include "engine/history.h"
#include "engine/protobuf.h"
#include "engine/timeline.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#define BUFFER_BYTES (256 * 1024)
#define EVENTS_A_REPORT 4096
#define MAX_IMAGE_BYTES (64 * 1024 * 1024)

/* Of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto. */
enum
{
  EVENT_WALL_TIME = 1,
  EVENT_STEP = 2,
  EVENT_FILE_VERSION = 3,
  EVENT_SUMMARY = 5,
  SUMMARY_VALUE = 1,
  VALUE_TAG = 1,
  VALUE_SIMPLE = 2,
  VALUE_IMAGE = 4,
  IMAGE_HEIGHT = 1,
  IMAGE_WIDTH = 2,
  IMAGE_COLORSPACE = 3,
  IMAGE_ENCODED = 4,
};

typedef struct
{
  guint64 step;
  char *path;
} Sample;

typedef struct
{
  const RaqamRun *run;
  GArray *points;
  GArray *timeline;
  GArray *samples; /* Sample, by rising step */
  guint64 last_step;
  RaqamFileWriter *writer;
  GByteArray *buffer; /* records that are not yet written */
  GByteArray *event, *summary, *value, *image;
  RaqamTensorboardResult result;
} Export;

static void
sample_clear (gpointer sample)
{
  g_free (((Sample *) sample)->path);
}

void
raqam_tensorboard_result_clear (RaqamTensorboardResult *result)
{
  g_clear_pointer (&result->path, g_free);
}

static void
export_clear (Export *self)
{
  g_clear_pointer (&self->points, g_array_unref);
  g_clear_pointer (&self->timeline, g_array_unref);
  g_clear_pointer (&self->samples, g_array_unref);
  g_clear_pointer (&self->writer, raqam_file_writer_free);
  g_clear_pointer (&self->buffer, g_byte_array_unref);
  g_clear_pointer (&self->event, g_byte_array_unref);
  g_clear_pointer (&self->summary, g_byte_array_unref);
  g_clear_pointer (&self->value, g_byte_array_unref);
  g_clear_pointer (&self->image, g_byte_array_unref);
  raqam_tensorboard_result_clear (&self->result);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Export, export_clear)

static int
compare_samples (gconstpointer a, gconstpointer b)
{
  const Sample *left = a, *right = b;

  return left->step < right->step ? -1 : left->step > right->step;
}

/* "step-000000000938.png" */
static gboolean
parse_sample_name (const char *name, guint64 *step)
{
  g_autofree char *digits = NULL;

  if (!g_str_has_prefix (name, "step-") || !g_str_has_suffix (name, ".png"))
    return FALSE;
  digits = g_strndup (name + strlen ("step-"), strlen (name) - strlen ("step-.png"));
  return g_ascii_string_to_unsigned (digits, 10, 0, G_MAXINT64, step, NULL);
}

static GArray *
list_samples (const char *run_folder)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (Sample));
  g_autofree char *folder = g_build_filename (run_folder, "samples", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_array_set_clear_func (samples, sample_clear);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      Sample sample;

      if (!parse_sample_name (name, &sample.step))
        continue;
      sample.path = g_build_filename (folder, name, NULL);
      g_array_append_val (samples, sample);
    }
  g_array_sort (samples, compare_samples);
  return samples;
}

static guint64
read_last_step (const Export *self)
{
  guint64 last = self->run->step;

  if (self->points->len > 0)
    last = MAX (last, g_array_index (self->points, RaqamPoint, self->points->len - 1).step);
  if (self->timeline->len > 0)
    last = MAX (last, g_array_index (self->timeline, RaqamQuality, self->timeline->len - 1).step);
  if (self->samples->len > 0)
    last = MAX (last, g_array_index (self->samples, Sample, self->samples->len - 1).step);
  return last;
}

static gboolean
read_run (Export *self, GError **error)
{
  const char *folder = self->run->folder;
  g_autofree char *name = g_filename_display_name (folder);

  self->points = raqam_history_read (folder, error);
  if (self->points == NULL)
    return FALSE;
  self->timeline = raqam_timeline_read (folder);
  self->samples = list_samples (folder);
  self->last_step = read_last_step (self);
  if (self->points->len + self->timeline->len + self->samples->len > 0)
    return TRUE;
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN,
               _("The run in “%s” has nothing for TensorBoard yet: no curves, no quality and no "
                 "samples. Train it first"),
               name);
  return FALSE;
}

static gboolean
write_out (Export *self, GError **error)
{
  gboolean written
    = raqam_file_writer_write (self->writer, self->buffer->data, self->buffer->len, error);

  g_byte_array_set_size (self->buffer, 0);
  return written;
}

/* TensorFlow turns the bits and adds a number, so that a CRC of CRCs is still worth something. */
static void
append_crc (GByteArray *buffer, gconstpointer data, gsize size)
{
  guint32 crc = raqam_crc32c (data, size);
  guint32 masked = GUINT32_TO_LE (((crc >> 15) | (crc << 17)) + 0xa282ead8u);

  g_byte_array_append (buffer, (const guint8 *) &masked, sizeof masked);
}

static gboolean
add_record (Export *self, GError **error)
{
  guint64 length = GUINT64_TO_LE ((guint64) self->event->len);

  g_byte_array_append (self->buffer, (const guint8 *) &length, sizeof length);
  append_crc (self->buffer, &length, sizeof length);
  g_byte_array_append (self->buffer, self->event->data, self->event->len);
  append_crc (self->buffer, self->event->data, self->event->len);
  return self->buffer->len < BUFFER_BYTES || write_out (self, error);
}

static double
wall_time (const Export *self, guint64 step)
{
  double begun = self->run->created, seconds = MAX (0, self->run->changed - self->run->created);

  return self->last_step > 0 ? begun + seconds * ((double) step / self->last_step) : begun;
}

static gboolean
add_version (Export *self, GError **error)
{
  g_byte_array_set_size (self->event, 0);
  raqam_protobuf_add_double (self->event, EVENT_WALL_TIME, wall_time (self, 0));
  raqam_protobuf_add_string (self->event, EVENT_FILE_VERSION, "brain.Event:2");
  return add_record (self, error);
}

/* Of what was put into the summary. */
static gboolean
add_event (Export *self, guint64 step, GError **error)
{
  g_byte_array_set_size (self->event, 0);
  raqam_protobuf_add_double (self->event, EVENT_WALL_TIME, wall_time (self, step));
  raqam_protobuf_add_varint (self->event, EVENT_STEP, step);
  raqam_protobuf_add_bytes (self->event, EVENT_SUMMARY, self->summary->data, self->summary->len);
  g_byte_array_set_size (self->summary, 0);
  return add_record (self, error);
}

static void
put_scalar (Export *self, const char *tag, double number)
{
  g_byte_array_set_size (self->value, 0);
  raqam_protobuf_add_string (self->value, VALUE_TAG, tag);
  raqam_protobuf_add_float (self->value, VALUE_SIMPLE, (float) number);
  raqam_protobuf_add_bytes (self->summary, SUMMARY_VALUE, self->value->data, self->value->len);
}

static gboolean
add_point (Export *self, guint i, GError **error)
{
  const RaqamPoint *point = &g_array_index (self->points, RaqamPoint, i);

  put_scalar (self, "loss/generator", point->loss[0]);
  put_scalar (self, "loss/discriminator", point->loss[1]);
  put_scalar (self, "probability/real", point->p_real[0]);
  put_scalar (self, "probability/fakes", point->p_real[1]);
  put_scalar (self, "rate/generator", point->rate[0]);
  put_scalar (self, "rate/discriminator", point->rate[1]);
  self->result.n_points++;
  return add_event (self, point->step, error);
}

static void
put_classes (Export *self, const char *prefix, const RaqamFigure *figure)
{
  for (int c = 0; c < RAQAM_DATASET_CLASSES; c++)
    {
      g_autofree char *tag = g_strdup_printf ("%s/%d", prefix, c);

      put_scalar (self, tag, figure->of_class[c]);
    }
}

static gboolean
add_quality (Export *self, guint i, GError **error)
{
  const RaqamQuality *quality = &g_array_index (self->timeline, RaqamQuality, i);

  put_scalar (self, "quality/accuracy", quality->accuracy.all);
  put_scalar (self, "quality/fid", quality->frechet.all);
  put_classes (self, "accuracy_of", &quality->accuracy);
  put_classes (self, "fid_of", &quality->frechet);
  self->result.n_judged++;
  return add_event (self, quality->step, error);
}

static guint32
read_big_endian (const char *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_BE (value);
}

/* Channels by PNG's colour types; a palette's are red, green and blue. */
static const guint8 channels[] = { 1, 0, 3, 3, 2, 0, 4 };

static gboolean
is_whole_png (const char *png, gsize size)
{
  static const char begin[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", end[] = "\0\0\0\0IEND\xae\x42\x60\x82";
  gsize n_begin = sizeof begin - 1, n_end = sizeof end - 1;
  guint8 colour;

  if (size < 33 + n_end || memcmp (png, begin, n_begin) != 0
      || memcmp (png + size - n_end, end, n_end) != 0)
    return FALSE;
  colour = (guint8) png[25];
  return colour < G_N_ELEMENTS (channels) && channels[colour] != 0;
}

static gboolean
read_png (const char *path, char **png, gsize *size)
{
  GStatBuf about;

  return g_stat (path, &about) == 0 && S_ISREG (about.st_mode) && about.st_size <= MAX_IMAGE_BYTES
         && g_file_get_contents (path, png, size, NULL) && is_whole_png (*png, *size);
}

static gboolean
add_sample (Export *self, guint i, GError **error)
{
  const Sample *sample = &g_array_index (self->samples, Sample, i);
  g_autofree char *png = NULL;
  gsize size;

  if (!read_png (sample->path, &png, &size))
    {
      self->result.n_damaged++;
      return TRUE;
    }

  g_byte_array_set_size (self->image, 0);
  raqam_protobuf_add_varint (self->image, IMAGE_HEIGHT, read_big_endian (png + 20));
  raqam_protobuf_add_varint (self->image, IMAGE_WIDTH, read_big_endian (png + 16));
  raqam_protobuf_add_varint (self->image, IMAGE_COLORSPACE, channels[(guint8) png[25]]);
  raqam_protobuf_add_bytes (self->image, IMAGE_ENCODED, png, size);
  g_byte_array_set_size (self->value, 0);
  raqam_protobuf_add_string (self->value, VALUE_TAG, "samples");
  raqam_protobuf_add_bytes (self->value, VALUE_IMAGE, self->image->data, self->image->len);
  raqam_protobuf_add_bytes (self->summary, SUMMARY_VALUE, self->value->data, self->value->len);
  self->result.n_images++;
  return add_event (self, sample->step, error);
}

static guint64
step_at (const GArray *array, guint i, gsize offset)
{
  gsize size = g_array_get_element_size ((GArray *) array);

  return i < array->len ? *(const guint64 *) (array->data + i * size + offset) : G_MAXUINT64;
}

/* The three lists become one, by rising step. */
static gboolean
add_all (Export *self, RaqamTensorboardProgress progress, gpointer data, GCancellable *cancellable,
         GError **error)
{
  guint p = 0, q = 0, s = 0, n = self->points->len + self->timeline->len + self->samples->len;

  for (guint i = 0; i < n; i++)
    {
      guint64 point = step_at (self->points, p, offsetof (RaqamPoint, step));
      guint64 quality = step_at (self->timeline, q, offsetof (RaqamQuality, step));
      guint64 sample = step_at (self->samples, s, offsetof (Sample, step));
      gboolean added;

      if (i % EVENTS_A_REPORT == 0 && progress != NULL)
        progress ((double) i / n, data);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      if (p < self->points->len && point <= quality && point <= sample)
        added = add_point (self, p++, error);
      else if (q < self->timeline->len && quality <= sample)
        added = add_quality (self, q++, error);
      else
        added = add_sample (self, s++, error);
      if (!added)
        return FALSE;
    }
  return TRUE;
}

static gboolean
make_path (Export *self, const char *folder, GError **error)
{
  g_autofree char *whole = g_canonicalize_filename (self->run->folder, NULL);
  g_autofree char *name = g_path_get_basename (whole);
  g_autofree char *into = g_build_filename (folder, name, NULL);
  g_autofree char *shown = g_filename_display_name (into);
  g_autofree char *file = g_strdup_printf ("events.out.tfevents.%010" G_GINT64_FORMAT ".%s.raqam",
                                           self->run->created, g_get_host_name ());
  int code;

  if (g_mkdir_with_parents (into, 0777) == 0)
    {
      self->result.path = g_build_filename (into, file, NULL);
      return TRUE;
    }
  code = errno;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               _("Could not make the folder “%s” for TensorBoard: %s"), shown, g_strerror (code));
  return FALSE;
}

static gboolean
write_file (Export *self, RaqamTensorboardProgress progress, gpointer data,
            GCancellable *cancellable, GError **error)
{
  self->buffer = g_byte_array_sized_new (BUFFER_BYTES + 4096);
  self->event = g_byte_array_new ();
  self->summary = g_byte_array_new ();
  self->value = g_byte_array_new ();
  self->image = g_byte_array_new ();
  self->writer = raqam_file_writer_new (self->result.path, error);
  return self->writer != NULL && add_version (self, error)
         && add_all (self, progress, data, cancellable, error) && write_out (self, error)
         && raqam_file_writer_commit (self->writer, error);
}

gboolean
raqam_tensorboard_write (RaqamTensorboardResult *result, const RaqamRun *run, const char *folder,
                         RaqamTensorboardProgress progress, gpointer progress_data,
                         GCancellable *cancellable, GError **error)
{
  g_auto (Export) self = { .run = run };

  g_return_val_if_fail (result != NULL && run != NULL && folder != NULL, FALSE);

  *result = (RaqamTensorboardResult){ 0 };
  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !read_run (&self, error)
      || !make_path (&self, folder, error)
      || !write_file (&self, progress, progress_data, cancellable, error))
    return FALSE;
  if (progress != NULL)
    progress (1, progress_data);
  *result = self.result;
  self.result.path = NULL;
  return TRUE;
}
