/* album.c — the styles that a user has kept, in the file that belongs to their model.
 * SPDX-License-Identifier: MIT */

#include "engine/album.h"

#include "engine/error.h"
#include "engine/file.h"
#include "engine/json-text.h"
#include "engine/network.h"
#include "engine/set-aside.h"
#include "engine/style-json.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#define KIND "kept"
#define FILE_NAME "kept.json"
#define MAX_BYTES (256 * 1024 * 1024)

RaqamKept *
raqam_kept_new (RaqamStyleRecord *record, const char *name, const guint8 *pixels)
{
  RaqamKept *self = g_new0 (RaqamKept, 1);

  self->id = g_uuid_string_random ();
  self->name = g_strdup (name);
  self->created = g_get_real_time () / G_USEC_PER_SEC;
  self->record = record;
  memcpy (self->pixels, pixels, sizeof self->pixels);
  return self;
}

RaqamKept *
raqam_kept_copy (const RaqamKept *self)
{
  RaqamKept *copy = g_new (RaqamKept, 1);

  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  copy->record = raqam_style_record_copy (self->record);
  return copy;
}

void
raqam_kept_free (RaqamKept *self)
{
  g_free (self->id);
  g_free (self->name);
  g_clear_pointer (&self->record, raqam_style_record_free);
  g_free (self);
}

static gboolean
is_run (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "run.json", NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

char *
raqam_album_path (const RaqamModel *model)
{
  g_autofree char *folder = g_path_get_dirname (model->origin);
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *run = g_path_get_dirname (folder);
  g_autofree char *checksum = NULL, *file = NULL;
  RaqamNetworkSpec spec;

  if (is_run (model->origin))
    return g_build_filename (model->origin, FILE_NAME, NULL);
  if (g_str_equal (name, "checkpoints") && is_run (run))
    return g_build_filename (run, FILE_NAME, NULL);

  raqam_network_spec_init (&spec, model->recipe, RAQAM_GENERATOR);
  checksum = raqam_network_spec_checksum (&spec, model->params, model->state);
  file = g_strconcat (checksum, ".json", NULL);
  return g_build_filename (g_get_user_data_dir (), "raqam", "kept", file, NULL);
}

static gboolean
parse_pixels (guint8 *pixels, JsonObject *object)
{
  const char *text = raqam_json_get_string (object, "pixels");
  g_autofree guchar *bytes = NULL;
  gsize size = 0;

  bytes = text != NULL ? g_base64_decode (text, &size) : NULL;
  if (size != RAQAM_IMAGE_SIZE)
    return FALSE;
  memcpy (pixels, bytes, size);
  return TRUE;
}

static RaqamKept *
parse_kept (JsonNode *node, int latent, const char *where, GError **error)
{
  g_autoptr (RaqamKept) self = g_new0 (RaqamKept, 1);
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  double created = 0;

  if (object == NULL)
    {
      raqam_json_refuse (error, where, _("a kept picture is an object: { … }"));
      return NULL;
    }
  self->record = raqam_style_record_parse (object, where, error);
  if (self->record == NULL || raqam_style_record_refuse_latent (self->record, latent, error))
    return NULL;
  self->id = g_strdup (raqam_json_get_string (object, "id"));
  self->name = g_strdup (raqam_json_get_string (object, "name"));
  if (self->id == NULL || self->name == NULL
      || !raqam_json_get_number (object, "created", &created))
    {
      raqam_json_refuse (error, where, _("“id”, “name” or “created” is missing"));
      return NULL;
    }
  self->created = (gint64) CLAMP (created, 0, 1e15);
  if (!parse_pixels (self->pixels, object))
    {
      raqam_json_refuse (error, where, _("“pixels” is not a picture of 28 × 28"));
      return NULL;
    }
  return g_steal_pointer (&self);
}

static GPtrArray *
parse (const char *json, gsize size, int latent, const char *origin, GError **error)
{
  g_autoptr (JsonNode) node = raqam_json_read (json, size, KIND, MAX_BYTES, origin, error);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) raqam_kept_free);
  JsonNode *list;
  JsonArray *array;

  if (node == NULL)
    return NULL;
  list = json_object_get_member (json_node_get_object (node), "kept");
  array = list != NULL && JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list) : NULL;
  if (array == NULL || json_array_get_length (array) > RAQAM_ALBUM_MAX)
    {
      raqam_json_refuse (error, origin, _("“kept” must be a list of at most %d pictures"),
                         RAQAM_ALBUM_MAX);
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *where = g_strdup_printf (_("%s, picture %u"), origin, i + 1);
      RaqamKept *each = parse_kept (json_array_get_element (array, i), latent, where, error);

      if (each == NULL)
        return NULL;
      g_ptr_array_add (kept, each);
    }
  return g_steal_pointer (&kept);
}

GPtrArray *
raqam_album_load (char **moved, const char *path, int latent, GError **error)
{
  g_autofree char *origin = g_filename_display_name (path);
  g_autofree char *json = NULL;
  g_autoptr (GError) problem = NULL;
  GPtrArray *kept;
  gsize size;

  *moved = NULL;
  if (!g_file_get_contents (path, &json, &size, &problem))
    {
      if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_ptr_array_new_with_free_func ((GDestroyNotify) raqam_kept_free);
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  kept = parse (json, size, latent, origin, &problem);
  if (kept != NULL)
    return kept;
  if (g_error_matches (problem, RAQAM_ERROR, RAQAM_ERROR_DATA))
    *moved = raqam_set_aside (path);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

static void
append_kept (GString *text, const RaqamKept *kept)
{
  g_autofree char *pixels = g_base64_encode (kept->pixels, sizeof kept->pixels);

  g_string_append (text, "\n    {\"id\": ");
  raqam_json_append_string (text, kept->id);
  g_string_append (text, ", \"name\": ");
  raqam_json_append_string (text, kept->name);
  g_string_append_printf (text, ", \"created\": %" G_GINT64_FORMAT ",\n     ", kept->created);
  raqam_style_record_append (text, kept->record, " ");
  g_string_append_printf (text, ",\n     \"pixels\": \"%s\"}", pixels);
}

char *
raqam_album_to_json (RaqamKept *const *kept, gsize n, const char *program)
{
  GString *text = g_string_new ("{\n  \"raqam\": \"" KIND "\",\n  \"version\": 1,\n  \"program\": ");

  raqam_json_append_string (text, program);
  g_string_append (text, ",\n  \"kept\": [");
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_kept (text, kept[i]);
    }
  g_string_append (text, n > 0 ? "\n  ]\n}\n" : "]\n}\n");
  return g_string_free (text, FALSE);
}

gboolean
raqam_album_make_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_filename_display_name (folder);
  int code;

  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  if (g_str_equal (base, FILE_NAME))
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                   _("The run's folder “%s” is no longer there, so nothing can be kept in it"), name);
      return FALSE;
    }
  if (g_mkdir_with_parents (folder, 0777) == 0)
    return TRUE;
  code = errno;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               _("The folder “%s” could not be made: %s"), name, g_strerror (code));
  return FALSE;
}

gboolean
raqam_album_write (const char *path, const char *text, GError **error)
{
  return raqam_album_make_folder (path, error)
         && raqam_file_replace (path, text, strlen (text), error);
}
