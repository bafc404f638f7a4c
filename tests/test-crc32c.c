/* test-crc32c.c — the checksum has its published values.
 * SPDX-License-Identifier: MIT */

#include "engine/crc32c.h"

#include <string.h>

/* The check value of the catalogue of CRCs, and the examples of RFC 3720, B.4. */
static void
test_published (void)
{
  guint8 bytes[32];

  g_assert_cmphex (raqam_crc32c ("123456789", 9), ==, 0xe3069283);
  g_assert_cmphex (raqam_crc32c (NULL, 0), ==, 0);
  memset (bytes, 0, sizeof bytes);
  g_assert_cmphex (raqam_crc32c (bytes, sizeof bytes), ==, 0x8a9136aa);
  memset (bytes, 0xff, sizeof bytes);
  g_assert_cmphex (raqam_crc32c (bytes, sizeof bytes), ==, 0x62a8ab43);
  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) i;
  g_assert_cmphex (raqam_crc32c (bytes, sizeof bytes), ==, 0x46dd794e);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crc32c/published", test_published);
  return g_test_run ();
}
