/* cdb-bytes.c — makes .cdb files for tests, in memory.
 * SPDX-License-Identifier: MIT */

#include "cdb-bytes.h"

#include <string.h>

static void
append_u8 (GByteArray *bytes, guint8 value)
{
  g_byte_array_append (bytes, &value, 1);
}

static guint32
get_u32 (const GByteArray *bytes, gsize offset)
{
  guint32 value;

  memcpy (&value, bytes->data + offset, sizeof value);
  return GUINT32_FROM_LE (value);
}

void
cdb_bytes_put_u32 (GByteArray *bytes, gsize offset, guint32 value)
{
  value = GUINT32_TO_LE (value);
  memcpy (bytes->data + offset, &value, sizeof value);
}

GByteArray *
cdb_bytes_new (gboolean grey, int width, int height)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_set_size (bytes, 1024);
  memset (bytes->data, 0, 1024);
  bytes->data[0] = 2005 & 255;
  bytes->data[1] = 2005 >> 8;
  bytes->data[2] = 8;
  bytes->data[3] = 4;
  bytes->data[4] = height;
  bytes->data[5] = width;
  bytes->data[522] = grey;
  return bytes;
}

static void
append_runs (GByteArray *body, const guint8 *row, int width)
{
  guint8 colour = 0;

  for (int x = 0; x < width; colour = 255 - colour)
    {
      int begin = x;

      while (x < width && row[x] == colour)
        x++;
      append_u8 (body, x - begin);
    }
}

void
cdb_bytes_append_record (GByteArray *bytes, gboolean grey, gboolean own_size, guint8 label,
                         int width, int height, const guint8 *pixels)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();

  if (grey)
    for (int x = 0; x < width; x++)
      for (int y = 0; y < height; y++)
        append_u8 (body, pixels[y * width + x]);
  else
    for (int y = 0; y < height; y++)
      append_runs (body, pixels + y * width, width);

  append_u8 (bytes, 0xFF);
  append_u8 (bytes, label);
  if (own_size)
    {
      append_u8 (bytes, width);
      append_u8 (bytes, height);
    }
  append_u8 (bytes, body->len & 255);
  append_u8 (bytes, body->len >> 8);
  g_byte_array_append (bytes, body->data, body->len);
}

void
cdb_bytes_add (GByteArray *bytes, guint8 label, int width, int height, const guint8 *pixels)
{
  cdb_bytes_append_record (bytes, bytes->data[522], bytes->data[4] == 0, label, width, height,
                           pixels);
  cdb_bytes_put_u32 (bytes, 6, get_u32 (bytes, 6) + 1);
  cdb_bytes_put_u32 (bytes, 10 + 4 * label, get_u32 (bytes, 10 + 4 * label) + 1);
}
