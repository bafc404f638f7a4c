/* safetensors-header.h — the JSON header of a safetensors file; for safetensors.c alone.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/safetensors.h"

G_BEGIN_DECLS

/* The metadata's name for the checksum, and its length in hexadecimal digits. */
#define RAQAM_SAFETENSORS_CHECKSUM "raqam.sha256"
#define RAQAM_SAFETENSORS_DIGITS 64

/* What is read at most: bytes of a header, bytes of a tensor's name, metadata. */
#define RAQAM_SAFETENSORS_MAX_HEADER (16 * 1024 * 1024)
#define RAQAM_SAFETENSORS_MAX_NAME 255
#define RAQAM_SAFETENSORS_MAX_METADATA 4096

typedef struct
{
  RaqamTensor tensor; /* its name is the entry's own; data is NULL */
  guint64     begin;  /* in the data, in bytes */
  guint64     end;
} RaqamSafetensorsEntry;

typedef struct
{
  GArray     *entries;  /* RaqamSafetensorsEntry, by rising begin */
  GHashTable *metadata; /* char * → char * */
  gsize       checksum; /* where the checksum's digits begin in the text; 0 where there is none */
} RaqamSafetensorsHeader;

/**
 * raqam_safetensors_header_parse:
 * @text: (@n_text); not NUL-terminated
 * @n_data: bytes of data that follow the header
 * @origin: what to call the file in errors
 *
 * Reads the header and checks that its tensors have names of their own, known
 * types, and sizes that fill the data without hole or overlap.
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_CHECKPOINT
 */
RaqamSafetensorsHeader *raqam_safetensors_header_parse (const char *text, gsize n_text,
                                                        guint64 n_data, const char *origin,
                                                        GError **error);
void                    raqam_safetensors_header_free  (RaqamSafetensorsHeader *self);

/**
 * raqam_safetensors_header_format:
 * @tensors: (@n_tensors), in the order of their data
 * @metadata: name, text, …, NULL
 * @checksum: where the digits of the checksum begin, overwritten; they are "0"
 *
 * Returns: (transfer full): the header's text, padded so that the data after
 *   it are aligned to 8 bytes
 */
GString *raqam_safetensors_header_format (const RaqamTensor *tensors, gsize n_tensors,
                                          const char *const *metadata, gsize *checksum);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamSafetensorsHeader, raqam_safetensors_header_free)

G_END_DECLS
