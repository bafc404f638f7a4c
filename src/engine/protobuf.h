/* protobuf.h — writing messages in Protocol Buffers' wire format.
 * SPDX-License-Identifier: MIT
 *
 * Each function appends one field: a varint of its number and wire type, then
 * its value. A message inside a message is built first and appended as bytes.
 * https://protobuf.dev/programming-guides/encoding/
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Field numbers are those of the message's .proto file, from 1 to 2²⁹ − 1. */

/* int32, int64, uint32, uint64, bool, enum; a negative number as its two's complement in 64 bits */
void raqam_protobuf_add_varint (GByteArray *message, guint field, guint64 value);

/* double */
void raqam_protobuf_add_double (GByteArray *message, guint field, double value);

/* float */
void raqam_protobuf_add_float (GByteArray *message, guint field, float value);

/* bytes, or a message */
void raqam_protobuf_add_bytes (GByteArray *message, guint field, gconstpointer data, gsize size);

/* string: UTF-8 */
void raqam_protobuf_add_string (GByteArray *message, guint field, const char *string);

G_END_DECLS
