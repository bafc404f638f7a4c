/* safetensors.h — named arrays of numbers in one file, as Python's safetensors has them.
 * SPDX-License-Identifier: MIT
 *
 * The format (https://huggingface.co/docs/safetensors): the length of the
 * header, 8 bytes, little-endian; the header, a JSON object that gives each
 * tensor's "dtype", "shape" and "data_offsets", and under "__metadata__" texts
 * by name; the data, row-major and little-endian, without holes.
 *
 * Our files also carry a checksum: "raqam.sha256" in the metadata is the SHA-256,
 * in lower-case hexadecimal, of the whole file with those 64 digits set to "0".
 *
 * Any thread; an object is not changed once made.
 */

#pragma once

#include <gio/gio.h>

#include "engine/error.h"

G_BEGIN_DECLS

#define RAQAM_TENSOR_MAX_DIMS 8

/* The longest file that is read: far above any model of ours. */
#define RAQAM_SAFETENSORS_MAX_FILE ((guint64) 1 << 30)

typedef enum
{
  RAQAM_DTYPE_BOOL,
  RAQAM_DTYPE_U8,
  RAQAM_DTYPE_I8,
  RAQAM_DTYPE_F8_E5M2,
  RAQAM_DTYPE_F8_E4M3,
  RAQAM_DTYPE_I16,
  RAQAM_DTYPE_U16,
  RAQAM_DTYPE_F16,
  RAQAM_DTYPE_BF16,
  RAQAM_DTYPE_I32,
  RAQAM_DTYPE_U32,
  RAQAM_DTYPE_F32,
  RAQAM_DTYPE_I64,
  RAQAM_DTYPE_U64,
  RAQAM_DTYPE_F64,
} RaqamDtype;

typedef struct
{
  const char   *name;
  RaqamDtype    dtype;
  int           n_dims; /* 0 to RAQAM_TENSOR_MAX_DIMS; 0 is one number */
  guint64       shape[RAQAM_TENSOR_MAX_DIMS];
  gconstpointer data;   /* from a file: perhaps not aligned to the type */
} RaqamTensor;

/* Returns: (transfer none): "F32" and the like */
const char *raqam_dtype_name (RaqamDtype dtype);
gsize       raqam_dtype_size (RaqamDtype dtype); /* bytes of one number */

/* Returns: bytes of the tensor's data; its shape must be one that fits in memory */
gsize raqam_tensor_size (const RaqamTensor *tensor);

/**
 * raqam_safetensors_write:
 * @tensors: (@n_tensors), names unlike each other; in the file they stand by
 *   falling size of their type and else in this order, so each is aligned
 * @metadata: name, text, name, text, …, NULL
 *
 * Replaces @path by a new file with these tensors and a checksum, at once.
 *
 * Returns: FALSE with a G_FILE_ERROR
 */
gboolean raqam_safetensors_write (const char *path, const RaqamTensor *tensors, gsize n_tensors,
                                  const char *const *metadata, GError **error);

typedef struct _RaqamSafetensors RaqamSafetensors;

/**
 * raqam_safetensors_open:
 *
 * Reads a file into memory and checks all of it; a checksum, where there is
 * one, must hold.
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_CHECKPOINT (file, tensor and
 *   what is wrong), RAQAM_ERROR_MEMORY or a G_FILE_ERROR
 */
RaqamSafetensors *raqam_safetensors_open  (const char *path, GError **error);

/**
 * raqam_safetensors_parse:
 * @bytes: a whole file; a reference is kept
 * @origin: what to call it in errors
 *
 * As raqam_safetensors_open(), from memory.
 */
RaqamSafetensors *raqam_safetensors_parse (GBytes *bytes, const char *origin, GError **error);
void              raqam_safetensors_free  (RaqamSafetensors *self);

/**
 * raqam_safetensors_verify:
 *
 * Returns: whether @path is a whole file with a checksum that holds; else
 *   FALSE with an error as from raqam_safetensors_open()
 */
gboolean raqam_safetensors_verify (const char *path, GError **error);

/* Returns: whether it has our checksum, which then has held */
gboolean raqam_safetensors_has_checksum (const RaqamSafetensors *self);

/* Returns: (transfer none): the text, or NULL where there is none of that name */
const char *raqam_safetensors_get_metadata (const RaqamSafetensors *self, const char *name);

/* The tensors in the order of their data: @index is below the number of them. */
gsize              raqam_safetensors_get_n_tensors (const RaqamSafetensors *self);
const RaqamTensor *raqam_safetensors_get_tensor    (const RaqamSafetensors *self, gsize index);

/* Returns: (transfer none): NULL where there is none of that name */
const RaqamTensor *raqam_safetensors_find (const RaqamSafetensors *self, const char *name);

/**
 * raqam_safetensors_read:
 * @to: overwritten; room for the whole tensor
 * @shape: (@n_dims)
 *
 * Copies the tensor @name out, if it is there with this type and shape.
 *
 * Returns: FALSE with RAQAM_ERROR_CHECKPOINT; @to is then as it was
 */
gboolean raqam_safetensors_read (const RaqamSafetensors *self, gpointer to, const char *name,
                                 RaqamDtype dtype, int n_dims, const guint64 *shape,
                                 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamSafetensors, raqam_safetensors_free)

G_END_DECLS
