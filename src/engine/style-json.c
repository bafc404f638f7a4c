/* style-json.c — styles from JSON and to it.
 * SPDX-License-Identifier: MIT */

#include "engine/style-json.h"

#include "engine/error.h"
#include "engine/json-text.h"
#include "engine/recipe-fields.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#define VERSION 1
#define MAX_DIGIT 9

/* json-glib before 1.10 recurses as deep as the text nests. */
#define MAX_DEPTH 16

gboolean
raqam_json_refuse (GError **error, const char *where, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA, "%s: %s", where, message);
  return FALSE;
}

/* Brackets in strings count too: no name of ours has as many of them. */
static gboolean
is_deep (const char *json, gsize size)
{
  int depth = 0;

  for (gsize i = 0; i < size; i++)
    {
      depth += json[i] == '[' || json[i] == '{';
      depth -= (json[i] == ']' || json[i] == '}') && depth > 0;
      if (depth > MAX_DEPTH)
        return TRUE;
    }
  return FALSE;
}

const char *
raqam_json_get_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
             && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static gboolean
get_number (double *value, JsonNode *node)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_INT64)
    *value = (double) json_node_get_int (node);
  else if (type == G_TYPE_DOUBLE)
    *value = json_node_get_double (node);
  else
    return FALSE;
  return isfinite (*value);
}

gboolean
raqam_json_get_number (JsonObject *object, const char *name, double *value)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && get_number (value, node);
}

JsonNode *
raqam_json_read (const char *json, gsize size, const char *kind, gsize max, const char *origin,
                 GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) problem = NULL;
  JsonNode *root;
  double version;

  if (size > max || is_deep (json, size))
    {
      raqam_json_refuse (error, origin, _("this is too large, or too deeply nested, to be read"));
      return NULL;
    }
  if (!g_utf8_validate (json, (gssize) size, NULL)
      || !json_parser_load_from_data (parser, json, (gssize) size, &problem))
    {
      raqam_json_refuse (error, origin, _("this is not JSON: %s"),
                         problem != NULL ? problem->message : _("it is not UTF-8"));
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)
      || g_strcmp0 (raqam_json_get_string (json_node_get_object (root), "raqam"), kind) != 0
      || !raqam_json_get_number (json_node_get_object (root), "version", &version))
    {
      raqam_json_refuse (error, origin,
                         _("Raqam has not written this: there is no “raqam” that is “%s”"), kind);
      return NULL;
    }
  if (version > VERSION)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN,
                   _("%s: a later version of Raqam has written this, and only that can read it"),
                   origin);
      return NULL;
    }
  return json_parser_steal_root (parser);
}

/* A whole number in *@out; @preset where there is none. */
static gboolean
parse_whole (int *out, JsonObject *object, const char *name, int max, int preset,
             const char *where, GError **error)
{
  double value = preset;

  if ((json_object_has_member (object, name) && !raqam_json_get_number (object, name, &value))
      || value != floor (value) || value < 0 || value > max)
    return raqam_json_refuse (error, where, _("“%s” must be a whole number from 0 to %d"), name,
                              max);
  *out = (int) value;
  return TRUE;
}

static gboolean
parse_numbers (RaqamStyle *style, JsonObject *object, const char *where, GError **error)
{
  JsonNode *node = json_object_get_member (object, "z");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                                  : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;
  double latent = n;

  if (n < 1 || n > RAQAM_MAX_LATENT)
    return raqam_json_refuse (error, where, _("“z” must be a list of 1 to %d numbers"),
                              RAQAM_MAX_LATENT);
  if (json_object_has_member (object, "latent")
      && (!raqam_json_get_number (object, "latent", &latent) || latent != n))
    return raqam_json_refuse (error, where, _("“latent” does not say how many numbers “z” has, %u"),
                              n);
  style->latent = (int) n;
  for (guint i = 0; i < n; i++)
    {
      double value;

      if (!get_number (&value, json_array_get_element (array, i)) || !isfinite ((float) value))
        return raqam_json_refuse (error, where, _("number %u of “z” is none"), i + 1);
      style->z[i] = (float) value;
    }
  return TRUE;
}

static gboolean
parse_style (RaqamStyle *style, JsonObject *object, const char *where, GError **error)
{
  double truncation = 1;

  raqam_style_init (style, 0, 0);
  if (!json_object_has_member (object, "digit"))
    return raqam_json_refuse (error, where, _("there is no “digit”"));
  if (!parse_whole (&style->digit, object, "digit", MAX_DIGIT, 0, where, error)
      || !parse_whole (&style->other, object, "other", MAX_DIGIT, style->digit, where,
                       error)
      || !parse_whole (&style->mix, object, "mix", RAQAM_MIX_MAX, 0, where, error))
    return FALSE;
  if ((json_object_has_member (object, "truncation")
       && !raqam_json_get_number (object, "truncation", &truncation))
      || truncation < 0 || truncation > RAQAM_TRUNCATION_MAX)
    return raqam_json_refuse (error, where, _("“truncation” must be a number from 0 to 1.5"));
  style->truncation = (float) truncation;
  return parse_numbers (style, object, where, error);
}

RaqamStyleRecord *
raqam_style_record_parse (JsonObject *object, const char *where, GError **error)
{
  g_autoptr (RaqamStyleRecord) self = g_new0 (RaqamStyleRecord, 1);
  double step = 0;

  if (!parse_style (&self->style, object, where, error))
    return NULL;
  self->model = g_strdup (raqam_json_get_string (object, "model"));
  self->recipe = g_strdup (raqam_json_get_string (object, "recipe"));
  self->generator = g_strdup (raqam_json_get_string (object, "generator"));
  if (raqam_json_get_number (object, "step", &step) && step >= 0 && step < 1e15)
    self->step = (guint64) step;
  raqam_json_get_number (object, "epoch", &self->epoch);
  return g_steal_pointer (&self);
}

/* json-glib takes "-0" for the whole number 0. */
static void
append_float (GString *text, float value)
{
  if (value == 0 && signbit (value))
    g_string_append (text, "-0.0");
  else
    raqam_append_number (text, value);
}

static void
append_known (GString *text, const char *name, const char *value, const char *indent)
{
  if (value == NULL)
    return;
  g_string_append_printf (text, ",%s\"%s\": ", indent, name);
  raqam_json_append_string (text, value);
}

void
raqam_style_record_append (GString *text, const RaqamStyleRecord *self, const char *indent)
{
  const RaqamStyle *style = &self->style;
  char epoch[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (text, "\"digit\": %d,%s\"other\": %d,%s\"mix\": %d,%s\"truncation\": ",
                          style->digit, indent, style->other, indent, style->mix, indent);
  append_float (text, style->truncation);
  g_string_append_printf (text, ",%s\"latent\": %d,%s\"z\": [", indent, style->latent, indent);
  for (int i = 0; i < style->latent; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      append_float (text, style->z[i]);
    }
  g_string_append_c (text, ']');
  append_known (text, "model", self->model, indent);
  append_known (text, "recipe", self->recipe, indent);
  append_known (text, "generator", self->generator, indent);
  g_string_append_printf (text, ",%s\"step\": %" G_GUINT64_FORMAT ",%s\"epoch\": %s", indent,
                          self->step, indent, g_ascii_dtostr (epoch, sizeof epoch, self->epoch));
}
