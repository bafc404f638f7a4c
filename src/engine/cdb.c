/* cdb.c — reads Hoda's .cdb files of handwritten digits.
 * SPDX-License-Identifier: MIT */

#include "engine/cdb.h"

#include "engine/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define RECORD_MARK 0xFF
#define MAX_BODY 0xFFFF

struct _RaqamCdb
{
  GInputStream  *stream;
  char          *name;
  int            n_classes;
  RaqamCdbHeader header;

  guint32 index;                  /* of the record being read */
  guint32 seen[RAQAM_CDB_LABELS]; /* records read, by label */

  gsize   offset;     /* in the file, of buffer[begin] */
  gsize   begin, end; /* of what was read and not yet taken */
  guint8  buffer[2 * (MAX_BODY + 1)];
  guint8  pixels[RAQAM_CDB_MAX_SIDE * RAQAM_CDB_MAX_SIDE];
};

typedef enum
{
  IN_HEADER,
  IN_RECORD, /* the one being read */
} Place;

/* @at: of the byte, from the start of the header or from the first byte not yet taken. */
static gboolean G_GNUC_PRINTF (5, 6)
fail (const RaqamCdb *self, Place place, gsize at, GError **error, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  if (place == IN_HEADER)
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                 _("“%s” is damaged or not a .cdb file: header, byte %zu: %s"), self->name, at,
                 what);
  else
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                 _("“%s” is damaged: record %u, byte %zu: %s"), self->name, self->index,
                 self->offset + at, what);
  return FALSE;
}

/* Reads until @n bytes lie at buffer[begin], or the file ends. */
static gboolean
fill (RaqamCdb *self, gsize n, GError **error)
{
  g_assert (n <= sizeof self->buffer / 2);

  if (self->end - self->begin >= n)
    return TRUE;
  memmove (self->buffer, self->buffer + self->begin, self->end - self->begin);
  self->end -= self->begin;
  self->begin = 0;
  while (self->end < n)
    {
      gssize got = g_input_stream_read (self->stream, self->buffer + self->end,
                                        sizeof self->buffer - self->end, NULL, error);

      if (got < 0)
        {
          g_prefix_error (error, _("Reading “%s” failed: "), self->name);
          return FALSE;
        }
      if (got == 0)
        return TRUE;
      self->end += got;
    }
  return TRUE;
}

static inline gsize
available (const RaqamCdb *self)
{
  return self->end - self->begin;
}

static inline const guint8 *
front (const RaqamCdb *self)
{
  return self->buffer + self->begin;
}

static void
take (RaqamCdb *self, gsize n)
{
  self->begin += n;
  self->offset += n;
}

static guint32
read_u32 (const guint8 *from)
{
  return from[0] | from[1] << 8 | from[2] << 16 | (guint32) from[3] << 24;
}

static gboolean
check_header (RaqamCdb *self, const guint8 *bytes, GError **error)
{
  const RaqamCdbHeader *header = &self->header;

  if ((header->width == 0) != (header->height == 0))
    return fail (self, IN_HEADER, 4, error,
                 _("expected height and width both 0 or neither, found %d and %d"),
                 header->height, header->width);
  for (int label = self->n_classes; label < RAQAM_CDB_LABELS; label++)
    if (header->n_per_label[label] != 0)
      return fail (self, IN_HEADER, 10 + 4 * label, error,
                   _("expected labels below %d, found %u records of label %d"),
                   self->n_classes, header->n_per_label[label], label);
  if (bytes[522] > 1)
    return fail (self, IN_HEADER, 522, error, _("expected 0 (binary) or 1 (grey), found %d"),
                 bytes[522]);
  return TRUE;
}

static gboolean
read_header (RaqamCdb *self, GError **error)
{
  RaqamCdbHeader *header = &self->header;
  const guint8 *bytes;

  if (!fill (self, RAQAM_CDB_HEADER_SIZE, error))
    return FALSE;
  if (available (self) < RAQAM_CDB_HEADER_SIZE)
    return fail (self, IN_HEADER, available (self), error,
                 _("expected a header of %d bytes, but the file ends here"),
                 RAQAM_CDB_HEADER_SIZE);
  bytes = front (self);
  header->year = bytes[0] | bytes[1] << 8;
  header->month = bytes[2];
  header->day = bytes[3];
  header->height = bytes[4];
  header->width = bytes[5];
  header->n_records = read_u32 (bytes + 6);
  for (int label = 0; label < RAQAM_CDB_LABELS; label++)
    header->n_per_label[label] = read_u32 (bytes + 10 + 4 * label);
  header->grey = bytes[522] == 1;
  if (!check_header (self, bytes, error))
    return FALSE;
  take (self, RAQAM_CDB_HEADER_SIZE);
  return TRUE;
}

/* Takes @stream. */
static RaqamCdb *
open_stream (GInputStream *stream, const char *name, int n_classes, GError **error)
{
  g_autoptr (RaqamCdb) self = g_new0 (RaqamCdb, 1);

  self->stream = stream;
  self->name = g_strdup (name);
  self->n_classes = n_classes;
  if (!read_header (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

RaqamCdb *
raqam_cdb_open (const char *path, int n_classes, GError **error)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *name = NULL;
  GFileInputStream *stream;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (n_classes >= 1 && n_classes <= RAQAM_CDB_LABELS, NULL);

  name = g_filename_display_name (path);
  /* Opening a pipe would wait for its other end. */
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                   _("“%s” is not a .cdb file: it is not a regular file"), name);
      return NULL;
    }
  file = g_file_new_for_path (path);
  stream = g_file_read (file, NULL, error);
  if (stream == NULL)
    {
      g_prefix_error (error, _("Reading “%s” failed: "), name);
      return NULL;
    }
  return open_stream (G_INPUT_STREAM (stream), name, n_classes, error);
}

RaqamCdb *
raqam_cdb_open_bytes (gconstpointer bytes, gsize size, const char *name, int n_classes,
                      GError **error)
{
  g_autoptr (GBytes) source = NULL;

  g_return_val_if_fail (bytes != NULL || size == 0, NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (n_classes >= 1 && n_classes <= RAQAM_CDB_LABELS, NULL);

  source = g_bytes_new_static (bytes, size);
  return open_stream (g_memory_input_stream_new_from_bytes (source), name, n_classes, error);
}

const RaqamCdbHeader *
raqam_cdb_get_header (const RaqamCdb *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->header;
}

static gboolean
read_binary (RaqamCdb *self, const RaqamCdbImage *image, gsize size, GError **error)
{
  const guint8 *body = front (self);
  guint8 *to = self->pixels;
  gsize at = 0;

  for (int y = 0; y < image->height; y++)
    for (int x = 0, ink = 0; x < image->width; ink = !ink)
      {
        gboolean first = x == 0 && !ink;
        int left = image->width - x, run;

        if (at == size)
          return fail (self, IN_RECORD, at, error,
                       _("expected a run for the last %d pixels of row %d, "
                          "but the record's body ends here"),
                       left, y);
        run = body[at];
        if (run > left || (run == 0 && !first))
          return fail (self, IN_RECORD, at, error,
                       _("expected a run of %d to %d pixels in row %d, found %d"),
                       first ? 0 : 1, left, y, run);
        memset (to, ink ? 255 : 0, run);
        to += run;
        x += run;
        at++;
      }
  if (at != size)
    return fail (self, IN_RECORD, at, error,
                 _("expected the record's body to end here, where its last row does, "
                    "but it has %zu bytes more"),
                 size - at);
  return TRUE;
}

static void
read_grey (RaqamCdb *self, const RaqamCdbImage *image)
{
  const guint8 *from = front (self);

  for (int x = 0; x < image->width; x++)
    for (int y = 0; y < image->height; y++)
      self->pixels[y * image->width + x] = *from++;
}

static gboolean
read_body (RaqamCdb *self, const RaqamCdbImage *image, gsize size, GError **error)
{
  if (!fill (self, size, error))
    return FALSE;
  if (available (self) < size)
    return fail (self, IN_RECORD, available (self), error,
                 _("expected a body of %zu bytes, but the file ends "
                    "after %zu of them"),
                 size, available (self));
  if (self->header.grey)
    read_grey (self, image);
  else if (!read_binary (self, image, size, error))
    return FALSE;
  take (self, size);
  return TRUE;
}

/* Fills in all of @image but the pixels, and takes the record's head. */
static gboolean
read_head (RaqamCdb *self, RaqamCdbImage *image, gsize *size, GError **error)
{
  gboolean own_size = self->header.width == 0;
  gsize n = own_size ? 6 : 4;
  const guint8 *head;

  if (!fill (self, n, error))
    return FALSE;
  head = front (self);
  if (available (self) > 0 && head[0] != RECORD_MARK)
    return fail (self, IN_RECORD, 0, error, _("expected the mark 0xff of a record, found 0x%02x"),
                 head[0]);
  if (available (self) < n)
    return fail (self, IN_RECORD, available (self), error,
                 _("expected record %u of %u (the header's number), "
                    "but the file ends here"),
                 self->index, self->header.n_records);
  if (head[1] >= self->n_classes)
    return fail (self, IN_RECORD, 1, error, _("expected a label below %d, found %d"),
                 self->n_classes, head[1]);
  image->index = self->index;
  image->label = head[1];
  image->width = own_size ? head[2] : self->header.width;
  image->height = own_size ? head[3] : self->header.height;
  image->pixels = self->pixels;
  if (image->width == 0 || image->height == 0)
    return fail (self, IN_RECORD, image->width == 0 ? 2 : 3, error,
                 _("expected a width and height of 1 to 255, found %d and %d"),
                 image->width, image->height);
  *size = head[n - 2] | head[n - 1] << 8;
  if (self->header.grey && *size != (gsize) image->width * image->height)
    return fail (self, IN_RECORD, n - 2, error,
                 _("expected a body of %d × %d bytes, found %zu"),
                 image->width, image->height, *size);
  take (self, n);
  return TRUE;
}

static gboolean
check_end (RaqamCdb *self, GError **error)
{
  const RaqamCdbHeader *header = &self->header;

  if (!fill (self, 1, error))
    return FALSE;
  if (available (self) > 0)
    return fail (self, IN_RECORD, 0, error,
                 _("expected the file to end after %u records (the header's number), "
                    "but it goes on"),
                 header->n_records);
  for (int label = 0; label < self->n_classes; label++)
    if (header->n_per_label[label] != self->seen[label])
      return fail (self, IN_HEADER, 10 + 4 * label, error,
                   _("expected %u, the number of records of label %d, found %u"),
                   self->seen[label], label, header->n_per_label[label]);
  return TRUE;
}

gboolean
raqam_cdb_next (RaqamCdb *self, RaqamCdbImage *image, GError **error)
{
  gsize size = 0;

  g_return_val_if_fail (self != NULL && image != NULL, FALSE);
  g_return_val_if_fail (error != NULL && *error == NULL, FALSE);

  if (self->index == self->header.n_records)
    {
      check_end (self, error);
      return FALSE;
    }
  if (!read_head (self, image, &size, error) || !read_body (self, image, size, error))
    return FALSE;
  self->seen[image->label]++;
  self->index++;
  return TRUE;
}

void
raqam_cdb_close (RaqamCdb *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->stream);
  g_free (self->name);
  g_free (self);
}
