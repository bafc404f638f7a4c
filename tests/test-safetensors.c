/* test-safetensors.c — files of tensors: whole, foreign, damaged and hostile.
 * SPDX-License-Identifier: MIT */

#include "engine/safetensors.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

static const float   weight[] = { 1.0f, -2.5f, 0.0f, 3e8f, 0x1p-149f, -0.0f };
static const guint64 step[] = { G_GUINT64_CONSTANT (0xfedcba9876543210) };
static const gint64  when[] = { -7, 9 };
static const guint8  labels[] = { 7, 0, 9 };

static const RaqamTensor tensors[] = {
  { "labels", RAQAM_DTYPE_U8, 1, { 3 }, labels },
  { "generator.weight", RAQAM_DTYPE_F32, 2, { 2, 3 }, weight },
  { "step", RAQAM_DTYPE_U64, 0, { 0 }, step },
  { "nothing", RAQAM_DTYPE_F32, 2, { 0, 4 }, NULL },
  { "when \"رقم\"", RAQAM_DTYPE_I64, 1, { 2 }, when },
};

static const char *const metadata[] = { "recipe", "{\"name\": \"رقم\"}\n\t\\ \x01", "version", "1",
                                        NULL };

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("raqam-safetensors-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "model.safetensors", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
write_ours (const char *path)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (raqam_safetensors_write (path, tensors, G_N_ELEMENTS (tensors), metadata, &error));
  g_assert_no_error (error);
}

static GBytes *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  char  *contents;
  gsize  size;

  g_file_get_contents (path, &contents, &size, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (contents, size);
}

static void
assert_refused (GBytes *bytes, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamSafetensors) file = raqam_safetensors_parse (bytes, "some file", &error);

  g_assert_null (file);
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
  if (strstr (error->message, "some file") == NULL || strstr (error->message, part) == NULL)
    g_error ("“%s” does not say “%s”", error->message, part);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamSafetensors) file = NULL;

  write_ours (fixture->path);
  file = raqam_safetensors_open (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_true (raqam_safetensors_has_checksum (file));
  g_assert_cmpuint (raqam_safetensors_get_n_tensors (file), ==, G_N_ELEMENTS (tensors));
  for (gsize i = 0; i < G_N_ELEMENTS (tensors); i++)
    {
      const RaqamTensor *tensor = raqam_safetensors_find (file, tensors[i].name);
      guint8             copy[64];

      g_assert_nonnull (tensor);
      g_assert_cmpint (tensor->dtype, ==, tensors[i].dtype);
      g_assert_cmpmem (tensor->shape, sizeof tensor->shape, tensors[i].shape, sizeof tensor->shape);
      g_assert_cmpuint (GPOINTER_TO_SIZE (tensor->data) % raqam_dtype_size (tensor->dtype), ==, 0);
      g_assert_true (raqam_safetensors_read (file, copy, tensor->name, tensors[i].dtype,
                                             tensors[i].n_dims, tensors[i].shape, &error));
      g_assert_cmpmem (copy, raqam_tensor_size (tensor), tensors[i].data,
                       raqam_tensor_size (&tensors[i]));
    }
  for (const char *const *pair = metadata; *pair != NULL; pair += 2)
    g_assert_cmpstr (raqam_safetensors_get_metadata (file, pair[0]), ==, pair[1]);
  g_assert_null (raqam_safetensors_get_metadata (file, "absent"));
  g_assert_true (raqam_safetensors_verify (fixture->path, &error));
}

/* What a reader says that is written from the published format alone. */
static void
test_python (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *python = g_find_program_in_path ("python3");
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "safetensors-peer.py", NULL);
  g_autofree char *said = NULL;
  g_autoptr (GSubprocess) reader = NULL;

  if (python == NULL)
    {
      g_test_skip ("python3 is not installed");
      return;
    }
  write_ours (fixture->path);
  reader = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, python, "-X", "utf8", script,
                             fixture->path, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (reader, NULL, NULL, &said, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (reader));
  g_assert_cmpstr (
    said, ==,
    "step U64 [] 0 [18364758544493064720]\n"
    "when \"رقم\" I64 [2] 0 [-7, 9]\n"
    "generator.weight F32 [2, 3] 0 [1.0, -2.5, 0.0, 300000000.0, 1.401298464324817e-45, -0.0]\n"
    "nothing F32 [0, 4] 0 []\n"
    "labels U8 [3] 0 [7, 0, 9]\n"
    "{'recipe': '{\"name\": \"رقم\"}\\n\\t\\\\ \\x01', 'version': '1'}\n"
    "holds\n");
}

/* Made by Python's safetensors 0.8.0: save ({"weight": [[1, -2.5], [0, 3e8]], "step":
 * 1234567890123, "labels": [7, 0, 9], "empty": zeros ((0, 4))}, {"recipe": …}). */
static void
test_official (void)
{
  static const char official[] =
    " \x01\0\0\0\0\0\0{\"__metadata__\":{\"recipe\":\"{\\\"name\\\": \\\"رقم\\\"}\\n\"},"
    "\"step\":{\"dtype\":\"U64\",\"shape\":[],\"data_offsets\":[0,8]},"
    "\"empty\":{\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[8,8]},"
    "\"weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[8,24]},"
    "\"labels\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[24,27]}}"
    "\xcb\x04\xfbq\x1f\x01\0\0\0\0\x80?\0\0 \xc0\0\0\0\0\x18\r\x8fM\x07\0\t";
  g_autoptr (GBytes) bytes = g_bytes_new_static (official, sizeof official - 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamSafetensors) file = raqam_safetensors_parse (bytes, "official", &error);
  float   numbers[4];
  guint64 count;
  guint8  digits[3];

  g_assert_no_error (error);
  g_assert_false (raqam_safetensors_has_checksum (file));
  g_assert_cmpstr (raqam_safetensors_get_metadata (file, "recipe"), ==, "{\"name\": \"رقم\"}\n");
  g_assert_true (raqam_safetensors_read (file, numbers, "weight", RAQAM_DTYPE_F32, 2,
                                         (guint64[]){ 2, 2 }, &error));
  g_assert_cmpmem (numbers, sizeof numbers, ((float[]){ 1.0f, -2.5f, 0.0f, 3e8f }), sizeof numbers);
  g_assert_true (raqam_safetensors_read (file, &count, "step", RAQAM_DTYPE_U64, 0, NULL, &error));
  g_assert_cmpuint (count, ==, 1234567890123);
  g_assert_true (
    raqam_safetensors_read (file, digits, "labels", RAQAM_DTYPE_U8, 1, (guint64[]){ 3 }, &error));
  g_assert_cmpmem (digits, 3, "\x07\0\t", 3);
  g_assert_cmpint (raqam_safetensors_find (file, "empty")->n_dims, ==, 2);
}

static void
test_wrong_read (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name;
    RaqamDtype  dtype;
    int         n_dims;
    guint64     shape[3];
    const char *part;
  } cases[] = {
    { "discriminator.weight", RAQAM_DTYPE_F32, 2, { 2, 3 }, "no tensor “discriminator.weight”" },
    { "generator.weight", RAQAM_DTYPE_BF16, 2, { 2, 3 }, "is F32 2 × 3, but BF16 2 × 3" },
    { "generator.weight", RAQAM_DTYPE_F32, 2, { 3, 2 }, "is F32 2 × 3, but F32 3 × 2" },
    { "generator.weight", RAQAM_DTYPE_F32, 1, { 6 }, "is F32 2 × 3, but F32 6" },
    { "generator.weight", RAQAM_DTYPE_F32, 3, { 2, 3, 1 }, "is F32 2 × 3, but F32 2 × 3 × 1" },
  };
  g_autoptr (RaqamSafetensors) file = NULL;

  write_ours (fixture->path);
  file = raqam_safetensors_open (fixture->path, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      float untouched[6] = { 5, 5, 5, 5, 5, 5 };

      g_assert_false (raqam_safetensors_read (file, untouched, cases[i].name, cases[i].dtype,
                                              cases[i].n_dims, cases[i].shape, &error));
      g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
      g_assert_nonnull (strstr (error->message, cases[i].part));
      g_assert_nonnull (strstr (error->message, fixture->path));
      for (int k = 0; k < 6; k++)
        g_assert_cmpfloat (untouched[k], ==, 5);
    }
}

/* Every beginning of a file is refused, and a file with something after it. */
static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) longer = NULL;
  gsize size;

  write_ours (fixture->path);
  bytes = load (fixture->path);
  size = g_bytes_get_size (bytes);
  for (gsize n = 0; n < size; n++)
    {
      /* A copy, so that a sanitizer sees an over-read. */
      g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (bytes, NULL), n);

      assert_refused (part, n < 8 ? "cut short" : "");
    }
  longer = g_bytes_new_take (g_malloc0 (size + 1), size + 1);
  memcpy ((char *) g_bytes_get_data (longer, NULL), g_bytes_get_data (bytes, NULL), size);
  assert_refused (longer, "bytes of data");
}

/* No bit of a file of ours can change unseen. */
static void
test_flipped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize size;

  write_ours (fixture->path);
  bytes = load (fixture->path);
  size = g_bytes_get_size (bytes);
  for (gsize bit = 0; bit < size * 8; bit++)
    {
      guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
      g_autoptr (GBytes) flipped = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (RaqamSafetensors) file = NULL;

      copy[bit / 8] ^= (guint8) (1 << bit % 8);
      flipped = g_bytes_new_take (copy, size);
      file = raqam_safetensors_parse (flipped, "some file", &error);
      if (file != NULL)
        g_assert_false (raqam_safetensors_has_checksum (file));
      else
        g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
    }
}

static void
test_verify (Fixture *fixture, gconstpointer data)
{
  static const char foreign[] = "\x02\0\0\0\0\0\0\0{}";
  g_autoptr (GError) error = NULL;

  g_file_set_contents (fixture->path, foreign, sizeof foreign - 1, &error);
  g_assert_no_error (error);
  g_assert_false (raqam_safetensors_verify (fixture->path, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
  g_assert_nonnull (strstr (error->message, "no checksum"));
}

/* Headers, each with the bytes of data that follow it. */
static const struct
{
  const char *header;
  gsize       n_data;
  const char *part;
} hostile[] = {
  { "", 0, "lacks “{” at byte 8" },
  { "[]", 0, "lacks “{”" },
  { "{", 0, "lacks" },
  { "{}x", 0, "goes on after its end at byte 10" },
  { "{}", 1, "it has 1 bytes of data, but its tensors take 0" },
  { "{\"a\":1}", 0, "tensor “a”: its header lacks “{”" },
  { "{\"a\":{}}", 0, "tensor “a”" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1, "tensor “a”: it lacks" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],}}", 1, "tensor “a”" },
  { "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1,
    "twice" },
  { "{\"a\":{\"dtype\":\"U8\",\"color\":[1],\"data_offsets\":[0,1]}}", 1, "unknown" },
  { "{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "type is none" },
  { "{\"a\":{\"dtype\":\"\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "type is none" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]}}", 1, "not two numbers" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1,2]}}", 1, "more than 2 numbers" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,1]}}", 1,
    "more than 8" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}}", 1, "no whole number" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1.0],\"data_offsets\":[0,1]}}", 1, "lacks “]”" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[01],\"data_offsets\":[0,1]}}", 1, "begins with 0" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[18446744073709551616],\"data_offsets\":[0,1]}}", 1,
    "too large" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,0]}}", 0,
    "too large to be true" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296,1],\"data_offsets\":[0,0]}}", 0,
    "too large to be true" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 1, "has only 1 bytes" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,0]}}", 1, "bytes 1 to 0" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4,
    "take 8 bytes, its data 4" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
    "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
    3, "tensor “b”: its data begin at byte 1 and should at 2" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
    "\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[2,3]}}",
    3, "tensor “b”: its data begin at byte 2 and should at 1" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}", 2, "should at 0" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 2, "tensors take 1" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
    "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
    2, "“a” stands twice" },
  { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
    "\"\\u0061\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
    2, "“a” stands twice" },
  { "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "stands twice" },
  { "{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"}}", 0, "a name twice" },
  { "{\"__metadata__\":{\"a\":{\"b\":\"c\"}}}", 0, "lacks “\"”" },
  { "{\"__metadata__\":{\"a\":1}}", 0, "lacks “\"”" },
  { "{\"__metadata__\":{\"a\":\"\\u0000\"}}", 0, "bad \\u escape" },
  { "{\"__metadata__\":{\"a\":\"\\ud800\"}}", 0, "bad \\u escape" },
  { "{\"__metadata__\":{\"a\":\"\\ud800\\u0041\"}}", 0, "bad \\u escape" },
  { "{\"__metadata__\":{\"a\":\"\\u12\"}}", 0, "bad \\u escape" },
  { "{\"__metadata__\":{\"a\":\"\\x\"}}", 0, "bad escape" },
  { "{\"__metadata__\":{\"a\":\"\\", 0, "bad escape" },
  { "{\"__metadata__\":{\"a\":\"\n\"}}", 0, "bare control character" },
  { "{\"__metadata__\":{\"a\":\"\xff\"}}", 0, "not UTF-8 at byte 30" },
  { "{\"__metadata__\":{\"raqam.sha256\":\"12\"}}", 0, "checksum is not 64" },
  { "{\"__metadata__\":{\"raqam.sha256\":"
    "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\\u0066\"}}",
    0, "checksum is not 64" },
  { "{\"__metadata__\":{\"raqam.sha256\":"
    "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}}",
    0, "checksum does not hold" },
  { "{\"\\u001b[31m\":{}}", 0, "control character" },
};

static GBytes *
make_file (const char *header, gsize n_header, gsize n_data)
{
  guint64 length = GUINT64_TO_LE (n_header);
  guint8 *file = g_malloc0 (8 + n_header + n_data);

  memcpy (file, &length, 8);
  memcpy (file + 8, header, n_header);
  return g_bytes_new_take (file, 8 + n_header + n_data);
}

static void
test_hostile (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autoptr (GBytes) bytes =
        make_file (hostile[i].header, strlen (hostile[i].header), hostile[i].n_data);

      assert_refused (bytes, hostile[i].part);
    }
}

/* Deep nesting, a NUL, a name without end and metadata without end. */
static void
test_hostile_sizes (void)
{
  const gsize         n = 1 << 20;
  g_autofree char    *deep = g_strnfill (n, '[');
  g_autofree char    *name = g_strnfill (300, 'a');
  g_autofree char    *named = g_strdup_printf ("{\"%s\":{}}", name);
  g_autoptr (GString) many = g_string_new ("{\"__metadata__\":{\"x\":\"\"");
  g_autoptr (GBytes)  deep_file = NULL, nul_file = NULL, named_file = NULL, many_file = NULL;

  memcpy (deep, "{\"a\":", 5);
  deep_file = make_file (deep, n, 0);
  assert_refused (deep_file, "tensor “a”: its header lacks “{”");
  nul_file = make_file ("{}\0", 3, 0);
  assert_refused (nul_file, "not UTF-8 at byte 10");
  named_file = make_file (named, strlen (named), 0);
  assert_refused (named_file, "longer than 255");
  for (int i = 0; i < 5000; i++)
    g_string_append_printf (many, ",\"%d\":\"\"", i);
  g_string_append (many, "}}");
  many_file = make_file (many->str, many->len, 0);
  assert_refused (many_file, "more than 4096");
}

static void
assert_not_opened (const char *path, GQuark domain, int code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_safetensors_open (path, &error));
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, part));
}

/* Sparse files whose sizes and lengths are far beyond what is there. */
static void
test_lengths (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint64     length;
    gint64      size;
    const char *part;
  } cases[] = {
    { 0, 0, "cut short" },
    { 2, 7, "cut short" },
    { 3, 10, "cut short" },
    { G_MAXUINT64, 4096, "cut short" },
    { G_GUINT64_CONSTANT (1) << 63, 4096, "cut short" },
    { 17 << 20, 64 << 20, "its header has 17825792 bytes" },
    { 16, (gint64) 1 << 40, "more than the 1073741824" },
    { 16, 1 << 20, "not UTF-8" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 length = GUINT64_TO_LE (cases[i].length);

      g_assert_true (g_file_set_contents (fixture->path, (const char *) &length, 8, NULL));
      g_assert_cmpint (truncate (fixture->path, cases[i].size), ==, 0);
      assert_not_opened (fixture->path, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT, cases[i].part);
    }
}

static void
test_no_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *nowhere = g_build_filename (fixture->folder, "no", "where", NULL);

  assert_not_opened (fixture->path, G_FILE_ERROR, G_FILE_ERROR_NOENT, "");
  assert_not_opened (fixture->folder, G_FILE_ERROR, G_FILE_ERROR_ISDIR, "");
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  assert_not_opened (fixture->path, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT, "no file");
  g_assert_false (raqam_safetensors_write (nowhere, tensors, 1, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/safetensors/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/safetensors/python", Fixture, NULL, set_up, test_python, tear_down);
  g_test_add_func ("/safetensors/official", test_official);
  g_test_add ("/safetensors/wrong-read", Fixture, NULL, set_up, test_wrong_read, tear_down);
  g_test_add ("/safetensors/truncated", Fixture, NULL, set_up, test_truncated, tear_down);
  g_test_add ("/safetensors/flipped", Fixture, NULL, set_up, test_flipped, tear_down);
  g_test_add ("/safetensors/verify", Fixture, NULL, set_up, test_verify, tear_down);
  g_test_add_func ("/safetensors/hostile", test_hostile);
  g_test_add_func ("/safetensors/hostile-sizes", test_hostile_sizes);
  g_test_add ("/safetensors/lengths", Fixture, NULL, set_up, test_lengths, tear_down);
  g_test_add ("/safetensors/no-file", Fixture, NULL, set_up, test_no_file, tear_down);

  return g_test_run ();
}
