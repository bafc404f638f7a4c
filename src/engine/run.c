/* run.c — run.json: what a run is, and how it stands.
 * SPDX-License-Identifier: MIT */

#include "engine/run.h"

#include "engine/error.h"
#include "engine/file.h"
#include "engine/json-text.h"
#include "engine/recipe-json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#define VERSION 1

/* json-glib before 1.10 recurses as deep as the text nests. */
#define MAX_BYTES (1024 * 1024)
#define MAX_BRACKETS 10000

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (GError **error, const char *folder, const char *format, ...)
{
  g_autofree char *name = g_filename_display_name (folder);
  g_autofree char *what = NULL;
  va_list          arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN, _("Cannot read the run in “%s”: %s"), name,
               what);
  return FALSE;
}

/* Paths are UTF-8 in JSON; one that is not goes as a URI. */
static char *
path_to_text (const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);

  if (g_utf8_validate (absolute, -1, NULL))
    return g_steal_pointer (&absolute);
  return g_filename_to_uri (absolute, NULL, NULL);
}

static char *
path_from_text (const char *text)
{
  char *path = g_str_has_prefix (text, "file://") ? g_filename_from_uri (text, NULL, NULL) : NULL;

  return path != NULL ? path : g_strdup (text);
}

static gboolean
read_text (const char *folder, char **text, gsize *n_text, GError **error)
{
  g_autofree char   *path = g_build_filename (folder, "run.json", NULL);
  g_autoptr (GError) problem = NULL;
  GStatBuf           about;
  gsize              n_brackets = 0;

  if (g_stat (path, &about) != 0)
    return refuse (error, folder,
                   errno == ENOENT ? _("it has no run.json, as a run's folder has (%s)")
                                   : _("its run.json cannot be read (%s)"),
                   g_strerror (errno));
  if (!S_ISREG (about.st_mode) || about.st_size > MAX_BYTES)
    return refuse (error, folder, _("its run.json is no file of at most %d bytes"), MAX_BYTES);
  if (!g_file_get_contents (path, text, n_text, &problem))
    return refuse (error, folder, "%s", problem->message);
  for (gsize i = 0; i < *n_text; i++)
    n_brackets += (*text)[i] == '{' || (*text)[i] == '[';
  if (n_brackets > MAX_BRACKETS)
    return refuse (error, folder, _("its run.json has more than %d brackets"), MAX_BRACKETS);
  return TRUE;
}

/* The member @name where it is a plain value of @type, else NULL. */
static JsonNode *
find (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type
           ? node
           : NULL;
}

static char *
find_string (JsonObject *object, const char *name)
{
  JsonNode *node = find (object, name, G_TYPE_STRING);

  return node != NULL ? json_node_dup_string (node) : NULL;
}

static gint64
find_whole (JsonObject *object, const char *name)
{
  JsonNode *node = find (object, name, G_TYPE_INT64);

  return node != NULL ? MAX (0, json_node_get_int (node)) : 0;
}

static double
find_number (JsonObject *object, const char *name)
{
  JsonNode *node = find (object, name, G_TYPE_DOUBLE);
  double    value = node != NULL ? json_node_get_double (node) : (double) find_whole (object, name);

  return isfinite (value) && value > 0 ? value : 0;
}

typedef char *(*Convert) (const char *text);

static char *
copy (const char *text)
{
  return g_strdup (text);
}

static char **
find_list (JsonObject *object, const char *name, Convert convert)
{
  JsonNode               *node = json_object_get_member (object, name);
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode        *element = json_array_get_element (array, i);
      g_autofree char *item = NULL;

      if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING)
        {
          item = convert (json_node_get_string (element));
          g_strv_builder_add (list, item);
        }
    }
  return g_strv_builder_end (list);
}

/* Fields that are not known are of a newer Raqam, and left alone. */
static gboolean
read_fields (RaqamRun *self, JsonObject *object, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gint64 version = find_whole (object, "raqam_run");

  if (version == 0)
    return refuse (error, self->folder, _("its run.json lacks “raqam_run”"));
  if (version > VERSION)
    return refuse (error, self->folder,
                   _("a newer Raqam made it (format %" PRId64 "; this one reads %d)"),
                   version, VERSION);

  self->state = find_string (object, "state");
  if (self->state == NULL)
    return refuse (error, self->folder, _("its run.json lacks “state”"));
  self->recipe =
    raqam_recipe_parse_node (json_object_get_member (object, "recipe"), "run.json", &problem);
  if (self->recipe == NULL)
    return refuse (error, self->folder, "%s", problem->message);
  self->name = find_string (object, "name");
  if (self->name == NULL)
    self->name = g_path_get_basename (self->folder);
  self->message = find_string (object, "message");
  self->notes = find_string (object, "notes");
  self->tags = find_list (object, "tags", copy);
  self->data = find_list (object, "data", path_from_text);
  self->data_checksum = find_string (object, "data_checksum");
  self->step = (guint64) find_whole (object, "step");
  self->epoch = find_number (object, "epoch");
  self->created = find_whole (object, "created");
  self->changed = find_whole (object, "changed");
  return TRUE;
}

RaqamRun *
raqam_run_load (const char *folder, GError **error)
{
  g_autoptr (RaqamRun)   self = NULL;
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError)     problem = NULL;
  g_autofree char       *text = NULL;
  JsonNode              *root;
  gsize                  n_text;

  g_return_val_if_fail (folder != NULL, NULL);

  if (!read_text (folder, &text, &n_text, error))
    return NULL;
  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, (gssize) n_text, &problem))
    {
      refuse (error, folder, _("its run.json is damaged: %s"), problem->message);
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      refuse (error, folder, _("its run.json is damaged: there is no object in it"));
      return NULL;
    }

  self = g_new0 (RaqamRun, 1);
  self->folder = g_strdup (folder);
  if (!read_fields (self, json_node_get_object (root), error))
    return NULL;
  return g_steal_pointer (&self);
}

/* A member after the first; @string may be NULL, which is left out. */
static void
append_string (GString *text, const char *name, const char *string)
{
  g_autofree char *valid = string != NULL ? g_utf8_make_valid (string, -1) : NULL;

  if (valid == NULL)
    return;
  g_string_append_printf (text, ",\n  \"%s\": ", name);
  raqam_json_append_string (text, valid);
}

static void
append_list (GString *text, const char *name, char **list, Convert convert)
{
  g_string_append_printf (text, ",\n  \"%s\": [", name);
  for (int i = 0; list != NULL && list[i] != NULL; i++)
    {
      g_autofree char *item = convert (list[i]);
      g_autofree char *valid = g_utf8_make_valid (item, -1);

      g_string_append (text, i > 0 ? ", " : "");
      raqam_json_append_string (text, valid);
    }
  g_string_append_c (text, ']');
}

static GString *
to_json (const RaqamRun *self)
{
  g_autofree char *recipe = raqam_recipe_to_json (self->recipe);
  char epoch[G_ASCII_DTOSTR_BUF_SIZE];
  GString *text = g_string_new ("{");

  g_string_append_printf (text, "\n  \"raqam_run\": %d", VERSION);
  append_string (text, "name", self->name);
  append_string (text, "state", self->state);
  append_string (text, "message", self->message);
  g_string_append_printf (text, ",\n  \"step\": %" PRIu64, self->step);
  g_string_append_printf (text, ",\n  \"epoch\": %s",
                          g_ascii_dtostr (epoch, sizeof epoch, self->epoch));
  g_string_append_printf (text, ",\n  \"created\": %" PRId64, self->created);
  g_string_append_printf (text, ",\n  \"changed\": %" PRId64, self->changed);
  append_string (text, "notes", self->notes);
  if (self->tags != NULL && self->tags[0] != NULL)
    append_list (text, "tags", self->tags, copy);
  append_list (text, "data", self->data, path_to_text);
  append_string (text, "data_checksum", self->data_checksum);
  g_string_append_printf (text, ",\n  \"recipe\": %s\n}\n", g_strchomp (recipe));
  return text;
}

gboolean
raqam_run_save (const RaqamRun *self, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (GString) text = NULL;
  g_autoptr (GError) problem = NULL;

  g_return_val_if_fail (self != NULL && self->folder != NULL && self->state != NULL, FALSE);
  g_return_val_if_fail (self->recipe != NULL && isfinite (self->epoch), FALSE);

  path = g_build_filename (self->folder, "run.json", NULL);
  text = to_json (self);
  if (raqam_file_replace (path, text->str, text->len, &problem))
    return TRUE;
  g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_RUN, problem->message);
  return FALSE;
}

void
raqam_run_free (RaqamRun *self)
{
  if (self == NULL)
    return;
  g_free (self->folder);
  g_free (self->name);
  g_free (self->state);
  g_free (self->message);
  g_free (self->notes);
  g_strfreev (self->tags);
  g_clear_pointer (&self->recipe, raqam_recipe_free);
  g_strfreev (self->data);
  g_free (self->data_checksum);
  g_free (self);
}
