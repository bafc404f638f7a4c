/* recipe-parse.c — from JSON to a recipe.
 * SPDX-License-Identifier: MIT */

#include "engine/recipe-fields.h"
#include "engine/recipe-json.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#define MAX_BYTES (256 * 1024)

/* json-glib before 1.10 recurses as deep as the text nests. */
#define MAX_BRACKETS 1000

static gboolean
wrong_type (GError **error, const char *where, const char *name, const char *wanted)
{
  return raqam_recipe_refuse (error, where, _("“%s” must be %s"), name, wanted);
}

static char *
list_names (const char *const *names)
{
  g_autofree char *joined = g_strjoinv ("”, “", (char **) names);

  return g_strdup_printf ("“%s”", joined);
}

/* A number, in *@value; whole ones to 2⁶³ exactly, in *@whole too. */
static gboolean
get_number (double *value, gint64 *whole, JsonNode *node)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_INT64)
    {
      *whole = json_node_get_int (node);
      *value = (double) *whole;
      return TRUE;
    }
  if (type == G_TYPE_DOUBLE)
    {
      *value = json_node_get_double (node);
      *whole = fabs (*value) < 9e15 ? (gint64) *value : -1;
      return TRUE;
    }
  return FALSE;
}

static gboolean
parse_choice (int *choice, JsonNode *node, const char *name, const char *const *names,
              const char *where, GError **error)
{
  g_autofree char *list = NULL;
  const char *found = NULL;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    found = json_node_get_string (node);

  for (int i = 0; found != NULL && names[i] != NULL; i++)
    if (strcmp (found, names[i]) == 0)
      {
        *choice = i;
        return TRUE;
      }

  list = list_names (names);
  if (found == NULL)
    return raqam_recipe_refuse (error, where, _("“%s” must be one of %s"), name, list);
  return raqam_recipe_refuse (error, where,
                              _("“%s” is “%.40s”; it must be one of %s"), name, found, list);
}

static gboolean
parse_field (gpointer target, const RaqamField *field, JsonNode *node, const char *where,
             GError **error)
{
  gpointer out = (char *) target + field->offset;
  double number = 0;
  gint64 whole = 0;

  switch (field->type)
    {
    case RAQAM_FIELD_FLAG:
      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
        return wrong_type (error, where, field->name, _("true or false"));
      *(gboolean *) out = json_node_get_boolean (node);
      return TRUE;

    case RAQAM_FIELD_CHOICE:
      return parse_choice (out, node, field->name, field->choices, where, error);

    case RAQAM_FIELD_SEED:
      if (!get_number (&number, &whole, node) || number != (double) whole || whole < 0)
        return wrong_type (error, where, field->name,
                           _ ("a whole number between 0 and 9223372036854775807"));
      *(guint64 *) out = (guint64) whole;
      return TRUE;

    case RAQAM_FIELD_INTEGER:
      if (!get_number (&number, &whole, node) || number != floor (number))
        return wrong_type (error, where, field->name, _("a whole number"));
      if (!raqam_field_check_range (field, number, where, error))
        return FALSE;
      *(int *) out = (int) number;
      return TRUE;

    case RAQAM_FIELD_NUMBER:
      if (!get_number (&number, &whole, node))
        return wrong_type (error, where, field->name, _("a number"));
      if (!raqam_field_check_range (field, number, where, error))
        return FALSE;
      *(float *) out = (float) number;
      return TRUE;

    default:
      g_assert_not_reached ();
    }
}

static void
preset_field (gpointer target, const RaqamField *field)
{
  gpointer out = (char *) target + field->offset;

  if (field->type == RAQAM_FIELD_NUMBER)
    *(float *) out = (float) field->preset;
  else if (field->type == RAQAM_FIELD_SEED)
    *(guint64 *) out = (guint64) field->preset;
  else
    *(int *) out = (int) field->preset;
}

static gboolean
refuse_unknown (JsonObject *object, const RaqamFieldGroup *group, const char *const *others,
                const char *where, GError **error)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  g_autoptr (GList) members = json_object_get_members (object);

  for (guint i = 0; i < group->n_fields; i++)
    g_ptr_array_add (known, (gpointer) group->fields[i].name);
  for (guint i = 0; others[i] != NULL; i++)
    g_ptr_array_add (known, (gpointer) others[i]);
  g_ptr_array_add (known, NULL);

  for (const GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains ((const char *const *) known->pdata, member->data))
      return raqam_recipe_refuse (error, where,
                                  _("there is no field “%.40s” here; the nearest one is “%s”"),
                     (const char *) member->data,
                     raqam_nearest_name (member->data, (const char *const *) known->pdata));
  return TRUE;
}

/* @others: fields of @object that the caller reads. */
static gboolean
parse_group (gpointer target, JsonObject *object, const RaqamFieldGroup *group,
             const char *const *others, const char *where, GError **error)
{
  if (!refuse_unknown (object, group, others, where, error))
    return FALSE;

  for (guint i = 0; i < group->n_fields; i++)
    {
      const RaqamField *field = &group->fields[i];
      JsonNode *node = json_object_get_member (object, field->name);
      gboolean applies = raqam_field_applies (field, target);

      if (node != NULL && !applies)
        return raqam_recipe_refuse (error, where,
                       field->when == RAQAM_FIELD_WITH_SLOPE
                         ? _ ("“%s” goes with the activation “leaky_relu” only")
                         : _ ("“%s” goes with a norm only"),
                       field->name);
      if (node == NULL && isnan (field->preset))
        return raqam_recipe_refuse (error, where, _("“%s” is missing"), field->name);

      if (node != NULL && !parse_field (target, field, node, where, error))
        return FALSE;
      if (node == NULL && applies)
        preset_field (target, field);
    }
  return TRUE;
}

/* Takes the field that says of which kind an object is. */
static gboolean
parse_kind (int *kind, JsonObject *object, const char *name, const char *const *kinds,
            const char *where, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL)
    return raqam_recipe_refuse (error, where, _("“%s” is missing"), name);
  return parse_choice (kind, node, name, kinds, where, error);
}

static gboolean
parse_layer (RaqamLayer *layer, JsonNode *node, const char *where, GError **error)
{
  static const char *const others[] = { "layer", NULL };
  JsonObject *object;
  int kind;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return raqam_recipe_refuse (error, where,
                                _("a layer must be an object: {\"layer\": \"dense\", …}"));

  object = json_node_get_object (node);
  if (!parse_kind (&kind, object, "layer", raqam_layer_kinds, where, error)
      || !parse_group (layer, object, &raqam_layer_kind_fields[kind], others, where, error))
    return FALSE;

  layer->kind = (RaqamBlockKind) kind;
  layer->width = layer->height;
  if (layer->kind == RAQAM_BLOCK_HEAD)
    layer->filters = 1;
  if ((int) layer->activation == RAQAM_CHOICE_RELU)
    layer->activation = RAQAM_ACTIVATION_LEAKY_RELU;
  return TRUE;
}

static gboolean
parse_layers (RaqamLayer *layers, int *n_layers, JsonObject *object, const char *name,
              const char *origin, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array;
  guint n;

  if (node == NULL)
    return raqam_recipe_refuse (error, origin, _("“%s” is missing"), name);
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return wrong_type (error, origin, name, _("a list of layers: [ … ]"));

  array = json_node_get_array (node);
  n = json_array_get_length (array);
  if (n > RAQAM_MAX_LAYERS)
    return raqam_recipe_refuse (error, origin,
                                _ ("“%s” has %u layers; it must have 2 to %d"), name, n,
                   RAQAM_MAX_LAYERS);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *where = g_strdup_printf (_("%s: %s, layer %u"), origin, name, i + 1);

      if (!parse_layer (&layers[i], json_array_get_element (array, i), where, error))
        return FALSE;
    }
  *n_layers = (int) n;
  return TRUE;
}

static gboolean
parse_rates (RaqamSchedule *schedule, JsonObject *object, const char *where, GError **error)
{
  JsonNode *node = json_object_get_member (object, "rates");
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return wrong_type (error, where, "rates",
                       _ ("a list of pairs: [[generator's, discriminator's], …]"));

  array = json_node_get_array (node);
  if (json_array_get_length (array) > RAQAM_MAX_RATES)
    return raqam_recipe_refuse (error, where, _("“rates” has %u pairs; it must have 1 to %d"),
                   json_array_get_length (array), RAQAM_MAX_RATES);

  schedule->n_rates = (int) json_array_get_length (array);
  for (int i = 0; i < schedule->n_rates; i++)
    {
      JsonNode *pair = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_ARRAY (pair) || json_array_get_length (json_node_get_array (pair)) != 2)
        return wrong_type (error, where, "rates",
                           _ ("a list of pairs: [[generator's, discriminator's], …]"));
      for (guint side = 0; side < 2; side++)
        if (!parse_field (&schedule->rates[i][side], &raqam_rate_field,
                          json_array_get_element (json_node_get_array (pair), side), where, error))
          return FALSE;
    }
  return TRUE;
}

/* The object under @name; an empty one where there is none. */
static JsonObject *
get_object (JsonObject *object, const char *name, const char *origin, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL)
    return json_object_new ();
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_object_ref (json_node_get_object (node));
  wrong_type (error, origin, name, _("an object: { … }"));
  return NULL;
}

static gboolean
parse_schedule (RaqamSchedule *schedule, JsonObject *object, const char *where, GError **error)
{
  static const char *const plain[] = { "kind", NULL };
  static const char *const steps[] = { "kind", "rates", NULL };
  int kind = RAQAM_SCHEDULE_CONSTANT;

  if (json_object_get_size (object) > 0
      && !parse_kind (&kind, object, "kind", raqam_schedule_kinds, where, error))
    return FALSE;

  schedule->kind = (RaqamScheduleKind) kind;
  return parse_group (schedule, object, &raqam_schedule_kind_fields[kind],
                      kind == RAQAM_SCHEDULE_STEPS ? steps : plain, where, error)
         && (kind != RAQAM_SCHEDULE_STEPS || parse_rates (schedule, object, where, error));
}

static gboolean
parse_initial (RaqamRecipe *self, JsonObject *object, const char *where, GError **error)
{
  static const char *const others[] = { "kind", NULL };
  int kind = RAQAM_INITIAL_GLOROT_UNIFORM;

  if (json_object_get_size (object) > 0
      && !parse_kind (&kind, object, "kind", raqam_initial_kinds, where, error))
    return FALSE;

  self->initial = (RaqamInitial) kind;
  return parse_group (self, object, &raqam_initial_kind_fields[kind], others, where, error);
}

static gboolean
parse_objects (RaqamRecipe *self, JsonObject *object, const char *origin, GError **error)
{
  static const char *const none[] = { NULL };
  static const char *const names[] = { "initial_weights", "norm", "optimizer", "schedule" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *where = g_strdup_printf ("%s: %s", origin, names[i]);
      g_autoptr (JsonObject) child = get_object (object, names[i], origin, error);

      if (child == NULL || (i == 0 && !parse_initial (self, child, where, error))
          || (i == 1 && !parse_group (self, child, &raqam_norm_fields, none, where, error))
          || (i == 2 && !parse_group (self, child, &raqam_optimizer_fields, none, where, error))
          || (i == 3 && !parse_schedule (&self->schedule, child, where, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_text (char **text, JsonObject *object, const char *name, const char *preset,
            const char *origin, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node != NULL
      && (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING))
    return wrong_type (error, origin, name, _("a text"));

  *text = g_strdup (node != NULL ? json_node_get_string (node) : preset);
  return TRUE;
}

static gboolean
parse_recipe (RaqamRecipe *self, JsonObject *object, const char *origin, GError **error)
{
  static const char *const others[] = {
    "name",      "title",    "description", "initial_weights", "norm",
    "optimizer", "schedule", "generator",   "discriminator",   NULL,
  };

  return parse_group (self, object, &raqam_recipe_fields, others, origin, error)
         && parse_text (&self->name, object, "name", "custom", origin, error)
         && parse_text (&self->title, object, "title", self->name, origin, error)
         && parse_text (&self->description, object, "description", "", origin, error)
         && parse_objects (self, object, origin, error)
         && parse_layers (self->generator, &self->n_generator, object, "generator", origin, error)
         && parse_layers (self->discriminator, &self->n_discriminator, object, "discriminator",
                          origin, error);
}

/* What json-glib should not be given at all. */
static gboolean
check_text_size (const char *json, const char *origin, GError **error)
{
  gsize n_brackets = 0, n_bytes = 0;

  for (; json[n_bytes] != '\0' && n_bytes <= MAX_BYTES; n_bytes++)
    n_brackets += json[n_bytes] == '[' || json[n_bytes] == '{';

  if (n_bytes > MAX_BYTES || n_brackets > MAX_BRACKETS)
    return raqam_recipe_refuse (
      error, origin,
      _ ("this is too large to be a recipe: at most %d bytes and %d brackets are read"), MAX_BYTES,
      MAX_BRACKETS);
  return TRUE;
}

RaqamRecipe *
raqam_recipe_parse_node (JsonNode *node, const char *origin, GError **error)
{
  g_autoptr (RaqamRecipe) self = NULL;

  g_return_val_if_fail (origin != NULL, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      raqam_recipe_refuse (error, origin, _("a recipe is one JSON object: { … }"));
      return NULL;
    }

  self = g_new0 (RaqamRecipe, 1);
  if (!parse_recipe (self, json_node_get_object (node), origin, error)
      || !raqam_recipe_check (self, origin, error))
    return NULL;
  return g_steal_pointer (&self);
}

RaqamRecipe *
raqam_recipe_parse (const char *json, const char *origin, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) problem = NULL;

  g_return_val_if_fail (json != NULL && origin != NULL, NULL);

  if (!check_text_size (json, origin, error))
    return NULL;

  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, json, -1, &problem))
    {
      raqam_recipe_refuse (error, origin, _("this is not JSON: %s"), problem->message);
      return NULL;
    }
  return raqam_recipe_parse_node (json_parser_get_root (parser), origin, error);
}
