/* test-tensorboard.c — a run's event file, read by a reader of its own.
 * SPDX-License-Identifier: MIT */

#include "engine/tensorboard.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/history.h"
#include "engine/picture.h"
#include "engine/timeline.h"
#include "toy.h"

typedef struct
{
  char *folder; /* of everything */
  char *out;
  RaqamRun run;
} Fixture;

/* One event, in words: its step, then what is in its summary. */
typedef struct
{
  double wall_time;
  guint64 step;
  GString *words;
} Event;

static void
event_clear (gpointer event)
{
  g_string_free (((Event *) event)->words, TRUE);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = toy_folder ();
  fixture->out = g_build_filename (fixture->folder, "events", NULL);
  fixture->run = (RaqamRun){ .folder = g_build_filename (fixture->folder, "a run", NULL),
                             .step = 4, .created = 1000, .changed = 1100 };
  g_assert_cmpint (g_mkdir (fixture->run.folder, 0777), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  toy_remove (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->out);
  g_free (fixture->run.folder);
}

static void
add_points (Fixture *fixture, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamHistory) history = raqam_history_open (fixture->run.folder, 0, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 1; i <= n; i++)
    {
      RaqamPoint point = { .step = i, .epoch = i / 2.0, .loss = { i == 2 ? NAN : 0.5f * i, 0.25f * i },
                           .p_real = { 0.75f, 0.125f }, .rate = { 0.5f, 0.0625f } };

      raqam_history_add (history, &point, 10);
    }
  raqam_history_flush (history, &error);
  g_assert_no_error (error);
}

static void
add_quality (Fixture *fixture, guint64 step)
{
  g_autoptr (GError) error = NULL;
  RaqamQuality quality = { .step = step, .n_images = 100, .train = "00", .accuracy = { .all = 0.5 },
                           .frechet = { .all = NAN } };

  for (int c = 0; c < 10; c++)
    {
      quality.accuracy.of_class[c] = c / 16.0;
      quality.frechet.of_class[c] = c;
    }
  raqam_timeline_add (fixture->run.folder, &quality, &error);
  g_assert_no_error (error);
}

static char *
sample_path (Fixture *fixture, const char *name)
{
  g_autofree char *folder = g_build_filename (fixture->run.folder, "samples", NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0777), ==, 0);
  return g_build_filename (folder, name, NULL);
}

static void
add_sample (Fixture *fixture, const char *name)
{
  static const guint8 pixels[6] = { 0, 50, 100, 150, 200, 250 };
  g_autofree char *path = sample_path (fixture, name);
  g_autoptr (GError) error = NULL;

  raqam_picture_save (path, pixels, 3, 2, NULL, 0, &error);
  g_assert_no_error (error);
}

/* The definition itself, bit by bit. */
static guint32
masked_crc (const guint8 *bytes, gsize size)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < size * 8; i++)
    {
      guint32 bit = (bytes[i / 8] >> (i % 8)) & 1;

      crc = (crc & 1) != bit ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
    }
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
}

static guint64
read_number (const guint8 *bytes, int n)
{
  guint64 number = 0;

  for (int i = n - 1; i >= 0; i--)
    number = number << 8 | bytes[i];
  return number;
}

static guint64
read_varint (const guint8 **at)
{
  guint64 number = 0;
  int shift = 0;

  for (;; shift += 7)
    {
      guint8 byte = *(*at)++;

      number |= (guint64) (byte & 0x7f) << shift;
      if (byte < 0x80)
        return number;
    }
}

/* A field: its number, its value, and for a length where it begins. */
static guint
read_field (const guint8 **at, guint64 *value, const guint8 **data)
{
  guint64 key = read_varint (at);

  switch (key & 7)
    {
    case 0:
      *value = read_varint (at);
      break;
    case 1:
      *value = read_number (*at, 8);
      *at += 8;
      break;
    case 2:
      *value = read_varint (at);
      *data = *at;
      *at += *value;
      break;
    case 5:
      *value = read_number (*at, 4);
      *at += 4;
      break;
    default:
      g_assert_not_reached ();
    }
  return (guint) (key >> 3);
}

static void
read_image (GString *words, const guint8 *at, gsize size)
{
  const guint8 *end = at + size, *data = NULL;
  guint64 value;

  while (at < end)
    {
      guint field = read_field (&at, &value, &data);

      if (field < 4)
        g_string_append_printf (words, "%" G_GUINT64_FORMAT " ", value);
      else
        g_string_append_printf (words, "png:%d", memcmp (data, "\x89PNG", 4) == 0 && value > 60);
    }
  g_assert_true (at == end);
}

static void
read_value (GString *words, const guint8 *at, gsize size)
{
  const guint8 *end = at + size, *data = NULL;
  guint64 value;

  while (at < end)
    {
      guint field = read_field (&at, &value, &data);
      guint32 bits = (guint32) value;
      float number;

      memcpy (&number, &bits, sizeof number);
      if (field == 1)
        g_string_append_printf (words, "%.*s=", (int) value, data);
      else if (field == 2)
        g_string_append_printf (words, isnan (number) ? "nan " : "%g ", number);
      else if (field == 4)
        read_image (words, data, value);
      else
        g_assert_not_reached ();
    }
  g_assert_true (at == end);
}

static void
read_summary (GString *words, const guint8 *at, gsize size)
{
  const guint8 *end = at + size, *data = NULL;
  guint64 value;

  while (at < end)
    {
      g_assert_cmpuint (read_field (&at, &value, &data), ==, 1);
      read_value (words, data, value);
    }
  g_assert_true (at == end);
}

static Event
read_event (const guint8 *at, gsize size)
{
  Event event = { .words = g_string_new (NULL) };
  const guint8 *end = at + size, *data = NULL;
  guint64 value;

  while (at < end)
    {
      guint field = read_field (&at, &value, &data);

      if (field == 1)
        memcpy (&event.wall_time, &value, sizeof value);
      else if (field == 2)
        event.step = value;
      else if (field == 3)
        g_string_append_len (event.words, (const char *) data, value);
      else if (field == 5)
        read_summary (event.words, data, value);
      else
        g_assert_not_reached ();
    }
  g_assert_true (at == end);
  return event;
}

static GArray *
read_events (const char *path)
{
  GArray *events = g_array_new (FALSE, FALSE, sizeof (Event));
  g_autofree char *text = NULL;
  const guint8 *at, *end;
  gsize size;

  g_array_set_clear_func (events, event_clear);
  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  for (at = (const guint8 *) text, end = at + size; at < end;)
    {
      gsize length = read_number (at, 8);
      Event event;

      g_assert_cmpuint (length + 16, <=, end - at);
      g_assert_cmphex (read_number (at + 8, 4), ==, masked_crc (at, 8));
      g_assert_cmphex (read_number (at + 12 + length, 4), ==, masked_crc (at + 12, length));
      event = read_event (at + 12, length);
      g_array_append_val (events, event);
      at += 16 + length;
    }
  return events;
}

static void
write_run (Fixture *fixture, RaqamTensorboardResult *result)
{
  g_autoptr (GError) error = NULL;

  raqam_tensorboard_write (result, &fixture->run, fixture->out, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_event (GArray *events, guint i, guint64 step, double wall_time, const char *words)
{
  const Event *event = &g_array_index (events, Event, i);

  g_assert_cmpuint (event->step, ==, step);
  g_assert_cmpfloat (event->wall_time, ==, wall_time);
  g_assert_cmpstr (event->words->str, ==, words);
}

static void
test_all (Fixture *fixture, gconstpointer data)
{
  g_auto (RaqamTensorboardResult) result = { 0 };
  g_autoptr (GArray) events = NULL;
  g_autofree char *into = g_build_filename (fixture->out, "a run", NULL);

  add_points (fixture, 4);
  add_quality (fixture, 2);
  add_sample (fixture, "step-000000000002.png");
  add_sample (fixture, "step-000000000000.png");
  add_sample (fixture, "mine.png");
  write_run (fixture, &result);
  g_assert_true (g_str_has_prefix (result.path, into));
  g_assert_nonnull (strstr (result.path, "/events.out.tfevents.0000001000."));
  g_assert_true (g_str_has_suffix (result.path, ".raqam"));
  g_assert_cmpuint (result.n_points, ==, 4);
  g_assert_cmpuint (result.n_judged, ==, 1);
  g_assert_cmpuint (result.n_images, ==, 2);
  g_assert_cmpuint (result.n_damaged, ==, 0);

  events = read_events (result.path);
  g_assert_cmpuint (events->len, ==, 8);
  assert_event (events, 0, 0, 1000, "brain.Event:2");
  assert_event (events, 1, 0, 1000, "samples=2 3 1 png:1");
  assert_event (events, 2, 1, 1025,
                "loss/generator=0.5 loss/discriminator=0.25 probability/real=0.75 "
                "probability/fakes=0.125 rate/generator=0.5 rate/discriminator=0.0625 ");
  assert_event (events, 3, 2, 1050,
                "loss/generator=nan loss/discriminator=0.5 probability/real=0.75 "
                "probability/fakes=0.125 rate/generator=0.5 rate/discriminator=0.0625 ");
  assert_event (events, 4, 2, 1050,
                "quality/accuracy=0.5 quality/fid=nan accuracy_of/0=0 accuracy_of/1=0.0625 "
                "accuracy_of/2=0.125 accuracy_of/3=0.1875 accuracy_of/4=0.25 accuracy_of/5=0.3125 "
                "accuracy_of/6=0.375 accuracy_of/7=0.4375 accuracy_of/8=0.5 accuracy_of/9=0.5625 "
                "fid_of/0=0 fid_of/1=1 fid_of/2=2 fid_of/3=3 fid_of/4=4 fid_of/5=5 fid_of/6=6 "
                "fid_of/7=7 fid_of/8=8 fid_of/9=9 ");
  assert_event (events, 5, 2, 1050, "samples=2 3 1 png:1");
  g_assert_cmpuint (g_array_index (events, Event, 7).step, ==, 4);
  g_assert_cmpfloat (g_array_index (events, Event, 7).wall_time, ==, 1100);
}

static void
test_same_bytes (Fixture *fixture, gconstpointer data)
{
  g_auto (RaqamTensorboardResult) first = { 0 }, again = { 0 };
  g_autofree char *before = NULL, *after = NULL;
  gsize n_before, n_after;

  add_points (fixture, 4);
  write_run (fixture, &first);
  g_assert_true (g_file_get_contents (first.path, &before, &n_before, NULL));
  write_run (fixture, &again);
  g_assert_cmpstr (again.path, ==, first.path);
  g_assert_true (g_file_get_contents (again.path, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
}

static void
count_cb (double done, gpointer data)
{
  double *last = data;

  g_assert_cmpfloat (done, >=, *last);
  *last = done;
}

/* More than goes into one buffer. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  g_auto (RaqamTensorboardResult) result = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) events = NULL;
  double done = 0;

  add_points (fixture, 20000);
  raqam_tensorboard_write (&result, &fixture->run, fixture->out, count_cb, &done, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (done, ==, 1);
  events = read_events (result.path);
  g_assert_cmpuint (events->len, ==, 20001);
  for (guint i = 1; i < events->len; i++)
    g_assert_cmpuint (g_array_index (events, Event, i).step, ==, i);
}

/* No whole PNG: nothing in it, cut short, another kind of file, a folder. */
static void
test_damaged_samples (Fixture *fixture, gconstpointer data)
{
  g_auto (RaqamTensorboardResult) result = { 0 };
  g_autofree char *empty = sample_path (fixture, "step-000000000001.png");
  g_autofree char *whole = sample_path (fixture, "step-000000000002.png");
  g_autofree char *cut = sample_path (fixture, "step-000000000003.png");
  g_autofree char *other = sample_path (fixture, "step-000000000004.png");
  g_autofree char *folder = sample_path (fixture, "step-000000000005.png");
  g_autofree char *png = NULL;
  char text[100];
  gsize size;

  add_sample (fixture, "step-000000000002.png");
  g_assert_true (g_file_get_contents (whole, &png, &size, NULL));
  memset (text, 'x', sizeof text);
  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  g_assert_true (g_file_set_contents (cut, png, (gssize) size - 1, NULL));
  g_assert_true (g_file_set_contents (other, text, sizeof text, NULL));
  g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
  write_run (fixture, &result);
  g_assert_cmpuint (result.n_images, ==, 1);
  g_assert_cmpuint (result.n_damaged, ==, 4);
}

static void
assert_fails (Fixture *fixture, GQuark domain, int code, const char *words)
{
  g_auto (RaqamTensorboardResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (
    raqam_tensorboard_write (&result, &fixture->run, fixture->out, NULL, NULL, NULL, &error));
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (result.path);
}

static void
test_failures (Fixture *fixture, gconstpointer data)
{
  g_autofree char *metrics = g_build_filename (fixture->run.folder, "metrics.csv", NULL);

  assert_fails (fixture, RAQAM_ERROR, RAQAM_ERROR_RUN, fixture->run.folder);
  g_assert_false (g_file_test (fixture->out, G_FILE_TEST_EXISTS));

  g_assert_true (g_file_set_contents (metrics, "mine\n", -1, NULL));
  assert_fails (fixture, RAQAM_ERROR, RAQAM_ERROR_RUN, metrics);

  g_assert_cmpint (g_unlink (metrics), ==, 0);
  add_points (fixture, 2);
  g_assert_true (g_file_set_contents (fixture->out, "a file", -1, NULL));
  assert_fails (fixture, G_FILE_ERROR, G_FILE_ERROR_NOTDIR, fixture->out);
}

static void
cancel_cb (double done, gpointer data)
{
  if (done > 0)
    g_cancellable_cancel (data);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_auto (RaqamTensorboardResult) result = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *into = g_build_filename (fixture->out, "a run", NULL);
  g_autoptr (GDir) dir = NULL;

  add_points (fixture, 20000);
  g_assert_false (raqam_tensorboard_write (&result, &fixture->run, fixture->out, cancel_cb,
                                           cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  dir = g_dir_open (into, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/tensorboard/all", Fixture, NULL, set_up, test_all, tear_down);
  g_test_add ("/tensorboard/same-bytes", Fixture, NULL, set_up, test_same_bytes, tear_down);
  g_test_add ("/tensorboard/many", Fixture, NULL, set_up, test_many, tear_down);
  g_test_add ("/tensorboard/damaged-samples", Fixture, NULL, set_up, test_damaged_samples, tear_down);
  g_test_add ("/tensorboard/failures", Fixture, NULL, set_up, test_failures, tear_down);
  g_test_add ("/tensorboard/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  return g_test_run ();
}
