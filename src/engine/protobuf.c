/* protobuf.c — writing messages in Protocol Buffers' wire format.
 * SPDX-License-Identifier: MIT */

#include "engine/protobuf.h"

#include <string.h>

enum
{
  WIRE_VARINT = 0,
  WIRE_64_BIT = 1,
  WIRE_LENGTH = 2,
  WIRE_32_BIT = 5,
};

/* Seven bits a byte, the lowest first; the top bit says that more follow. */
static void
append_varint (GByteArray *message, guint64 value)
{
  guint8 bytes[10];
  guint n = 0;

  do
    {
      bytes[n] = value & 0x7f;
      value >>= 7;
      bytes[n] |= value != 0 ? 0x80 : 0;
      n++;
    }
  while (value != 0);
  g_byte_array_append (message, bytes, n);
}

static void
append_key (GByteArray *message, guint field, guint wire)
{
  append_varint (message, (guint64) field << 3 | wire);
}

void
raqam_protobuf_add_varint (GByteArray *message, guint field, guint64 value)
{
  append_key (message, field, WIRE_VARINT);
  append_varint (message, value);
}

void
raqam_protobuf_add_double (GByteArray *message, guint field, double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  bits = GUINT64_TO_LE (bits);
  append_key (message, field, WIRE_64_BIT);
  g_byte_array_append (message, (const guint8 *) &bits, sizeof bits);
}

void
raqam_protobuf_add_float (GByteArray *message, guint field, float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  bits = GUINT32_TO_LE (bits);
  append_key (message, field, WIRE_32_BIT);
  g_byte_array_append (message, (const guint8 *) &bits, sizeof bits);
}

void
raqam_protobuf_add_bytes (GByteArray *message, guint field, gconstpointer data, gsize size)
{
  append_key (message, field, WIRE_LENGTH);
  append_varint (message, size);
  g_byte_array_append (message, data, (guint) size);
}

void
raqam_protobuf_add_string (GByteArray *message, guint field, const char *string)
{
  raqam_protobuf_add_bytes (message, field, string, strlen (string));
}
