/* test-protobuf.c — fields as Protocol Buffers' own guide writes them.
 * SPDX-License-Identifier: MIT */

#include "engine/protobuf.h"

static void
assert_bytes (GByteArray *message, const char *want)
{
  g_autoptr (GString) got = g_string_new (NULL);

  for (guint i = 0; i < message->len; i++)
    g_string_append_printf (got, "%s%02x", i > 0 ? " " : "", message->data[i]);
  g_assert_cmpstr (got->str, ==, want);
  g_byte_array_set_size (message, 0);
}

/* https://protobuf.dev/programming-guides/encoding/: 150, "testing", Test3, and -2 */
static void
test_guide (void)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();
  static const guint8 inner[] = { 0x08, 0x96, 0x01 };

  raqam_protobuf_add_varint (message, 1, 150);
  assert_bytes (message, "08 96 01");
  raqam_protobuf_add_string (message, 2, "testing");
  assert_bytes (message, "12 07 74 65 73 74 69 6e 67");
  raqam_protobuf_add_bytes (message, 3, inner, sizeof inner);
  assert_bytes (message, "1a 03 08 96 01");
  raqam_protobuf_add_varint (message, 1, (guint64) -2);
  assert_bytes (message, "08 fe ff ff ff ff ff ff ff ff 01");
}

static void
test_edges (void)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();

  raqam_protobuf_add_varint (message, 1, 0);
  assert_bytes (message, "08 00");
  raqam_protobuf_add_varint (message, 15, 127);
  assert_bytes (message, "78 7f");
  raqam_protobuf_add_varint (message, 16, 128); /* a number of two bytes */
  assert_bytes (message, "80 01 80 01");
  raqam_protobuf_add_string (message, 2, "");
  assert_bytes (message, "12 00");
}

/* IEEE 754, the lowest byte first. */
static void
test_floating (void)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();

  raqam_protobuf_add_double (message, 1, 1);
  assert_bytes (message, "09 00 00 00 00 00 00 f0 3f");
  raqam_protobuf_add_float (message, 2, -1.5f);
  assert_bytes (message, "15 00 00 c0 bf");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protobuf/guide", test_guide);
  g_test_add_func ("/protobuf/edges", test_edges);
  g_test_add_func ("/protobuf/floating", test_floating);
  return g_test_run ();
}
