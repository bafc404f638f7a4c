/* safetensors.c — named arrays of numbers in one file.
 * SPDX-License-Identifier: MIT */

#include "engine/safetensors.h"

#include "engine/file.h"
#include "engine/safetensors-header.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

/* The numbers go to and from the file as they lie in memory. */
G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN);

#define PREFIX sizeof (guint64)

struct _RaqamSafetensors
{
  RaqamSafetensorsHeader *header;
  GHashTable             *index; /* name → const RaqamTensor *; both of the header */
  char                   *origin;
  GBytes                 *data;
};

static const struct
{
  const char *name;
  gsize       size;
} dtypes[] = {
  [RAQAM_DTYPE_BOOL] = { "BOOL", 1 },       [RAQAM_DTYPE_U8] = { "U8", 1 },
  [RAQAM_DTYPE_I8] = { "I8", 1 },           [RAQAM_DTYPE_F8_E5M2] = { "F8_E5M2", 1 },
  [RAQAM_DTYPE_F8_E4M3] = { "F8_E4M3", 1 }, [RAQAM_DTYPE_I16] = { "I16", 2 },
  [RAQAM_DTYPE_U16] = { "U16", 2 },         [RAQAM_DTYPE_F16] = { "F16", 2 },
  [RAQAM_DTYPE_BF16] = { "BF16", 2 },       [RAQAM_DTYPE_I32] = { "I32", 4 },
  [RAQAM_DTYPE_U32] = { "U32", 4 },         [RAQAM_DTYPE_F32] = { "F32", 4 },
  [RAQAM_DTYPE_I64] = { "I64", 8 },         [RAQAM_DTYPE_U64] = { "U64", 8 },
  [RAQAM_DTYPE_F64] = { "F64", 8 },
};

const char *
raqam_dtype_name (RaqamDtype dtype)
{
  g_return_val_if_fail (dtype < G_N_ELEMENTS (dtypes), NULL);

  return dtypes[dtype].name;
}

gsize
raqam_dtype_size (RaqamDtype dtype)
{
  g_return_val_if_fail (dtype < G_N_ELEMENTS (dtypes), 0);

  return dtypes[dtype].size;
}

gsize
raqam_tensor_size (const RaqamTensor *tensor)
{
  gsize size = raqam_dtype_size (tensor->dtype);

  for (int i = 0; i < tensor->n_dims; i++)
    size *= tensor->shape[i];
  return size;
}

static int
compare_dtype_size (gconstpointer a, gconstpointer b, gpointer user_data)
{
  gsize left = raqam_dtype_size (((const RaqamTensor *) a)->dtype);
  gsize right = raqam_dtype_size (((const RaqamTensor *) b)->dtype);

  return left == right ? 0 : left > right ? -1 : 1;
}

static void
update_checksum (GChecksum *checksum, const RaqamFileChunk *chunks, gsize n_chunks)
{
  for (gsize i = 0; i < n_chunks; i++)
    g_checksum_update (checksum, chunks[i].data, (gssize) chunks[i].size);
}

gboolean
raqam_safetensors_write (const char *path, const RaqamTensor *tensors, gsize n_tensors,
                         const char *const *metadata, GError **error)
{
  g_autofree RaqamTensor    *sorted = g_memdup2 (tensors, n_tensors * sizeof *tensors);
  g_autofree RaqamFileChunk *chunks = g_new (RaqamFileChunk, n_tensors + 2);
  g_autoptr (GChecksum)      checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GString)        header = NULL;
  guint64                    length;
  gsize                      digits;

  g_return_val_if_fail (path != NULL, FALSE);

  if (n_tensors > 0)
    g_qsort_with_data (sorted, (int) n_tensors, sizeof *sorted, compare_dtype_size, NULL);
  header = raqam_safetensors_header_format (sorted, n_tensors, metadata, &digits);
  length = GUINT64_TO_LE (header->len);
  chunks[0] = (RaqamFileChunk){ &length, PREFIX };
  chunks[1] = (RaqamFileChunk){ header->str, header->len };
  for (gsize i = 0; i < n_tensors; i++)
    chunks[i + 2] = (RaqamFileChunk){ sorted[i].data, raqam_tensor_size (&sorted[i]) };

  update_checksum (checksum, chunks, n_tensors + 2);
  memcpy (header->str + digits, g_checksum_get_string (checksum), RAQAM_SAFETENSORS_DIGITS);
  return raqam_file_replace_chunks (path, chunks, n_tensors + 2, error);
}

/* @length: the file's first 8 bytes; @size: of the whole file. */
static gboolean
check_length (guint64 length, guint64 size, const char *origin, GError **error)
{
  if (size > RAQAM_SAFETENSORS_MAX_FILE)
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
                 _("Cannot read “%s”: it has %" PRIu64
                    " bytes, more than the %" PRIu64 " that a model may have"),
                 origin, size, RAQAM_SAFETENSORS_MAX_FILE);
  else if (size < PREFIX || length > size - PREFIX)
    g_set_error (
      error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
      _("Cannot read “%s”: it is cut short or no safetensors file (%" PRIu64 " bytes)"),
      origin, size);
  else if (length > RAQAM_SAFETENSORS_MAX_HEADER)
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
                 _("Cannot read “%s”: its header has %" PRIu64
                    " bytes, more than the %d that are read"),
                 origin, length, RAQAM_SAFETENSORS_MAX_HEADER);
  else
    return TRUE;
  return FALSE;
}

/* Whether the checksum, where there is one, is that of the file. */
static gboolean
check_sum (RaqamSafetensors *self, const char *text, gsize n_text, GError **error)
{
  static const char     zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
  g_autoptr (GChecksum) checksum = NULL;
  guint64               length = GUINT64_TO_LE (n_text);
  gsize                 at = self->header->checksum, after = at + RAQAM_SAFETENSORS_DIGITS, n_data;
  gconstpointer         data = g_bytes_get_data (self->data, &n_data);

  G_STATIC_ASSERT (sizeof zeros == RAQAM_SAFETENSORS_DIGITS + 1);
  if (at == 0)
    return TRUE;

  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  update_checksum (checksum,
                   (RaqamFileChunk[]){ { &length, PREFIX },
                                       { text, at },
                                       { zeros, RAQAM_SAFETENSORS_DIGITS },
                                       { text + after, n_text - after },
                                       { data, n_data } },
                   5);
  if (memcmp (g_checksum_get_string (checksum), text + at, RAQAM_SAFETENSORS_DIGITS) == 0)
    return TRUE;
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
               _("Cannot read “%s”: it is damaged, its checksum does not hold"), self->origin);
  return FALSE;
}

/* Takes @header and @data, even when it fails. */
static RaqamSafetensors *
safetensors_new (RaqamSafetensorsHeader *header, const char *text, gsize n_text, GBytes *data,
                 const char *origin, GError **error)
{
  g_autoptr (RaqamSafetensors) self = g_new0 (RaqamSafetensors, 1);
  const guint8 *bytes = g_bytes_get_data (data, NULL);

  self->header = header;
  self->data = data;
  self->origin = g_strdup (origin);
  self->index = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < header->entries->len; i++)
    {
      RaqamSafetensorsEntry *entry = &g_array_index (header->entries, RaqamSafetensorsEntry, i);

      entry->tensor.data = bytes != NULL ? bytes + entry->begin : NULL;
      g_hash_table_insert (self->index, (char *) entry->tensor.name, &entry->tensor);
    }
  if (!check_sum (self, text, n_text, error))
    return NULL;
  return g_steal_pointer (&self);
}

RaqamSafetensors *
raqam_safetensors_parse (GBytes *bytes, const char *origin, GError **error)
{
  RaqamSafetensorsHeader *header;
  gsize                   size;
  const char             *file = g_bytes_get_data (bytes, &size);
  guint64                 length = 0;

  memcpy (&length, file != NULL ? file : "", MIN (size, PREFIX));
  length = GUINT64_FROM_LE (length);
  if (!check_length (length, size, origin, error))
    return NULL;
  header =
    raqam_safetensors_header_parse (file + PREFIX, length, size - PREFIX - length, origin, error);
  if (header == NULL)
    return NULL;
  return safetensors_new (header, file + PREFIX, length,
                          g_bytes_new_from_bytes (bytes, PREFIX + length, size - PREFIX - length),
                          origin, error);
}

static gboolean
fail_reading (const char *origin, int code, GError **error)
{
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), _("Cannot read “%s”: %s"),
               origin, g_strerror (code));
  return FALSE;
}

/* All of @n bytes, or an error. */
static gboolean
read_all (int fd, gpointer to, gsize n, const char *origin, GError **error)
{
  for (gsize done = 0; done < n;)
    {
      gssize got = read (fd, (guint8 *) to + done, n - done);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return fail_reading (origin, errno, error);
      if (got == 0)
        {
          g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
                       _("Cannot read “%s”: it became shorter while it was read"), origin);
          return FALSE;
        }
      done += (gsize) got;
    }
  return TRUE;
}

/* The next @n bytes of the file in memory of their own. */
static gpointer
read_new (int fd, gsize n, const char *origin, GError **error)
{
  g_autofree gpointer memory = g_try_malloc (MAX (n, 1));

  if (memory == NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY,
                   _("Cannot read “%s”: there is no memory for its %zu bytes"),
                   origin, n);
      return NULL;
    }
  if (!read_all (fd, memory, n, origin, error))
    return NULL;
  return g_steal_pointer (&memory);
}

/* The data are read only once the header has shown that their number is true. */
static RaqamSafetensors *
read_file (int fd, guint64 size, const char *origin, GError **error)
{
  g_autoptr (RaqamSafetensorsHeader) header = NULL;
  g_autofree char    *text = NULL;
  g_autofree gpointer data = NULL;
  guint64             length = 0;
  gsize               n_data;

  if (!read_all (fd, &length, MIN (size, PREFIX), origin, error))
    return NULL;
  length = GUINT64_FROM_LE (length);
  if (!check_length (length, size, origin, error))
    return NULL;
  n_data = size - PREFIX - length;
  text = read_new (fd, length, origin, error);
  if (text == NULL)
    return NULL;
  header = raqam_safetensors_header_parse (text, length, n_data, origin, error);
  if (header == NULL)
    return NULL;
  data = read_new (fd, n_data, origin, error);
  if (data == NULL)
    return NULL;
  return safetensors_new (g_steal_pointer (&header), text, length,
                          g_bytes_new_take (g_steal_pointer (&data), n_data), origin, error);
}

RaqamSafetensors *
raqam_safetensors_open (const char *path, GError **error)
{
  g_autofree char  *name = NULL;
  RaqamSafetensors *self = NULL;
  struct stat       about;
  int               fd;

  g_return_val_if_fail (path != NULL, NULL);

  name = g_filename_display_name (path);

  /* Not to wait for a writer, should the path be a pipe. */
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 || fstat (fd, &about) != 0)
    fail_reading (name, errno, error);
  else if (S_ISDIR (about.st_mode))
    fail_reading (name, EISDIR, error);
  else if (!S_ISREG (about.st_mode))
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT, _("Cannot read “%s”: it is no file"),
                 name);
  else
    self = read_file (fd, (guint64) about.st_size, name, error);
  if (fd >= 0)
    close (fd);
  return self;
}

void
raqam_safetensors_free (RaqamSafetensors *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->index);
  raqam_safetensors_header_free (self->header);
  g_bytes_unref (self->data);
  g_free (self->origin);
  g_free (self);
}

gboolean
raqam_safetensors_verify (const char *path, GError **error)
{
  g_autoptr (RaqamSafetensors) self = raqam_safetensors_open (path, error);

  if (self == NULL)
    return FALSE;
  if (raqam_safetensors_has_checksum (self))
    return TRUE;
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
               _("Cannot trust “%s”: it has no checksum"), self->origin);
  return FALSE;
}

gboolean
raqam_safetensors_has_checksum (const RaqamSafetensors *self)
{
  return self->header->checksum != 0;
}

const char *
raqam_safetensors_get_metadata (const RaqamSafetensors *self, const char *name)
{
  return g_hash_table_lookup (self->header->metadata, name);
}

gsize
raqam_safetensors_get_n_tensors (const RaqamSafetensors *self)
{
  return self->header->entries->len;
}

const RaqamTensor *
raqam_safetensors_get_tensor (const RaqamSafetensors *self, gsize index)
{
  g_return_val_if_fail (index < self->header->entries->len, NULL);

  return &g_array_index (self->header->entries, RaqamSafetensorsEntry, index).tensor;
}

const RaqamTensor *
raqam_safetensors_find (const RaqamSafetensors *self, const char *name)
{
  return g_hash_table_lookup (self->index, name);
}

/* "F32 3 × 4" */
static char *
describe (RaqamDtype dtype, int n_dims, const guint64 *shape)
{
  GString *text = g_string_new (raqam_dtype_name (dtype));

  for (int i = 0; i < n_dims; i++)
    g_string_append_printf (text, "%s%" PRIu64, i == 0 ? " " : " × ", shape[i]);
  return g_string_free (text, FALSE);
}

gboolean
raqam_safetensors_read (const RaqamSafetensors *self, gpointer to, const char *name,
                        RaqamDtype dtype, int n_dims, const guint64 *shape, GError **error)
{
  const RaqamTensor *tensor = raqam_safetensors_find (self, name);
  gsize              size;

  if (tensor == NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
                   _("“%s” has no tensor “%s”: it does not fit this recipe"), self->origin, name);
      return FALSE;
    }
  if (tensor->dtype != dtype || tensor->n_dims != n_dims
      || (n_dims > 0 && memcmp (tensor->shape, shape, (gsize) n_dims * sizeof *shape) != 0))
    {
      g_autofree char *found = describe (tensor->dtype, tensor->n_dims, tensor->shape);
      g_autofree char *wanted = describe (dtype, n_dims, shape);

      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
                   _("In “%s” tensor “%s” is %s, but %s is wanted"), self->origin, name, found,
                   wanted);
      return FALSE;
    }
  size = raqam_tensor_size (tensor);
  if (size > 0)
    memcpy (to, tensor->data, size);
  return TRUE;
}
