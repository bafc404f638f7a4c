/* test-directions-book.c — names that come back, go with their vectors, and are not lost.
 * SPDX-License-Identifier: MIT */

#include "engine/directions-book.h"

#include "engine/error.h"
#include "toy.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  char                *folder;
  char                *path; /* in a folder that is not there yet */
  RaqamDirectionsBook *book;
} Fixture;

static const float ALONG[] = { 0.6f, 0, 0.8f };
static const float ACROSS[] = { 0.8f, 0, -0.6f };

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = toy_folder ();
  self->path = g_build_filename (self->folder, "sub", "directions.json", NULL);
  self->book = raqam_directions_book_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  toy_remove (self->folder);
  g_free (self->folder);
  g_free (self->path);
  raqam_directions_book_free (self->book);
}

static const char *
name_of (const RaqamDirectionsBook *book, int digit, int latent, const float *vector)
{
  const RaqamNamedDirection *named = raqam_directions_book_find (book, digit, latent, vector);

  return named != NULL ? named->name : NULL;
}

/* A name is its digit's and its vector's; nearly the same vector, or its opposite, has it too. */
static void
test_find (Fixture *self, gconstpointer data)
{
  const float near_by[] = { 0.55f, 0.33f, 0.767f }, opposite[] = { -0.6f, 0, -0.8f };
  const float too_far[] = { 0.5f, 0.5f, 0.7071f };
  const float longer[] = { 0.6f, 0, 0.8f, 0 };

  raqam_directions_book_set (self->book, 3, 3, ALONG, "Hook");
  g_assert_cmpstr (name_of (self->book, 3, 3, ALONG), ==, "Hook");
  g_assert_cmpstr (name_of (self->book, 3, 3, near_by), ==, "Hook");
  g_assert_cmpstr (name_of (self->book, 3, 3, opposite), ==, "Hook");
  g_assert_null (name_of (self->book, 3, 3, too_far));
  g_assert_null (name_of (self->book, 3, 3, ACROSS));
  g_assert_null (name_of (self->book, 4, 3, ALONG));
  g_assert_null (name_of (self->book, 3, 4, longer));
  g_assert_null (name_of (self->book, RAQAM_DIRECTION_EVERY_DIGIT, 3, ALONG));
}

static void
test_set (Fixture *self, gconstpointer data)
{
  raqam_directions_book_set (self->book, 3, 3, ALONG, "Hook");
  raqam_directions_book_set (self->book, 3, 3, ACROSS, "Tail");
  raqam_directions_book_set (self->book, 3, 3, ALONG, "Nose");
  g_assert_cmpstr (name_of (self->book, 3, 3, ALONG), ==, "Nose");
  g_assert_cmpstr (name_of (self->book, 3, 3, ACROSS), ==, "Tail");
  raqam_directions_book_set (self->book, 3, 3, ALONG, NULL);
  g_assert_null (name_of (self->book, 3, 3, ALONG));
  raqam_directions_book_set (self->book, 3, 3, ALONG, "");
  raqam_directions_book_set (self->book, 3, 3, ACROSS, "");
  g_assert_null (name_of (self->book, 3, 3, ACROSS));
}

static void
test_kept (Fixture *self, gconstpointer data)
{
  const float other[] = { 1, 0 };

  raqam_directions_book_set (self->book, 3, 3, ALONG, "Not kept");
  raqam_directions_book_set (self->book, RAQAM_DIRECTION_EVERY_DIGIT, 3, ALONG, "One");
  raqam_directions_book_set (self->book, RAQAM_DIRECTION_EVERY_DIGIT, 2, other, "Other");
  raqam_directions_book_set (self->book, RAQAM_DIRECTION_EVERY_DIGIT, 3, ACROSS, "Two");
  g_assert_cmpstr (raqam_directions_book_get_kept (self->book, 3, 0)->name, ==, "One");
  g_assert_cmpstr (raqam_directions_book_get_kept (self->book, 3, 1)->name, ==, "Two");
  g_assert_null (raqam_directions_book_get_kept (self->book, 3, 2));
  g_assert_cmpstr (raqam_directions_book_get_kept (self->book, 2, 0)->name, ==, "Other");
  g_assert_null (raqam_directions_book_get_kept (self->book, 4, 0));
}

static void
test_saved (Fixture *self, gconstpointer data)
{
  static const char odd[] = "“قلاب”\n\t\\ \"hook\" \x01";
  g_autoptr (RaqamDirectionsBook) again = raqam_directions_book_new ();
  g_autoptr (GError) error = NULL;
  const RaqamNamedDirection *kept;

  g_assert_true (raqam_directions_book_load (again, self->path, &error));
  g_assert_no_error (error);
  raqam_directions_book_set (self->book, 9, 3, ALONG, odd);
  raqam_directions_book_set (self->book, RAQAM_DIRECTION_EVERY_DIGIT, 3, ACROSS, "Mine");
  g_assert_true (raqam_directions_book_save (self->book, self->path, &error));
  g_assert_no_error (error);

  g_assert_true (raqam_directions_book_load (again, self->path, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (name_of (again, 9, 3, ALONG), ==, odd);
  kept = raqam_directions_book_get_kept (again, 3, 0);
  g_assert_cmpstr (kept->name, ==, "Mine");
  for (int i = 0; i < 3; i++)
    g_assert_cmpfloat_with_epsilon (kept->vector[i], ACROSS[i], 1e-7);
}

/* A vector that someone has written is brought to length 1. */
static void
test_by_hand (Fixture *self, gconstpointer data)
{
  static const char text[] = "{\"raqam\": \"directions\", \"version\": 1, \"directions\": ["
                             "{\"name\": \"Far\", \"digit\": 0, \"vector\": [3, 0, 4.0]}]}";
  g_autofree char *path = g_build_filename (self->folder, "by-hand.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (raqam_directions_book_load (self->book, path, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (name_of (self->book, 0, 3, ALONG), ==, "Far");
}

/* What cannot be read is told, set aside, and nothing of it is taken. */
static void
test_damaged (Fixture *self, gconstpointer data)
{
#define HEAD "{\"raqam\": \"directions\", \"version\": 1, \"directions\": ["
#define GOOD "{\"name\": \"Good\", \"vector\": [1, 0]}, "
  static const char *const texts[] = {
    "", "{", "[]", "{\"raqam\": \"directions\", \"version\": 1}",
    "{\"raqam\": \"style\", \"version\": 1, \"directions\": []}",
    HEAD "5]}", HEAD GOOD "{\"vector\": [1]}]}", HEAD GOOD "{\"name\": \"\", \"vector\": [1]}]}",
    HEAD GOOD "{\"name\": \"a\"}]}", HEAD GOOD "{\"name\": \"a\", \"vector\": []}]}",
    HEAD GOOD "{\"name\": \"a\", \"vector\": [0, 0]}]}",
    HEAD GOOD "{\"name\": \"a\", \"vector\": [1, \"b\"], \"digit\": 10}]}",
    HEAD GOOD "{\"name\": \"a\", \"vector\": [1], \"digit\": 1.5}]}",
    HEAD GOOD "{\"name\": \"a\", \"vector\": [1e300, 1e300]}]}",
    HEAD GOOD "{\"name\": \"a\", \"vector\": [1, [2]]}]}",
    HEAD GOOD "{\"name\": \"a\", \"vector\": [1, \"b\"]}]}",
    HEAD GOOD "{\"name\": \"a\", \"vector\": [1, true]}]}",
    HEAD GOOD "{\"name\": \"a\", \"vector\": [1, null]}]}",
    HEAD GOOD "{\"name\": \"a\", \"vector\": [1], \"digit\": 10}]}",
  };
  g_autofree char *path = g_build_filename (self->folder, "damaged.json", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *kept = NULL;
      g_autofree char *aside = i == 0 ? g_strconcat (path, ".damaged", NULL)
                                      : g_strdup_printf ("%s.damaged-%u", path, i + 1);

      g_test_message ("%s", texts[i]);
      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      g_assert_false (raqam_directions_book_load (self->book, path, &error));
      g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
      g_assert_nonnull (strstr (error->message, "damaged.json"));
      g_assert_null (raqam_directions_book_get_kept (self->book, 2, 0));
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
      g_assert_true (g_file_get_contents (aside, &kept, NULL, NULL));
      g_assert_cmpstr (kept, ==, texts[i]);
    }
}

/* What this version can't read is not damaged for that: it stays, whatever is named. */
static void
test_later_version (Fixture *self, gconstpointer data)
{
  static const char text[] = "{\"raqam\": \"directions\", \"version\": 2, \"pages\": []}";
  g_autofree char *path = g_build_filename (self->folder, "later.json", NULL);
  g_autofree char *moved = g_build_filename (self->folder, "moved.json", NULL);
  g_autofree char *kept = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_false (raqam_directions_book_load (self->book, path, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_clear_error (&error);
  raqam_directions_book_set (self->book, 3, 3, ALONG, "Hook");
  g_assert_false (raqam_directions_book_save (self->book, path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
  g_assert_nonnull (strstr (error->message, "later.json"));
  g_clear_error (&error);
  g_assert_true (g_file_get_contents (path, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, text);

  g_assert_cmpint (g_rename (path, moved), ==, 0);
  g_assert_true (raqam_directions_book_save (self->book, path, &error));
  g_assert_no_error (error);
  g_assert_true (raqam_directions_book_load (self->book, path, &error));
  g_assert_cmpstr (name_of (self->book, 3, 3, ALONG), ==, "Hook");
}

/* A file where the folder has to be, and a folder where the file has to be. */
static void
test_no_room (Fixture *self, gconstpointer data)
{
  g_autofree char *below = g_build_filename (self->folder, "file", "directions.json", NULL);
  g_autofree char *file = g_build_filename (self->folder, "file", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_false (raqam_directions_book_save (self->book, below, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == G_FILE_ERROR);
  g_clear_error (&error);

  g_assert_false (raqam_directions_book_load (self->book, self->folder, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == G_FILE_ERROR);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                           \
  g_test_add ("/directions-book/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("find", test_find);
  ADD ("set", test_set);
  ADD ("kept", test_kept);
  ADD ("saved", test_saved);
  ADD ("by-hand", test_by_hand);
  ADD ("damaged", test_damaged);
  ADD ("later-version", test_later_version);
  ADD ("no-room", test_no_room);

  return g_test_run ();
}
