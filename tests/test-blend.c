/* test-blend.c — a model whose labels are the steps from one digit to another.
 * SPDX-License-Identifier: MIT
 *
 * What a mixed row must be is plain arithmetic on the tensors by their names and
 * shapes; what a mixed label must draw is what the model itself draws once one of
 * its digits has been overwritten by such rows.
 */

#include <string.h>

#include "engine/blend.h"
#include "engine/generator.h"
#include "engine/model-private.h"
#include "engine/philox.h"

#define FIRST 7
#define SECOND 2
#define N_STEPS 101

/* Its weights are those of the recipe's seed, but large enough that digits differ, and
 * its norms are anything. */
static RaqamModel *
make_model (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find (name, &error);
  RaqamTensorInfo tensors[RAQAM_MAX_TENSORS];
  RaqamNetworkSpec spec;
  RaqamModel *model;
  int n;

  g_assert_no_error (error);
  model = raqam_model_new (recipe);
  model->step = 12;
  model->epoch = 3.5;
  model->origin = g_strdup ("here");
  model->data_checksum = g_strdup ("abc");

  raqam_network_spec_init (&spec, recipe, RAQAM_GENERATOR);
  raqam_network_initialise (model->params, model->state, &spec, recipe);
  n = raqam_network_spec_tensors (tensors, &spec);
  for (int i = 0; i < n; i++)
    {
      float *values = (tensors[i].state ? model->state : model->params) + tensors[i].offset;

      for (gsize j = 0; j < tensors[i].n; j++)
        {
          float u = raqam_philox_uniform (raqam_philox (5, 0, (guint32) i, (guint32) j).word[0]);

          if (g_str_has_suffix (tensors[i].name, "norm.running_var"))
            values[j] = 0.05f + u;
          else if (tensors[i].fan == 0)
            values[j] += u - 0.5f;
          else
            values[j] *= 4;
        }
    }
  return model;
}

/* Whether number @j of @tensor belongs to one class; @class, and the number's place
 * among those of each class, are set. */
static gboolean
belongs_to_class (const RaqamTensorInfo *tensor, gsize j, const RaqamRecipe *recipe, int *class,
                  gsize *place)
{
  gsize columns = tensor->shape[1];

  *class = 0;
  *place = 0;
  if (g_str_equal (tensor->name, "0.weight"))
    {
      gsize column = j % columns;

      if (column < (gsize) recipe->latent)
        return FALSE;
      *class = (int) column - recipe->latent;
      *place = j / columns;
      return TRUE;
    }
  if (tensor->n_dims == 2 && strstr (tensor->name, ".norm.") != NULL)
    {
      *class = (int) (j / columns);
      *place = j % columns;
      return TRUE;
    }
  return FALSE;
}

/* Returns: where in @tensor the number @place of @class is; the reverse of the above */
static gsize
index_of (const RaqamTensorInfo *tensor, const RaqamRecipe *recipe, int class, gsize place)
{
  if (g_str_equal (tensor->name, "0.weight"))
    return place * tensor->shape[1] + recipe->latent + class;
  return class * tensor->shape[1] + place;
}

static float
mixed (const float *values, const RaqamTensorInfo *tensor, const RaqamRecipe *recipe, double t,
       gsize place)
{
  double first = values[index_of (tensor, recipe, FIRST, place)];
  double second = values[index_of (tensor, recipe, SECOND, place)];

  return (float) (first + t * (second - first));
}

static void
check_tensor (const RaqamTensorInfo *tensor, const float *values, const RaqamTensorInfo *from,
              const float *from_values, const RaqamRecipe *recipe, int n_steps, gsize *n_mixed)
{
  g_assert_cmpstr (tensor->name, ==, from->name);
  g_assert_cmpint (tensor->n_dims, ==, from->n_dims);

  for (gsize j = 0; j < tensor->n; j++)
    {
      gsize place;
      int class;

      if (belongs_to_class (tensor, j, recipe, &class, &place))
        {
          double t = (double) class / (n_steps - 1);
          float want = mixed (from_values, from, recipe, t, place);

          if (class == 0 || class == n_steps - 1)
            g_assert_cmpfloat (values[j], ==,
                               from_values[index_of (from, recipe, class == 0 ? FIRST : SECOND, place)]);
          g_assert_cmpfloat_with_epsilon (values[j], want, 1e-6f);
          ++*n_mixed;
        }
      else if (g_str_equal (tensor->name, "0.weight"))
        {
          gsize row = j / tensor->shape[1], column = j % tensor->shape[1];

          g_assert_cmpfloat (values[j], ==, from_values[row * from->shape[1] + column]);
        }
      else
        g_assert_cmpfloat (values[j], ==, from_values[j]);
    }
}

static void
check_rows (const char *name, int n_steps)
{
  g_autoptr (RaqamModel) model = make_model (name);
  g_autoptr (RaqamModel) blend = raqam_model_blend (model, FIRST, SECOND, n_steps);
  RaqamTensorInfo from[RAQAM_MAX_TENSORS], to[RAQAM_MAX_TENSORS];
  RaqamNetworkSpec spec;
  gsize n_mixed = 0;
  int n;

  g_assert_cmpint (blend->recipe->n_classes, ==, n_steps);
  g_assert_cmpint (model->recipe->n_classes, ==, 10);
  g_assert_cmpuint (blend->step, ==, 12);
  g_assert_cmpfloat (blend->epoch, ==, 3.5);
  g_assert_cmpstr (blend->origin, ==, "here");
  g_assert_cmpstr (blend->data_checksum, ==, "abc");

  raqam_network_spec_init (&spec, model->recipe, RAQAM_GENERATOR);
  n = raqam_network_spec_tensors (from, &spec);
  raqam_network_spec_init (&spec, blend->recipe, RAQAM_GENERATOR);
  g_assert_cmpint (raqam_network_spec_tensors (to, &spec), ==, n);
  for (int i = 0; i < n; i++)
    check_tensor (&to[i], (to[i].state ? blend->state : blend->params) + to[i].offset, &from[i],
                  (from[i].state ? model->state : model->params) + from[i].offset, model->recipe,
                  n_steps, &n_mixed);
  g_assert_cmpuint (n_mixed, >=, (gsize) n_steps * 7 * 7);
}

/* As many steps as there are digits is a case of its own: no tensor changes its size. */
static void
test_rows (gconstpointer name)
{
  check_rows (name, N_STEPS);
  check_rows (name, 10);
  check_rows (name, 2);
}

static void
overwrite_first (RaqamModel *model, double t)
{
  RaqamTensorInfo tensors[RAQAM_MAX_TENSORS];
  RaqamNetworkSpec spec;
  int n;

  raqam_network_spec_init (&spec, model->recipe, RAQAM_GENERATOR);
  n = raqam_network_spec_tensors (tensors, &spec);
  for (int i = 0; i < n; i++)
    {
      float *values = (tensors[i].state ? model->state : model->params) + tensors[i].offset;

      for (gsize j = 0; j < tensors[i].n; j++)
        {
          gsize place;
          int class;

          if (belongs_to_class (&tensors[i], j, model->recipe, &class, &place) && class == FIRST)
            values[j] = mixed (values, &tensors[i], model->recipe, t, place);
        }
    }
}

static void
draw (float *image, const RaqamModel *model, int label)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamGenerator) generator
    = raqam_generator_new (model, "cpu", &(RaqamDeviceOptions) { .n_threads = 1 }, 1, &error);
  g_autofree float *z = g_new (float, model->recipe->latent);

  g_assert_no_error (error);
  raqam_generator_random_latents (z, 1, model->recipe->latent, 3, 0);
  raqam_generator_draw_floats (generator, image, z, (guint8[]) { (guint8) label }, 1, &error);
  g_assert_no_error (error);
}

static double
largest_difference (const float *a, const float *b)
{
  double largest = 0;

  for (int i = 0; i < RAQAM_IMAGE_SIZE; i++)
    largest = MAX (largest, ABS ((double) a[i] - b[i]));
  return largest;
}

static void
test_drawn (gconstpointer name)
{
  g_autoptr (RaqamModel) model = make_model (name);
  g_autoptr (RaqamModel) blend = raqam_model_blend (model, FIRST, SECOND, N_STEPS);
  float first[RAQAM_IMAGE_SIZE], second[RAQAM_IMAGE_SIZE];
  float got[RAQAM_IMAGE_SIZE], want[RAQAM_IMAGE_SIZE];

  draw (first, model, FIRST);
  draw (second, model, SECOND);
  g_assert_cmpfloat (largest_difference (first, second), >, 0.01);

  draw (got, blend, 0);
  g_assert_cmpfloat (largest_difference (got, first), <, 1e-6);
  draw (got, blend, N_STEPS - 1);
  g_assert_cmpfloat (largest_difference (got, second), <, 1e-6);

  draw (got, blend, 50);
  g_assert_cmpfloat (largest_difference (got, first), >, 0.002);
  g_assert_cmpfloat (largest_difference (got, second), >, 0.002);
  overwrite_first (model, 0.5);
  draw (want, model, FIRST);
  g_assert_cmpfloat (largest_difference (got, want), <, 1e-5);
}

static void
add (const char *test, const char *name, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/blend/%s/%s", test, name);

  g_test_add_data_func (path, name, function);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (const char *const *name = raqam_recipe_names (); *name != NULL; name++)
    {
      add ("rows", *name, test_rows);
      add ("drawn", *name, test_drawn);
    }

  return g_test_run ();
}
