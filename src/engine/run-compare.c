/* run-compare.c — how runs stand, and in which settings they differ.
 * SPDX-License-Identifier: MIT */

#include "engine/run-compare.h"

#include "engine/timeline.h"

#include <math.h>
#include <string.h>

#include <json-glib/json-glib.h>

typedef struct
{
  GPtrArray *settings;
  GHashTable *by_name; /* the same, not owned */
  guint n_runs;
  guint run;           /* whose recipe is being read */
} Gathering;

typedef struct
{
  RaqamRunSetting setting;
  guint n_values;
} Setting;

void
raqam_run_figures_read (RaqamRunFigures *figures, const char *folder)
{
  g_autoptr (GArray) timeline = raqam_timeline_read (folder);
  int best = raqam_timeline_best (timeline);

  *figures = (RaqamRunFigures){ NAN, NAN, NAN, NAN, NAN, NAN };
  if (timeline->len > 0)
    {
      const RaqamQuality *last = &g_array_index (timeline, RaqamQuality, timeline->len - 1);

      figures->accuracy = last->accuracy.all;
      figures->frechet = last->frechet.all;
      figures->judged_epoch = last->epoch;
    }
  if (best >= 0)
    {
      const RaqamQuality *quality = &g_array_index (timeline, RaqamQuality, best);

      figures->best_accuracy = quality->accuracy.all;
      figures->best_frechet = quality->frechet.all;
      figures->best_epoch = quality->epoch;
    }
}

static void
setting_free (gpointer data)
{
  Setting *setting = data;

  for (guint i = 0; i < setting->n_values; i++)
    g_free (setting->setting.values[i]);
  g_free (setting->setting.values);
  g_free (setting->setting.name);
  g_free (setting);
}

static void
put (Gathering *self, const char *name, char *value)
{
  Setting *setting = g_hash_table_lookup (self->by_name, name);

  if (setting == NULL)
    {
      setting = g_new0 (Setting, 1);
      setting->setting.name = g_strdup (name);
      setting->setting.values = g_new0 (char *, self->n_runs);
      setting->n_values = self->n_runs;
      g_hash_table_insert (self->by_name, setting->setting.name, setting);
      g_ptr_array_add (self->settings, setting);
    }
  g_free (setting->setting.values[self->run]);
  setting->setting.values[self->run] = value;
}

/* A recipe's numbers are floats in shortest form, which 15 digits keep. */
static char *
value_to_text (JsonNode *node)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (!JSON_NODE_HOLDS_VALUE (node))
    return g_strdup ("null");
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return json_node_dup_string (node);
    case G_TYPE_BOOLEAN:
      return g_strdup (json_node_get_boolean (node) ? "true" : "false");
    case G_TYPE_INT64:
      return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
    default:
      return g_strdup (
        g_ascii_formatd (buffer, sizeof buffer, "%.15g", json_node_get_double (node)));
    }
}

static void gather (Gathering *self, const char *name, JsonNode *node);

static void
gather_object (Gathering *self, const char *name, JsonObject *object)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &member, &node))
    {
      g_autofree char *inner = g_strconcat (name, *name != '\0' ? "." : "", member, NULL);

      if (!g_str_equal (inner, "title") && !g_str_equal (inner, "description"))
        gather (self, inner, node);
    }
}

static void
gather (Gathering *self, const char *name, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    gather_object (self, name, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      {
        g_autofree char *inner = g_strdup_printf ("%s.%u", name, i + 1);

        gather (self, inner, json_array_get_element (json_node_get_array (node), i));
      }
  else
    put (self, name, value_to_text (node));
}

static void
gather_run (Gathering *self, const RaqamRun *run)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *json = raqam_recipe_to_json (run->recipe);
  gboolean parsed = json_parser_load_from_data (parser, json, -1, NULL);

  g_assert (parsed);
  gather (self, "", json_parser_get_root (parser));
  if (run->data_checksum != NULL)
    put (self, "data_checksum", g_strdup (run->data_checksum));
}

static gboolean
all_agree (const Setting *setting)
{
  for (guint i = 1; i < setting->n_values; i++)
    if (g_strcmp0 (setting->setting.values[i], setting->setting.values[0]) != 0)
      return FALSE;
  return TRUE;
}

GPtrArray *
raqam_run_settings (const RaqamRun *const *runs, guint n_runs, gboolean differing)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  Gathering self = { .settings = g_ptr_array_new_with_free_func (setting_free),
                     .by_name = by_name,
                     .n_runs = n_runs };

  for (self.run = 0; self.run < n_runs; self.run++)
    gather_run (&self, runs[self.run]);
  for (guint i = self.settings->len; differing && i > 0; i--)
    if (all_agree (self.settings->pdata[i - 1]))
      g_ptr_array_remove_index (self.settings, i - 1);
  return self.settings;
}
