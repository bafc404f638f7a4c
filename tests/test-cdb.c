/* test-cdb.c — reading .cdb files, whole and damaged.
 * SPDX-License-Identifier: MIT */

#include "engine/cdb.h"

#include "cdb-bytes.h"
#include "engine/error.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_CLASSES 10

typedef struct
{
  gboolean grey;
  gboolean fixed;
} Kind;

static const Kind kinds[] = {
  { FALSE, FALSE }, { FALSE, TRUE }, { TRUE, FALSE }, { TRUE, TRUE },
};

typedef struct
{
  guint8 label;
  int    width, height;
  guint8 pixels[255 * 255];
} Image;

static void
fill_image (Image *image, GRand *rand, gboolean grey)
{
  for (int i = 0; i < image->width * image->height; i++)
    image->pixels[i] = grey ? g_rand_int_range (rand, 0, 256) : g_rand_boolean (rand) ? 255 : 0;
}

/* Three small records, the same at every call: 4 × 3 when fixed, else 1 × 1, 5 × 2, 2 × 4. */
static GByteArray *
small_file (const Kind *kind)
{
  static const int widths[] = { 1, 5, 2 }, heights[] = { 1, 2, 4 };
  static const guint8 labels[] = { 3, 9, 3 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (2005);
  g_autofree Image *image = g_new0 (Image, 1);
  GByteArray *bytes
    = cdb_bytes_new (kind->grey, kind->fixed ? 4 : 0, kind->fixed ? 3 : 0);

  for (int i = 0; i < 3; i++)
    {
      image->width = kind->fixed ? 4 : widths[i];
      image->height = kind->fixed ? 3 : heights[i];
      fill_image (image, rand, kind->grey);
      cdb_bytes_add (bytes, labels[i], image->width, image->height, image->pixels);
    }
  return bytes;
}

/* Reads a file to its end. The bytes lie in memory of just their size, so that
 * a sanitizer sees a step beyond them. */
static guint
read_all (const guint8 *data, gsize size, GError **error)
{
  g_autofree guint8 *exact = g_memdup2 (data, size);
  g_autoptr (RaqamCdb) cdb = raqam_cdb_open_bytes (exact, size, "made.cdb", N_CLASSES, error);
  RaqamCdbImage image;
  volatile guint8 seen = 0;
  guint n = 0;

  if (cdb == NULL)
    return 0;
  while (raqam_cdb_next (cdb, &image, error))
    {
      g_assert_cmpuint (image.index, ==, n);
      g_assert_cmpint (image.label, <, N_CLASSES);
      for (int i = 0; i < image.width * image.height; i++)
        seen ^= image.pixels[i];
      n++;
    }
  return n;
}

static void
assert_refused (const GByteArray *bytes, const char *where, const char *what)
{
  g_autoptr (GError) error = NULL;

  read_all (bytes->data, bytes->len, &error);
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "made.cdb"));
  if (strstr (error->message, where) == NULL || strstr (error->message, what) == NULL)
    g_error ("“%s” should say “%s” and “%s”", error->message, where, what);
}

static void
test_reads (gconstpointer data)
{
  const Kind *kind = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (GByteArray) bytes = cdb_bytes_new (kind->grey, kind->fixed ? 37 : 0,
                                                kind->fixed ? 22 : 0);
  g_autofree Image *images = g_new0 (Image, 50);
  g_autoptr (RaqamCdb) cdb = NULL;
  g_autoptr (GError) error = NULL;
  RaqamCdbImage image;

  for (int i = 0; i < 50; i++)
    {
      images[i].label = i * 7 % 10;
      images[i].width = kind->fixed ? 37 : g_rand_int_range (rand, 1, 256);
      images[i].height = kind->fixed ? 22 : g_rand_int_range (rand, 1, 256);
      fill_image (&images[i], rand, kind->grey);
      cdb_bytes_add (bytes, images[i].label, images[i].width, images[i].height,
                     images[i].pixels);
    }

  cdb = raqam_cdb_open_bytes (bytes->data, bytes->len, "made.cdb", N_CLASSES, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (raqam_cdb_get_header (cdb)->n_records, ==, 50);
  g_assert_cmpint (raqam_cdb_get_header (cdb)->grey, ==, kind->grey);
  g_assert_cmpint (raqam_cdb_get_header (cdb)->year, ==, 2005);
  g_assert_cmpint (raqam_cdb_get_header (cdb)->month, ==, 8);
  g_assert_cmpint (raqam_cdb_get_header (cdb)->day, ==, 4);
  for (guint i = 0; i < 50; i++)
    {
      g_assert_true (raqam_cdb_next (cdb, &image, &error));
      g_assert_cmpuint (image.index, ==, i);
      g_assert_cmpint (image.label, ==, images[i].label);
      g_assert_cmpint (image.width, ==, images[i].width);
      g_assert_cmpint (image.height, ==, images[i].height);
      g_assert_cmpmem (image.pixels, image.width * image.height, images[i].pixels,
                       images[i].width * images[i].height);
    }
  g_assert_false (raqam_cdb_next (cdb, &image, &error));
  g_assert_no_error (error);
}

/* Bytes written out by hand from the format's description. */
static void
test_by_hand (void)
{
  static const guint8 binary[] = { 0xFF, 4, 3, 2, 5, 0, /**/ 1, 1, 1, /**/ 0, 3 };
  static const guint8 grey[] = { 0xFF, 4, 3, 2, 6, 0, /**/ 10, 40, /**/ 20, 50, /**/ 30, 60 };
  static const guint8 want_binary[] = { 0, 255, 0, 255, 255, 255 };
  static const guint8 want_grey[] = { 10, 20, 30, 40, 50, 60 };

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GByteArray) bytes = cdb_bytes_new (i == 1, 0, 0);
      g_autoptr (RaqamCdb) cdb = NULL;
      g_autoptr (GError) error = NULL;
      RaqamCdbImage image;

      cdb_bytes_put_u32 (bytes, 6, 1);
      cdb_bytes_put_u32 (bytes, 10 + 4 * 4, 1);
      g_byte_array_append (bytes, i ? grey : binary, i ? sizeof grey : sizeof binary);
      cdb = raqam_cdb_open_bytes (bytes->data, bytes->len, "hand.cdb", N_CLASSES, &error);
      g_assert_no_error (error);
      g_assert_true (raqam_cdb_next (cdb, &image, &error));
      g_assert_cmpint (image.width, ==, 3);
      g_assert_cmpint (image.height, ==, 2);
      g_assert_cmpmem (image.pixels, 6, i ? want_grey : want_binary, 6);
      g_assert_false (raqam_cdb_next (cdb, &image, &error));
      g_assert_no_error (error);
    }
}

static void
test_empty (void)
{
  g_autoptr (GByteArray) bytes = cdb_bytes_new (FALSE, 0, 0);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (read_all (bytes->data, bytes->len, &error), ==, 0);
  g_assert_no_error (error);
  read_all (NULL, 0, &error);
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "header, byte 0:"));
}

/* One field spoilt in a small file. In the variable binary one, record 1 (5 × 2,
 * label 9) has its head at 1031 and its body at 1037. */
typedef struct
{
  const char *name;
  int         kind; /* of kinds */
  gsize       offset;
  guint8      value;
  const char *where;
  const char *what;
} Damage;

static const Damage damages[] = {
  { "height-only", 0, 4, 9, "header, byte 4:", "found 9 and 0" },
  { "width-only", 0, 5, 9, "header, byte 4:", "found 0 and 9" },
  { "records-more", 0, 6, 4, "record 3, byte 1054:", "expected record 3 of 4" },
  { "records-huge", 0, 9, 255, "record 3, byte 1054:", "the file ends here" },
  { "records-fewer", 0, 6, 2, "record 2, byte 1045:", "after 2 records" },
  { "records-none", 0, 6, 0, "record 0, byte 1024:", "after 0 records" },
  { "count-more", 0, 10 + 4 * 3, 3, "header, byte 22:", "expected 2, the number of records of label 3, found 3" },
  { "count-less", 0, 10 + 4 * 9, 0, "header, byte 46:", "expected 1, the number of records of label 9, found 0" },
  { "count-of-another", 0, 10, 1, "header, byte 10:", "expected 0, the number of records of label 0, found 1" },
  { "count-beyond", 0, 10 + 4 * 10, 1, "header, byte 50:", "1 records of label 10" },
  { "count-last", 0, 10 + 4 * 127, 1, "header, byte 518:", "1 records of label 127" },
  { "kind", 0, 522, 2, "header, byte 522:", "found 2" },
  { "kind-other", 0, 522, 1, "record 1, byte 1035:", "expected a body of 5 × 2 bytes, found 8" },
  { "mark", 0, 1031, 0xFE, "record 1, byte 1031:", "found 0xfe" },
  { "label", 0, 1032, 10, "record 1, byte 1032:", "expected a label below 10, found 10" },
  { "label-255", 0, 1032, 255, "record 1, byte 1032:", "found 255" },
  { "label-swapped", 0, 1032, 8, "header, byte 42:", "expected 1, the number of records of label 8, found 0" },
  { "width-0", 0, 1033, 0, "record 1, byte 1033:", "found 0 and 2" },
  { "height-0", 0, 1034, 0, "record 1, byte 1034:", "found 5 and 0" },
  { "height-less", 0, 1034, 1, "record 1, byte 1041:", "4 bytes more" },
  { "height-more", 0, 1034, 3, "record 1, byte 1045:", "last 5 pixels of row 2" },
  { "width-less", 0, 1033, 4, "record 1, byte 1043:", "expected a run of 1 to 1 pixels in row 1, found 2" },
  { "body-0", 0, 1035, 0, "record 1, byte 1037:", "last 5 pixels of row 0" },
  { "body-long", 0, 1036, 255, "record 1, byte 1054:", "the file ends after 17 of them" },
  { "run-long", 0, 1037, 6, "record 1, byte 1037:", "expected a run of 0 to 5 pixels in row 0, found 6" },
  { "run-255", 0, 1037, 255, "record 1, byte 1037:", "found 255" },
  { "run-0", 0, 1038, 0, "record 1, byte 1038:", "expected a run of 1 to 4 pixels in row 0, found 0" },
  { "fixed-mark", 1, 1024, 0, "record 0, byte 1024:", "found 0x00" },
  { "fixed-label", 1, 1025, 77, "record 0, byte 1025:", "found 77" },
  { "fixed-body", 1, 1027, 1, "record 0, byte 1064:", "the file ends after 36 of them" },
  { "fixed-width", 1, 5, 5, "record 0, byte 1031:", "expected a run of 1 to 1 pixels in row 0, found 0" },
  { "fixed-height", 1, 4, 2, "record 0, byte 1036:", "3 bytes more" },
  { "grey-body", 2, 1028, 2, "record 0, byte 1028:", "expected a body of 1 × 1 bytes, found 2" },
  { "grey-width", 2, 1026, 2, "record 0, byte 1028:", "expected a body of 2 × 1 bytes, found 1" },
  { "grey-fixed-body", 3, 1026, 11, "record 0, byte 1026:", "expected a body of 4 × 3 bytes, found 11" },
  { "grey-fixed-width", 3, 5, 5, "record 0, byte 1026:", "expected a body of 5 × 3 bytes, found 12" },
};

/* As small_file() but with bodies that damages[] counts on. */
static GByteArray *
plain_file (const Kind *kind)
{
  static const guint8 first[12] = { 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0 };
  static const guint8 second[12] = { 0, 255, 255, 0, 255, 0, 255, 0, 0, 255, 0, 0 };
  static const guint8 third[12] = { 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0 };
  GByteArray *bytes
    = cdb_bytes_new (kind->grey, kind->fixed ? 4 : 0, kind->fixed ? 3 : 0);

  cdb_bytes_add (bytes, 3, kind->fixed ? 4 : 1, kind->fixed ? 3 : 1, kind->fixed ? second : third);
  cdb_bytes_add (bytes, 9, kind->fixed ? 4 : 5, kind->fixed ? 3 : 2, second);
  cdb_bytes_add (bytes, 3, kind->fixed ? 4 : 1, kind->fixed ? 3 : 2, first);
  return bytes;
}

static void
test_damage (gconstpointer data)
{
  const Damage *damage = data;
  g_autoptr (GByteArray) bytes = plain_file (&kinds[damage->kind]);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (read_all (bytes->data, bytes->len, &error), ==, 3);
  g_assert_no_error (error);
  g_assert_cmpint (bytes->data[damage->offset], !=, damage->value);
  bytes->data[damage->offset] = damage->value;
  assert_refused (bytes, damage->where, damage->what);
}

static void
test_truncation (gconstpointer data)
{
  g_autoptr (GByteArray) bytes = small_file (data);
  gsize size = bytes->len;

  for (bytes->len = 0; bytes->len < size; bytes->len++)
    {
      g_autofree char *where = g_strdup_printf ("byte %u:", bytes->len);

      assert_refused (bytes, where, "file ends");
    }
}

static void
test_trailing (gconstpointer data)
{
  g_autoptr (GByteArray) bytes = small_file (data);
  g_autofree char *where = g_strdup_printf ("record 3, byte %u:", bytes->len);

  g_byte_array_append (bytes, (const guint8 *) "", 1);
  assert_refused (bytes, where, "but it goes on");
}

static void
test_flips (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (60000);
  guint n_whole = 0, n_refused = 0;

  for (int i = 0; i < 100000; i++)
    {
      static GByteArray *files[G_N_ELEMENTS (kinds)];
      guint k = i % G_N_ELEMENTS (kinds);
      g_autofree guint8 *data = NULL;
      g_autoptr (GError) error = NULL;
      gsize size;

      if (files[k] == NULL)
        files[k] = small_file (&kinds[k]);
      size = files[k]->len;
      data = g_memdup2 (files[k]->data, size);
      for (int flips = g_rand_int_range (rand, 1, 4); flips > 0; flips--)
        {
          /* The header is mostly empty space; the records deserve half of it. */
          gsize at = g_rand_boolean (rand) ? g_rand_int_range (rand, 0, 1024)
                                           : g_rand_int_range (rand, 1024, size);

          data[at] = g_rand_int_range (rand, 0, 256);
        }
      read_all (data, size, &error);
      if (error == NULL)
        n_whole++;
      else
        {
          g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
          n_refused++;
        }
    }
  g_test_message ("%u read whole, %u refused", n_whole, n_refused);
  g_assert_cmpuint (n_whole, >, 0);
  g_assert_cmpuint (n_refused, >, n_whole);
}

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("raqam-cdb-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a file.cdb", NULL);
  g_autoptr (GByteArray) bytes = small_file (&kinds[0]);
  g_autoptr (GError) error = NULL;
  RaqamCdb *cdb;
  RaqamCdbImage image;
  int n = 0;

  g_assert_null (raqam_cdb_open (path, N_CLASSES, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);

  g_assert_null (raqam_cdb_open (folder, N_CLASSES, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_clear_error (&error);

  g_assert_null (raqam_cdb_open ("/dev/zero", N_CLASSES, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_clear_error (&error);

  g_file_set_contents (path, (const char *) bytes->data, bytes->len, &error);
  g_assert_no_error (error);
  cdb = raqam_cdb_open (path, N_CLASSES, &error);
  g_assert_no_error (error);
  while (raqam_cdb_next (cdb, &image, &error))
    n++;
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, 3);
  raqam_cdb_close (cdb);

  g_unlink (path);
  g_rmdir (folder);
}

static char *
hoda_path (const char *name)
{
  const char *folder = g_getenv ("HODA_DIR");
  g_autofree char *path = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;

  if (path == NULL)
    g_test_skip ("HODA_DIR is not set: Hoda's files are needed");
  else if (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_test_skip_printf ("HODA_DIR has no “%s”", name);
  else
    return g_steal_pointer (&path);
  return NULL;
}

typedef struct
{
  const char *name;
  guint       per_class;
  guint8      first[10];
  const char *git_blob; /* of the published file, or NULL */
} Published;

static const Published published[] = {
  { "Train 60000.cdb", 6000, { 6, 5, 0, 2, 7, 0, 7, 5, 0, 7 }, NULL },
  { "Test 20000.cdb", 2000, { 0 }, "1928104d6d0537c653ec2105d666e0b6733aabbf" },
};

static void
assert_git_blob (const GByteArray *bytes, const char *want)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *head = g_strdup_printf ("blob %u", bytes->len);

  g_checksum_update (checksum, (const guchar *) head, strlen (head) + 1);
  g_checksum_update (checksum, bytes->data, bytes->len);
  g_assert_cmpstr (g_checksum_get_string (checksum), ==, want);
}

/* Reads a published file and writes its images again: the same bytes must come out. */
static void
test_hoda (gconstpointer data)
{
  const Published *file = data;
  g_autofree char *path = hoda_path (file->name);
  g_autofree char *contents = NULL;
  g_autoptr (GByteArray) again = g_byte_array_new ();
  g_autoptr (RaqamCdb) cdb = NULL;
  g_autoptr (GError) error = NULL;
  RaqamCdbImage image;
  gsize size;
  guint counts[N_CLASSES] = { 0 };

  if (path == NULL)
    return;
  g_file_get_contents (path, &contents, &size, &error);
  g_assert_no_error (error);
  cdb = raqam_cdb_open (path, N_CLASSES, &error);
  g_assert_no_error (error);
  g_byte_array_append (again, (const guint8 *) contents, 1024);
  while (raqam_cdb_next (cdb, &image, &error))
    {
      if (image.index < 10)
        g_assert_cmpint (image.label, ==, file->first[image.index]);
      g_assert_cmpint (image.width, <=, 54);
      g_assert_cmpint (image.height, <=, 64);
      counts[image.label]++;
      cdb_bytes_append_record (again, FALSE, TRUE, image.label, image.width, image.height,
                               image.pixels);
    }
  g_assert_no_error (error);
  for (int label = 0; label < N_CLASSES; label++)
    g_assert_cmpuint (counts[label], ==, file->per_class);
  g_assert_cmpmem (again->data, again->len, contents, size);
  if (file->git_blob != NULL)
    assert_git_blob (again, file->git_blob);
}

int
main (int argc, char **argv)
{
  static const char *const names[] = {
    "variable-binary", "fixed-binary", "variable-grey", "fixed-grey",
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *reads = g_strdup_printf ("/cdb/reads/%s", names[i]);
      g_autofree char *truncation = g_strdup_printf ("/cdb/truncation/%s", names[i]);
      g_autofree char *trailing = g_strdup_printf ("/cdb/trailing/%s", names[i]);

      g_test_add_data_func (reads, &kinds[i], test_reads);
      g_test_add_data_func (truncation, &kinds[i], test_truncation);
      g_test_add_data_func (trailing, &kinds[i], test_trailing);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *path = g_strdup_printf ("/cdb/damage/%s", damages[i].name);

      g_test_add_data_func (path, &damages[i], test_damage);
    }
  g_test_add_func ("/cdb/by-hand", test_by_hand);
  g_test_add_func ("/cdb/empty", test_empty);
  g_test_add_func ("/cdb/flips", test_flips);
  g_test_add_func ("/cdb/file", test_file);
  g_test_add_data_func ("/cdb/hoda/train", &published[0], test_hoda);
  g_test_add_data_func ("/cdb/hoda/test", &published[1], test_hoda);
  return g_test_run ();
}
