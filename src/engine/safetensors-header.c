/* safetensors-header.c — the JSON header of a safetensors file.
 * SPDX-License-Identifier: MIT
 *
 * Read by hand, not by json-glib: a header may be hostile, its nesting is fixed,
 * and a name that stands twice must be seen.
 */

#include "engine/safetensors-header.h"

#include "engine/json-text.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#define METADATA "__metadata__"

typedef struct
{
  const char             *text;
  const char             *at;
  const char             *end;
  const char             *origin;
  const char             *tensor; /* the one in hand, or NULL */
  RaqamSafetensorsHeader *header;
  GHashTable             *names;  /* of the tensors so far; borrowed keys */
  GError                **error;
} Scanner;

G_GNUC_PRINTF (2, 3) static gboolean fail (const Scanner *scanner, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list          arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  if (scanner->tensor != NULL)
    g_set_error (scanner->error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
                 _("Cannot read “%s”: tensor “%s”: %s"), scanner->origin, scanner->tensor, what);
  else
    g_set_error (scanner->error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT, _("Cannot read “%s”: %s"),
                 scanner->origin, what);
  return FALSE;
}

/* Where in the file the scanner stands. */
static gsize
position (const Scanner *scanner)
{
  return sizeof (guint64) + (gsize) (scanner->at - scanner->text);
}

/* The next character that is not white space, not taken; '\0' at the end. */
static char
peek (Scanner *scanner)
{
  while (scanner->at < scanner->end && strchr (" \t\r\n", *scanner->at) != NULL)
    scanner->at++;
  return scanner->at < scanner->end ? *scanner->at : '\0';
}

static gboolean
expect (Scanner *scanner, char wanted)
{
  if (peek (scanner) != wanted)
    return fail (scanner, _("its header lacks “%c” at byte %zu"), wanted,
                 position (scanner));
  scanner->at++;
  return TRUE;
}

/* After an element: TRUE in @more where a comma says that another follows,
 * FALSE where @close ended the list. */
static gboolean
expect_next (Scanner *scanner, char close, gboolean *more)
{
  *more = peek (scanner) == ',';
  return expect (scanner, *more ? ',' : close);
}

static gboolean
scan_hex (Scanner *scanner, guint32 *value)
{
  *value = 0;
  for (int i = 0; i < 4; i++)
    {
      int digit = scanner->at < scanner->end ? g_ascii_xdigit_value (*scanner->at) : -1;

      if (digit < 0)
        return fail (scanner, _("its header has a bad \\u escape at byte %zu"),
                     position (scanner));
      *value = *value * 16 + (guint32) digit;
      scanner->at++;
    }
  return TRUE;
}

/* What follows \u: one UTF-16 unit, or a pair of surrogates. */
static gboolean
scan_unicode (Scanner *scanner, GString *string)
{
  guint32 unit, low;

  if (!scan_hex (scanner, &unit))
    return FALSE;
  if (unit >= 0xD800 && unit < 0xDC00 && scanner->end - scanner->at >= 6 && scanner->at[0] == '\\'
      && scanner->at[1] == 'u')
    {
      scanner->at += 2;
      if (!scan_hex (scanner, &low))
        return FALSE;
      if (low >= 0xDC00 && low < 0xE000)
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
  if (unit == 0 || !g_unichar_validate (unit))
    return fail (scanner, _("its header has a bad \\u escape at byte %zu"),
                 position (scanner));
  g_string_append_unichar (string, unit);
  return TRUE;
}

static gboolean
scan_escape (Scanner *scanner, GString *string)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  char              kind = scanner->at < scanner->end ? *scanner->at : '\0';
  const char       *found = kind != '\0' ? strchr (from, kind) : NULL;

  if (kind == 'u')
    {
      scanner->at++;
      return scan_unicode (scanner, string);
    }
  if (found == NULL)
    return fail (scanner, _("its header has a bad escape at byte %zu"),
                 position (scanner));
  scanner->at++;
  g_string_append_c (string, to[found - from]);
  return TRUE;
}

/* The text itself is known to be UTF-8 without NUL. */
static gboolean
scan_string (Scanner *scanner, char **out)
{
  g_autoptr (GString) string = g_string_new (NULL);

  if (!expect (scanner, '"'))
    return FALSE;
  while (scanner->at < scanner->end && *scanner->at != '"')
    {
      char c = *scanner->at++;

      if ((guchar) c < 0x20)
        return fail (scanner,
                     _("its header has a bare control character before byte %zu"),
                     position (scanner));
      if (c != '\\')
        g_string_append_c (string, c);
      else if (!scan_escape (scanner, string))
        return FALSE;
    }
  if (!expect (scanner, '"'))
    return FALSE;
  *out = g_string_free (g_steal_pointer (&string), FALSE);
  return TRUE;
}

static gboolean
scan_number (Scanner *scanner, guint64 *out)
{
  const char *first;
  guint64     value = 0;

  if (!g_ascii_isdigit (peek (scanner)))
    return fail (scanner, _("there is no whole number at byte %zu"),
                 position (scanner));
  first = scanner->at;
  for (; scanner->at < scanner->end && g_ascii_isdigit (*scanner->at); scanner->at++)
    if (__builtin_mul_overflow (value, 10, &value)
        || __builtin_add_overflow (value, (guint64) (*scanner->at - '0'), &value))
      return fail (scanner, _("the number at byte %zu is too large"),
                   position (scanner));
  if (*first == '0' && scanner->at - first > 1)
    return fail (scanner, _("the number before byte %zu begins with 0"),
                 position (scanner));
  *out = value;
  return TRUE;
}

/* [number, …] with at most @most of them. */
static gboolean
scan_numbers (Scanner *scanner, guint64 *numbers, int *n, int most)
{
  gboolean more = TRUE;

  *n = 0;
  if (!expect (scanner, '['))
    return FALSE;
  if (peek (scanner) == ']')
    return expect (scanner, ']');
  while (more)
    {
      if (*n == most)
        return fail (scanner, _("there are more than %d numbers at byte %zu"), most,
                     position (scanner));
      if (!scan_number (scanner, &numbers[(*n)++]) || !expect_next (scanner, ']', &more))
        return FALSE;
    }
  return TRUE;
}

static gboolean
scan_dtype (Scanner *scanner, RaqamDtype *dtype)
{
  g_autofree char *name = NULL;

  if (!scan_string (scanner, &name))
    return FALSE;
  for (*dtype = RAQAM_DTYPE_BOOL; *dtype <= RAQAM_DTYPE_F64; (*dtype)++)
    if (strcmp (name, raqam_dtype_name (*dtype)) == 0)
      return TRUE;
  return fail (scanner, _("its type is none that is known, before byte %zu"),
               position (scanner));
}

/* One "name": value of a tensor; @seen has a bit for each field met so far. */
static gboolean
scan_field (Scanner *scanner, RaqamSafetensorsEntry *entry, guint *seen)
{
  static const char *const fields[] = { "dtype", "shape", "data_offsets", NULL };
  g_autofree char *name = NULL;
  guint64          offsets[2];
  guint            field;
  int              n;

  if (!scan_string (scanner, &name) || !expect (scanner, ':'))
    return FALSE;
  for (field = 0; fields[field] != NULL && strcmp (name, fields[field]) != 0; field++)
    ;
  if (fields[field] == NULL || (*seen & 1u << field) != 0)
    return fail (scanner,
                 _("it has a field that is unknown or stands twice, before byte %zu"),
                 position (scanner));
  *seen |= 1u << field;

  if (field == 0)
    return scan_dtype (scanner, &entry->tensor.dtype);
  if (field == 1)
    return scan_numbers (scanner, entry->tensor.shape, &entry->tensor.n_dims,
                         RAQAM_TENSOR_MAX_DIMS);
  if (!scan_numbers (scanner, offsets, &n, 2))
    return FALSE;
  if (n != 2)
    return fail (scanner, _("its data_offsets are not two numbers"));
  entry->begin = offsets[0];
  entry->end = offsets[1];
  return TRUE;
}

/* Whether the shape and the type fill exactly the bytes that the offsets give. */
static gboolean
check_size (const Scanner *scanner, const RaqamSafetensorsEntry *entry, guint64 n_data)
{
  guint64 size = raqam_dtype_size (entry->tensor.dtype);

  for (int i = 0; i < entry->tensor.n_dims; i++)
    if (__builtin_mul_overflow (size, entry->tensor.shape[i], &size))
      return fail (scanner, _("its shape is too large to be true"));
  if (entry->begin > entry->end || entry->end > n_data)
    return fail (scanner,
                 _("its data are bytes %" PRIu64 " to %" PRIu64
                    ", but the file has only %" PRIu64 " bytes of data"),
                 entry->begin, entry->end, n_data);
  if (entry->end - entry->begin != size)
    return fail (
      scanner,
      _("its shape and type take %" PRIu64 " bytes, its data %" PRIu64), size,
      entry->end - entry->begin);
  return TRUE;
}

static gboolean
scan_tensor (Scanner *scanner, const char *name, guint64 n_data)
{
  RaqamSafetensorsEntry entry = { 0 };
  guint                 seen = 0;
  gboolean              more = TRUE;

  scanner->tensor = name;
  if (!expect (scanner, '{'))
    return FALSE;
  while (more)
    if (!scan_field (scanner, &entry, &seen) || !expect_next (scanner, '}', &more))
      return FALSE;
  if (seen != 7)
    return fail (scanner, _("it lacks its dtype, its shape or its data_offsets"));
  if (!check_size (scanner, &entry, n_data))
    return FALSE;
  scanner->tensor = NULL;

  entry.tensor.name = g_strdup (name);
  g_array_append_val (scanner->header->entries, entry);
  g_hash_table_add (scanner->names, (char *) entry.tensor.name);
  return TRUE;
}

/* @raw is the value as it stands in the text, quotes and all. */
static gboolean
note_checksum (Scanner *scanner, const char *raw, const char *value)
{
  gsize length = strspn (value, "0123456789abcdef");

  if (length != RAQAM_SAFETENSORS_DIGITS || value[length] != '\0'
      || scanner->at - raw != RAQAM_SAFETENSORS_DIGITS + 2)
    return fail (scanner, _("its checksum is not %d hexadecimal digits"),
                 RAQAM_SAFETENSORS_DIGITS);
  scanner->header->checksum = (gsize) (raw + 1 - scanner->text);
  return TRUE;
}

static gboolean
scan_metadata (Scanner *scanner)
{
  gboolean more;

  if (!expect (scanner, '{'))
    return FALSE;
  for (more = peek (scanner) != '}' || !expect (scanner, '}'); more;)
    {
      g_autofree char *name = NULL, *value = NULL;
      const char      *raw;

      if (!scan_string (scanner, &name) || !expect (scanner, ':'))
        return FALSE;
      peek (scanner);
      raw = scanner->at;
      if (!scan_string (scanner, &value))
        return FALSE;
      if (strcmp (name, RAQAM_SAFETENSORS_CHECKSUM) == 0 && !note_checksum (scanner, raw, value))
        return FALSE;
      if (g_hash_table_contains (scanner->header->metadata, name))
        return fail (scanner, _("its metadata have a name twice, before byte %zu"),
                     position (scanner));
      g_hash_table_insert (scanner->header->metadata, g_steal_pointer (&name),
                           g_steal_pointer (&value));
      if (g_hash_table_size (scanner->header->metadata) > RAQAM_SAFETENSORS_MAX_METADATA)
        return fail (scanner, _("it has more than %d metadata"), RAQAM_SAFETENSORS_MAX_METADATA);
      if (!expect_next (scanner, '}', &more))
        return FALSE;
    }
  return TRUE;
}

/* A name goes into error messages, so it must be one that people can read. */
static gboolean
check_name (const Scanner *scanner, const char *name)
{
  if (strlen (name) > RAQAM_SAFETENSORS_MAX_NAME)
    return fail (scanner, _("the name before byte %zu is longer than %d bytes"),
                 position (scanner), RAQAM_SAFETENSORS_MAX_NAME);
  for (const char *c = name; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      return fail (scanner, _("the name before byte %zu has a control character"),
                   position (scanner));
  if (g_hash_table_contains (scanner->names, name))
    return fail (scanner, _("the name “%s” stands twice"), name);
  return TRUE;
}

static gboolean
scan_header (Scanner *scanner, guint64 n_data)
{
  gboolean more;

  if (!expect (scanner, '{'))
    return FALSE;
  for (more = peek (scanner) != '}' || !expect (scanner, '}'); more;)
    {
      g_autofree char *name = NULL;

      if (!scan_string (scanner, &name) || !expect (scanner, ':') || !check_name (scanner, name))
        return FALSE;
      if (strcmp (name, METADATA) != 0)
        {
          if (!scan_tensor (scanner, name, n_data))
            return FALSE;
        }
      else
        {
          if (!scan_metadata (scanner))
            return FALSE;
          g_hash_table_add (scanner->names, (char *) METADATA);
        }
      if (!expect_next (scanner, '}', &more))
        return FALSE;
    }
  if (peek (scanner) != '\0')
    return fail (scanner, _("its header goes on after its end at byte %zu"),
                 position (scanner));
  return TRUE;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const RaqamSafetensorsEntry *left = a, *right = b;

  if (left->begin != right->begin)
    return left->begin < right->begin ? -1 : 1;
  return left->end < right->end ? -1 : left->end > right->end;
}

/* Sorts the entries and checks that they fill the data. */
static gboolean
check_cover (Scanner *scanner, guint64 n_data)
{
  GArray *entries = scanner->header->entries;
  guint64 at = 0;

  g_array_sort (entries, compare_entries);
  for (guint i = 0; i < entries->len; i++)
    {
      const RaqamSafetensorsEntry *entry = &g_array_index (entries, RaqamSafetensorsEntry, i);

      scanner->tensor = entry->tensor.name;
      if (entry->begin != at)
        return fail (
          scanner,
          _("its data begin at byte %" PRIu64 " and should at %" PRIu64),
          entry->begin, at);
      at = entry->end;
    }
  scanner->tensor = NULL;
  if (at != n_data)
    return fail (
      scanner,
      _("it has %" PRIu64 " bytes of data, but its tensors take %" PRIu64),
      n_data, at);
  return TRUE;
}

RaqamSafetensorsHeader *
raqam_safetensors_header_parse (const char *text, gsize n_text, guint64 n_data, const char *origin,
                                GError **error)
{
  g_autoptr (RaqamSafetensorsHeader) header = g_new0 (RaqamSafetensorsHeader, 1);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  Scanner scanner = { .text = text,
                      .at = text,
                      .end = text + n_text,
                      .origin = origin,
                      .header = header,
                      .names = names,
                      .error = error };
  const char *invalid;

  header->entries = g_array_new (FALSE, FALSE, sizeof (RaqamSafetensorsEntry));
  header->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (!g_utf8_validate_len (text, n_text, &invalid))
    {
      scanner.at = invalid;
      fail (&scanner, _("its header is not UTF-8 at byte %zu"), position (&scanner));
      return NULL;
    }
  if (!scan_header (&scanner, n_data) || !check_cover (&scanner, n_data))
    return NULL;
  return g_steal_pointer (&header);
}

void
raqam_safetensors_header_free (RaqamSafetensorsHeader *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->entries->len; i++)
    g_free ((char *) g_array_index (self->entries, RaqamSafetensorsEntry, i).tensor.name);
  g_array_unref (self->entries);
  g_hash_table_unref (self->metadata);
  g_free (self);
}

static void
append_tensor (GString *text, const RaqamTensor *tensor, guint64 *offset)
{
  guint64 end = *offset + raqam_tensor_size (tensor);

  raqam_json_append_string (text, tensor->name);
  g_string_append_printf (text, ":{\"dtype\":\"%s\",\"shape\":[", raqam_dtype_name (tensor->dtype));
  for (int i = 0; i < tensor->n_dims; i++)
    g_string_append_printf (text, "%s%" PRIu64, i > 0 ? "," : "", tensor->shape[i]);
  g_string_append_printf (text, "],\"data_offsets\":[%" PRIu64 ",%" PRIu64 "]}",
                          *offset, end);
  *offset = end;
}

GString *
raqam_safetensors_header_format (const RaqamTensor *tensors, gsize n_tensors,
                                 const char *const *metadata, gsize *checksum)
{
  GString *text = g_string_new ("{\"" METADATA "\":{\"" RAQAM_SAFETENSORS_CHECKSUM "\":\"");
  guint64  offset = 0;

  *checksum = text->len;
  for (int i = 0; i < RAQAM_SAFETENSORS_DIGITS; i++)
    g_string_append_c (text, '0');
  g_string_append_c (text, '"');
  for (; metadata != NULL && *metadata != NULL; metadata += 2)
    {
      g_string_append_c (text, ',');
      raqam_json_append_string (text, metadata[0]);
      g_string_append_c (text, ':');
      raqam_json_append_string (text, metadata[1]);
    }
  g_string_append_c (text, '}');
  for (gsize i = 0; i < n_tensors; i++)
    {
      g_string_append_c (text, ',');
      append_tensor (text, &tensors[i], &offset);
    }
  g_string_append_c (text, '}');
  while (text->len % 8 != 0)
    g_string_append_c (text, ' ');
  return text;
}
