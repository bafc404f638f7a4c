/* directions-book.c — the names that a user has given to directions, and those kept.
 * SPDX-License-Identifier: MIT */

#include "engine/directions-book.h"

#include "engine/error.h"
#include "engine/file.h"
#include "engine/json-text.h"
#include "engine/set-aside.h"
#include "engine/style-json.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define KIND "directions"
#define MOST_BYTES (16 << 20)

struct _RaqamDirectionsBook
{
  GPtrArray *list;   /* of RaqamNamedDirection, in the order they were named */
  gboolean   unread; /* the file has more than this, and is not to be written over */
};

static void
named_free (gpointer data)
{
  RaqamNamedDirection *named = data;

  g_free (named->name);
  g_free (named->vector);
  g_free (named);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamNamedDirection, named_free)

RaqamDirectionsBook *
raqam_directions_book_new (void)
{
  RaqamDirectionsBook *self = g_new0 (RaqamDirectionsBook, 1);

  self->list = g_ptr_array_new_with_free_func (named_free);
  return self;
}

void
raqam_directions_book_free (RaqamDirectionsBook *self)
{
  g_ptr_array_unref (self->list);
  g_free (self);
}

char *
raqam_directions_book_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "raqam", "directions.json", NULL);
}

/* FALSE where they are no numbers, or all 0; else of length 1. */
static gboolean
parse_vector (RaqamNamedDirection *named, JsonArray *array)
{
  double length = 0;

  named->latent = (int) json_array_get_length (array);
  named->vector = g_new (float, named->latent);
  for (int i = 0; i < named->latent; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
      double number = type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node)
                                                                    : NAN;

      named->vector[i] = (float) number;
      length += number * number;
    }
  if (!(length > 1e-12 && length < 1e12))
    return FALSE;
  for (int i = 0; i < named->latent; i++)
    named->vector[i] /= (float) sqrt (length);
  return TRUE;
}

static gboolean
parse_digit (int *digit, JsonObject *object)
{
  double number;

  *digit = RAQAM_DIRECTION_EVERY_DIGIT;
  if (!json_object_has_member (object, "digit"))
    return TRUE;
  if (!raqam_json_get_number (object, "digit", &number) || number < 0 || number > 9)
    return FALSE;
  *digit = (int) number;
  return *digit == number;
}

static RaqamNamedDirection *
parse_named (JsonNode *node, const char *where, GError **error)
{
  g_autoptr (RaqamNamedDirection) named = g_new0 (RaqamNamedDirection, 1);
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *vector = object != NULL ? json_object_get_member (object, "vector") : NULL;
  JsonArray *array = vector != NULL && JSON_NODE_HOLDS_ARRAY (vector) ? json_node_get_array (vector)
                                                                      : NULL;
  const char *name = object != NULL ? raqam_json_get_string (object, "name") : NULL;

  if (name == NULL || *name == '\0')
    raqam_json_refuse (error, where, _("“name” is missing"));
  else if (!parse_digit (&named->digit, object))
    raqam_json_refuse (error, where, _("“digit” must be 0 to 9"));
  else if (array == NULL || json_array_get_length (array) == 0
           || json_array_get_length (array) > RAQAM_MAX_LATENT || !parse_vector (named, array))
    raqam_json_refuse (error, where, _("“vector” must be 1 to %d numbers, not all zero"),
                       RAQAM_MAX_LATENT);
  else
    {
      named->name = g_strdup (name);
      return g_steal_pointer (&named);
    }
  return NULL;
}

static GPtrArray *
parse (const char *json, gsize size, const char *origin, GError **error)
{
  g_autoptr (JsonNode) node = raqam_json_read (json, size, KIND, MOST_BYTES, origin, error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (named_free);
  JsonNode *member;
  JsonArray *array;

  if (node == NULL)
    return NULL;
  member = json_object_get_member (json_node_get_object (node), "directions");
  if (member == NULL || !JSON_NODE_HOLDS_ARRAY (member))
    {
      raqam_json_refuse (error, origin, _("“directions” must be a list"));
      return NULL;
    }
  array = json_node_get_array (member);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *where = g_strdup_printf (_("%s, direction %u"), origin, i + 1);
      RaqamNamedDirection *named = parse_named (json_array_get_element (array, i), where, error);

      if (named == NULL)
        return NULL;
      g_ptr_array_add (list, named);
    }
  return g_steal_pointer (&list);
}

gboolean
raqam_directions_book_load (RaqamDirectionsBook *self, const char *path, GError **error)
{
  g_autofree char *origin = g_filename_display_name (path);
  g_autofree char *json = NULL, *aside = NULL;
  g_autoptr (GError) problem = NULL;
  GPtrArray *list;
  gsize size;

  g_ptr_array_set_size (self->list, 0);
  self->unread = FALSE;
  if (!g_file_get_contents (path, &json, &size, &problem))
    {
      if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;
      self->unread = TRUE;
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  list = parse (json, size, origin, &problem);
  if (list == NULL)
    {
      if (g_error_matches (problem, RAQAM_ERROR, RAQAM_ERROR_DATA))
        aside = raqam_set_aside (path);
      self->unread = aside == NULL;
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  g_ptr_array_unref (self->list);
  self->list = list;
  return TRUE;
}

static gboolean
refuse_unread (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
               _("“%s” could not be read, so it is not written over. Move it away, and what "
                 "you name is saved again"),
               name);
  return FALSE;
}

static void
append_named (GString *text, const RaqamNamedDirection *named)
{
  g_string_append (text, "\n    {\"name\": ");
  raqam_json_append_string (text, named->name);
  if (named->digit != RAQAM_DIRECTION_EVERY_DIGIT)
    g_string_append_printf (text, ", \"digit\": %d", named->digit);
  g_string_append (text, ", \"vector\": [");
  for (int i = 0; i < named->latent; i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (number, sizeof number, "%.9g", named->vector[i]);
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", number);
    }
  g_string_append (text, "]}");
}

gboolean
raqam_directions_book_save (const RaqamDirectionsBook *self, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GString) text
    = g_string_new ("{\n  \"raqam\": \"" KIND "\",\n  \"version\": 1,\n  \"directions\": [");

  if (self->unread && g_file_test (path, G_FILE_TEST_EXISTS))
    return refuse_unread (path, error);

  for (guint i = 0; i < self->list->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_named (text, g_ptr_array_index (self->list, i));
    }
  g_string_append (text, "\n  ]\n}\n");

  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      int code = errno;
      g_autofree char *name = g_filename_display_name (folder);

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   _("The folder “%s” could not be made: %s"), name, g_strerror (code));
      return FALSE;
    }
  return raqam_file_replace (path, text->str, text->len, error);
}

double
raqam_direction_cosine (const float *a, const float *b, int latent)
{
  double sum = 0;

  for (int i = 0; i < latent; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

const RaqamNamedDirection *
raqam_directions_book_find (const RaqamDirectionsBook *self, int digit, int latent,
                            const float *vector)
{
  const RaqamNamedDirection *found = NULL;
  double nearest = RAQAM_DIRECTION_SAME;

  for (guint i = 0; i < self->list->len; i++)
    {
      const RaqamNamedDirection *named = g_ptr_array_index (self->list, i);
      double cosine = named->digit == digit && named->latent == latent
                        ? fabs (raqam_direction_cosine (named->vector, vector, latent))
                        : 0;

      if (cosine >= nearest)
        {
          nearest = cosine;
          found = named;
        }
    }
  return found;
}

void
raqam_directions_book_set (RaqamDirectionsBook *self, int digit, int latent, const float *vector,
                           const char *name)
{
  gconstpointer old = raqam_directions_book_find (self, digit, latent, vector);
  RaqamNamedDirection *named;

  if (name == NULL || *name == '\0')
    {
      g_ptr_array_remove (self->list, (gpointer) old);
      return;
    }
  named = g_new0 (RaqamNamedDirection, 1);
  named->name = g_utf8_make_valid (name, -1);
  named->digit = digit;
  named->latent = latent;
  named->vector = g_memdup2 (vector, sizeof (float) * latent);
  for (guint i = 0; i < self->list->len; i++)
    if (g_ptr_array_index (self->list, i) == old)
      {
        named_free (g_ptr_array_index (self->list, i));
        self->list->pdata[i] = named;
        return;
      }
  g_ptr_array_add (self->list, named);
}

const RaqamNamedDirection *
raqam_directions_book_get_kept (const RaqamDirectionsBook *self, int latent, guint n)
{
  for (guint i = 0; i < self->list->len; i++)
    {
      const RaqamNamedDirection *named = g_ptr_array_index (self->list, i);

      if (named->digit == RAQAM_DIRECTION_EVERY_DIGIT && named->latent == latent && n-- == 0)
        return named;
    }
  return NULL;
}
