/* style-record.c — a style written down: JSON, by itself or inside a PNG.
 * SPDX-License-Identifier: MIT */

#include "engine/style-record.h"

#include "engine/error.h"
#include "engine/json-text.h"
#include "engine/network.h"
#include "engine/style-json.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#define KIND "style"
#define MAX_BYTES (1024 * 1024)
#define INDENT "\n  "

static const guint8 PNG_SIGNATURE[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };

/* A checkpoint is called by its run: FOLDER of "…/FOLDER/checkpoints/step-….safetensors". */
static char *
name_of (const RaqamModel *model)
{
  g_autofree char *folder = g_path_get_dirname (model->origin);
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *run = g_path_get_dirname (folder);

  return g_path_get_basename (g_str_equal (name, "checkpoints") ? run : model->origin);
}

RaqamStyleRecord *
raqam_style_record_new (const RaqamStyle *style, const RaqamModel *model, gboolean checksum)
{
  RaqamStyleRecord *self = g_new0 (RaqamStyleRecord, 1);
  RaqamNetworkSpec spec;

  self->style = *style;
  if (model == NULL)
    return self;
  self->model = name_of (model);
  self->recipe = g_strdup (model->recipe->name);
  self->step = model->step;
  self->epoch = model->epoch;
  if (checksum)
    {
      raqam_network_spec_init (&spec, model->recipe, RAQAM_GENERATOR);
      self->generator = raqam_network_spec_checksum (&spec, model->params, model->state);
    }
  return self;
}

RaqamStyleRecord *
raqam_style_record_copy (const RaqamStyleRecord *self)
{
  RaqamStyleRecord *copy = g_new (RaqamStyleRecord, 1);

  *copy = *self;
  copy->model = g_strdup (self->model);
  copy->recipe = g_strdup (self->recipe);
  copy->generator = g_strdup (self->generator);
  return copy;
}

void
raqam_style_record_free (RaqamStyleRecord *self)
{
  g_free (self->model);
  g_free (self->recipe);
  g_free (self->generator);
  g_free (self);
}

char *
raqam_style_record_to_json (const RaqamStyleRecord *self, const char *program)
{
  GString *text = g_string_new ("{" INDENT "\"raqam\": \"" KIND "\"," INDENT "\"version\": 1," INDENT
                                "\"program\": ");

  raqam_json_append_string (text, program);
  g_string_append (text, "," INDENT);
  raqam_style_record_append (text, self, INDENT);
  g_string_append (text, "\n}\n");
  return g_string_free (text, FALSE);
}

/* What follows the key in a tEXt or iTXt chunk of (@size) bytes, NULL where it is another's. */
static const char *
chunk_text (gsize *text_size, const char *type, const char *data, gsize size)
{
  const gsize key = sizeof RAQAM_STYLE_PNG_KEY; /* with its end */
  gsize at = key;

  if (size < key || memcmp (data, RAQAM_STYLE_PNG_KEY, key) != 0)
    return NULL;
  if (memcmp (type, "iTXt", 4) == 0)
    {
      if (size < at + 2 || data[at] != 0)
        return NULL;
      at += 2;
      /* The language, and the key in that language. */
      for (int i = 0; i < 2; i++)
        {
          const char *end = memchr (data + at, '\0', size - at);

          if (end == NULL)
            return NULL;
          at = end + 1 - data;
        }
    }
  else if (memcmp (type, "tEXt", 4) != 0)
    return NULL;
  *text_size = size - at;
  return data + at;
}

/* Goes from chunk to chunk: length, type, data, checksum. */
static const char *
find_in_png (gsize *text_size, const char *png, gsize size)
{
  for (gsize at = sizeof PNG_SIGNATURE; size - at >= 12;)
    {
      guint32 length;
      const char *text;

      memcpy (&length, png + at, 4);
      length = GUINT32_FROM_BE (length);
      if (length > size - at - 12)
        return NULL;
      text = chunk_text (text_size, png + at + 4, png + at + 8, length);
      if (text != NULL)
        return text;
      at += 12 + (gsize) length;
    }
  return NULL;
}

RaqamStyleRecord *
raqam_style_record_read (gconstpointer data, gsize size, const char *origin, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  const char *json = data;
  gsize json_size = size;

  if (size >= sizeof PNG_SIGNATURE && memcmp (data, PNG_SIGNATURE, sizeof PNG_SIGNATURE) == 0)
    json = find_in_png (&json_size, data, size);
  if (json == NULL)
    {
      raqam_json_refuse (error, origin,
                         _("this picture carries no vector: Raqam has not saved it"));
      return NULL;
    }
  node = raqam_json_read (json, json_size, KIND, MAX_BYTES, origin, error);
  return node != NULL ? raqam_style_record_parse (json_node_get_object (node), origin, error)
                      : NULL;
}

gboolean
raqam_style_record_refuse_latent (const RaqamStyleRecord *self, int latent, GError **error)
{
  if (self->style.latent == latent)
    return FALSE;
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
               _("The vector has %d numbers and this model takes %d. Open a model that takes as "
                 "many, such as the one that the vector is from (%s)."),
               self->style.latent, latent, self->model != NULL ? self->model : "–");
  return TRUE;
}
