/* recipe-write.c — from a recipe to JSON, laid out as a person would.
 * SPDX-License-Identifier: MIT */

#include "engine/json-text.h"
#include "engine/recipe-fields.h"

static void
append_value (GString *text, const RaqamField *field, gconstpointer value)
{
  switch (field->type)
    {
    case RAQAM_FIELD_INTEGER:
      g_string_append_printf (text, "%d", *(const int *) value);
      break;
    case RAQAM_FIELD_SEED:
      g_string_append_printf (text, "%" G_GUINT64_FORMAT, *(const guint64 *) value);
      break;
    case RAQAM_FIELD_NUMBER:
      raqam_append_number (text, *(const float *) value);
      break;
    case RAQAM_FIELD_FLAG:
      g_string_append (text, *(const gboolean *) value ? "true" : "false");
      break;
    case RAQAM_FIELD_CHOICE:
      raqam_json_append_string (text, field->choices[*(const int *) value]);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* What a layer does not do need not be said. */
static gboolean
is_off (const RaqamField *field, gconstpointer value)
{
  if (field->preset != 0 || field->type == RAQAM_FIELD_INTEGER || field->type == RAQAM_FIELD_SEED)
    return FALSE;
  return field->type == RAQAM_FIELD_NUMBER ? *(const float *) value == 0
                                           : *(const int *) value == 0;
}

static void
append_layer (GString *text, const RaqamLayer *layer)
{
  const RaqamFieldGroup *group = &raqam_layer_kind_fields[layer->kind];

  g_string_append_printf (text, "{\"layer\": \"%s\"", raqam_layer_kinds[layer->kind]);
  for (guint i = 0; i < group->n_fields; i++)
    {
      const RaqamField *field = &group->fields[i];
      gconstpointer value = (const char *) layer + field->offset;

      if (raqam_field_applies (field, layer) && !is_off (field, value))
        {
          g_string_append_printf (text, ", \"%s\": ", field->name);
          append_value (text, field, value);
        }
    }
  g_string_append_c (text, '}');
}

static void
append_group (GString *text, const RaqamFieldGroup *group, gconstpointer target,
              const char *separator)
{
  for (guint i = 0; i < group->n_fields; i++)
    {
      const RaqamField *field = &group->fields[i];

      if (text->str[text->len - 1] != '{')
        g_string_append (text, separator);
      g_string_append_printf (text, "\"%s\": ", field->name);
      append_value (text, field, (const char *) target + field->offset);
    }
}

static void
append_layers (GString *text, const char *name, const RaqamLayer *layers, int n)
{
  g_string_append_printf (text, ",\n  \"%s\": [", name);
  for (int i = 0; i < n; i++)
    {
      RaqamLayer layer = layers[i];

      if (layer.activation == RAQAM_ACTIVATION_LEAKY_RELU && layer.slope == 0)
        layer.activation = RAQAM_CHOICE_RELU;
      g_string_append (text, i > 0 ? ",\n    " : "\n    ");
      append_layer (text, &layer);
    }
  g_string_append (text, "\n  ]");
}

static void
append_schedule (GString *text, const RaqamSchedule *schedule)
{
  g_string_append_printf (text, ",\n  \"schedule\": {\"kind\": \"%s\"",
                          raqam_schedule_kinds[schedule->kind]);
  append_group (text, &raqam_schedule_kind_fields[schedule->kind], schedule, ", ");

  if (schedule->kind == RAQAM_SCHEDULE_STEPS)
    {
      g_string_append (text, ", \"rates\": [");
      for (int i = 0; i < schedule->n_rates; i++)
        {
          g_string_append (text, i > 0 ? ", [" : "[");
          raqam_append_number (text, schedule->rates[i][0]);
          g_string_append (text, ", ");
          raqam_append_number (text, schedule->rates[i][1]);
          g_string_append_c (text, ']');
        }
      g_string_append_c (text, ']');
    }
  g_string_append_c (text, '}');
}

char *
raqam_recipe_to_json (const RaqamRecipe *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new ("{\n  \"name\": ");
  raqam_json_append_string (text, self->name);
  g_string_append (text, ",\n  \"title\": ");
  raqam_json_append_string (text, self->title);
  g_string_append (text, ",\n  \"description\": ");
  raqam_json_append_string (text, self->description);
  append_group (text, &raqam_recipe_fields, self, ",\n  ");

  g_string_append (text, ",\n  \"norm\": {");
  append_group (text, &raqam_norm_fields, self, ", ");
  g_string_append (text, "},\n  \"optimizer\": {");
  append_group (text, &raqam_optimizer_fields, self, ", ");
  g_string_append_c (text, '}');
  append_schedule (text, &self->schedule);
  g_string_append_printf (text, ",\n  \"initial_weights\": {\"kind\": \"%s\"",
                          raqam_initial_kinds[self->initial]);
  append_group (text, &raqam_initial_kind_fields[self->initial], self, ", ");
  g_string_append_c (text, '}');

  append_layers (text, "generator", self->generator, self->n_generator);
  append_layers (text, "discriminator", self->discriminator, self->n_discriminator);
  g_string_append (text, "\n}\n");
  return g_string_free (text, FALSE);
}
