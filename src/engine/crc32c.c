/* crc32c.c — the checksum of TFRecord files.
 * SPDX-License-Identifier: MIT */

#include "engine/crc32c.h"

/* 0x1EDC6F41 with its bits in reverse. */
#define POLYNOMIAL 0x82f63b78u

static const guint32 *
get_table (void)
{
  static guint32 table[256];
  static gsize ready;

  if (g_once_init_enter (&ready))
    {
      for (guint32 i = 0; i < 256; i++)
        {
          table[i] = i;
          for (int bit = 0; bit < 8; bit++)
            table[i] = (table[i] >> 1) ^ ((table[i] & 1) != 0 ? POLYNOMIAL : 0);
        }
      g_once_init_leave (&ready, 1);
    }
  return table;
}

guint32
raqam_crc32c (gconstpointer data, gsize size)
{
  const guint32 *table = get_table ();
  const guint8 *bytes = data;
  guint32 crc = ~0u;

  for (gsize i = 0; i < size; i++)
    crc = (crc >> 8) ^ table[(crc ^ bytes[i]) & 0xff];
  return ~crc;
}
