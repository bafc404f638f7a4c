/* fuzz-safetensors.c — feeds anything to the safetensors reader.
 * SPDX-License-Identifier: MIT
 *
 * What is accepted must be what the format promises: tensors that fill the
 * data in order, each found by its name. */

#include "engine/safetensors.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Returns: where the tensor's data end */
static const guint8 *
check_tensor (const RaqamSafetensors *file, gsize index, const guint8 *begin)
{
  const RaqamTensor *tensor = raqam_safetensors_get_tensor (file, index);
  gsize size = raqam_tensor_size (tensor);
  g_autofree guint8 *copy = g_malloc (MAX (size, 1));

  g_assert_true (raqam_safetensors_find (file, tensor->name) == tensor);
  g_assert_true (begin == NULL || tensor->data == begin);
  g_assert_true (raqam_safetensors_read (file, copy, tensor->name, tensor->dtype, tensor->n_dims,
                                         tensor->shape, NULL));
  g_assert_true (size == 0 || memcmp (copy, tensor->data, size) == 0);
  return (const guint8 *) tensor->data + size;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (RaqamSafetensors) file = raqam_safetensors_parse (bytes, "fuzz", &error);
  const guint8 *end = NULL;

  if (file == NULL)
    {
      g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  raqam_safetensors_get_metadata (file, "format");
  for (gsize i = 0; i < raqam_safetensors_get_n_tensors (file); i++)
    end = check_tensor (file, i, end);
  g_assert_true (end == NULL || end == (const guint8 *) g_bytes_get_data (bytes, NULL) + size);
  return 0;
}
